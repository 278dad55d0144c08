// Package compose_test reads docker-compose.yaml as Docker does.
package compose_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

// repository is where this repository lies, as this package sees it.
const repository = "../.."

// built are the mounted folders that a build makes; all others are in the repository.
var built = []string{"dist"}

var pinned = regexp.MustCompile(`:v?\d+\.\d+\.\d+(-[\w.-]+)?$`)

// loadCompose reads docker-compose.yaml as Docker does: against the Compose
// specification's schema, and then for references that lead nowhere.
func loadCompose(t *testing.T, file string) (*types.Project, error) {
	t.Helper()
	options, err := cli.NewProjectOptions([]string{file}, cli.WithoutEnvironmentResolution)
	if err != nil {
		t.Fatal(err)
	}
	return options.LoadProject(t.Context())
}

func TestComposeFile(t *testing.T) {
	project, err := loadCompose(t, filepath.Join(repository, "docker-compose.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs(repository)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"grafana", "n1", "n2", "n3", "lab"} {
		if _, there := project.Services[name]; !there {
			t.Errorf("no service %s", name)
		}
	}
	for name, service := range project.Services {
		if !pinned.MatchString(service.Image) {
			t.Errorf("%s: image %q is not pinned to a version", name, service.Image)
		}
		if service.Build != nil {
			t.Errorf("%s is built, so its image is not pinned", name)
		}
		for _, port := range service.Ports {
			if port.HostIP != "127.0.0.1" {
				t.Errorf("%s: port %s is open to the network", name, port.Published)
			}
		}
		for _, mount := range service.Volumes {
			relative, err := filepath.Rel(root, mount.Source)
			if mount.Type != types.VolumeTypeBind || err != nil || slices.Contains(built, relative) {
				continue
			}
			if _, err := os.Stat(mount.Source); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	for _, name := range []string{"n1", "n2", "n3"} {
		if policy := project.Services[name].Restart; policy != types.RestartPolicyAlways {
			t.Errorf("%s: restart %q, so a drained server would stay away", name, policy)
		}
	}
}

func TestBadComposeFilesAreNoticed(t *testing.T) {
	for name, content := range map[string]string{
		"an unknown key":       "services:\n  a:\n    image: nats:2.15.2\n    imge: b\n",
		"a missing volume":     "services:\n  a:\n    image: nats:2.15.2\n    volumes: [lost:/data]\n",
		"a missing service":    "services:\n  a:\n    image: nats:2.15.2\n    depends_on: [b]\n",
		"a port without sense": "services:\n  a:\n    image: nats:2.15.2\n    ports: ['many:4222']\n",
	} {
		file := filepath.Join(t.TempDir(), "docker-compose.yaml")
		if err := os.WriteFile(file, []byte("name: test\n"+content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := loadCompose(t, file); err == nil {
			t.Errorf("%s was not noticed", name)
		}
	}
	for _, image := range []string{"nats", "nats:latest", "nats:2", "nats:2.15", "node:22", "a/b@sha256:00"} {
		if pinned.MatchString(image) {
			t.Errorf("%s counts as pinned", image)
		}
	}
	if !pinned.MatchString("grafana/grafana:12.4.0") {
		t.Error("a full version does not count as pinned")
	}
}
