package plugin

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/natsops/nats-connections-datasource/internal/testsource"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// crowd is a server with so many open connections, which counts its reads.
type crowd struct {
	open  int
	reads atomic.Int32
}

func (c *crowd) Read(_ context.Context, req source.Request) []model.Reading {
	c.reads.Add(1)
	r := fixture(req)[0]
	if req.Open {
		r.Open = make([]model.Connection, c.open)
	}
	return []model.Reading{r}
}

func (*crowd) Forget(string) {}
func (*crowd) Rest()         {}
func (*crowd) Close()        {}

const (
	openGroups  = `{"queryType":"connections","view":"totals","groupBy":["account"]}`
	openRecords = `{"queryType":"connections","view":"records"}`
	anyStops    = `{"queryType":"stops"}`
	anyValues   = `{"queryType":"values","key":"account"}`
)

func TestReadsServeAsLongAsTheyAreGood(t *testing.T) {
	for name, test := range map[string]struct {
		open   int
		first  string
		after  time.Duration
		second string
		reads  int32
	}{
		"values after values":                {10, anyValues, 29 * time.Second, anyValues, 1},
		"values, later":                      {10, anyValues, 31 * time.Second, anyValues, 2},
		"few connections":                    {10, openGroups, time.Second, openGroups, 2},
		"many connections":                   {100_000, openGroups, 59 * time.Second, openGroups, 1},
		"many connections, later":            {100_000, openGroups, 61 * time.Second, openGroups, 2},
		"more than are read within a minute": {130_000, openGroups, 61 * time.Second, openGroups, 2},
		"records are of now":                 {100_000, openGroups, time.Second, openRecords, 2},
		"stops are of now":                   {100_000, anyValues, time.Second, anyStops, 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := &crowd{open: test.open}
				p := leased(DefaultLeases())
				defer p.Close()
				d := made(t, p, map[string]any{"urls": []string{"http://127.0.0.1:1"}, "syncEvery": "0s"})
				memoryOf(t, d).reads.ReadFrom(c)
				ask(t, d, false, test.first)
				time.Sleep(test.after)
				response := ask(t, d, false, test.second).Responses["A"]
				if got := c.reads.Load(); got != test.reads || response.Error != nil {
					t.Errorf("%d reads (%v)", got, response.Error)
				}
				told := false
				for _, notice := range response.Frames[0].Meta.Notices {
					told = told || strings.HasPrefix(notice.Text, "Open connections as they were 59s ago: all 100,000 are read for this")
				}
				if told != (name == "many connections") {
					t.Errorf("notices %+v", response.Frames[0].Meta.Notices)
				}
			})
		})
	}
}

func TestValuesTakeWhatPanelsRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &crowd{open: 10}
		p := leased(DefaultLeases())
		defer p.Close()
		d := made(t, p, map[string]any{"urls": []string{"http://127.0.0.1:1"}})
		memoryOf(t, d).reads.ReadFrom(c)
		ask(t, d, false, anyStops)
		ask(t, d, false, openGroups)
		time.Sleep(20 * time.Second)
		if ask(t, d, false, anyValues); c.reads.Load() != 2 {
			t.Errorf("%d reads, want those of the panels", c.reads.Load())
		}
		// One request asks once for all that is not known well enough.
		if ask(t, d, false, anyValues, anyStops, openRecords); c.reads.Load() != 3 {
			t.Errorf("%d reads, want one more", c.reads.Load())
		}
	})
}

func TestAnswersEndWithTheRequest(t *testing.T) {
	d := reading(t, testsource.NewGate(fixture))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := d.QueryData(ctx, &backend.QueryDataRequest{Queries: []backend.DataQuery{{RefID: "A", JSON: []byte(anyStops)}}}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}
