package engine

import (
	"fmt"
	"testing"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
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
