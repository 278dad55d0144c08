package engine

import (
	"cmp"
	"slices"

	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// Found are selected stops, of which only those are unpacked that are shown.
type Found struct {
	snapshot ledger.Snapshot
	// total is how many were selected, runs hold those that may be shown in the
	// order that was asked for, newest first to begin with.
	total int
	runs  [][]ref
}

// ref leads to a kept stop.
type ref struct {
	rank        int64
	kept, index int32
}

// Find counts the selected stops and returns the newest so many of them, newest first.
func Find(s ledger.Snapshot, selection Selection, most int) Found {
	found := Found{snapshot: s}
	selection.Where = byPlace(selection.Where, s)
	sieves := scansOf(&s.Symbols, selection.Where, selection.Classifier)
	admitted := make([]uint32, store.BlockSize)
	for number, kept := range s.Kept {
		from, index := within(&kept, selection.Range)
		run := make([]ref, 0, min(most, index-from))
		for part := range kept.Table.Backward(from, index) {
			index -= part.To - part.From
			admitted = sift(admitted[:store.BlockSize], part, sieves)
			found.total += len(admitted)
			for _, i := range slices.Backward(admitted) {
				if len(run) == most {
					break
				}
				run = append(run, ref{part.At[i], int32(number), int32(index + int(i) - part.From)})
			}
		}
		found.runs = append(found.runs, run)
	}
	return found
}

// Len is how many were selected.
func (f Found) Len() int { return f.total }

// Sorted orders what was found by a number; those that are equal stay newest first.
func (f Found) Sorted(number func(*model.Stop) int64, descending bool) Found {
	all := slices.Clone(f.first(f.total))
	var stop model.Stop
	for i := range all {
		f.unpack(all[i], &stop)
		all[i].rank = number(&stop)
	}
	slices.SortStableFunc(all, func(a, b ref) int {
		if descending {
			a, b = b, a
		}
		return cmp.Compare(a.rank, b.rank)
	})
	return Found{snapshot: f.snapshot, total: f.total, runs: [][]ref{all}}
}

// First returns the first few.
func (f Found) First(limit int) []*model.Stop {
	refs := f.first(limit)
	rows := make([]model.Stop, len(refs))
	first := make([]*model.Stop, len(refs))
	for i := range refs {
		f.unpack(refs[i], &rows[i])
		first[i] = &rows[i]
	}
	return first
}

func (f Found) first(limit int) []ref {
	if len(f.runs) == 1 {
		return f.runs[0][:min(limit, len(f.runs[0]))]
	}
	var refs []ref
	for _, run := range f.runs {
		refs = append(refs, run[:min(limit, len(run))]...)
	}
	slices.SortStableFunc(refs, func(a, b ref) int { return cmp.Compare(b.rank, a.rank) })
	return refs[:min(limit, len(refs))]
}

func (f Found) unpack(r ref, into *model.Stop) {
	kept := &f.snapshot.Kept[r.kept]
	f.snapshot.Symbols.Stop(kept.Table.Get(int(r.index)), kept.ServerID, into)
}
