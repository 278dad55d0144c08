package rules

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

func TestSlowFabric(t *testing.T) {
	subject := func(severity string) model.Subject {
		return model.Subject{Rule: "fabric_slow", Severity: severity, Server: "n1"}
	}
	routes := func(n int64) model.Counters { return model.Counters{SlowRoutes: n} }
	read := func(w *world, counters ...model.Counters) {
		for i, c := range counters {
			w.read(time.Duration(i)*10*time.Second, process{name: "n1", slow: c})
		}
	}
	for name, test := range map[string]struct {
		happen func(*world)
		want   []model.Subject
		says   string
	}{
		"what was counted before anybody looked": {func(w *world) { read(w, routes(7), routes(7)) }, nil, ""},
		"a client is no fabric":                  {func(w *world) { read(w, model.Counters{}, model.Counters{SlowConsumers: 1, SlowClients: 1}) }, nil, ""},
		"another server vanishes":                {func(w *world) { read(w, routes(7), routes(8), routes(10), routes(10)) }, []model.Subject{subject("warning")}, "cut off 3 routes"},
		"it goes on":                             {func(w *world) { read(w, routes(0), routes(1), routes(2), routes(3)) }, []model.Subject{subject("critical")}, "3 routes"},
		"of each kind": {func(w *world) {
			read(w, model.Counters{}, model.Counters{SlowRoutes: 1, SlowGateways: 2, SlowLeafnodes: 1})
		}, []model.Subject{subject("warning")}, "1 route, 2 gateways, 1 leafnode to other"},
		"a leafnode is told once": {func(w *world) {
			w.stop(5*time.Second, "Slow Consumer (Write Deadline)", who{name: "edge", kind: model.KindLeafnode})
			w.stop(6*time.Second, "Slow Consumer (Write Deadline)", who{name: "edge", kind: model.KindLeafnode})
			read(w, model.Counters{}, model.Counters{SlowLeafnodes: 2})
		}, []model.Subject{subject("warning")}, "2 leafnodes"},
		"another process counts anew": {func(w *world) {
			read(w, routes(7))
			w.read(time.Minute, process{name: "n1", id: "n1'", version: "2.15.3", began: 30 * time.Second, slow: routes(2)})
		}, []model.Subject{subject("warning"), {Rule: "server_restart", Severity: "info", Server: "n1"}}, "2 routes"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			test.happen(w)
			found := w.expect(test.want...)
			if test.says != "" && !slices.ContainsFunc(found, func(f finding.Finding) bool { return strings.Contains(f.Sentence, test.says) }) {
				t.Errorf("says %+v, not %q", found, test.says)
			}
		})
	}
}

func TestSlowConsumers(t *testing.T) {
	const pending, deadline = "Slow Consumer (Pending Bytes)", "Slow Consumer (Write Deadline)"
	slow := who{name: "billing-pod-1a", user: "b", pending: 5_000_000}
	other := who{name: "billing-pod-2b", user: "b", pending: 1_000_000, server: "n2"}
	subject := func(severity string) model.Subject {
		return model.Subject{Rule: "slow_consumer", Severity: severity, Account: "orders", App: "billing"}
	}
	for name, test := range map[string]struct {
		happen func(*world)
		want   []model.Subject
		says   string
	}{
		"once":             {func(w *world) { w.stop(0, pending, slow) }, []model.Subject{subject("critical")}, "once, at least 4.77 MiB lost, by n1"},
		"a closed lid":     {func(w *world) { w.stop(0, deadline, slow) }, []model.Subject{subject("info")}, "fell asleep"},
		"two stalls":       {func(w *world) { w.stop(0, deadline, slow); w.stop(time.Minute, deadline, slow) }, []model.Subject{subject("critical")}, "2 times"},
		"two far apart":    {func(w *world) { w.stop(0, deadline, slow); w.stop(time.Hour, deadline, slow) }, []model.Subject{subject("info"), subject("info")}, ""},
		"several of it":    {func(w *world) { w.stop(0, pending, slow); w.stop(0, pending, other) }, []model.Subject{subject("critical")}, "2 instances, by 2 servers"},
		"still far behind": {func(w *world) { w.stop(0, pending, slow); w.stay(time.Minute, slow) }, []model.Subject{subject("critical")}, "4.77 MiB wait"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			test.happen(w)
			w.read(2*time.Hour, process{name: "n1"}, process{name: "n2"})
			found := w.expect(test.want...)
			if test.says != "" && (len(found) == 0 || !strings.Contains(found[0].Sentence, test.says)) {
				t.Errorf("says %+v, not %q", found, test.says)
			}
		})
	}
}
