package ledger_test

import (
	"errors"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// TestSilentServersKeepTheirNames: the name is a label of alerts, which would end, and
// begin anew with another one.
func TestSilentServersKeepTheirNames(t *testing.T) {
	now := testledger.Noon
	l := testledger.NewAt(t, ledger.DefaultLimits(), func() time.Time { return now })
	away := model.Reading{Endpoint: "a:1", Err: errors.New("no route")}
	other := func() model.Reading { return server("b:1", "n2", "eu", "ID2") }
	called := func(readings ...model.Reading) (label, formerly string) {
		state := l.Merge(readings).Servers[0]
		return state.Label, state.Formerly
	}
	expect := func(what, wantLabel, wantFormerly string, readings ...model.Reading) {
		t.Helper()
		if label, formerly := called(readings...); label != wantLabel || formerly != wantFormerly {
			t.Errorf("%s it is called %q, formerly %q, want %q, formerly %q", what, label, formerly, wantLabel, wantFormerly)
		}
	}
	expect("before it is heard", "a:1", "", away, other())
	now = now.Add(time.Minute)
	expect("once it is heard", "n1", "a:1", server("a:1", "n1", "eu", "ID1"), other())
	now = now.Add(58 * time.Minute)
	expect("within the hour", "n1", "a:1", server("a:1", "n1", "eu", "ID1"), other())
	now = now.Add(2 * time.Minute)
	expect("later", "n1", "", server("a:1", "n1", "eu", "ID1"), other())
	for range 60 {
		now = now.Add(time.Hour)
		expect("while it is silent", "n1", "", away, other())
	}
	now = now.Add(time.Minute)
	expect("when it is back", "n1", "", server("a:1", "n1", "eu", "ID1'"), other())
}
