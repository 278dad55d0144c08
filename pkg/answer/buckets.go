package answer

import (
	"fmt"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/query"
)

// buckets divide the range by the query's interval.
func (a Answerer) buckets() (engine.Buckets, error) {
	every, interval := a.Query.Every, a.interval()
	if every != nil {
		interval = every.About()
	}
	length := a.Span.To.Sub(a.Span.From)
	finishedOnly := !a.Policy.UnfinishedBucket
	switch {
	case length/interval > query.MaxBuckets:
		return engine.Buckets{}, &query.Error{Field: "interval", Sentence: fmt.Sprintf(
			"%s makes more than %d points over this time range; use a longer interval.", interval, query.MaxBuckets)}
	case finishedOnly && interval > length:
		// Whether one ends within the range would depend on the time of day.
		return engine.Buckets{}, &query.Error{Field: "interval", Sentence: fmt.Sprintf(
			"%s is longer than the rule's time range of %s; use a shorter interval or a longer range.", interval, length)}
	case every != nil:
		return engine.NewCalendarBuckets(a.Span, *every, finishedOnly), nil
	}
	return engine.NewBuckets(a.Span, interval, finishedOnly), nil
}

// interval is the query's own or else Grafana's, never so short that the
// points would outnumber what the panel can draw.
func (a Answerer) interval() time.Duration {
	if fixed := a.Query.FixedInterval; fixed > 0 {
		return fixed
	}
	interval := max(a.Interval, time.Second)
	points := a.MaxDataPoints
	if points <= 0 || points > query.MaxBuckets {
		points = query.MaxBuckets
	}
	if needed := a.Span.To.Sub(a.Span.From) / time.Duration(points); interval < needed {
		interval = roundUp(needed)
	}
	return interval
}

// roundUp goes to whole seconds, so that buckets keep their place from one
// refresh to the next.
func roundUp(d time.Duration) time.Duration {
	return (d + time.Second - 1).Truncate(time.Second)
}
