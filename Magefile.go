//go:build mage

package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"strconv"
	"strings"

	// mage:import
	"github.com/grafana/grafana-plugin-sdk-go/build"
	"github.com/grafana/grafana-plugin-sdk-go/build/buildinfo"
)

// Default builds what is released.
var Default = build.BuildAll

func init() {
	if err := build.SetBeforeBuildCallback(reproducible); err != nil {
		panic(err)
	}
}

// reproducible makes the same source give the same binary, whoever builds it, where and when.
func reproducible(cfg build.Config) (build.Config, error) {
	if cfg.Env == nil { // not a build: the manifest of its sources
		return cfg, nil
	}
	cfg.Env["GOFLAGS"] = strings.TrimSpace(os.Getenv("GOFLAGS") + " -buildvcs=false -trimpath")
	info := buildinfo.Info{Time: committed()}
	if info.Time == 0 { // a source without its history: the time of the build, as the SDK has it
		return cfg, nil
	}
	var err error
	if info.PluginID, err = member("src/plugin.json", "id"); err != nil {
		return cfg, err
	}
	if info.Version, err = member("package.json", "version"); err != nil {
		return cfg, err
	}
	cfg.CustomVars = map[string]string{}
	info.AppendFlags(cfg.CustomVars)
	return cfg, nil
}

// committed is when the source was, in milliseconds; 0 if nobody knows.
func committed() int64 {
	told, _ := exec.CommandContext(context.Background(), "git", "log", "-1", "--format=%ct").Output()
	seconds, _ := strconv.ParseInt(strings.TrimSpace(string(told)), 10, 64)
	return seconds * 1000
}

func member(file, name string) (string, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	var members map[string]any
	if err := json.Unmarshal(content, &members); err != nil {
		return "", err
	}
	text, _ := members[name].(string)
	return text, nil
}
