package testnats

import (
	"os"

	"github.com/nats-io/nats-server/v2/server"
	"golang.org/x/mod/semver"
)

// Versions of nats-server that behave differently enough to be tested against.
const (
	Oldest  = "2.9.25"
	Leaking = "2.10.27" // the last to show tokens, and MQTT passwords as JWT
	Current = server.VERSION
)

// Version is the release that [Start] runs: this module's own, or the one that
// NATS_SERVER_VERSION names ("npm run matrix" sets it).
func Version() string {
	if version := os.Getenv("NATS_SERVER_VERSION"); version != "" {
		return version
	}
	return Current
}

// Has tells whether a change is in version. firsts are the first releases with
// it, one for each line that got it; later lines have it as well.
func Has(version string, firsts ...string) bool {
	newer := true
	for _, first := range firsts {
		if semver.MajorMinor("v"+first) == semver.MajorMinor("v"+version) {
			return semver.Compare("v"+version, "v"+first) >= 0
		}
		newer = newer && semver.Compare("v"+version, "v"+first) > 0
	}
	return newer
}
