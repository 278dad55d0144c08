package rules

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// device is one of those behind a carrier's address, each with a user of its own.
func device(i int) who {
	return who{name: fmt.Sprintf("meter-%05d", i), user: fmt.Sprintf("m%05d", i), mqtt: fmt.Sprintf("meter-%05d", i), ip: "100.64.0.1"}
}

// Many clients share the address of a carrier or an office. Who scans from one hardly
// ever gets in.
func TestScansFromAddressesThatManyShare(t *testing.T) {
	scan := model.Subject{Rule: "login_scan", Severity: "warning", IP: "100.64.0.1"}
	refuse := func(w *world, from, to int) {
		for i := from; i < to; i++ {
			for try := range 3 {
				w.stop(time.Duration(i%60)*10*time.Second+time.Duration(try)*time.Minute, refused, device(i))
			}
		}
	}
	for name, test := range map[string]struct {
		happen func(*world)
		scans  bool
	}{
		"12 of 200 devices are refused": {func(w *world) {
			for i := range 188 {
				w.stay(-time.Hour, device(i))
			}
			refuse(w, 188, 200)
		}, false},
		"the others have gone since": {func(w *world) {
			for i := range 188 {
				w.stop(time.Duration(i)*time.Second, "Client Closed", device(i))
			}
			refuse(w, 188, 200)
		}, false},
		"nobody else was there": {func(w *world) { refuse(w, 0, 40) }, true},
		"somebody scans where a few are in": {func(w *world) {
			for i := range 5 {
				w.stay(-time.Hour, device(i))
			}
			refuse(w, 100, 140)
		}, true},
		"somebody scans, and guesses one": {func(w *world) {
			refuse(w, 0, 40)
			w.stay(8*time.Minute, device(39))
		}, true},
		"others are in elsewhere": {func(w *world) {
			for i := range 188 {
				p := device(i)
				p.ip = far(i)
				w.stay(-time.Hour, p)
			}
			refuse(w, 188, 228)
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			test.happen(w)
			w.read(20 * time.Minute)
			var worse []finding.Finding
			scans := false
			for _, one := range w.found() {
				if one.Subject == scan {
					scans = true
				} else if one.Severity != "info" {
					worse = append(worse, one)
				}
			}
			if scans != test.scans || len(worse) > 0 {
				t.Errorf("it scans: %v; and there are %+v", scans, worse)
			}
		})
	}
}

// A client that calls itself something else each time is one, not many that are tried.
func TestNamesThatChangeAreOfOneClient(t *testing.T) {
	random := func(i int) string {
		return fmt.Sprintf("%08x-%04x-4e7a-b0c6-%012x", i*2654435761%(1<<32), i*40503%65536, i*99990001)
	}
	for name, test := range map[string]struct {
		happen func(*world)
		want   model.Subject
		says   string
	}{
		"it never got in": {func(w *world) {
			w.times(60, 10*time.Second, refused, func(i int) who { return who{name: random(i), user: "billing"} })
		}, model.Subject{Rule: "login_broken", Severity: "critical", User: "billing"},
			"User billing, under 60 names, was refused 60 times"},
		"it got in before": {func(w *world) {
			w.stop(-time.Minute, "Client Closed", who{name: random(999), user: "billing"})
			w.times(60, 10*time.Second, refused, func(i int) who { return who{name: random(i), user: "billing"} })
		}, model.Subject{Rule: "login_broken", Severity: "critical", User: "billing"}, "it had got in until"},
		"three pods of it": {func(w *world) {
			w.times(90, 10*time.Second, refused, func(i int) who { return who{name: random(i), user: "billing", ip: host(i % 3)} })
		}, model.Subject{Rule: "login_broken", Severity: "critical", User: "billing"}, "from 3 addresses"},
		"a few times": {func(w *world) {
			w.times(20, 10*time.Second, refused, func(i int) who { return who{name: random(i), user: "billing"} })
		}, model.Subject{Rule: "login_typo", Severity: "info", User: "billing"}, "20 times"},
		"words that are tried": {func(w *world) {
			words := []string{"root", "administrator", "test", "nats", "sys", "backup", "monitoring", "dev", "prod", "postgres", "oracle", "guest"}
			w.times(len(words), 10*time.Second, refused, func(i int) who { return who{name: words[i], user: "admin", ip: "6.6.6.6"} })
		}, model.Subject{Rule: "login_scan", Severity: "warning", IP: "6.6.6.6"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			test.happen(w)
			w.read(20 * time.Minute)
			for _, one := range w.expect(test.want) {
				if !strings.Contains(one.Sentence, test.says) {
					t.Errorf("says %q, not %q", one.Sentence, test.says)
				}
			}
		})
	}
}

// What many are refused with is told once: their user, or their app.
func TestLoginsThatManyShare(t *testing.T) {
	for name, test := range map[string]struct {
		happen func(*world)
		want   model.Subject
		says   string
	}{
		"five apps have one user, whose password was changed": {func(w *world) {
			for app := range 5 {
				p := who{name: "svc" + string(rune('a'+app)), user: "shared", ip: host(app)}
				w.stop(-time.Minute, "Client Closed", p)
				w.times(20, 3*time.Minute, refused, always(p))
			}
		}, model.Subject{Rule: "login_broken", Severity: "critical", User: "shared"}, "it had got in until"},
		"forty devices with a user each, at forty addresses": {func(w *world) {
			for i := range 40 {
				p := device(i)
				p.ip = far(i)
				w.times(60, time.Minute, refused, always(p))
			}
		}, model.Subject{Rule: "login_broken", Severity: "critical", App: "meter"}, "meter (40 users) was refused 2,400 times"},
		"twelve people mistype": {func(w *world) {
			w.times(15, 4*time.Minute, refused, func(i int) who {
				return who{name: "NATS CLI Version 0.3.0", user: fmt.Sprint("person", i%12), ip: far(i % 12)}
			})
		}, model.Subject{Rule: "login_typo", Severity: "info", App: "NATS CLI Version 0.3.0"}, "15 times from 12 addresses"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			test.happen(w)
			w.read(time.Hour)
			for _, one := range w.expect(test.want) {
				if !strings.Contains(one.Sentence, test.says) {
					t.Errorf("says %q, not %q", one.Sentence, test.says)
				}
			}
		})
	}
}

// Guesses that come from everywhere are no deployment with wrong credentials, and
// deployments at many addresses are no guesses.
func TestLoginsFromManyAddresses(t *testing.T) {
	guess := func(i int) who { return who{user: []string{"root", "admin", "nats"}[i%3], ip: far(i / 3)} }
	for name, test := range map[string]struct {
		happen func(*world)
		want   []model.Subject
		says   string
	}{
		"three users from 200 addresses": {func(w *world) { w.times(600, 5*time.Second, refused, guess) },
			[]model.Subject{{Rule: "login_scan", Severity: "warning"}}, "200 addresses (10.2.0.0, 10.2.0.1, 10.2.0.2, …) tried 3 users, 600 times in all, and never got in."},
		"one user from 200 addresses": {func(w *world) {
			w.times(200, 15*time.Second, refused, func(i int) who { return who{user: "admin", ip: far(i)} })
		}, []model.Subject{{Rule: "login_scan", Severity: "warning"}}, "tried 1 user"},
		"thirty pods that try each minute": {func(w *world) {
			w.times(30*50, 2*time.Second, refused, func(i int) who { return who{user: "billing", ip: far(i % 30)} })
		}, []model.Subject{{Rule: "login_broken", Severity: "critical", App: "(unnamed)", User: "billing"}}, "from 30 addresses"},
		"thirty pods that just began to": {func(w *world) {
			w.times(30*3, time.Second, refused, func(i int) who { return who{user: "billing", ip: far(i % 30)} })
		}, []model.Subject{{Rule: "login_broken", Severity: "critical", App: "(unnamed)", User: "billing"}}, "from 30 addresses"},
		"thirty pods with a token": {func(w *world) {
			w.times(30*50, 2*time.Second, refused, func(i int) who { return who{ip: far(i % 30)} })
		}, []model.Subject{{Rule: "login_broken", Severity: "critical", App: "(unnamed)"}}, "Clients without name and user were refused 1,500 times since 2026-03-01 12:00:00 UTC from 30 addresses"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			test.happen(w)
			w.read(time.Hour)
			for _, one := range w.expect(test.want...) {
				if !strings.Contains(one.Sentence, test.says) {
					t.Errorf("says %q, not %q", one.Sentence, test.says)
				}
			}
		})
	}
}
