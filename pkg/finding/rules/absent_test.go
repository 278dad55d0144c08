package rules

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

var errAway = errors.New("no route")

// on is a client of a server process.
func on(process string, p who) who {
	p.server = process
	return p
}

// TestNotBack: n1 restarts a minute after noon, and somebody looks half an hour later.
func TestNotBack(t *testing.T) {
	billing, other := who{name: "billing-pod-1a", user: "b"}, who{name: "billing-pod-2b", user: "b"}
	lost := model.Subject{Rule: "not_back", Severity: "warning", Account: "orders", App: "billing"}
	// removed is what a pod that is taken away does as well.
	removed := model.Subject{Rule: "not_back", Severity: "info", Account: "orders", App: "billing"}
	back, n2 := process{name: "n1", id: "n1'", began: time.Minute}, process{name: "n2"}
	// The other of the two comes back in each case.
	both := func(w *world) {
		w.stay(-time.Hour, billing)
		w.stay(-time.Hour, other)
		w.stay(2*time.Minute, on("n2", other))
	}
	restarted := func(w *world) {
		w.read(0, process{name: "n1"}, n2)
		w.read(5*time.Minute, back, n2)
	}
	announced := func(w *world) {
		w.stop(50*time.Second, "Server Shutdown", who{name: "web"})
		w.stay(2*time.Minute, on("n2", who{name: "web"}))
	}
	for name, test := range map[string]struct {
		happen func(*world)
		// looked is when somebody looks, half an hour after noon unless it says.
		looked time.Duration
		want   []model.Subject
		says   string
	}{
		"nobody was there": {happen: restarted},
		"one of two does not return from a server that was killed": {happen: func(w *world) { both(w); restarted(w) }, want: []model.Subject{lost},
			says: "1 client of billing (account orders) went with the restart of n1 at 2026-03-01 12:00:00 UTC and did not come back: billing-pod-1a; 1 connection of it is open now."},
		"the other had come just after it": {happen: func(w *world) {
			w.stay(-2*time.Second, billing)
			w.stay(-time.Second, other)
			w.stay(2*time.Minute, on("n2", other))
			restarted(w)
		}, want: []model.Subject{lost}},
		"it came back": {happen: func(w *world) {
			both(w)
			w.stay(2*time.Minute, on("n2", billing))
			restarted(w)
		}},
		"it came back, and left in good order": {happen: func(w *world) {
			both(w)
			w.stop(20*time.Minute, "Client Closed", who{name: "billing-pod-1a", user: "b", server: "n2", lived: 15 * time.Minute})
			restarted(w)
		}},
		"a pod of a new name came for it": {happen: func(w *world) {
			both(w)
			w.stay(3*time.Minute, on("n2", who{name: "billing-pod-3c", user: "b"}))
			restarted(w)
		}},
		"five minutes are not over":  {happen: func(w *world) { both(w); restarted(w) }, looked: 5*time.Minute - time.Second},
		"five minutes are just over": {happen: func(w *world) { both(w); restarted(w) }, looked: 5 * time.Minute, want: []model.Subject{lost}},
		"it had left before, as it may": {happen: func(w *world) {
			both(w)
			w.stop(-time.Minute, "Client Closed", billing)
			w.open = w.open[1:]
			restarted(w)
		}},
		"it heeded the notice of a lame duck": {happen: func(w *world) {
			both(w)
			announced(w)
			w.stop(40*time.Second, "Client Closed", billing)
			w.open = w.open[1:]
			w.read(55*time.Second, process{name: "n1"}, n2)
			restarted(w)
		}, want: []model.Subject{removed}, says: "closed its connection during the restart of n1 at"},
		"it left just before the server ended, which nobody saw coming": {happen: func(w *world) {
			both(w)
			w.stop(-14*time.Second, "Client Closed", billing)
			w.open = w.open[1:]
			restarted(w)
		}, want: []model.Subject{removed}},
		"a lame duck had it until it ended": {happen: func(w *world) {
			both(w)
			announced(w)
			w.stop(55*time.Second, "Server Shutdown", billing)
			w.read(56*time.Second, process{name: "n1"}, n2)
			restarted(w)
		}, want: []model.Subject{lost}},
		"the other, which had come after it, left with it": {happen: func(w *world) {
			w.stay(2*time.Minute, on("n2", other))
			announced(w)
			w.stop(50*time.Second, "Server Shutdown", who{name: billing.name, user: "b", lived: time.Hour, idle: time.Hour})
			w.stop(50*time.Second, "Server Shutdown", who{name: other.name, user: "b", lived: 50 * time.Minute})
			w.read(55*time.Second, process{name: "n1"}, n2)
			restarted(w)
		}, want: []model.Subject{lost}},
		"it stopped long before the notice": {happen: func(w *world) {
			both(w)
			announced(w)
			w.stop(30*time.Second, "Client Closed", billing)
			w.open = w.open[1:]
			w.read(55*time.Second, process{name: "n1"}, n2)
			restarted(w)
		}},
		"pods of it are removed now and then": {happen: func(w *world) {
			both(w)
			w.stop(-30*time.Minute, "Client Closed", who{name: "billing-pod-0f", user: "b"})
			restarted(w)
		}},
		"it is a job that comes each half hour": {happen: func(w *world) {
			for i := range 4 {
				w.stop(time.Duration(i-4)*30*time.Minute, "Client Closed", who{name: "report", lived: time.Minute})
			}
			w.stay(-time.Second, who{name: "report"})
			restarted(w)
		}},
		"it is a laptop that sleeps now and then": {happen: func(w *world) {
			w.stop(-5*time.Hour, staleConnection, who{name: "laptop", lived: time.Hour})
			w.stay(-time.Hour, who{name: "laptop"})
			restarted(w)
		}},
		"it lost its connection before, and was back at once": {happen: func(w *world) {
			both(w)
			w.stop(-time.Hour-2*time.Second, readError, billing)
			restarted(w)
		}, want: []model.Subject{lost}},
		"a server is silent": {happen: func(w *world) { both(w); restarted(w); w.read(30*time.Minute, back, process{name: "n2", err: errAway}) },
			want: []model.Subject{{Rule: "server_silent", Severity: "warning", Server: "n2"}}},
		"who has no name": {happen: func(w *world) { w.stay(-time.Hour, who{user: "b", ip: "10.0.0.7"}); restarted(w) },
			want: []model.Subject{{Rule: "not_back", Severity: "warning", Account: "orders", App: "(unnamed)", User: "b", IP: "10.0.0.7"}}},
		"three servers in turn": {happen: func(w *world) {
			w.stay(-time.Hour, billing)
			w.stay(2*time.Minute, on("n2", billing))
			w.read(0, process{name: "n1"}, n2)
			w.read(5*time.Minute, back, n2)
			w.read(7*time.Minute, back, process{name: "n2", id: "n2'", began: 6 * time.Minute})
		}, want: []model.Subject{lost}, says: "the restarts of 2 servers of cluster c1 at 2026-03-01 12:05:00 UTC"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			test.happen(w)
			if test.looked == 0 {
				test.looked = 30 * time.Minute
			}
			servers := []process{back, n2}
			for _, s := range w.last.Servers {
				if s.Label == "n2" && s.Server.ID == "id of n2'" {
					servers[1] = process{name: "n2", id: "n2'", began: 6 * time.Minute}
				}
				if s.Err != nil {
					servers[1].err = s.Err
				}
			}
			w.read(test.looked, servers...)
			want, said := test.want, ""
			for _, one := range w.found() {
				switch one.Rule {
				case finding.ServerRestart:
					want = append(want, one.Subject)
				case finding.NotBack:
					said = one.Sentence
				}
			}
			w.expect(want...)
			if !strings.Contains(said, test.says) {
				t.Errorf("says %q, not %q", said, test.says)
			}
		})
	}
}
