package rules

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// times repeats what happens, a pause apart.
func (w *world) times(count int, pause time.Duration, why string, of func(i int) who) {
	for i := range count {
		w.stop(time.Duration(i)*pause, why, of(i))
	}
}

func always(p who) func(int) who { return func(int) who { return p } }

func host(i int) string { return fmt.Sprintf("10.1.0.%d", i) }

func pod(i int) who {
	return who{name: fmt.Sprintf("web-7d4b9c6f5d-%c%c2x4", "bcdfghjklm"[i/10%10], "bcdfghjklm"[i%10]), user: "w", ip: host(i)}
}

func TestConnections(t *testing.T) {
	app := who{name: "web-pod-1a", user: "w"}
	of := func(rule, severity string) model.Subject { return model.Subject{Rule: rule, Severity: severity} }
	withApp := func(s model.Subject) model.Subject { s.Account, s.App = "orders", "web"; return s }
	withIP := func(s model.Subject, ip string) model.Subject { s.IP = ip; return s }
	onServer := func(s model.Subject) model.Subject { s.Server = "n1"; return s }
	for name, test := range map[string]struct {
		happen func(*world)
		want   []model.Subject
	}{
		"four of a host vanish": {func(w *world) { w.times(4, time.Second, staleConnection, always(app)) }, nil},
		"a host dies": {func(w *world) {
			w.times(5, time.Second, staleConnection, func(i int) who { return who{name: pod(i).name, ip: "10.0.0.9"} })
		}, []model.Subject{withIP(of("stale", "warning"), "10.0.0.9")}},
		"a network is cut": {func(w *world) { w.times(5, time.Second, staleConnection, pod) }, []model.Subject{onServer(of("stale", "warning"))}},
		"few of many vanish": {func(w *world) {
			w.times(5, time.Second, staleConnection, pod)
			for i := range 21 {
				w.stay(0, pod(10+i))
			}
		}, nil},

		"a proxy forgets connections": {func(w *world) {
			w.times(5, 7*time.Minute, staleConnection, func(i int) who { p := pod(i); p.lived = time.Hour + time.Duration(i)*45*time.Second; return p })
		}, []model.Subject{withApp(of("stale", "info"))}},
		"it forgets four": {func(w *world) { w.times(4, 7*time.Minute, staleConnection, pod) }, nil},
		"connections that lived differently": {func(w *world) {
			w.times(5, 7*time.Minute, staleConnection, func(i int) who { p := pod(i); p.lived = time.Hour + time.Duration(i)*50*time.Second; return p })
		}, nil},
		"connections that began and ended together": {func(w *world) {
			w.times(5, 2*time.Minute, staleConnection, pod)
			for i := range 40 {
				w.stay(0, pod(10+i))
			}
		}, nil},

		"four losses in an hour":                {func(w *world) { w.times(4, time.Minute, readError, always(app)) }, nil},
		"five losses in an hour":                {func(w *world) { w.times(5, time.Minute, readError, always(app)) }, []model.Subject{withApp(of("flapping", "warning"))}},
		"five connections of one, lost at once": {func(w *world) { w.times(5, 50*time.Millisecond, readError, always(app)) }, nil},
		"probes that reset":                     {func(w *world) { w.times(50, 2*time.Second, readError, always(who{silent: true})) }, nil},
		"one loss of each of five":              {func(w *world) { w.times(5, time.Minute, readError, pod) }, nil},

		"199 short connections": {func(w *world) {
			w.times(199, time.Second, "Client Closed", always(who{name: "web-pod-1a", lived: time.Second}))
		}, nil},
		"200 short connections": {func(w *world) {
			w.times(200, time.Second, "Client Closed", always(who{name: "web-pod-1a", lived: time.Second}))
		}, []model.Subject{withApp(of("churn", "warning"))}},
		"200 long ones": {func(w *world) { w.times(200, time.Second, "Client Closed", always(app)) }, nil},
		"health checks": {func(w *world) {
			w.times(300, time.Second, "Client Closed", always(who{silent: true, lived: time.Millisecond}))
		}, []model.Subject{{Rule: "churn", Severity: "info", Account: model.NotLoggedIn, App: "(unnamed)"}}},
		"a storm after a restart": {func(w *world) {
			w.read(-10 * time.Second)
			for i := range 120 {
				p := pod(i % 40)
				p.server, p.lived = "n1'", 3*time.Second
				w.stop(time.Duration(i)*100*time.Millisecond, "Client Closed", p)
			}
			w.read(time.Minute, process{name: "n1", id: "n1'", version: "2.15.3", began: -time.Second})
		}, []model.Subject{withApp(of("churn", "warning")), onServer(of("server_restart", "info"))}},

		"two failed handshakes": {func(w *world) {
			w.times(2, time.Second, "TLS Handshake Failure", always(who{silent: true, ip: "10.0.0.9"}))
		}, nil},
		"three failed handshakes": {func(w *world) {
			w.times(3, time.Second, "TLS Handshake Failure", always(who{silent: true, ip: "10.0.0.9"}))
		}, []model.Subject{withIP(of("tls_failing", "warning"), "10.0.0.9")}},
		"handshakes of all hosts": {func(w *world) {
			w.times(20, 700*time.Millisecond, "TLS Handshake Failure", func(i int) who { return who{silent: true, ip: host(i % 5)} })
		}, []model.Subject{onServer(of("tls_failing", "critical"))}},
		"a scan that tries TLS, too": {func(w *world) {
			w.times(9, time.Second, "TLS Handshake Failure", always(who{silent: true, ip: "10.0.0.9"}))
			w.times(3, time.Second, "Protocol Violation", always(who{silent: true, ip: "10.0.0.9"}))
		}, []model.Subject{withIP(of("protocol", "warning"), "10.0.0.9")}},
		"probes of a TLS port": {func(w *world) {
			w.times(20, 10*time.Second, "TLS Handshake Failure", always(who{silent: true, ip: "10.0.0.9"}))
		}, []model.Subject{of("tls_failing", "info")}},

		"a limit":               {func(w *world) { w.stop(0, "Maximum Message Payload Exceeded", app) }, []model.Subject{withApp(of("limit_hit", "warning"))}},
		"a limit of the server": {func(w *world) { w.stop(0, "Maximum Connections Exceeded", who{silent: true}) }, []model.Subject{onServer(of("limit_hit", "warning"))}},

		"two oddities":   {func(w *world) { w.times(2, time.Second, "Parse Error", always(app)) }, nil},
		"three oddities": {func(w *world) { w.times(3, time.Second, "Protocol Violation", always(app)) }, []model.Subject{withApp(of("protocol", "warning"))}},
		"a scan": {func(w *world) {
			w.times(3, time.Second, "Parse Error", always(who{silent: true, ip: "6.6.6.6"}))
		}, []model.Subject{withIP(of("protocol", "warning"), "6.6.6.6")}},
		"a probe that waits": {func(w *world) {
			w.times(9, time.Second, "Authentication Timeout", always(who{silent: true, ip: "10.0.0.9"}))
		}, []model.Subject{of("protocol", "info")}},

		"a device reconnects": {func(w *world) { w.times(4, time.Minute, "Duplicate Client ID", always(who{name: "web", mqtt: "d1"})) }, nil},
		"two devices": {func(w *world) { w.times(5, time.Minute, "Duplicate Client ID", always(who{name: "web", mqtt: "d1"})) },
			[]model.Subject{withApp(of("duplicate_client", "warning"))}},

		"nine without a name": {func(w *world) {
			for range 9 {
				w.stay(0, who{user: "w"})
			}
		}, nil},
		"ten without a name": {func(w *world) {
			for range 10 {
				w.stay(0, who{user: "w"})
			}
		}, []model.Subject{{Rule: "unnamed", Severity: "info", Account: "orders", IP: "10.0.0.1"}}},
		"nine minor releases behind": {func(w *world) {
			w.stay(0, who{name: "a", version: "1.55.0"})
			w.stay(0, who{name: "web", version: "1.46.0"})
		}, nil},
		"ten minor releases behind": {func(w *world) {
			w.stay(0, who{name: "a", version: "1.55.0"})
			w.stay(0, who{name: "web", version: "1.45.0"})
		},
			[]model.Subject{withApp(of("old_library", "info"))}},
		"other languages count apart": {func(w *world) {
			w.stay(0, who{name: "a", version: "1.55.0"})
			w.stay(0, who{name: "web", lang: "nats.js", version: "1.2.0"})
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			test.happen(w)
			if w.last.Servers == nil {
				w.read(2 * time.Hour)
			}
			w.expect(test.want...)
		})
	}
}

// TestHealthySystems: rules are silent on what happens every day.
func TestHealthySystems(t *testing.T) {
	for name, happen := range map[string]func(*world){
		"apps at work": func(w *world) {
			for i := range 40 {
				w.stay(0, pod(i))
			}
		},
		"pods are added and removed": func(w *world) {
			w.times(300, 3*time.Second, "Client Closed", func(i int) who {
				p := pod(i % 100)
				p.name, p.lived = fmt.Sprintf("web-pod-%x", 1000+i), 20*time.Minute
				return p
			})
		},
		"pods that do not live long": func(w *world) {
			w.times(300, 2*time.Second, "Client Closed", func(i int) who {
				return who{name: fmt.Sprintf("web-pod-%x", 1000+i), ip: host(i % 200), lived: 5 * time.Second}
			})
		},
		"jobs each minute": func(w *world) {
			for minute := range 60 {
				for job := range 50 {
					w.stop(time.Duration(minute)*time.Minute+time.Duration(job)*10*time.Millisecond, "Client Closed",
						who{name: fmt.Sprintf("job%c", 'a'+job%26), ip: host(job), lived: 2 * time.Second})
				}
			}
		},
		"laptops": func(w *world) {
			for i := range 40 {
				lid := time.Duration(i) * 7 * time.Minute
				w.stop(lid, []string{staleConnection, readError, "Client Closed"}[i%3], who{name: fmt.Sprintf("nats-%c", 'a'+i%20), ip: host(i % 20)})
			}
		},
		"laptops in the evening": func(w *world) {
			for i := range 60 {
				w.stop(time.Duration(i)*90*time.Second, staleConnection, who{name: fmt.Sprintf("nats-%c%c", 'a'+i%20, 'a'+i/20), ip: host(i)})
			}
			for i := range 40 {
				w.stay(0, pod(i))
			}
		},
		"a helper that uses the command line": func(w *world) {
			w.times(180, 10*time.Second, "Client Closed", func(i int) who {
				return who{name: "NATS CLI Version 0.3.0", ip: host(i % 6), lived: 200 * time.Millisecond}
			})
		},
		"browser tabs": func(w *world) {
			for i := range 300 {
				w.stop(time.Duration(i)*12*time.Second, []string{"Client Closed", readError}[i%2], who{name: "web-ui", ip: host(i % 150), lived: time.Duration(20+i) * time.Second})
			}
		},
		"a phone that changes networks": func(w *world) {
			w.times(12, 25*time.Minute, readError, always(who{name: "driver-7", ip: host(1), lived: 20 * time.Minute}))
		},
		"a user removed, and a kicked one": func(w *world) {
			w.stop(time.Minute, "Credentials Revoked", pod(1))
			w.stop(2*time.Minute, "Kicked", pod(2))
		},
		"leafnodes that come and go": func(w *world) {
			w.times(20, 5*time.Minute, "Client Closed", func(i int) who { return who{name: fmt.Sprintf("edge-%d", i%4), kind: "Leafnode", ip: host(i % 4)} })
		},
		"probes of a load balancer": func(w *world) {
			w.times(600, 5*time.Second, "Client Closed", always(who{silent: true, lived: time.Millisecond}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			happen(w)
			w.read(6 * time.Hour)
			w.expect()
		})
	}
}

func TestFallingBehind(t *testing.T) {
	const mb = 1_000_000
	told := process{name: "n1", limits: model.Limits{MaxPending: 10 * mb}}
	for name, test := range map[string]struct {
		server process
		// waits is what does at each look.
		waits []int64
		says  string
	}{
		"31 MB wait":                           {process{name: "n1"}, []int64{31 * mb, 31 * mb}, ""},
		"32 MB wait":                           {process{name: "n1"}, []int64{32 * mb, 32 * mb}, "up to 30.5 MiB wait for one of them, which n1 cuts off at max_pending."},
		"nearly half of max_pending waits":     {told, []int64{5*mb - 1, 5*mb - 1}, ""},
		"half of max_pending waits":            {told, []int64{5 * mb, 5 * mb}, "up to 4.77 MiB wait for one of them, which n1 cuts off at max_pending of 9.54 MiB."},
		"it grows":                             {told, []int64{4 * mb, 6 * mb}, "up to 5.72 MiB wait for one of them, more than before, which n1"},
		"a burst at the first look":            {told, []int64{9 * mb}, ""},
		"a burst between others":               {told, []int64{0, 9 * mb}, ""},
		"a quarter waited, as if it were more": {told, []int64{mb, 9 * mb}, ""},
		"it has caught up":                     {told, []int64{9 * mb, mb}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			for i, pending := range test.waits {
				w.open, w.cid = nil, 0
				w.stay(0, who{name: "web", pending: pending})
				w.read(time.Duration(i+1)*time.Minute, test.server)
			}
			var want []model.Subject
			if test.says != "" {
				want = []model.Subject{{Rule: "falling_behind", Severity: "warning", Account: "orders", App: "web"}}
			}
			for _, one := range w.expect(want...) {
				if !strings.Contains(one.Sentence, test.says) {
					t.Errorf("says %q, not %q", one.Sentence, test.says)
				}
			}
		})
	}
}

// TestWhoWasCutOffIsToldOnce: servers list what they cut off until it is torn down.
func TestWhoWasCutOffIsToldOnce(t *testing.T) {
	w := newWorld(t)
	w.stay(0, who{name: "web", pending: 40_000_000})
	w.read(time.Minute)
	w.stop(90*time.Second, pendingBytes, who{name: "web", pending: 40_000_000})
	w.read(2 * time.Minute)
	slow := model.Subject{Rule: "slow_consumer", Severity: "critical", Account: "orders", App: "web"}
	w.expect(slow)
	w.read(17 * time.Minute)
	w.expect(slow, model.Subject{Rule: "falling_behind", Severity: "warning", Account: "orders", App: "web"})
}

func TestLimitsAreToldWithTheirValues(t *testing.T) {
	limits := model.Limits{MaxConnections: 100, MaxPayload: 1_000_000, MaxControlLine: 4096}
	for why, says := range map[string]string{
		"Maximum Connections Exceeded":         "; max_connections of n1 is 100.",
		"Maximum Message Payload Exceeded":     "; max_payload of n1 is 977 KiB.",
		"Maximum Control Line Exceeded":        "; max_control_line of n1 is 4 KiB.",
		"Maximum Account Connections Exceeded": "Exceeded.",
	} {
		for _, told := range []bool{true, false} {
			w := newWorld(t)
			w.stop(0, why, who{name: "web"})
			server := process{name: "n1"}
			if server.limits = limits; !told {
				server.limits, says = model.Limits{}, why+"."
			}
			w.read(time.Minute, server)
			if found := w.found(); len(found) != 1 || !strings.HasSuffix(found[0].Sentence, says) {
				t.Errorf("found %+v, want one that ends with %q", found, says)
			}
		}
	}
}
