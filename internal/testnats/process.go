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
	// What config says twice holds as it says it last.
	ports := fmt.Sprintf("host: 127.0.0.1\nport: -1\nhttp: 127.0.0.1:-1\nports_file_dir: %q\nlog_file: %q\n", dir, filepath.Join(dir, "log"))
	if err := os.WriteFile(file, []byte(ports+config), 0o600); err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, binary, "-c", file)
	command.Env = append(os.Environ(), env...)
	if err := command.Start(); err != nil {
		return nil, err
	}
	p := &process{command: command, dir: dir, ended: make(chan struct{})}
	go func() {
		_ = command.Wait()
		close(p.ended)
	}()
	s, err := p.ready()
	if err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "log"))
		p.end(os.Kill)
		return nil, fmt.Errorf("%w; its log: %s", err, log)
	}
	s.PID = command.Process.Pid
	s.process, s.stop = p, func() { p.end(os.Interrupt) }
	return s, nil
}

// process is a server that runs outside of this one.
type process struct {
	command *exec.Cmd
	dir     string
	ended   chan struct{}
}

// end stops the process, if it still runs.
func (p *process) end(signal os.Signal) {
	_ = p.command.Process.Signal(signal)
	<-p.ended
	_ = os.RemoveAll(p.dir)
}

// ready waits for the file in which the server tells its ports.
func (p *process) ready() (*Server, error) {
	for deadline := time.After(readyWithin); ; {
		select {
		case <-p.ended:
			return nil, errors.New("it ended at once")
		case <-deadline:
			return nil, fmt.Errorf("it is not ready after %s", readyWithin)
		case <-time.After(5 * time.Millisecond):
		}
		files, err := filepath.Glob(filepath.Join(p.dir, "*.ports"))
		if err != nil || len(files) == 0 {
			continue
		}
		var ports struct {
			Nats       []string `json:"nats"`
			Monitoring []string `json:"monitoring"`
			Cluster    []string `json:"cluster"`
		}
		content, err := os.ReadFile(files[0])
		if err != nil || json.Unmarshal(content, &ports) != nil || len(ports.Nats) == 0 || len(ports.Monitoring) == 0 {
			continue // still being written
		}
		client, err := url.Parse(ports.Nats[0])
		if err != nil {
			return nil, err
		}
		s := &Server{ClientURL: ports.Nats[0], MonitorURL: strings.TrimRight(ports.Monitoring[0], "/"), Addr: client.Host}
		if len(ports.Cluster) > 0 {
			s.RouteURL = ports.Cluster[0]
		}
		return s, nil
	}
}

// build returns the executable of a release, built once per clone.
func build(ctx context.Context, version string) (string, error) {
	cache, err := cacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "nats-servers", version)
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

// cacheDir is .cache in the repository that the test is run in.
func cacheDir() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, ".cache"), nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("not in a Go module")
		}
	}
}
