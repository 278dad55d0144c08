package live

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// listening is a ledger that a hub listens to.
func listening(t *testing.T) (*ledger.Ledger, *Hub) {
	t.Helper()
	l, h := testledger.New(t, ledger.DefaultLimits()), &Hub{}
	l.Subscribe(h.Tell)
	return l, h
}

func open(h *Hub, where ...fields.Condition) *Channel {
	return h.Open("path", where, reason.NewClassifier(nil))
}

// all takes what waits.
func all(c *Channel) (cids []uint64, dropped int) {
	for {
		batch := c.Take(7)
		for _, s := range batch.Stops {
			cids = append(cids, s.CID)
		}
		dropped += batch.Dropped
		if !batch.More {
			return cids, dropped
		}
	}
}

func numbers(from, to uint64) []uint64 {
	var all []uint64
	for n := from; n <= to; n++ {
		all = append(all, n)
	}
	return all
}

// TestAStreamGoesOnFromASnapshot: nothing twice, nothing missing, whenever it was
// taken.
func TestAStreamGoesOnFromASnapshot(t *testing.T) {
	for before := range 4 {
		l, h := listening(t)
		n1 := testledger.NewRing("ID1", "n1", 1000)
		n1.Close(5)
		known := l.Merge([]model.Reading{n1.Read()})
		c := open(h)
		for range before {
			n1.Close(10)
			known = l.Merge([]model.Reading{n1.Read()})
		}
		n1.Close(10)
		l.Merge([]model.Reading{n1.Read()})
		c.Begin(known)
		n1.Close(10)
		l.Merge([]model.Reading{n1.Read()})
		begin := uint64(testledger.Count(known))
		got, dropped := all(c)
		if want := numbers(begin+1, begin+20); !slices.Equal(got, want) || dropped != 0 {
			t.Errorf("after %d merges: %v, want %v", before, got, want)
		}
	}
}

// TestWhatComesLateIsStreamed: a server that was away tells what stopped long ago.
func TestWhatComesLateIsStreamed(t *testing.T) {
	l, h := listening(t)
	n1, n2 := testledger.NewRing("ID1", "n1", 1000), testledger.NewRing("ID2", "n2", 1000)
	n2.Close(3)
	n1.Wait(time.Hour)
	n1.Close(3)
	c := open(h)
	c.Begin(l.Merge([]model.Reading{n1.Read()}))
	l.Merge([]model.Reading{n1.Read(), n2.Read()})
	if got, _ := all(c); !slices.Equal(got, numbers(1, 3)) {
		t.Errorf("got %v", got)
	}
}

// TestStreamedStopsAreThoseOfAnswers in each field, which filters look at, too.
func TestStreamedStopsAreThoseOfAnswers(t *testing.T) {
	l, h := listening(t)
	c, some := open(h), open(h, testledger.OneOf(fields.KeyApp, "app-3"), testledger.OneOf(fields.KeyServer, "n1"))
	var stops []model.Stop
	for cid := uint64(20); cid > 0; cid-- {
		stops = append(stops, testledger.Full(cid, testledger.Noon.Add(time.Duration(cid)*time.Second)))
	}
	known := testledger.Merged(t, l, stops...)
	got := c.Take(100).Stops
	want := testledger.Everything(known)
	slices.Reverse(want)
	for i := range want {
		if fmt.Sprintf("%+v", got[i]) != fmt.Sprintf("%+v", *want[i]) {
			t.Fatalf("streamed\n%+v, answered\n%+v", got[i], *want[i])
		}
	}
	for _, s := range some.Take(100).Stops {
		if s.App != "app-3" {
			t.Errorf("%s passed the filter", s.App)
		}
	}
}

// TestAMailboxIsBounded: the oldest give way, and are counted.
func TestAMailboxIsBounded(t *testing.T) {
	l, h := listening(t)
	c := open(h)
	n1 := testledger.NewRing("ID1", "n1", 20_000)
	for range 3 {
		n1.Close(mostWaiting / 2)
		l.Merge([]model.Reading{n1.Read()})
	}
	got, dropped := all(c)
	if want := numbers(mostWaiting/2+1, mostWaiting*3/2); !slices.Equal(got, want) || dropped != mostWaiting/2 {
		t.Errorf("%d from %d, %d dropped", len(got), got[0], dropped)
	}
}

// TestTwoStreamsOfAQuestionTellTheSame while stops come, and listeners come and go.
func TestTwoStreamsOfAQuestionTellTheSame(t *testing.T) {
	l, h := listening(t)
	n1 := testledger.NewRing("ID1", "n1", 100_000)
	known := l.Merge([]model.Reading{n1.Read()})
	var listeners sync.WaitGroup
	const merges, each = 200, 7
	heard := make([][]uint64, 3)
	for i := range heard {
		c := open(h)
		c.Begin(known)
		listeners.Go(func() {
			for len(heard[i]) < merges*each {
				<-c.Woken()
				cids, _ := all(c)
				heard[i] = append(heard[i], cids...)
			}
			c.Close()
		})
	}
	for range merges {
		n1.Close(each)
		l.Merge([]model.Reading{n1.Read()})
		passing := open(h)
		passing.Close()
	}
	listeners.Wait()
	for i, cids := range heard {
		if !slices.Equal(cids, numbers(1, merges*each)) {
			t.Errorf("stream %d: %d stops", i, len(cids))
		}
	}
	if len(h.open) != 0 {
		t.Errorf("%d channels are left", len(h.open))
	}
}

// TestASchemaIsSentWhenItChanged: with its first values, and with each notice.
func TestASchemaIsSentWhenItChanged(t *testing.T) {
	_, h := listening(t)
	c := open(h)
	w := NewWriter(c)
	frame := func(notice string, reasons ...string) *data.Frame {
		colours := data.ValueMapper{}
		for _, r := range reasons {
			colours[r] = data.ValueMappingResult{Color: "red"}
		}
		f := data.NewFrame("", data.NewField("reason", nil, reasons))
		if len(reasons) > 0 {
			f.Fields[0].Config = &data.FieldConfig{Mappings: data.ValueMappings{colours}}
		}
		f.Meta = &data.FrameMeta{}
		if notice != "" {
			f.AppendNotices(data.Notice{Text: notice})
		}
		return f
	}
	for i, step := range []struct {
		frame        *data.Frame
		sent, schema bool
	}{
		{frame(""), true, true},
		{frame(""), false, false},
		{frame("", "a", "b"), true, true},
		{frame("", "b"), true, false},
		{frame("", "c"), true, true},
		{frame("", "a"), true, false},
		{frame("gone", "a"), true, true},
		{frame("gone"), false, false},
		{frame(""), true, true},
	} {
		raw, err := w.Write(step.frame, false)
		if err != nil {
			t.Fatal(err)
		}
		var packet Packet
		if len(raw) > 0 {
			if err := json.Unmarshal(raw, &packet); err != nil {
				t.Fatal(err)
			}
		}
		if (len(raw) > 0) != step.sent || (len(packet.Schema) > 0) != step.schema {
			t.Errorf("step %d: sent %s", i, raw)
		}
		if step.sent && packet.Live != h.Sent("path") {
			t.Errorf("step %d: %+v, but the stream is at %+v", i, packet.Live, h.Sent("path"))
		}
	}
	if got := h.Sent("path").Number; got != 7 {
		t.Errorf("%d packets", got)
	}
}
