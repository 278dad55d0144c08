package beyond

import (
	"cmp"
	"math"
	"slices"

	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// Order is what rows are sorted by: a number, and the newest first where that is the
// same or there is none.
type Order struct {
	Number func(*model.Stop) int64
	Desc   bool
}

// Compare is less than 0 if x comes before y.
func (o Order) Compare(x, y *model.Stop) int {
	order := 0
	if o.Number != nil {
		order = cmp.Compare(o.Number(x), o.Number(y))
	}
	if o.Desc {
		order = -order
	}
	return cmp.Or(order, y.At.Compare(x.At))
}

// Rows are the first of the selected stops that the snapshot does not have, and how
// many there are.
func (a *Asked) Rows(by Question, selection engine.Selection, order Order, most int) (rows []*model.Stop, total int) {
	for {
		var found []*answer
		size, short := 0, false
		a.walk(by, selection.Range, func(s ledger.Snapshot, span model.TimeRange) *answer {
			own := selection
			own.Range = span
			all := engine.Find(s, own, math.MaxInt)
			if order.Number != nil {
				all = all.Sorted(order.Number, order.Desc)
			}
			return &answer{rows: all.First(most), total: all.Len()}
		}, func(one *answer) {
			found = append(found, one)
			if size += len(one.rows); size > 4*most {
				size = len(firstOf(found, order, most))
			}
		}, func() {
			rows, total = firstOf(found, order, most), 0
			for _, one := range found {
				total += one.total
				// All that is known of it is shown, and there is more.
				if one.shown == len(one.rows) && one.shown < min(one.total, most) {
					one.cut, short = cut{}, true
				}
			}
		})
		if !short || a.ctx.Err() != nil {
			return rows, total
		}
	}
}

// firstOf are the first rows of all. Each answer keeps those of it, and the one that
// would have been next.
func firstOf(found []*answer, order Order, most int) []*model.Stop {
	type row struct {
		*model.Stop
		of *answer
	}
	var all []row
	for _, one := range found {
		one.shown = 0
		for _, stop := range one.rows {
			all = append(all, row{stop, one})
		}
	}
	slices.SortStableFunc(all, func(x, y row) int { return order.Compare(x.Stop, y.Stop) })
	rows := make([]*model.Stop, min(len(all), most))
	for i := range rows {
		rows[i] = all[i].Stop
		all[i].of.shown++
	}
	for _, one := range found {
		one.rows = slices.Clone(one.rows[:min(len(one.rows), one.shown+1)])
	}
	return rows
}
