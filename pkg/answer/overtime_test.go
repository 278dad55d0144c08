package answer

import (
	"maps"
	"slices"
	"testing"

	"github.com/natsops/nats-connections-datasource/pkg/query"
)

// TestEachMetricOverTimeIsKept: one that is offered and not kept would be another.
func TestEachMetricOverTimeIsKept(t *testing.T) {
	for kind, kept := range map[query.Type]kept{
		query.Servers: serversOverTime, query.Connections: openOverTime,
	} {
		offered := slices.Sorted(slices.Values(query.Specs()[kind].Fewer[query.TimeSeries].Metrics))
		if got := slices.Sorted(maps.Keys(kept)); !slices.Equal(got, offered) {
			t.Errorf("%s: %v are kept, %v offered", kind, got, offered)
		}
	}
}
