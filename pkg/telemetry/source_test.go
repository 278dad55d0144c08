package telemetry

import (
	"context"
	"errors"
	"testing"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// answers is a source that answers the same again and again.
type answers []model.Reading

func (a answers) Read(context.Context, source.Request) []model.Reading { return a }
func (a answers) Forget(string)                                        {}
func (a answers) Rest()                                                {}
func (a answers) Close()                                               {}

func TestWhatIsReadIsCounted(t *testing.T) {
	p := newProcess()
	i := p.instance(t, "a", nil)
	read := i.Measure(HTTP, answers{
		{Bytes: 100, Ring: model.RingRead, Closed: make([]model.Stop, 3), Open: make([]model.Connection, 2)},
		{Bytes: 10, Ring: model.RingUnchanged},
		{Bytes: 10, Ring: model.RingUnchanged},
		{Err: errors.New("down")},
		{Bytes: 1, Err: errors.New("the first one again"), Repeated: true},
	})
	for range 2 {
		if got := read.Read(t.Context(), source.Request{}); len(got) != 5 {
			t.Fatalf("%d readings came through, want 5", len(got))
		}
	}
	for name, numbers := range map[string]map[string]float64{
		"sync_duration_seconds":    {"http": 2},
		"servers_read_total":       {"answered|http": 6, "failed|http": 2},
		"ring_reads_total":         {"http": 2},
		"ring_reads_avoided_total": {"http": 4},
		"records_read_total":       {"http": 10},
		"bytes_read_total":         {"http": 242},
	} {
		want(t, name, p.scrape(t, name), numbers)
	}
}
