package beyond

import (
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// answer is what one part of the stream adds to a question's.
type answer struct {
	cut
	groups []engine.Group
	// first is when the first bucket of a series begins.
	first time.Time
	// rows are the first of total, in the order that was asked for; shown were shown of them.
	rows         []*model.Stop
	total, shown int
}

func (o *answer) size() int { return len(o.groups) + len(o.rows) }

// cut is what of a part counts, and in whose words.
type cut struct {
	from, to int64
	// known are how many records memory has that the part may have, too, which are before limit.
	known int
	limit int64
	words string
}
