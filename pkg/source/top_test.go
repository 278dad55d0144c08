package source

import "testing"

func TestWhatServersSortServesWhomeverItCovers(t *testing.T) {
	all, few, many, other := Top{}, TopBy("pending_bytes", 10), TopBy("pending_bytes", 20), TopBy("idle", 10)
	for name, test := range map[string]struct {
		a, b Top
		want Top
	}{
		"all and few":                   {all, few, all},
		"few and all":                   {few, all, all},
		"few and more of the same":      {few, many, many},
		"more and few of the same":      {many, few, many},
		"two that are sorted otherwise": {few, other, all},
	} {
		if got := test.a.And(test.b); got != test.want || !got.Covers(test.a) || !got.Covers(test.b) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
	if few.Covers(many) || few.Covers(other) || few.Covers(all) || few.All() {
		t.Errorf("%v covers more than it has", few)
	}
	if duration := TopBy("duration", 10); !duration.All() {
		t.Errorf("servers sort by duration: %v", duration)
	}
}
