package plugin

import (
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/query"
)

func TestEveryQueryTypeIsAnswered(t *testing.T) {
	for name := range query.Specs() {
		row := queryTypes[name]
		if row.answer == nil || row.need == nil || row.need(query.Query{Type: name}).lists == (lists{}) {
			t.Errorf("%s: nothing is read for it, or nobody answers", name)
		}
	}
	if len(queryTypes) != len(query.Specs()) {
		t.Errorf("%d query types are answered, %d have a spec", len(queryTypes), len(query.Specs()))
	}
}

// TestHowLongAReadServes: the longer, the more connections it took, and longer
// still beside stops and for what is only offered.
func TestHowLongAReadServes(t *testing.T) {
	for _, test := range []struct {
		freshness freshness
		open      int
		want      time.Duration
	}{
		{current, 100_000, time.Second},
		{recent, 10, time.Second},
		{recent, 20_000, 12 * time.Second},
		{recent, 1_000_000, time.Minute},
		{lately, 10, 10 * time.Second},
		{lately, 1_000_000, time.Minute},
		{known, 10, 30 * time.Second},
	} {
		if got := test.freshness.goodFor(time.Second, test.open); got != test.want {
			t.Errorf("%+v: %s", test, got)
		}
	}
}

// TestWhoIsBackCostsNoListEachRefresh: dashboards are refreshed every few seconds.
func TestWhoIsBackCostsNoListEachRefresh(t *testing.T) {
	q := query.Query{Type: query.Stops, View: query.Table, GroupBy: []fields.Key{fields.KeyApp}}
	if got := whoIsBack(q, query.ForPanels); got.freshness != lately || !got.open {
		t.Errorf("%+v", got)
	}
}
