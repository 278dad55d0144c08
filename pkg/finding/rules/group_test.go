package rules

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/natsops/nats-connections-datasource/pkg/finding/facts"
)

// TestGroupsAreThoseOfAMap compares groups of random stops with those that a map
// makes: same order, same stops.
func TestGroupsAreThoseOfAMap(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		var stops []*facts.Stop
		few := 1 + random.Uint32N(60)
		for at := range random.Int64N(2000) {
			stops = append(stops, &facts.Stop{At: at, Account: random.Uint32N(few), App: random.Uint32N(few), User: random.Uint32N(2) << 31, IP: random.Uint32N(3)})
		}
		of := func(s *facts.Stop) subject { return subject{s.Account, s.App, s.User, s.IP} }
		places := map[subject]int{}
		var want [][]*facts.Stop
		for _, s := range stops {
			place, known := places[of(s)]
			if !known {
				place = len(want)
				places[of(s)] = place
				want = append(want, nil)
			}
			want[place] = append(want[place], s)
		}
		got := grouped(stops, of)
		if len(got) != len(want) || len(want) > 0 && !reflect.DeepEqual(got, want) {
			t.Fatalf("%d stops make %d groups, not the %d of a map", len(stops), len(got), len(want))
		}
		if n := distinct(stops, of); n != int64(len(want)) {
			t.Fatalf("%d distinct subjects, want %d", n, len(want))
		}
	}
}
