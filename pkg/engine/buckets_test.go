package engine

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

func TestBuckets(t *testing.T) {
	noon := testledger.Noon
	const far = 200 * 365 * 24 * time.Hour
	tests := map[string]struct {
		from, to     time.Time
		interval     time.Duration
		finishedOnly bool
		start        time.Time
		count        int
	}{
		"floor":                       {noon.Add(-90 * time.Second), noon, time.Minute, false, noon.Add(-2 * time.Minute), 2},
		"aligned":                     {noon.Add(-2 * time.Minute), noon, time.Minute, false, noon.Add(-2 * time.Minute), 2},
		"unfinished bucket":           {noon, noon.Add(90 * time.Second), time.Minute, false, noon, 2},
		"unfinished bucket, alert":    {noon, noon.Add(90 * time.Second), time.Minute, true, noon, 1},
		"nothing finished, no point":  {noon, noon.Add(time.Second), time.Minute, true, noon, 0},
		"before the epoch":            {time.Unix(-90, 0), time.Unix(0, 0), time.Minute, false, time.Unix(-120, 0), 2},
		"the end before the begin":    {noon, noon.Add(-time.Hour), time.Minute, false, noon, 0},
		"the end far before":          {time.Unix(10413792000, 0), time.Unix(0, 0), time.Minute, false, time.Time{}, 0},
		"longer than 64 bits of time": {noon.Add(-far), noon.Add(far), far, false, time.Time{}, 3},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := NewBuckets(model.TimeRange{From: test.from, To: test.to}, test.interval, test.finishedOnly)
			if b.Count != test.count || !test.start.IsZero() && !b.Time(0).Equal(test.start) {
				t.Fatalf("start %v, count %d", b.Time(0), b.Count)
			}
		})
	}
}

func TestCalendarBuckets(t *testing.T) {
	place := func(name string) *time.Location {
		location, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		return location
	}
	at := func(text string) time.Time {
		parsed, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return parsed
	}
	for name, test := range map[string]struct {
		every        model.Calendar
		from, to     string
		finishedOnly bool
		want         string
	}{
		"weeks begin on Mondays": {model.Calendar{Count: 1, Unit: model.Week, Place: time.UTC},
			"2026-11-25T10:00:00Z", "2026-12-03T00:00:00Z", false, "11-23 00:00, 11-30 00:00"},
		"months": {model.Calendar{Count: 1, Unit: model.Month, Place: time.UTC},
			"2026-01-31T10:00:00Z", "2026-03-01T00:00:01Z", false, "01-01 00:00, 02-01 00:00, 03-01 00:00"},
		"only finished months": {model.Calendar{Count: 1, Unit: model.Month, Place: time.UTC},
			"2026-01-31T10:00:00Z", "2026-03-02T00:00:00Z", true, "01-01 00:00, 02-01 00:00"},
		"quarters": {model.Calendar{Count: 3, Unit: model.Month, Place: time.UTC},
			"2026-02-10T00:00:00Z", "2026-05-01T00:00:00Z", false, "01-01 00:00, 04-01 00:00"},
		"years": {model.Calendar{Count: 1, Unit: model.Year, Place: time.UTC},
			"2025-06-01T00:00:00Z", "2026-06-01T00:00:00Z", false, "01-01 00:00, 01-01 00:00"},
		"days where they begin": {model.Calendar{Count: 1, Unit: model.Day, Place: place("Australia/Brisbane")},
			"2026-11-25T13:00:00Z", "2026-11-25T15:00:00Z", false, "11-24 14:00, 11-25 14:00"},
		"a day of 25 hours": {model.Calendar{Count: 1, Unit: model.Day, Place: place("Europe/Berlin")},
			"2026-10-25T00:00:00Z", "2026-10-26T12:00:00Z", false, "10-24 22:00, 10-25 23:00"},
	} {
		t.Run(name, func(t *testing.T) {
			b := NewCalendarBuckets(model.TimeRange{From: at(test.from), To: at(test.to)}, test.every, test.finishedOnly)
			var starts []string
			for i := range b.Count {
				starts = append(starts, b.Time(i).Format("01-02 15:04"))
				for _, edge := range []time.Time{b.Time(i), b.Time(i + 1).Add(-1)} {
					if bucket, _ := b.find(edge.UnixNano()); bucket != i {
						t.Errorf("%v is in bucket %d, want %d", edge, bucket, i)
					}
				}
			}
			if got := strings.Join(starts, ", "); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			if got := fmt.Sprint(b.find(b.Time(b.Count).UnixNano())); !strings.HasPrefix(got, "-1") {
				t.Errorf("the end is in bucket %s", got)
			}
		})
	}
}
