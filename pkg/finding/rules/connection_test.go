package rules

import (
	"fmt"
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

		"four losses in an hour":   {func(w *world) { w.times(4, time.Minute, readError, always(app)) }, nil},
		"five losses in an hour":   {func(w *world) { w.times(5, time.Minute, readError, always(app)) }, []model.Subject{withApp(of("flapping", "warning"))}},
		"one loss of each of five": {func(w *world) { w.times(5, time.Minute, readError, pod) }, nil},

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
			w.times(10, time.Second, "TLS Handshake Failure", func(i int) who { return who{silent: true, ip: host(i % 5)} })
		}, []model.Subject{onServer(of("tls_failing", "critical"))}},
		"a scan that tries TLS, too": {func(w *world) {
			w.times(9, time.Second, "TLS Handshake Failure", always(who{silent: true, ip: "10.0.0.9"}))
			w.times(3, time.Second, "Protocol Violation", always(who{silent: true, ip: "10.0.0.9"}))
		}, []model.Subject{withIP(of("protocol", "warning"), "10.0.0.9")}},
		"probes of a TLS port": {func(w *world) {
			w.times(20, 10*time.Second, "TLS Handshake Failure", always(who{silent: true, ip: "10.0.0.9"}))
		}, []model.Subject{withIP(of("tls_failing", "info"), "10.0.0.9")}},

		"a limit":               {func(w *world) { w.stop(0, "Maximum Message Payload Exceeded", app) }, []model.Subject{withApp(of("limit_hit", "warning"))}},
		"a limit of the server": {func(w *world) { w.stop(0, "Maximum Connections Exceeded", who{silent: true}) }, []model.Subject{onServer(of("limit_hit", "warning"))}},

		"two oddities":   {func(w *world) { w.times(2, time.Second, "Parse Error", always(app)) }, nil},
		"three oddities": {func(w *world) { w.times(3, time.Second, "Protocol Violation", always(app)) }, []model.Subject{withApp(of("protocol", "warning"))}},
		"a scan": {func(w *world) {
			w.times(3, time.Second, "Parse Error", always(who{silent: true, ip: "6.6.6.6"}))
		}, []model.Subject{withIP(of("protocol", "warning"), "6.6.6.6")}},
		"a probe that waits": {func(w *world) {
			w.times(9, time.Second, "Authentication Timeout", always(who{silent: true, ip: "10.0.0.9"}))
		}, []model.Subject{withIP(of("protocol", "info"), "10.0.0.9")}},

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
		"31 MB wait": {func(w *world) { w.stay(0, who{name: "web", pending: 31_000_000}) }, nil},
		"32 MB wait": {func(w *world) { w.stay(0, who{name: "web", pending: 32_000_000}) }, []model.Subject{withApp(of("falling_behind", "warning"))}},
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
