package answer

import (
	"maps"
	"slices"
	"testing"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/query"
	"github.com/natsops/nats-connections-datasource/pkg/reads"
)

func TestEveryQueryTypeIsAnsweredInEachOfItsViews(t *testing.T) {
	specs := query.Specs()
	for name, spec := range specs {
		row := queryTypes[name]
		if row.need == nil || row.need(query.Query{Type: name}).None() {
			t.Errorf("%s: nothing is read for it", name)
		}
		offered := spec.Views
		if len(offered) == 0 {
			offered = []query.View{""}
		}
		if answered := slices.Sorted(maps.Keys(row.views)); !slices.Equal(answered, slices.Sorted(slices.Values(offered))) {
			t.Errorf("%s: views %q are answered, %q are offered", name, answered, offered)
		}
		for view, answer := range row.views {
			if answer == nil {
				t.Errorf("%s as %s: nobody answers", name, view)
			}
		}
	}
	if len(queryTypes) != len(specs) {
		t.Errorf("%d query types are answered, %d have a spec", len(queryTypes), len(specs))
	}
}

// TestWhoIsBackCostsNoListEachRefresh: dashboards are refreshed every few seconds.
func TestWhoIsBackCostsNoListEachRefresh(t *testing.T) {
	q := query.Query{Type: query.Stops, View: query.Table, GroupBy: []fields.Key{fields.KeyApp}}
	if _, beside := Need(q, query.ForPanels); beside.Freshness != reads.Lately || !beside.Open {
		t.Errorf("%+v", beside)
	}
}
