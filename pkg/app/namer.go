package app

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// Unnamed is the app of connections whose client gave no name.
const Unnamed = "(unnamed)"

// maxMemoisedApps bounds an [AppNamer]'s memory; names are per pod, so they keep coming.
const maxMemoisedApps = 1 << 14

// safeLetters are what Kubernetes makes generated names of
// (k8s.io/apimachinery/pkg/util/rand: no vowels, no 0, 1 or 3).
const safeLetters = "bcdfghjklmnpqrstvwxz2456789"

// DefaultPatterns cut what orchestrators append to a deployment's name.
func DefaultPatterns() []string {
	return []string{
		`-pod-[0-9A-Za-z]+$`,
		`-[` + safeLetters + `]{5,10}-[` + safeLetters + `]{5}$`,   // Deployment: ReplicaSet hash, pod suffix
		`-[0-9]{8}-[` + safeLetters + `]{5}$`,                      // CronJob: minute of the run, pod suffix
		`[-_.][0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`, // UUID
		`[-_.][0-9A-Fa-f]{16,}$`,                                   // hash or number in hexadecimal
		`-[0-9]+$`,                                                 // StatefulSet: ordinal
	}
}

// Namer finds the app of a client by its name, because names are per
// instance and patterns of failure are per deployment. It is safe for
// concurrent use.
type Namer struct {
	patterns []*regexp.Regexp

	mutex sync.RWMutex
	apps  map[string]string
}

// NewNamer compiles patterns (RE2) whose match is cut from a name; nil means
// [DefaultPatterns], an empty list that names stay as they are.
func NewNamer(patterns []string) (*Namer, error) {
	if patterns == nil {
		patterns = DefaultPatterns()
	}
	namer := &Namer{apps: map[string]string{}}
	for i, pattern := range patterns {
		compiled, err := regexp.Compile(pattern)
		if err != nil {
			return nil, fmt.Errorf("app pattern %d, %q: %w", i+1, pattern, err)
		}
		namer.patterns = append(namer.patterns, compiled)
	}
	return namer, nil
}

// App is the client's name without its instance suffix, never empty.
func (n *Namer) App(name string) string {
	n.mutex.RLock()
	app, known := n.apps[name]
	n.mutex.RUnlock()
	if known {
		return app
	}
	app = n.Cut(name)
	n.mutex.Lock()
	defer n.mutex.Unlock()
	if len(n.apps) >= maxMemoisedApps {
		clear(n.apps)
	}
	n.apps[name] = app
	return app
}

// Cut applies the first pattern that shortens the name and leaves something of
// it: an instance has one suffix, and what stands before it is the deployment's
// own name even if it looks like another (worker-2-7d4b9c6f5d-x2x4z is of worker-2).
func (n *Namer) Cut(name string) string {
	if strings.TrimSpace(name) == "" {
		return Unnamed
	}
	for _, pattern := range n.patterns {
		app := pattern.ReplaceAllString(name, "")
		if app != name && strings.TrimSpace(app) != "" {
			return app
		}
	}
	return name
}
