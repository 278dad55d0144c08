package history

import (
	"context"
	"maps"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/natslink"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// worker reads the past and writes what is news. What it is made with may be used by
// everybody, the rest belongs to its goroutine.
type worker struct {
	config  Config
	link    *natslink.Link
	ledger  *ledger.Ledger
	pending *pending
	telling *telling

	view  *view
	heads map[string]head
	// buffer is where blocks are encoded.
	buffer   []byte
	recalled bool
	// next is the sequence behind what was read of the stream, others is what others
	// captured.
	next   uint64
	others others
}

// others is the stream of advisories that others capture, as far as it was read.
type others struct {
	// next is the sequence that is read next; 0: none was yet.
	next uint64
	// restsUntil: it could not be read, and is left alone until then.
	restsUntil time.Time
}

// look has a view of the stream.
func (w *worker) look(ctx context.Context) error {
	if w.view != nil && !w.view.js.Conn().IsClosed() {
		return nil
	}
	v, err := open(ctx, w.link, w.config, false)
	if err == nil && w.config.Write && !v.takes(w.config.Prefix) {
		err = failure(w.config, source.StepStream, errSubjects)
	}
	if err != nil {
		return err
	}
	w.view = v
	return nil
}

// recital has heads of its own until the ledger learns what it read: of one that breaks
// off nothing is known, and all of it is read again.
func (w *worker) recital() *recital {
	return &recital{into: w.ledger.Recall(), config: w.config, heads: maps.Clone(w.heads), had: map[string]store.CIDSet{}}
}

// dialTimeout bounds each attempt to connect.
const dialTimeout = 5 * time.Second

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
