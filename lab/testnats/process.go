package testnats

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Versions of nats-server that behave differently enough to be tested against.
const (
	Oldest  = "2.9.25"
	Leaking = "2.10.27" // the last to show tokens, and MQTT passwords as JWT
	Current = "2.15.2"
)

// StartVersion runs a nats-server release as a process of its own until the
// test ends. config is a configuration file's content without ports, env is
// added to its environment.
func StartVersion(t testing.TB, version, config string, env ...string) *Server {
	t.Helper()
	s, err := RunVersion(t.Context(), version, config, env...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// RunVersion is [StartVersion] for programs that are no tests. The server ends
// with ctx at the latest.
func RunVersion(ctx context.Context, version, config string, env ...string) (*Server, error) {
	binary, err := build(ctx, version)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "nats-server-")
	if err != nil {
		return nil, err
	}
	s, err := run(ctx, binary, dir, config, env)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("starting nats-server %s: %w", version, err), os.RemoveAll(dir))
	}
	return s, nil
}

func run(ctx context.Context, binary, dir, config string, env []string) (*Server, error) {
	file := filepath.Join(dir, "server.conf")
	ports := fmt.Sprintf("\nhost: 127.0.0.1\nport: -1\nhttp: 127.0.0.1:-1\nports_file_dir: %q\nlog_file: %q\n", dir, filepath.Join(dir, "log"))
	if err := os.WriteFile(file, []byte(config+ports), 0o600); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	command := exec.CommandContext(ctx, binary, "-c", file)
	command.Env = append(os.Environ(), env...)
	if err := command.Start(); err != nil {
		cancel()
		return nil, err
	}
	stop := func() {
		cancel()
		_ = command.Wait()
		_ = os.RemoveAll(dir)
	}
	s, err := ready(dir, stop)
	if err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "log"))
		stop()
		return nil, fmt.Errorf("%w; its log: %s", err, log)
	}
	s.PID = command.Process.Pid
	return s, nil
}

// ready waits for the file in which the server tells its ports.
func ready(dir string, stop func()) (*Server, error) {
	for deadline := time.Now().Add(readyWithin); time.Now().Before(deadline); <-time.After(5 * time.Millisecond) {
		files, err := filepath.Glob(filepath.Join(dir, "*.ports"))
		if err != nil || len(files) == 0 {
			continue
		}
		var ports struct {
			Nats       []string `json:"nats"`
			Monitoring []string `json:"monitoring"`
		}
		content, err := os.ReadFile(files[0])
		if err != nil || json.Unmarshal(content, &ports) != nil || len(ports.Nats) == 0 || len(ports.Monitoring) == 0 {
			continue // still being written
		}
		client, err := url.Parse(ports.Nats[0])
		if err != nil {
			return nil, err
		}
		return &Server{
			ClientURL: ports.Nats[0], MonitorURL: strings.TrimRight(ports.Monitoring[0], "/"), Addr: client.Host, stop: stop,
		}, nil
	}
	return nil, fmt.Errorf("it is not ready after %s", readyWithin)
}

// build returns the executable of a release, built once per machine.
func build(ctx context.Context, version string) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "nats-connections", "nats-servers", version)
	binary := filepath.Join(dir, "nats-server")
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	if _, err := os.Stat(binary); err == nil {
		return binary, nil
	}
	command := exec.CommandContext(ctx, "go", "install", "github.com/nats-io/nats-server/v2@v"+version)
	command.Env = append(os.Environ(), "GOBIN="+dir, "GOFLAGS=-buildvcs=false", "CGO_ENABLED=0")
	if output, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building nats-server %s: %w: %s", version, err, output)
	}
	return binary, nil
}
