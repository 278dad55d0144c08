package store

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestFewRecordsAreAsMany: a table that has no block yet shows what a list does,
// also while it gets one, loses records, and gets some late.
func TestFewRecordsAreAsMany(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var table Table
		var want []int64
		next := int64(0)
		for range 1 + random.IntN(12) {
			var fresh []Row
			at := next - int64(random.IntN(3)*20)
			for range random.IntN(2 * mostFew / 3) {
				at++
				fresh = append(fresh, Row{at: at, cid: uint64(at), details: []byte{byte(at)}})
				want = append(want, at)
			}
			before, shown := table, times(&table)
			table.Add(fresh)
			slices.Sort(want)
			next = max(next, at)
			if !slices.Equal(times(&before), shown) {
				t.Fatal("a copy shows what its original got later")
			}
			gone := random.IntN(len(want)/4 + 1)
			table.Drop(gone)
			want = want[gone:]
			if got := times(&table); !slices.Equal(got, want) {
				t.Fatalf("%d records, want %d: %v, want %v", len(got), len(want), got, want)
			}
			if got := backward(&table); !slices.Equal(got, want) {
				t.Fatalf("backward: %v, want %v", got, want)
			}
			if !few(&table) && len(want) < mostFew/4 && gone == 0 {
				t.Fatalf("%d records have a block", len(want))
			}
		}
	}
}

func few(t *Table) bool { return len(t.blocks) == 0 }

func times(t *Table) []int64 {
	all := []int64{}
	for s := range t.Spans(0, t.Len()) {
		for i := s.From; i < s.To; i++ {
			if one := s.Row(i); one.at != s.At[i] || one.cid != s.CID[i] || one.details[0] != byte(one.at) || t.Get(len(all)).at != one.at {
				panic("a record differs from its block")
			}
			all = append(all, s.At[i])
		}
	}
	return all
}

func backward(t *Table) []int64 {
	all := []int64{}
	for s := range t.Backward(0, t.Len()) {
		for i := s.To - 1; i >= s.From; i-- {
			all = append(all, s.At[i])
		}
	}
	slices.Reverse(all)
	return all
}
