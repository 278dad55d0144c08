package plugin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/internal/testsource"
	"github.com/natsops/nats-connections-datasource/pkg/live"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// listener is Grafana's side of a stream.
type listener struct {
	mu      sync.Mutex
	packets []live.Packet
	// ended has what the stream ended with.
	ended chan error
	leave context.CancelFunc
}

// Send implements [backend.StreamPacketSender].
func (l *listener) Send(p *backend.StreamPacket) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var packet live.Packet
	if err := json.Unmarshal(p.Data, &packet); err != nil {
		return err
	}
	l.packets = append(l.packets, packet)
	return nil
}

// ids are those of all rows, in the order in which they came.
func (l *listener) ids(t *testing.T) []string {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []string
	for _, packet := range l.packets {
		all = append(all, idsOf(t, packet)...)
	}
	return all
}

// idsOf are those of log lines.
func idsOf(t *testing.T, packet live.Packet) []string {
	t.Helper()
	const idColumn = 3
	var rows struct {
		Values [][]any `json:"values"`
	}
	if err := json.Unmarshal(packet.Data, &rows); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, id := range rows.Values[idColumn] {
		ids = append(ids, fmt.Sprint(id))
	}
	return ids
}

func (l *listener) notices(t *testing.T) string {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	var schema struct {
		Meta data.FrameMeta `json:"meta"`
	}
	for _, packet := range slices.Backward(l.packets) {
		if len(packet.Schema) > 0 {
			if err := json.Unmarshal(packet.Schema, &schema); err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	var texts []string
	for _, notice := range schema.Meta.Notices {
		texts = append(texts, notice.Text)
	}
	return strings.Join(texts, "\n")
}

// listen has Grafana run a stream.
func listen(t *testing.T, d *Datasource, path string) *listener {
	t.Helper()
	ctx, leave := context.WithCancel(t.Context())
	l := &listener{ended: make(chan error, 1), leave: leave}
	go func() { l.ended <- d.RunStream(ctx, &backend.RunStreamRequest{Path: path}, backend.NewStreamSender(l)) }()
	t.Cleanup(leave)
	return l
}

// pathOf is where the answer to a query goes on.
func pathOf(t *testing.T, d *Datasource, raw string) string {
	t.Helper()
	channel := ask(t, d, false, raw).Responses["A"].Frames[0].Meta.Channel
	return strings.TrimPrefix(channel, "ds/uid1/")
}

// leaving is a simulated server, one whose clients leave a second before now.
type leaving struct {
	mu   sync.Mutex
	ring *testledger.Ring
	away bool
}

func newLeaving() *leaving { return &leaving{ring: testledger.NewRing("ID1", "n1", 10_000)} }

func (s *leaving) close(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ring.Now = time.Now().Add(-time.Duration(n) * time.Second)
	s.ring.Close(n)
}

func (s *leaving) read(source.Request) []model.Reading {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away {
		return []model.Reading{{Endpoint: "n1:8222", Err: errors.New("n1:8222: Connection refused. Check that it runs")}}
	}
	s.ring.Now = time.Now()
	r := s.ring.Read()
	r.HeardAt = time.Now()
	return []model.Reading{r}
}

const liveLogs = `{"view":"logs","live":true}`

func idsTo(n int) []string {
	var ids []string
	for cid := range n {
		ids = append(ids, fmt.Sprintf("ID1/%d", cid+1))
	}
	return ids
}

func TestAStreamTellsWhatStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n1 := newLeaving()
		d := datasource(t, n1.read)
		n1.close(3)
		first, second := listen(t, d, pathOf(t, d, liveLogs)), listen(t, d, pathOf(t, d, liveLogs))
		synctest.Wait()
		n1.close(4)
		time.Sleep(time.Second)
		n1.close(1)
		time.Sleep(time.Second)
		for _, l := range []*listener{first, second} {
			if got := l.ids(t); !slices.Equal(got, idsTo(8)) {
				t.Errorf("streamed %v", got)
			}
			if n := len(l.packets); n > 3 {
				t.Errorf("%d packets, some without anything new", n)
			}
		}
	})
}

// TestWhoeverJoinsLaterIsToldWhatWas, and how far the stream is.
func TestWhoeverJoinsLaterIsToldWhatWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n1 := newLeaving()
		d := datasource(t, n1.read)
		path := pathOf(t, d, liveLogs)
		l := listen(t, d, path)
		time.Sleep(time.Second)
		n1.close(5)
		time.Sleep(time.Second)
		response, err := d.SubscribeStream(t.Context(), &backend.SubscribeStreamRequest{Path: path})
		if err != nil {
			t.Fatal(err)
		}
		var first live.Packet
		if err := json.Unmarshal(response.InitialData.Data(), &first); err != nil {
			t.Fatal(err)
		}
		if got := idsOf(t, first); len(got) != 5 || first.Live != l.packets[len(l.packets)-1].Live {
			t.Errorf("told %v at %+v", got, first.Live)
		}
	})
}

func TestWhoMaySubscribe(t *testing.T) {
	d := datasource(t, newLeaving().read)
	path := pathOf(t, d, liveLogs)
	for name, test := range map[string]struct {
		path string
		want backend.SubscribeStreamStatus
	}{
		"to what was answered":        {path, backend.SubscribeStreamStatusOK},
		"to another's":                {"live/1/" + strings.Repeat("A", 32) + path[strings.LastIndex(path, "/"):], backend.SubscribeStreamStatusPermissionDenied},
		"to what there is not":        {"anything", backend.SubscribeStreamStatusNotFound},
		"to a question without words": {path[:strings.LastIndex(path, "/")], backend.SubscribeStreamStatusNotFound},
	} {
		response, err := d.SubscribeStream(t.Context(), &backend.SubscribeStreamRequest{Path: test.path})
		if err != nil || response.Status != test.want {
			t.Errorf("%s: %+v, %v", name, response, err)
		}
	}
	if response, err := d.PublishStream(t.Context(), &backend.PublishStreamRequest{Path: path}); err != nil || response.Status != backend.PublishStreamStatusPermissionDenied {
		t.Errorf("publishing: %+v, %v", response, err)
	}
}

// TestOnlyPanelsFollow: rules and queries that cannot be followed name no channel.
func TestOnlyPanelsFollow(t *testing.T) {
	d := datasource(t, newLeaving().read)
	for raw, want := range map[string][2]bool{
		`{"view":"logs"}`:                        {true, false},
		`{"view":"records","live":true}`:         {true, true},
		`{"view":"totals"}`:                      {false, false},
		`{"queryType":"findings"}`:               {false, false},
		`{"queryType":"servers"}`:                {false, false},
		`{"queryType":"connections"}`:            {false, false},
		`{"queryType":"findings","view":"logs"}`: {false, false},
	} {
		meta := ask(t, d, false, raw).Responses["A"].Frames[0].Meta
		if _, told := meta.Custom.(followed); told != want[0] || (meta.Channel != "") != want[1] {
			t.Errorf("%s: %+v", raw, meta)
		}
	}
	response := ask(t, d, true, `{"view":"totals","live":true}`).Responses["A"]
	if response.Error != nil || response.Frames[0].Meta.Channel != "" {
		t.Errorf("a rule: %+v", response)
	}
}

// TestStreamsKeepTheServersRead at the pace of panels, all by one read, as long as
// there is one.
func TestStreamsKeepTheServersRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := testsource.NewGate(newLeaving().read)
		close(g.LetGo)
		d := made(t, newProcess(t), map[string]any{"urls": []string{"http://n1:8222"}, "syncEvery": "2s"})
		memoryOf(t, d).reads.ReadFrom(g)
		path := pathOf(t, d, liveLogs)
		listeners := []*listener{listen(t, d, path), listen(t, d, pathOf(t, d, `{"view":"records","live":true}`))}
		synctest.Wait()
		before := g.Reads.Load()
		time.Sleep(time.Minute + time.Second)
		if got := g.Reads.Load() - before; got != 30 {
			t.Errorf("%d reads in a minute, want 30", got)
		}
		listeners[0].leave()
		time.Sleep(time.Minute)
		listeners[1].leave()
		synctest.Wait()
		before = g.Reads.Load()
		time.Sleep(time.Hour)
		if got := g.Reads.Load() - before; got != 0 {
			t.Errorf("%d reads though nobody listens", got)
		}
	})
}

// TestStreamsBeginAgainWithOtherSettings: Grafana does so after an error.
func TestStreamsBeginAgainWithOtherSettings(t *testing.T) {
	urls := map[string]any{"urls": []string{"http://n1:8222"}}
	for name, change := range map[string]func(t *testing.T, p *Process, d *Datasource){
		"saved": func(t *testing.T, p *Process, _ *Datasource) { t.Helper(); made(t, p, urls) },
		"of other servers": func(t *testing.T, p *Process, _ *Datasource) {
			t.Helper()
			made(t, p, map[string]any{"urls": []string{"http://n2:8222"}})
		},
		"gone":             func(_ *testing.T, _ *Process, d *Datasource) { d.Dispose() },
		"with the process": func(_ *testing.T, p *Process, _ *Datasource) { p.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newProcess(t)
				d := made(t, p, urls)
				memoryOf(t, d).reads.ReadFrom(readings(newLeaving().read))
				l := listen(t, d, pathOf(t, d, liveLogs))
				synctest.Wait()
				time.Sleep(time.Second)
				change(t, p, d)
				if err := <-l.ended; !errors.Is(err, errReplaced) {
					t.Errorf("ended with %v", err)
				}
			})
		})
	}
}

// TestAServerThatIsAwayEndsNoStream: it is told, and what it did meanwhile comes.
func TestAServerThatIsAwayEndsNoStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n1 := newLeaving()
		d := datasource(t, n1.read)
		l := listen(t, d, pathOf(t, d, liveLogs))
		n1.close(2)
		time.Sleep(time.Second)
		n1.mu.Lock()
		n1.away = true
		n1.mu.Unlock()
		time.Sleep(time.Minute)
		if got := l.notices(t); !strings.Contains(got, "No answer from n1") {
			t.Errorf("told %q", got)
		}
		n1.close(3)
		n1.mu.Lock()
		n1.away = false
		n1.mu.Unlock()
		time.Sleep(2 * time.Second)
		if got := l.notices(t); strings.Contains(got, "No answer") {
			t.Errorf("still told: %q", got)
		}
		if got := l.ids(t); !slices.Equal(got, idsTo(5)) {
			t.Errorf("streamed %v", got)
		}
	})
}

// TestSettingsThatCannotBeUsedAreTold to who listens, since a stream's error is not.
func TestSettingsThatCannotBeUsedAreTold(t *testing.T) {
	p := newProcess(t)
	path := pathOf(t, datasource(t, newLeaving().read), liveLogs)
	d := made(t, p, map[string]any{})
	if response, err := d.SubscribeStream(t.Context(), &backend.SubscribeStreamRequest{Path: path}); err != nil || response.Status != backend.SubscribeStreamStatusOK {
		t.Fatalf("%+v, %v", response, err)
	}
	l := listen(t, d, path)
	if err := <-l.ended; err == nil {
		t.Error("the stream ended in good order")
	}
	if got := l.notices(t); !strings.Contains(got, "URL") {
		t.Errorf("told %q", got)
	}
}

// TestManyAtOnceAreChunked: Grafana cuts off who gets too much at once.
func TestManyAtOnceAreChunked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n1 := newLeaving()
		d := datasource(t, n1.read)
		l := listen(t, d, pathOf(t, d, liveLogs))
		time.Sleep(time.Second)
		n1.close(3_000)
		time.Sleep(time.Second)
		if got := l.ids(t); !slices.Equal(got, idsTo(3_000)) {
			t.Errorf("streamed %d", len(got))
		}
		sizes := map[int]int{}
		for _, packet := range l.packets {
			sizes[len(idsOf(t, packet))]++
		}
		if most := slices.Max(slices.Collect(maps.Keys(sizes))); most > mostRows {
			t.Errorf("a packet of %d rows", most)
		}
	})
}

// ringing is a source that counts who listens to it.
type ringing struct {
	readings
	listeners atomic.Int32
	heard     func(serverID string)
}

func (r *ringing) Listen(heard func(serverID string)) (stop func()) {
	r.listeners.Add(1)
	r.heard = heard
	return func() { r.listeners.Add(-1) }
}

// TestServersAreListenedToWhileAnybodyFollows, and what they tell has a stop streamed
// long before it would be.
func TestServersAreListenedToWhileAnybodyFollows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n1 := newLeaving()
		// The first read may be of this URL still, and looks up no name: resolvers outlive a bubble.
		d := made(t, newProcess(t), map[string]any{"urls": []string{"http://127.0.0.1:1"}, "syncEvery": "1m", "backgroundSync": "1m"})
		bell := &ringing{readings: n1.read}
		m := memoryOf(t, d)
		m.reads.ReadFrom(bell)
		m.ways = []way{{source: bell}}
		time.Sleep(2 * time.Minute)
		path := pathOf(t, d, liveLogs)
		synctest.Wait()
		if got := bell.listeners.Load(); got != 0 {
			t.Errorf("%d listen though nobody follows", got)
		}
		first, second := listen(t, d, path), listen(t, d, path)
		synctest.Wait()
		if got := bell.listeners.Load(); got != 1 {
			t.Fatalf("%d listen to what two follow", got)
		}
		n1.close(2)
		bell.heard("ID1")
		time.Sleep(time.Second)
		if got := first.ids(t); !slices.Equal(got, idsTo(2)) || bell.listeners.Load() != 1 {
			t.Errorf("streamed %v, %d listen", got, bell.listeners.Load())
		}
		first.leave()
		synctest.Wait()
		if got := bell.listeners.Load(); got != 1 {
			t.Errorf("%d listen to the second", got)
		}
		second.leave()
		synctest.Wait()
		if got := bell.listeners.Load(); got != 0 {
			t.Errorf("%d listen to the end", got)
		}
	})
}
