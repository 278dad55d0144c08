package rules

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

func TestRestarts(t *testing.T) {
	old := func(names ...string) (all []process) {
		for _, name := range names {
			all = append(all, process{name: name, version: "2.11.0"})
		}
		return all
	}
	fresh := func(name, version string, began time.Duration) process {
		return process{name: name, id: name + "'", version: version, began: began}
	}
	subject := func(severity, server string) model.Subject {
		return model.Subject{Rule: "server_restart", Severity: severity, Server: server}
	}
	for name, test := range map[string]struct {
		happen func(*world)
		want   []model.Subject
		says   string
	}{
		"none": {func(w *world) { w.read(0, old("n1", "n2")...); w.read(time.Minute, old("n1", "n2")...) }, nil, ""},
		"a crash": {func(w *world) {
			w.read(0, old("n1", "n2")...)
			w.read(time.Minute, fresh("n1", "2.11.0", 30*time.Second), old("n2")[0])
		}, []model.Subject{subject("warning", "n1")}, "crashed, was killed, or somebody restarted it"},
		"an upgrade": {func(w *world) {
			w.read(0, old("n1", "n2")...)
			w.read(time.Minute, fresh("n1", "2.12.0", 30*time.Second), old("n2")[0])
		}, []model.Subject{subject("info", "n1")}, "version 2.11.0 became 2.12.0"},
		"announced": {func(w *world) {
			w.stop(10*time.Second, "Server Shutdown", who{name: "a"})
			w.read(20*time.Second, old("n1", "n2")...)
			w.read(time.Minute, fresh("n1", "2.11.0", 30*time.Second), old("n2")[0])
		}, []model.Subject{subject("info", "n1")}, "as before"},
		"a lame duck that loses clients explains them": {func(w *world) {
			w.stop(time.Second, "Server Shutdown", who{name: "b"})
			w.times(8, time.Second, readError, always(who{name: "a-pod-1a"}))
			w.times(8, time.Second, staleConnection, always(who{name: "a-pod-1a"}))
			w.read(20*time.Second, old("n1", "n2")...)
			w.read(time.Minute, fresh("n1", "2.11.0", 30*time.Second), old("n2")[0])
		}, []model.Subject{subject("info", "n1")}, "as planned"},
		"clients that are sent from server to server make no storm": {func(w *world) {
			for i := range 3 * 40 {
				w.stop(time.Duration(i/40)*30*time.Second+time.Duration(i%40)*100*time.Millisecond, "Server Shutdown",
					who{name: pod(i % 40).name, ip: host(i % 40), server: fmt.Sprintf("n%d", i/40+1)})
			}
			w.read(-time.Second, old("n1", "n2", "n3")...)
			w.read(10*time.Second, old("n1", "n2", "n3")...)
			w.read(40*time.Second, fresh("n1", "2.12.0", 20*time.Second), old("n2")[0], old("n3")[0])
			w.read(80*time.Second, fresh("n1", "2.12.0", 20*time.Second), fresh("n2", "2.12.0", 50*time.Second), old("n3")[0])
			w.read(2*time.Minute, fresh("n1", "2.12.0", 20*time.Second), fresh("n2", "2.12.0", 50*time.Second), fresh("n3", "2.12.0", 90*time.Second))
			for i := range 40 {
				w.stay(2*time.Minute, who{name: pod(i).name, ip: host(i), server: "n1'"})
			}
			w.read(3*time.Minute, fresh("n1", "2.12.0", 20*time.Second), fresh("n2", "2.12.0", 50*time.Second), fresh("n3", "2.12.0", 90*time.Second))
		}, []model.Subject{subject("info", "")}, "3 of 3 servers"},
		"in turn": {func(w *world) {
			w.read(0, old("n1", "n2", "n3")...)
			w.read(time.Minute, fresh("n1", "2.11.0", 30*time.Second), old("n2")[0], old("n3")[0])
			w.read(3*time.Minute, fresh("n1", "2.11.0", 30*time.Second), fresh("n2", "2.11.0", 2*time.Minute), old("n3")[0])
		}, []model.Subject{subject("info", "")}, "2 of 3 servers of cluster c1"},
		"at once": {func(w *world) {
			w.read(0, old("n1", "n2")...)
			w.read(time.Minute, fresh("n1", "2.11.0", 30*time.Second), fresh("n2", "2.11.0", 31*time.Second))
		}, []model.Subject{subject("critical", "")}, "at once"},
		"in a loop": {func(w *world) {
			w.read(0, old("n1")...)
			w.read(time.Minute, fresh("n1", "2.11.0", 30*time.Second))
			w.read(2*time.Minute, process{name: "n1", id: "n1''", version: "2.11.0", began: 90 * time.Second})
		}, []model.Subject{subject("warning", "n1")}, "2 times"},
		"the next day is another": {func(w *world) {
			w.read(0, old("n1", "n2")...)
			w.read(time.Minute, fresh("n1", "2.11.0", 30*time.Second), old("n2")[0])
			w.read(3*time.Hour, fresh("n1", "2.11.0", 30*time.Second), fresh("n2", "2.11.0", 2*time.Hour))
		}, []model.Subject{subject("warning", "n1"), subject("warning", "n2")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			test.happen(w)
			found := w.expect(test.want...)
			if test.says != "" && (len(found) == 0 || !strings.Contains(found[0].Sentence, test.says)) {
				t.Errorf("says %+v, not %q", found, test.says)
			}
		})
	}
}

func TestWhatKeepsFromKnowing(t *testing.T) {
	away := func(name string) process { return process{name: name, err: errors.New("no route")} }
	silent := model.Subject{Rule: "server_silent", Severity: "warning", Server: "n2"}
	for name, test := range map[string]struct {
		happen func(*world)
		want   []model.Subject
	}{
		"all answer": {func(w *world) { w.read(0, process{name: "n1"}, process{name: "n2"}) }, nil},
		"four minutes": {func(w *world) {
			w.read(0, process{name: "n1"}, process{name: "n2"})
			w.read(4*time.Minute, process{name: "n1"}, away("n2"))
		}, nil},
		"five minutes": {func(w *world) {
			w.read(0, process{name: "n1"}, process{name: "n2"})
			w.read(5*time.Minute, process{name: "n1"}, away("n2"))
		}, []model.Subject{silent}},
		"never heard": {func(w *world) { w.read(0, process{name: "n1"}, away("n2")) }, []model.Subject{{Rule: "server_silent", Severity: "warning", Server: "n2:8222"}}},
		"a clock is five seconds ahead": {func(w *world) { w.read(0, process{name: "n1", ahead: 5 * time.Second}) },
			[]model.Subject{{Rule: "clock_off", Severity: "warning", Server: "n1"}}},
		"a clock is five seconds behind": {func(w *world) { w.read(0, process{name: "n1", ahead: -5 * time.Second}) },
			[]model.Subject{{Rule: "clock_off", Severity: "warning", Server: "n1"}}},
		"a clock is nearly that": {func(w *world) { w.read(0, process{name: "n1", ahead: 5*time.Second - 1}) }, nil},
		"all members are read":   {func(w *world) { w.read(0, process{name: "n1", members: 2}, process{name: "n2", members: 2}) }, nil},
		"one of three is not read": {func(w *world) { w.read(0, process{name: "n1", members: 3}, process{name: "n2", members: 3}) },
			[]model.Subject{{Rule: "server_unlisted", Severity: "warning"}}},
		"nothing is lost": {func(w *world) {
			w.stop(0, "Client Closed", who{name: "a"})
			w.read(time.Minute)
			w.read(2 * time.Minute)
		}, nil},
		"records are lost": {func(w *world) {
			w.stop(0, "Client Closed", who{name: "a"})
			w.read(time.Minute)
			w.stop(90*time.Second, "Client Closed", who{name: "a"})
			w.stops["n1"] = w.stops["n1"][1:]
			for i := range 3 {
				w.read(2*time.Minute+time.Duration(i)*10*time.Second, process{name: "n1", gaps: 11})
			}
		}, []model.Subject{{Rule: "records_lost", Severity: "warning", Server: "n1"}}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			test.happen(w)
			w.expect(test.want...)
		})
	}
}
