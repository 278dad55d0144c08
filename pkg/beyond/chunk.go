package beyond

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/history"
	"github.com/natsops/nats-connections-datasource/pkg/history/block"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// piece is a range of the stream's sequences, from one until before another.
type piece struct{ first, end uint64 }

// pieceBefore is the piece that ends before a sequence. It is as long as the largest
// power of two that divides its end, and no longer than so much: all but the newest few
// stay as they are while the stream grows.
func pieceBefore(end, most uint64) piece {
	return piece{end - min(end&-end, most), end}
}

// chunk is what is read of the stream at once, without its records.
type chunk struct {
	piece
	// written is when the first of its messages was, by the stream's clock; zero if it
	// has none.
	written           time.Time
	parts             []part
	unreadable, newer int
}

// part is what a chunk has of one server process.
type part struct {
	life
	// oldest and newest are times of its records, in nanoseconds; there are none where
	// newest is less.
	oldest, newest int64
	accounts       []store.Account
}

// loaded is a chunk with its records. The chunk lies apart, since it is kept when they
// are not.
type loaded struct {
	*chunk
	apps    *app.Namer
	symbols *store.SymbolTable
	tables  map[string]*store.Table
	records int
}

// source is where blocks come from.
type source interface {
	Each(ctx context.Context, from, before uint64, take func(history.Entry)) error
}

// loading is a chunk that is being read.
type loading struct {
	*loaded
	rows map[string][]store.Row
	had  map[string]store.CIDSet
	at   map[string]int
}

// load reads a piece of the stream.
func load(ctx context.Context, from source, of piece, apps *app.Namer) (*loaded, error) {
	l := loading{
		loaded: &loaded{chunk: &chunk{piece: of}, apps: apps, symbols: store.NewSymbolTable(apps), tables: map[string]*store.Table{}},
		rows:   map[string][]store.Row{}, had: map[string]store.CIDSet{}, at: map[string]int{},
	}
	if err := from.Each(ctx, max(of.first, 1), of.end, l.take); err != nil {
		return nil, err
	}
	for i := range l.parts {
		p := &l.parts[i]
		rows, table := l.rows[p.id], &store.Table{}
		slices.SortStableFunc(rows, func(a, b store.Row) int { return cmp.Compare(a.At(), b.At()) })
		for _, row := range rows {
			table.Append(row)
		}
		l.tables[p.id], p.oldest, p.newest = table, 0, -1
		if n := len(rows); n > 0 {
			p.oldest, p.newest = rows[0].At(), rows[n-1].At()
		}
		l.records += len(rows)
	}
	return l.loaded, nil
}

// detailBytes is about what the details of a record take.
const detailBytes = 40

func (l *loading) take(e history.Entry) {
	if l.written.IsZero() {
		l.written = e.At
	}
	switch {
	case errors.Is(e.Err, block.ErrNewer):
		l.newer++
		return
	case e.Err != nil:
		l.unreadable++
		return
	}
	number, met := l.at[e.ServerID]
	if met {
		l.parts[number].then(lifeOf(&e.Block))
	} else {
		number = len(l.parts)
		l.at[e.ServerID], l.had[e.ServerID] = number, store.CIDSet{}
		l.parts = append(l.parts, part{life: lifeOf(&e.Block)})
	}
	p, had := &l.parts[number], l.had[e.ServerID]
	// Who is who there is said when it is asked.
	place := store.Place{ID: uint32(number), Server: e.Block.Server.Name, Cluster: e.Block.Server.Cluster}
	ledger.Complete(e.Block.Stops)
	arena := make([]byte, 0, len(e.Block.Stops)*detailBytes)
	for i := range e.Block.Stops {
		s := &e.Block.Stops[i]
		if had.Has(s.CID) {
			continue
		}
		had.Add(s.CID)
		if a := (store.Account{Reported: s.Account, ID: s.AccountID}); !slices.Contains(p.accounts, a) {
			p.accounts = append(p.accounts, a)
		}
		l.rows[e.ServerID] = append(l.rows[e.ServerID], l.symbols.Row(s, place, &arena))
	}
}

// snapshot is one part of the chunk, as engines look at it: in the words of who asks,
// without the records that are excluded.
func (l *loaded) snapshot(of *ledger.Snapshot, p *part, label func(*life) string, without store.CIDSet) ledger.Snapshot {
	table := l.tables[p.id]
	if len(without) > 0 {
		var rest store.Table
		for i := range table.Len() {
			if row := table.Get(i); !without.Has(row.CID()) {
				rest.Append(row)
			}
		}
		table = &rest
	}
	return ledger.Snapshot{
		Servers: of.Servers, Kept: []ledger.Kept{{ServerID: p.id, Table: *table}},
		Symbols: l.symbols.Symbols(store.Naming{
			Account: of.Accounts.Of,
			Server:  func(at store.Place) string { return label(&l.parts[at.ID].life) },
		}),
	}
}

// span is when the records of the part were that are between two times.
func (p *part) span(from, to int64) model.TimeRange {
	return model.TimeRange{From: model.Moment(max(from, p.oldest)), To: model.Moment(min(to, p.newest+1))}
}
