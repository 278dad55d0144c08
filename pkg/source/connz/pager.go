package connz

import (
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz/decode"
)

// ErrTooLarge is what Ask fails with if a page has more bytes than are accepted.
var ErrTooLarge = errors.New("the page is too large")

// Pager reads the lists of one server page by page. Every page is a snapshot of
// its own (nats-server.md#pages-are-snapshots-of-their-own), so rows move between pages.
type Pager struct {
	// Ask gets a page of the closed connections, newest first, or of the open
	// ones by ascending cid, as the step says. With Half it must be safe for
	// concurrent use.
	Ask func(list source.Step, offset, limit int) (decode.Page, error)
	// Sorted gets the first of the open ones, largest first by what sort says.
	Sorted func(sort string, limit int) (decode.Page, error)
	// Size is how many rows a page holds, as long as they are not too large.
	Size int
	// MaxLook is how many rows may be looked at for known ones at once.
	MaxLook int
	// Half is how many rows of a whole ring to ask for in one page while another
	// brings the rest; 0 asks for one page after the other.
	Half int

	mu sync.Mutex
	// most is how many rows may be asked for since more were too large; 0 if
	// none were yet.
	most  int
	flaws decode.Flaws
	held  int64
}

// Flaws are what could not be read of the lists that were.
func (p *Pager) Flaws() []model.Flaw { return p.flaws.Counts() }

// Held is how many records the ring held when it was read last, as the server says.
func (p *Pager) Held() int64 { return p.held }

// smallest is the smallest page that can begin with the end of the one before.
const smallest = 2

// page is what an answer brought of the limit that was asked for.
type page struct {
	rows  []model.Stop
	now   time.Time
	limit int
	// listed is how many rows it has, those among them that cannot be read.
	listed int
}

// last reports whether the list ends with this page.
func (p page) last() bool { return p.listed < p.limit }

// get asks for a page of limit rows, or of less while that is too large: whoever
// opens connections chooses how long their names are.
func (p *Pager) get(list source.Step, offset, limit int) (page, error) {
	for {
		limit = p.within(limit)
		answer, err := p.Ask(list, offset, limit)
		switch {
		case errors.Is(err, ErrTooLarge) && limit > smallest:
			p.shrink(max(smallest, limit/2))
		case err != nil:
			return page{}, err
		default:
			return p.take(list, answer, limit), nil
		}
	}
}

func (p *Pager) within(limit int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.most > 0 {
		return min(limit, p.most)
	}
	return limit
}

func (p *Pager) shrink(most int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.most == 0 || most < p.most {
		p.most = most
	}
}

func (p *Pager) take(list source.Step, answer decode.Page, limit int) page {
	listed := max(answer.Listed, len(answer.Rows))
	if list == source.StepClosed {
		answer.Rows = dated(answer.Rows, &answer.Flaws)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.flaws.Learn(answer.Flaws)
	if list == source.StepClosed {
		p.held = max(p.held, answer.Total)
	}
	return page{answer.Rows, answer.Now, limit, listed}
}

// dated are the stops with a time each. One whose own cannot be read was not
// before the connection was last active; without that either, there is no record.
func dated(rows []model.Stop, flaws *decode.Flaws) []model.Stop {
	undated := func(s model.Stop) bool { return s.At.IsZero() }
	if !slices.ContainsFunc(rows, undated) {
		return rows
	}
	for i := range rows {
		if row := &rows[i]; undated(*row) {
			row.At = row.LastActivity
			if name := "stop"; row.At.IsZero() {
				flaws.Add(0, decode.Record)
			} else if !slices.Contains((*flaws)[row.CID], name) {
				flaws.Add(row.CID, name)
			}
		}
	}
	return slices.DeleteFunc(rows, undated)
}
