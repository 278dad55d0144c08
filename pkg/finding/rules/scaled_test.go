package rules

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// TestPodsThatAreRemovedMeanwhile: n1 sends its ten clients away a minute after noon.
func TestPodsThatAreRemovedMeanwhile(t *testing.T) {
	removed := model.Subject{Rule: "not_back", Severity: "info", Account: "orders", App: "web"}
	lost := model.Subject{Rule: "not_back", Severity: "warning", Account: "orders", App: "web"}
	n2, n3 := process{name: "n2"}, process{name: "n3"}
	back := process{name: "n1", id: "n1'", version: "2.15.3", began: 2 * time.Minute}
	// sent are pods that n1 sends away, and that come to n2; closed are those that close.
	sent := func(w *world, from, to int, stay bool) {
		for i := from; i < to; i++ {
			w.stop(time.Minute+time.Duration(i)*time.Second, "Server Shutdown", pod(i))
			if stay {
				w.stay(time.Minute+time.Duration(i+1)*time.Second, on("n2", pod(i)))
			}
		}
	}
	closed := func(w *world, from, to int) {
		for i := from; i < to; i++ {
			w.stop(70*time.Second, "Client Closed", pod(i))
		}
	}
	// heeded are those that close at the notice, ten seconds before.
	heeded := func(w *world, from, to int) {
		for i := from; i < to; i++ {
			w.stop(51*time.Second, "Client Closed", pod(i))
		}
	}
	restarted := func(w *world) {
		w.read(0, process{name: "n1"}, n2, n3)
		w.read(100*time.Second, process{name: "n1"}, n2, n3)
		w.read(3*time.Minute, back, n2, n3)
	}
	for name, test := range map[string]struct {
		happen func(*world)
		want   []model.Subject
		says   string
	}{
		"two of ten": {func(w *world) { sent(w, 0, 8, true); closed(w, 8, 10); restarted(w) }, []model.Subject{removed},
			"closed their connections during the restart of n1, first at 2026-03-01 12:01:10 UTC, and did not come back"},
		"one of ten gives up": {func(w *world) { sent(w, 0, 9, true); sent(w, 9, 10, false); restarted(w) }, []model.Subject{lost}, "went with the restart of n1"},
		"two are removed, and one is sent away just before that": {func(w *world) {
			sent(w, 0, 7, true)
			sent(w, 7, 8, false)
			closed(w, 8, 10)
			restarted(w)
		}, []model.Subject{removed}, "3 clients of web"},
		"one is removed, and three give up": {func(w *world) {
			sent(w, 0, 6, true)
			sent(w, 6, 9, false)
			closed(w, 9, 10)
			restarted(w)
		}, []model.Subject{lost, removed}, ""},
		"all ten heed the notice, and none returns": {func(w *world) {
			w.stop(time.Minute, "Server Shutdown", who{name: "other"})
			w.stay(2*time.Minute, on("n2", who{name: "other"}))
			heeded(w, 0, 10)
			restarted(w)
		}, []model.Subject{lost}, "10 clients of web"},
		"those of one server do, while five are elsewhere": {func(w *world) {
			w.stop(time.Minute, "Server Shutdown", who{name: "other"})
			w.stay(2*time.Minute, on("n2", who{name: "other"}))
			heeded(w, 0, 5)
			for i := range 5 {
				w.stay(-time.Hour, on("n2", pod(20+i)))
			}
			restarted(w)
		}, []model.Subject{lost}, "5 clients of web"},
		"a laptop is closed while its server sends clients away": {func(w *world) {
			sent(w, 0, 10, true)
			w.stop(80*time.Second, "Client Closed", who{name: "laptop-of-ann"})
			w.stop(85*time.Second, staleConnection, who{name: "laptop-of-bob"})
			restarted(w)
		}, []model.Subject{{Rule: "not_back", Severity: "info", Account: "orders", App: "laptop-of-ann"}}, "1 client of laptop-of-ann"},
		"clients that call themselves something else each time": {func(w *world) {
			for i := range 10 {
				name := func(n int) string { return fmt.Sprintf("mqttjs_%08x", uint32((n+1)*2654435761)) }
				w.stop(time.Minute+time.Duration(i)*time.Second, "Server Shutdown", who{name: name(i), user: "m", ip: far(i)})
				if i < 8 {
					w.stay(time.Minute+time.Duration(i+1)*time.Second, on("n2", who{name: name(100 + i), user: "m", ip: far(i)}))
				}
			}
			restarted(w)
		}, []model.Subject{{Rule: "not_back", Severity: "warning", Account: "orders", User: "m"}}, "2 clients of user m (account orders) went with the restart of n1"},
		"on the server that goes next": {func(w *world) {
			sent(w, 0, 10, true)
			w.open = nil
			for i := range 10 {
				p := on("n2", pod(i))
				p.lived = 3 * time.Minute
				if i < 8 {
					w.stop(5*time.Minute, "Server Shutdown", p)
					w.stay(302*time.Second, on("n3", pod(i)))
				} else {
					w.stop(304*time.Second, "Client Closed", p)
				}
			}
			restarted(w)
			w.read(310*time.Second, back, n2, n3)
			n2 := process{name: "n2", id: "n2'", version: "2.15.3", began: 6 * time.Minute}
			w.read(7*time.Minute, back, n2, n3)
			w.read(30*time.Minute, back, n2, n3)
		}, []model.Subject{removed}, "2 clients of web"},
		"one was removed before, and now all are gone": {func(w *world) {
			w.stop(-3*time.Hour, "Client Closed", pod(30))
			sent(w, 0, 10, false)
			restarted(w)
		}, []model.Subject{lost}, "none of it is open"},
		"one was removed before, and one is now": {func(w *world) {
			w.stop(-3*time.Hour, "Client Closed", pod(30))
			sent(w, 0, 9, true)
			sent(w, 9, 10, false)
			restarted(w)
		}, nil, ""},
		"laptops that leave in the evening, and some leave then": {func(w *world) {
			laptop := func(i int) who { return who{name: fmt.Sprintf("laptop-%d", i), ip: far(i)} }
			for i := range 40 {
				w.stop(-time.Duration(i)*time.Minute, "Client Closed", laptop(100+i))
			}
			for i := range 20 {
				w.stop(time.Minute+time.Duration(i)*time.Second, "Server Shutdown", laptop(i))
			}
			restarted(w)
		}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			test.happen(w)
			if w.now.Before(noon.Add(10 * time.Minute)) {
				w.read(30*time.Minute, back, n2, n3)
			}
			want, said := test.want, ""
			for _, one := range w.found() {
				switch one.Rule {
				case finding.ServerRestart:
					want = append(want, one.Subject)
				case finding.NotBack:
					said += one.Sentence
				}
			}
			w.expect(want...)
			if !strings.Contains(said, test.says) {
				t.Errorf("says %q, not %q", said, test.says)
			}
		})
	}
}
