package engine

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// TestNamedValuesMakeNoProduct: two variables with a thousand values each name
// two thousand groups, not a million.
func TestNamedValuesMakeNoProduct(t *testing.T) {
	values := make([]string, 1000)
	for i := range values {
		values[i] = fmt.Sprint(i)
	}
	s := testledger.Snapshot(t, testledger.Answered("n1", testledger.At("n1", 1, "Kicked", "7", testledger.Noon)))
	where := []fields.Condition{testledger.OneOf(fields.KeyAccount, values...), testledger.OneOf(fields.KeyApp, values...)}
	groups := Groups(s, Selection{Range: testledger.Always, Where: where, Classifier: reason.NewClassifier(nil)}, []fields.Key{fields.KeyAccount, fields.KeyApp})
	if len(groups) != 2000 {
		t.Errorf("%d groups", len(groups))
	}
}

// TestSingleValuesPin: a rule for one account and several apps has the account's
// label on each, so that a series keeps its labels when it fires.
func TestSingleValuesPin(t *testing.T) {
	s := testledger.Snapshot(t, testledger.Answered("n1"))
	where := []fields.Condition{testledger.OneOf(fields.KeyAccount, "a"), testledger.OneOf(fields.KeyApp, "x", "y")}
	got := tell(Groups(s, Selection{Range: testledger.Always, Where: where, Classifier: reason.NewClassifier(nil)}, []fields.Key{fields.KeyApp, fields.KeyAccount}))
	if got != "app=x,account=a:0 app=y,account=a:0" {
		t.Errorf("got %s", got)
	}
}

// TestServersOfOneNameAreAskedForByEither: a shared name means all of its places,
// a label one; neither becomes a zero that nobody has, and the dead one has none.
func TestServersOfOneNameAreAskedForByEither(t *testing.T) {
	eu := testledger.Answered("nats-0", testledger.At("EU", 1, "Kicked", "a", testledger.Noon.Add(-time.Minute)))
	us := testledger.Answered("nats-0", testledger.At("US", 1, "Kicked", "a", testledger.Noon.Add(-time.Minute)))
	eu.Server.ID, eu.Server.Cluster, eu.Endpoint = "EU", "eu", "eu:8222"
	us.Server.ID, us.Server.Cluster, us.Endpoint = "US", "us", "us:8222"
	l := testledger.New(t, ledger.DefaultLimits())
	l.Merge([]model.Reading{eu, us})
	s := l.Merge([]model.Reading{eu, {Endpoint: "us:8222", Err: errors.New("down")}})
	past := model.TimeRange{From: testledger.Noon.Add(-time.Second), To: testledger.Noon}
	ask := func(r model.TimeRange, where ...fields.Condition) string {
		return tell(Groups(s, Selection{Range: r, Where: where, Classifier: reason.NewClassifier(nil)}, []fields.Key{fields.KeyServer}))
	}
	for name, test := range map[string]struct{ got, want string }{
		"all":            {ask(testledger.Always), "server=nats-0 (eu):1 server=nats-0 (us):1"},
		"the label":      {ask(testledger.Always, testledger.OneOf(fields.KeyServer, "nats-0 (us)")), "server=nats-0 (us):1"},
		"the name":       {ask(testledger.Always, testledger.OneOf(fields.KeyServer, "nats-0")), "server=nats-0 (eu):1 server=nats-0 (us):1"},
		"not the name":   {ask(testledger.Always, fields.Condition{Key: fields.KeyServer, Match: fields.Not(fields.MatchOneOf([]string{"nats-0"})), Excludes: true}), ":0"},
		"zeros by name":  {ask(past, testledger.OneOf(fields.KeyServer, "nats-0")), "server=nats-0 (eu):0"},
		"zeros by label": {ask(past, testledger.OneOf(fields.KeyServer, "nats-0 (us)")), ""},
	} {
		if test.got != test.want {
			t.Errorf("%s: got %q, want %q", name, test.got, test.want)
		}
	}
}
