package engine

import (
	"math"
	"sort"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// Buckets divide a range into intervals, one after the other. The zero value
// has none.
type Buckets struct {
	// Interval is how long a bucket is, or the longest where the calendar says:
	// panels break a line where points are further apart.
	Interval time.Duration
	Count    int
	// start is when the first bucket begins, in nanoseconds; edges are when each
	// begins and the last one ends, where they are not equally long.
	start int64
	edges []int64
}

// NewBuckets covers the range with intervals that are aligned to the UTC epoch;
// with finishedOnly it leaves out a last bucket that ends after the range does.
// There are none where the range ends before it begins.
func NewBuckets(r model.TimeRange, interval time.Duration, finishedOnly bool) Buckets {
	from, to := model.Nanos(r.From), model.Nanos(r.To)
	start := alignDown(from, int64(interval))
	b := Buckets{Interval: interval, start: start}
	if to <= from {
		return b
	}
	// Unsigned: a range may be longer than half of what 64 bits hold.
	length := uint64(to) - uint64(start)
	count := length / uint64(interval)
	if !finishedOnly && length%uint64(interval) > 0 {
		count++
	}
	b.Count = int(min(count, math.MaxInt32))
	return b
}

// NewCalendarBuckets covers the range with the calendar's intervals.
func NewCalendarBuckets(r model.TimeRange, every model.Calendar, finishedOnly bool) Buckets {
	b := Buckets{Interval: every.About()}
	for at := every.Floor(r.From); r.From.Before(r.To); at = every.Next(at) {
		b.edges = append(b.edges, model.Nanos(at))
		if !at.Before(r.To) {
			break
		}
	}
	b.Count = max(len(b.edges)-1, 0)
	if b.Count == 0 {
		return b
	}
	b.start = b.edges[0]
	for i, end := range b.edges[1:] {
		b.Interval = max(b.Interval, time.Duration(end-b.edges[i]))
	}
	if finishedOnly && b.edges[b.Count] > model.Nanos(r.To) {
		b.Count--
	}
	return b
}

// alignDown floors to a multiple of the interval since the Unix epoch;
// time.Truncate would count from year 1.
func alignDown(at, interval int64) int64 {
	past := at % interval
	if past < 0 {
		past += interval
	}
	if at < math.MinInt64+past {
		return at
	}
	return at - past
}

// Range is what the buckets cover.
func (b Buckets) Range() model.TimeRange {
	return model.TimeRange{From: b.Time(0), To: b.Time(b.Count)}
}

// At is the bucket of a time; ok is false outside.
func (b Buckets) At(t time.Time) (index int, ok bool) {
	index, _ = b.find(model.Nanos(t))
	return index, index != nowhere
}

// Within are those of the buckets that a range touches.
func (b Buckets) Within(r model.TimeRange) Buckets {
	from, to := max(model.Nanos(r.From), b.start), min(model.Nanos(r.To), b.edge(b.Count))
	if to <= from {
		return Buckets{Interval: b.Interval, start: b.start}
	}
	first, _ := b.find(from)
	last, _ := b.find(to - 1)
	within := Buckets{Interval: b.Interval, Count: last - first + 1, start: b.edge(first)}
	if b.edges != nil {
		within.edges = b.edges[first : last+2]
	}
	return within
}

// find returns the bucket of a time in nanoseconds, or nowhere outside, and until
// when times have the same.
func (b *Buckets) find(at int64) (bucket int, end int64) {
	switch {
	case at < b.start:
		return nowhere, b.start
	case at >= b.edge(b.Count):
		return nowhere, math.MaxInt64
	case b.edges != nil:
		bucket = sort.Search(b.Count, func(i int) bool { return b.edges[i+1] > at })
	default:
		bucket = int((at - b.start) / int64(b.Interval))
	}
	return bucket, b.edge(bucket + 1)
}

// edge is when a bucket begins, in nanoseconds.
func (b *Buckets) edge(index int) int64 {
	if b.edges != nil {
		return b.edges[index]
	}
	if index > 0 && int64(b.Interval) > (math.MaxInt64-max(b.start, 0))/int64(index) {
		return math.MaxInt64
	}
	return b.start + int64(b.Interval)*int64(index)
}

// Time is when a bucket begins.
func (b Buckets) Time(index int) time.Time { return model.Moment(b.edge(index)) }
