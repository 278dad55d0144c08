package engine_test

import (
	"testing"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// TestValuesTellHowManyStopsHaveThem counts those of blocks and those beyond.
func TestValuesTellHowManyStopsHaveThem(t *testing.T) {
	const each = 1000
	names := []string{"a", "b", "c", "(none)"}
	many := testledger.NewMany(t, each*len(names), func(i int) string { return names[i%len(names)] })
	values := engine.Values(many.Snapshot, fields.KeyName, nil, &reason.Classifier{})
	if len(values) != len(names) {
		t.Fatalf("values %+v", values)
	}
	for i, value := range values {
		if value != (engine.Value{Text: names[i], Stops: each}) {
			t.Errorf("value %d is %+v", i, value)
		}
	}
	servers := engine.Values(many.Snapshot, fields.KeyServer, nil, &reason.Classifier{})
	if len(servers) != 1 || servers[0].Stops != each*int64(len(names)) {
		t.Errorf("servers %+v", servers)
	}
}
