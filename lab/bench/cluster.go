package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/natsops/nats-connections-datasource/lab/testnats"
)

const clusterSize = 3

// natsCLI is the command-line tool's release that is compared with.
const natsCLI = "v0.5.1"

const serverConfig = `
server_name: n%d
accounts {
  SYS: { users: [{user: sys, password: sys}] }
  APP: { users: [{user: app, password: app}] }
}
system_account: SYS
no_auth_user: app
cluster { name: bench, listen: "127.0.0.1:%d", routes: [%s] }
`

// cluster is three servers with full rings.
type cluster []*testnats.Server

func startCluster(ctx context.Context) (cluster, error) {
	var ports []int
	var routes []string
	for range clusterSize {
		port, err := testnats.FreePort(ctx)
		if err != nil {
			return nil, err
		}
		ports, routes = append(ports, port), append(routes, fmt.Sprintf(`"nats://127.0.0.1:%d"`, port))
	}
	var c cluster
	for i, port := range ports {
		server, err := testnats.RunVersion(ctx, testnats.Current, fmt.Sprintf(serverConfig, i+1, port, strings.Join(routes, ",")))
		if err != nil {
			c.close()
			return nil, err
		}
		c = append(c, server)
	}
	for _, server := range c {
		if err := testnats.FillRing(ctx, server.Addr, ringSize, podName); err != nil {
			c.close()
			return nil, err
		}
	}
	return c, nil
}

// podName is a client's name as a Deployment's pods have it.
func podName(i int) string {
	return fmt.Sprintf("%s-service-pod-%08x", []string{"billing", "orders", "search", "gateway"}[i%4], i)
}

func (c cluster) close() {
	for _, server := range c {
		server.Close()
	}
}

func (c cluster) urls() (urls []string) {
	for _, server := range c {
		urls = append(urls, server.MonitorURL)
	}
	return urls
}

func (c cluster) pids() (pids []int) {
	for _, server := range c {
		pids = append(pids, server.PID)
	}
	return pids
}

// requests are how often all servers' monitoring was asked, by their own
// count, beside for this.
func (c cluster) requests(ctx context.Context) (int, error) {
	total := 0
	for _, server := range c {
		var varz struct {
			Stats map[string]int `json:"http_req_stats"`
		}
		if err := getJSON(ctx, server.MonitorURL+"/varz", &varz); err != nil {
			return 0, err
		}
		total += varz.Stats["/varz"] + varz.Stats["/connz"] - 1
	}
	return total, nil
}

func getJSON(ctx context.Context, url string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return errors.Join(json.NewDecoder(res.Body).Decode(into), res.Body.Close())
}

// buildNatsCLI returns the command-line tool's executable, built once per
// machine; empty where it cannot be built.
func buildNatsCLI(ctx context.Context) string {
	cache, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	dir := filepath.Join(cache, "nats-connections", "natscli", natsCLI)
	binary := filepath.Join(dir, "nats")
	if _, err := os.Stat(binary); err == nil {
		return binary
	}
	command := exec.CommandContext(ctx, "go", "install", "github.com/nats-io/natscli/nats@"+natsCLI)
	command.Env = append(os.Environ(), "GOBIN="+dir, "GOFLAGS=-buildvcs=false", "CGO_ENABLED=0")
	if output, err := command.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "bench: without natscli, which does not build: %v: %s\n", err, output)
		return ""
	}
	return binary
}

// reportClosed is what an operator asks natscli.
func reportClosed(ctx context.Context, cli string, server *testnats.Server) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, cli, "--server", server.Addr, "--user", "sys", "--password", "sys",
		"server", "report", "connections", "--state", "closed")
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("natscli: %w: %s", err, output)
	}
	return nil
}
