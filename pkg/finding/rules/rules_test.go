package rules

import (
	"slices"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/finding/knowledge"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// TestEveryRuleIsLookedFor: a rule of the catalogue that nobody looks for would
// be documented, and silent for ever.
func TestEveryRuleIsLookedFor(t *testing.T) {
	looked := knowledge.IDs()
	for _, r := range rules {
		looked = append(looked, r.ids...)
	}
	for _, r := range rules {
		if slices.ContainsFunc(r.ids, func(id string) bool { return finding.Lookup(id).SystemOnly != finding.Lookup(r.ids[0]).SystemOnly }) {
			t.Errorf("%v are looked for together, and do not need to see the same", r.ids)
		}
	}
	slices.Sort(looked)
	if ids := finding.IDs(); !slices.Equal(looked, ids) {
		t.Errorf("looked for are %v, in the catalogue are %v", looked, ids)
	}
}

// TestTenantsSeeTheirs: an ordinary account sees nobody who never got in, and no
// server's life.
func TestTenantsSeeTheirs(t *testing.T) {
	happen := func(tenant bool) *world {
		w := newWorld(t)
		w.tenant = tenant
		w.read(0)
		w.stop(time.Second, pendingBytes, who{name: "billing", pending: 1})
		w.times(60, time.Second, "Authentication Failure", always(who{name: "billing", user: "b"}))
		w.read(2*time.Minute, process{name: "n1"})
		w.read(3*time.Minute, process{name: "n1", id: "n1'", version: "2.15.3", began: 150 * time.Second})
		return w
	}
	slow := model.Subject{Rule: "slow_consumer", Severity: "critical", Account: "orders", App: "billing"}
	happen(true).expect(slow)
	happen(false).expect(slow, model.Subject{Rule: "login_broken", Severity: "critical", App: "billing", User: "b"},
		model.Subject{Rule: "server_restart", Severity: "info", Server: "n1"})
}
