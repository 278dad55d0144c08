package engine

import (
	"math"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// Buckets divide a range into equal intervals that are aligned to the UTC
// epoch. The zero value has none.
type Buckets struct {
	// Start is when the first bucket begins.
	Start    time.Time
	Interval time.Duration
	Count    int
}

// NewBuckets covers the range; with finishedOnly it leaves out a last bucket
// that ends after the range does.
func NewBuckets(r model.TimeRange, interval time.Duration, finishedOnly bool) Buckets {
	start := alignDown(r.From, interval)
	count := int((r.To.Sub(start) + interval - 1) / interval)
	if end := start.Add(time.Duration(count) * interval); finishedOnly && end.After(r.To) {
		count--
	}
	return Buckets{Start: start, Interval: interval, Count: max(count, 0)}
}

// alignDown floors t to a multiple of the interval since the Unix epoch;
// time.Truncate would count from year 1.
func alignDown(t time.Time, interval time.Duration) time.Time {
	past := t.UnixNano() % int64(interval)
	if past < 0 {
		past += int64(interval)
	}
	return time.Unix(0, t.UnixNano()-past).UTC()
}

// Range is what the buckets cover.
func (b Buckets) Range() model.TimeRange {
	return model.TimeRange{From: b.Start, To: b.Start.Add(time.Duration(b.Count) * b.Interval)}
}

// find returns the bucket of a time in nanoseconds, or -1 outside, and until when
// times have the same.
func (b *Buckets) find(at int64) (bucket int, end int64) {
	start, interval := b.Start.UnixNano(), int64(b.Interval)
	switch since := at - start; {
	case since < 0:
		return -1, start
	case since >= interval*int64(b.Count):
		return -1, math.MaxInt64
	default:
		bucket = int(since / interval)
		return bucket, start + interval*int64(bucket+1)
	}
}

// Time is when a bucket begins.
func (b Buckets) Time(index int) time.Time { return b.Start.Add(time.Duration(index) * b.Interval) }
