package rules

import (
	"strings"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

const handshakeFailed = "TLS Handshake Failure"

// probes are those of so many addresses, each at its own moment every ten seconds.
func (w *world) probes(addresses int, lasting time.Duration, why string) {
	for a := range addresses {
		for at := time.Duration(a) * 97 * time.Millisecond; at < lasting; at += 10 * time.Second {
			w.stop(at, why, who{silent: true, ip: far(a), lived: time.Millisecond})
		}
	}
}

// Balancers have many addresses, which probe alike: that is one thing to read.
func TestProbesOfManyAddresses(t *testing.T) {
	servers := []process{{name: "n1"}}
	for name, test := range map[string]struct {
		why  string
		want model.Subject
		says string
	}{
		"that never speak TLS": {handshakeFailed, model.Subject{Rule: "tls_failing", Severity: "info"},
			"6,000 TLS handshakes from 100 addresses (10.2.0.0, 10.2.0.1, 10.2.0.2, …) failed"},
		"that never say a word": {"Authentication Timeout", model.Subject{Rule: "protocol", Severity: "info"},
			"100 addresses (10.2.0.0, 10.2.0.1, 10.2.0.2, …) were cut off 6,000 times by 1 server"},
		"that speak HTTP": {"Parse Error", model.Subject{Rule: "protocol", Severity: "info"}, "100 addresses"},
		"that close":      {"Client Closed", model.Subject{Rule: "churn", Severity: "info", Account: model.NotLoggedIn, App: "(unnamed)"}, "health checks"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.probes(100, 10*time.Minute, test.why)
			w.read(10*time.Minute, servers...)
			for _, one := range w.expect(test.want) {
				if !strings.Contains(one.Sentence, test.says) {
					t.Errorf("says %q, not %q", one.Sentence, test.says)
				}
			}
		})
	}
	t.Run("it is the same thing while more come and go", func(t *testing.T) {
		var before model.Subject
		for _, addresses := range []int{1, 3, 30} {
			w := newWorld(t)
			w.probes(addresses, 10*time.Minute, handshakeFailed)
			w.read(10*time.Minute, servers...)
			one := w.said("tls_failing").Subject
			if before.Rule != "" && one != before {
				t.Errorf("%+v became %+v", before, one)
			}
			before = one
		}
	})
}

// A balancer that is new alarms nobody before it is known to be one.
func TestNewBalancers(t *testing.T) {
	w := newWorld(t)
	w.probes(20, 10*time.Minute, handshakeFailed)
	for at := 5 * time.Second; at < 3*time.Minute; at += 5 * time.Second {
		w.read(at)
		for _, one := range w.found() {
			if one.Severity != "info" {
				t.Fatalf("says %s after %v: %s", one.Severity, at, one.Sentence)
			}
		}
	}
}

// Devices try again each five seconds, as regular as probes. What they had before, and
// do not have since, tells them apart.
func TestDevicesWhoseTrustEndsAreNoProbes(t *testing.T) {
	device := func(i int) who { return who{name: "meter-" + far(i), user: "m", ip: far(i)} }
	fails := func(w *world, from, to int) {
		for i := from; i < to; i++ {
			for at := time.Duration(i) * 310 * time.Millisecond; at < 10*time.Minute; at += 5 * time.Second {
				w.stop(time.Minute+at, handshakeFailed, who{silent: true, ip: far(i)})
			}
		}
	}
	t.Run("forty of them", func(t *testing.T) {
		w := newWorld(t)
		for i := range 40 {
			w.stop(30*time.Second, "Stale Connection", device(i))
			w.stop(20*time.Second, "Client Closed", device(i))
		}
		fails(w, 0, 40)
		w.read(10 * time.Minute)
		if one := w.said("tls_failing"); one.Severity != "critical" || one.Server != "n1" {
			t.Errorf("says %s: %s", one.Severity, one.Sentence)
		}
	})
	t.Run("one of them", func(t *testing.T) {
		w := newWorld(t)
		w.stop(20*time.Second, "Client Closed", device(1))
		fails(w, 1, 2)
		w.read(10 * time.Minute)
		w.expect(model.Subject{Rule: "tls_failing", Severity: "warning", IP: far(1)})
	})
	t.Run("a balancer through which clients come", func(t *testing.T) {
		w := newWorld(t)
		w.stop(20*time.Second, "Client Closed", device(1))
		w.stay(-time.Hour, device(1))
		fails(w, 1, 2)
		w.read(10 * time.Minute)
		w.expect(model.Subject{Rule: "tls_failing", Severity: "info"})
	})
}
