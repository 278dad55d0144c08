package advised

import (
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// Stop is what an advisory told, and which server did.
type Stop struct {
	Server model.Server
	Stop   model.Stop
}

// stopSize is about what a stop takes, save for what clients call themselves.
const stopSize = 700

func (s *Stop) weight() int {
	return stopSize + len(s.Stop.Name) + len(s.Stop.User) + len(s.Stop.MQTTClient)
}

// Fit drops the oldest of the stops, by server id, which take more than so many bytes.
func Fit(told map[string][]Stop, bytes int) {
	var all []Stop
	for _, stops := range told {
		for i := range stops {
			bytes -= stops[i].weight()
		}
		all = append(all, stops...)
	}
	if bytes >= 0 {
		return
	}
	slices.SortStableFunc(all, func(a, b Stop) int { return a.Stop.At.Compare(b.Stop.At) })
	old := 0
	for ; bytes < 0; old++ {
		bytes += all[old].weight()
	}
	clear(told)
	for _, one := range all[old:] {
		told[one.Server.ID] = append(told[one.Server.ID], one)
	}
}

// Kept are those of a process that are kept. The zero value is ready.
type Kept struct {
	// cids are whose, with their times, at the times of the clients among them, in order.
	cids map[uint64]int64
	at   []int64
}

// Has reports whether one is among them.
func (a *Kept) Has(cid uint64) bool {
	_, told := a.cids[cid]
	return told
}

// Add adds some.
func (a *Kept) Add(stops []*model.Stop) {
	if a.cids == nil {
		a.cids = map[uint64]int64{}
	}
	for _, s := range stops {
		a.cids[s.CID] = model.Nanos(s.At)
		if s.Kind != model.KindLeafnode {
			a.at = append(a.at, model.Nanos(s.At))
		}
	}
	slices.Sort(a.at)
}

// Others are those of the stops, just shown by a ring or a history, that no advisory
// told before, and the rest, which are not from advisories any more.
func (a *Kept) Others(stops []*model.Stop) (others, confirmed []*model.Stop) {
	if len(a.cids) == 0 {
		return stops, nil
	}
	for _, s := range stops {
		at, told := a.cids[s.CID]
		if !told {
			others = append(others, s)
			continue
		}
		confirmed = append(confirmed, s)
		delete(a.cids, s.CID)
		if i, found := slices.BinarySearch(a.at, at); found {
			a.at = slices.Delete(a.at, i, i+1)
		}
	}
	return others, confirmed
}

// Before is how many clients stopped before a time.
func (a *Kept) Before(t time.Time) int {
	i, _ := slices.BinarySearch(a.at, model.Nanos(t))
	return i
}

// Drop takes out the one of a connection, which is as old as what [Kept.Forget] is
// called for next.
func (a *Kept) Drop(cid uint64) { delete(a.cids, cid) }

// Forget forgets when those were that were dropped until a time.
func (a *Kept) Forget(until time.Time) {
	a.at = slices.Delete(a.at, 0, a.Before(until.Add(1)))
}

// Len is how many they are.
func (a *Kept) Len() int { return len(a.cids) }
