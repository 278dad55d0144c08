package engine

import (
	"fmt"
	"slices"
	"testing"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
)

func byApp(value string, count int64, sums map[string]int64) Group {
	return Group{Labels: []Label{{fields.KeyApp, value}}, Count: count, Sums: sums}
}

func TestCutSumsTheRest(t *testing.T) {
	keys := []fields.Key{fields.KeyApp}
	all := []Group{
		byApp("c", 1, map[string]int64{"uptime": 60, "pending_bytes": 6, "clock_offset": 1}),
		byApp("a", 3, map[string]int64{"uptime": 10}),
		byApp("b", 2, map[string]int64{"uptime": 50, "pending_bytes": 5, "clock_offset": -7}),
	}
	kept, folded := Limit{Most: 1, Size: size}.Cut(slices.Clone(all), keys)
	if folded != 2 || len(kept) != 2 || kept[0].Labels[0].Value != "a" {
		t.Fatalf("kept %+v, folded %d", kept, folded)
	}
	other := kept[1]
	if value, _ := other.Value(fields.KeyApp); value != Other || !other.Folded || other.Count != 3 ||
		fmt.Sprint(other.Sums) != "map[clock_offset:-7 pending_bytes:11 uptime:50]" {
		t.Errorf("each number is combined in its own way, got %+v", other)
	}
	if again, none := (Limit{Most: 3, Size: size}).Cut(slices.Clone(all), keys); none != 0 || len(again) != 3 {
		t.Error("three of three groups need no folding")
	}
}

// TestOtherIsNobodysName: an app may be called other, and a series must be the only one of its labels.
func TestOtherIsNobodysName(t *testing.T) {
	kept, _ := Limit{Most: 1, Size: size}.Cut([]Group{byApp("other", 9, nil), byApp("b", 1, nil), byApp("c", 1, nil)}, []fields.Key{fields.KeyApp})
	if kept[0].Folded || kept[1].Labels[0].Value == "other" || !kept[1].Folded {
		t.Errorf("got %+v", kept)
	}
}

// TestAFloodOfNamesHidesNothing: for alert rules zeros give way before anything
// is folded, and what is folded still counts.
func TestAFloodOfNamesHidesNothing(t *testing.T) {
	limit := Limit{Most: 10, Size: size, ZerosGiveWay: true}
	keys := []fields.Key{fields.KeyApp}
	var all []Group
	for i := range 100 {
		all = append(all, byApp(fmt.Sprint("old", i), 0, nil))
	}
	all = append(all, byApp("fires", 60, nil))
	kept, folded := limit.Cut(slices.Clone(all), keys)
	if folded != 0 || len(kept) != 10 || kept[0].Labels[0].Value != "fires" || kept[9].Count != 0 {
		t.Errorf("%d kept, %d folded, the first %+v", len(kept), folded, kept[0])
	}
	for i := range 100 {
		all = append(all, byApp(fmt.Sprint("new", i), 1, nil))
	}
	kept, folded = limit.Cut(all, keys)
	if folded != 91 || len(kept) != 11 || kept[0].Count != 60 || kept[10].Count != 91 {
		t.Errorf("%d kept, %d folded, the last %+v", len(kept), folded, kept[len(kept)-1])
	}
}
