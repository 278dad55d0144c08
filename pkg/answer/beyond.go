package answer

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/beyond"
	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/query"
)

// ReachesBack reports whether a query is about what a history has, too.
func ReachesBack(q query.Query) bool { return queryTypes[q.Type].reachesBack }

// Begins is when what the query is about does.
func (a Answerer) Begins() time.Time {
	if a.Query.Change {
		return a.Span.Before().From
	}
	return a.Span.From
}

// Reached is how far beyond the snapshot the answer reaches.
func (a Answerer) Reached() beyond.State {
	if a.Beyond == nil {
		return beyond.State{}
	}
	return a.Beyond.State()
}

// counting has the selection count what is beyond the snapshot, too.
func (a Answerer) counting(selection engine.Selection, of string) engine.Selection {
	if a.Beyond != nil {
		selection.Further = a.Beyond.Groups(a.question(of, nil), selection, a.Query.GroupBy)
	}
	return selection
}

// question is all that decides what a record counts for, besides its time.
func (a Answerer) question(of string, more any) beyond.Question {
	text, err := json.Marshal([]any{of, a.Query.GroupBy, a.Query.Filters, more})
	if err != nil {
		// There are but strings and numbers in it.
		panic(err)
	}
	return beyond.Question{By: a.Asker, Text: string(text)}
}

// withFurther are the first stops of these and of those that are beyond the snapshot,
// and how many there are of both.
func (a Answerer) withFurther(rows []*model.Stop, total int) ([]*model.Stop, int) {
	if a.Beyond == nil {
		return rows, total
	}
	order, most := a.order(), a.Query.Limit
	further, more := a.Beyond.Rows(a.question("rows", []any{a.Query.Sort, most}), a.selection(), order, most)
	rows = slices.Concat(rows, further)
	slices.SortStableFunc(rows, order.Compare)
	return rows[:min(len(rows), most)], total + more
}

// order is the one of the query's rows.
func (a Answerer) order() beyond.Order {
	by := a.Query.Sort
	if a.newestFirst() {
		return beyond.Order{}
	}
	column := fields.OrderBy(fields.StopOrders, by.By)
	return beyond.Order{Number: func(s *model.Stop) int64 { return column.Number(s, a.Classifier) }, Desc: by.Desc}
}

// known is the snapshot with the coverage of all that the answer is from.
func (a Answerer) known(from time.Time) ledger.Snapshot {
	if a.Beyond != nil {
		a.Snapshot.Servers = a.Beyond.Servers(from)
	}
	return a.Snapshot
}
