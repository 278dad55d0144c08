package rules

import (
	"strings"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

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
		"once":             {func(w *world) { w.stop(0, pending, slow) }, []model.Subject{subject("critical")}, "once, at least 5.0 MB lost, by n1"},
		"a closed lid":     {func(w *world) { w.stop(0, deadline, slow) }, []model.Subject{subject("info")}, "fell asleep"},
		"two stalls":       {func(w *world) { w.stop(0, deadline, slow); w.stop(time.Minute, deadline, slow) }, []model.Subject{subject("critical")}, "2 times"},
		"two far apart":    {func(w *world) { w.stop(0, deadline, slow); w.stop(time.Hour, deadline, slow) }, []model.Subject{subject("info"), subject("info")}, ""},
		"several of it":    {func(w *world) { w.stop(0, pending, slow); w.stop(0, pending, other) }, []model.Subject{subject("critical")}, "2 instances, by 2 servers"},
		"still far behind": {func(w *world) { w.stop(0, pending, slow); w.stay(time.Minute, slow) }, []model.Subject{subject("critical")}, "5.0 MB wait"},
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
