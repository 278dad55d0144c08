package natsrequest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/s2"
	"github.com/nats-io/nats.go"

	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/membership"
	"github.com/natsops/nats-connections-datasource/pkg/source/natslink"
	"github.com/natsops/nats-connections-datasource/pkg/source/natsrequest"
)

// stage is an account in which scripted servers answer for the system.
type stage struct {
	t      *testing.T
	server *testnats.Server
	conn   *nats.Conn

	mu     sync.Mutex
	actors map[string]*actor // by server id
	// count is how many servers they say there are.
	count int
	asked chan *nats.Msg // requests that nobody answered yet
	// odd, if set, is what somebody else answers first.
	odd string
	// slow is the server that does not answer CONNZ.
	slow string
	// list, if set, is what everybody answers to CONNZ.
	list  *nats.Msg
	lists *nats.Subscription
}

type actor struct {
	name  string
	start time.Time
	// twice: it answers over two leafnodes. mute: it does not answer.
	twice, mute bool
	// ahead is how much its clock is.
	ahead time.Duration
}

func newStage(t *testing.T) *stage {
	t.Helper()
	st := &stage{t: t, server: testnats.Start(t, nil), actors: map[string]*actor{}, asked: make(chan *nats.Msg, 1000)}
	conn, err := nats.Connect(st.server.ClientURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	st.conn = conn
	st.subscribe("$SYS.REQ.SERVER.PING.STATSZ", st.statsz)
	st.lists = st.subscribe("$SYS.REQ.SERVER.*.CONNZ", st.connz)
	return st
}

func (st *stage) subscribe(subject string, handle nats.MsgHandler) *nats.Subscription {
	st.t.Helper()
	sub, err := st.conn.Subscribe(subject, handle)
	if err != nil {
		st.t.Fatal(err)
	}
	if err := st.conn.Flush(); err != nil {
		st.t.Fatal(err)
	}
	return sub
}

// with changes the scene.
func (st *stage) with(change func()) {
	st.mu.Lock()
	defer st.mu.Unlock()
	change()
}

func (st *stage) statsz(msg *nats.Msg) {
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.odd != "" {
		_ = msg.Respond([]byte(st.odd))
	}
	for id, a := range st.actors {
		if a.mute {
			st.asked <- msg
			continue
		}
		st.answer(msg, id)
		if a.twice {
			st.answer(msg, id)
		}
	}
}

// answer is what the server of that id says; st.mu is held.
func (st *stage) answer(msg *nats.Msg, id string) {
	a := st.actors[id]
	body, err := json.Marshal(map[string]any{
		"server": map[string]any{"name": a.name, "id": id, "ver": "2.15.2", "time": time.Now().Add(a.ahead).UTC()},
		"statsz": map[string]any{"start": a.start, "connections": 1, "total_connections": 2, "active_servers": st.count},
	})
	if err != nil {
		st.t.Error(err)
	}
	// The test may be over by now.
	_ = msg.Respond(body)
}

func (st *stage) connz(msg *nats.Msg) {
	if st.list != nil {
		if err := msg.RespondMsg(st.list); err != nil {
			st.t.Error(err)
		}
		return
	}
	id := strings.Split(msg.Subject, ".")[3]
	st.mu.Lock()
	slow := id == st.slow
	st.mu.Unlock()
	if slow {
		return
	}
	body := fmt.Sprintf(`{"server":{},"data":{"server_id":%q,"num_connections":0,"connections":null}}`, id)
	if err := msg.Respond([]byte(body)); err != nil {
		st.t.Error(err)
	}
}

// label is what the connection is called.
func (st *stage) label() string { return strings.TrimPrefix(st.server.ClientURL, "nats://") }

func (st *stage) source(options ...natsrequest.Option) *natsrequest.Source {
	st.t.Helper()
	return newSource(st.t, within(20*time.Second), natslink.Config{Servers: []string{st.server.ClientURL}}, options...)
}

// outcome is each endpoint, with what is wrong about it.
func outcome(readings []model.Reading) (list []string) {
	for _, r := range readings {
		text := r.Endpoint
		var typed *source.Error
		if errors.As(r.Err, &typed) {
			text += ": " + string(typed.Kind)
		}
		list = append(list, text)
	}
	return list
}

func expect(t *testing.T, readings []model.Reading, want ...string) {
	t.Helper()
	if got := outcome(readings); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestClockOffsetsAreMeasured(t *testing.T) {
	st := newStage(t)
	st.actors["NA"] = &actor{name: "a", ahead: 15 * time.Minute}
	st.actors["NB"] = &actor{name: "b", ahead: -25 * time.Hour}
	st.count = 2
	began := time.Now()
	readings := st.source().Read(t.Context(), source.Request{})
	ended := time.Now()
	for i, want := range []time.Duration{15 * time.Minute, -25 * time.Hour} {
		r := readings[i]
		if r.HeardAt.Before(began) || r.HeardAt.After(ended) || (r.ClockOffset-want).Abs() > ended.Sub(began) {
			t.Errorf("%s was heard at %s with offset %s, want %s", r.Endpoint, r.HeardAt, r.ClockOffset, want)
		}
	}
}

func TestServerThatAnswersTwiceIsReadOnce(t *testing.T) {
	st := newStage(t)
	st.actors["NA"] = &actor{name: "a", twice: true}
	st.actors["NB"] = &actor{name: "b", twice: true}
	st.count = 2
	expect(t, st.source().Read(t.Context(), source.Request{Closed: true}), "a", "b")
}

// TestSilentServerIsWaitedForOnce: it costs one reader its patience, then
// nobody, until it is heard again.
func TestSilentServerIsWaitedForOnce(t *testing.T) {
	st := newStage(t)
	st.actors["NA"], st.actors["NB"] = &actor{name: "a"}, &actor{name: "b"}
	st.count = 2
	const patience = 1500 * time.Millisecond
	s := st.source(natsrequest.WithPatience(patience))
	expect(t, s.Read(t.Context(), source.Request{Closed: true}), "a", "b")
	st.with(func() { st.actors["NB"].mute = true })
	expect(t, s.Read(t.Context(), source.Request{Closed: true}), "a", "b: timeout")
	// Were it waited for, these would take longer than tests may.
	for range 500 {
		expect(t, s.Read(t.Context(), source.Request{Closed: true}), "a", "b: timeout")
	}
	// It answers the request of the second read, far too late.
	late := <-st.asked
	st.with(func() { st.answer(late, "NB") })
	if err := st.conn.Flush(); err != nil {
		t.Fatal(err)
	}
	st.with(func() { st.actors["NB"].mute = false })
	testnats.Until(t, "the server to be heard", func() bool {
		return slices.Equal(outcome(s.Read(t.Context(), source.Request{Closed: true})), []string{"a", "b"})
	})
}

// TestPatientReaderWaitsForWhoAnsweredBefore, also while others do not count it.
func TestPatientReaderWaitsForWhoAnsweredBefore(t *testing.T) {
	st := newStage(t)
	st.actors["NA"], st.actors["NB"] = &actor{name: "a"}, &actor{name: "b"}
	st.count = 2
	s := st.source()
	expect(t, s.Read(t.Context(), source.Request{}), "a", "b")
	st.with(func() { st.count, st.actors["NB"].mute = 1, true })
	read := make(chan []model.Reading)
	go func() { read <- s.Read(t.Context(), source.Request{Patient: true}) }()
	late := <-st.asked
	st.with(func() { st.answer(late, "NB") })
	expect(t, <-read, "a", "b")
}

func TestServerThatOthersCountIsMissing(t *testing.T) {
	st := newStage(t)
	st.actors["NA"] = &actor{name: "a"}
	st.count = 3
	s := st.source(natsrequest.WithPatience(100 * time.Millisecond))
	readings := s.Read(t.Context(), source.Request{Closed: true})
	expect(t, readings, "a", "unknown server 1: timeout", "unknown server 2: timeout")
	if !errors.Is(readings[1].Err, source.ErrUnmet) {
		t.Errorf("error = %v", readings[1].Err)
	}
	st.with(func() { st.count = 1 })
	expect(t, s.Read(t.Context(), source.Request{Closed: true}), "a")
}

// TestRestartedServerIsNotMissing: others count a killed one for minutes.
func TestRestartedServerIsNotMissing(t *testing.T) {
	st := newStage(t)
	st.actors["NA"], st.actors["NB"] = &actor{name: "a"}, &actor{name: "b"}
	st.count = 2
	s := st.source(natsrequest.WithPatience(100 * time.Millisecond))
	expect(t, s.Read(t.Context(), source.Request{}), "a", "b")
	st.with(func() {
		delete(st.actors, "NB")
		st.actors["NC"] = &actor{name: "b", start: time.Now()}
		st.count = 3
	})
	readings := s.Read(t.Context(), source.Request{})
	expect(t, readings, "a", "b")
	if readings[1].Server.ID != "NC" {
		t.Errorf("b is %s", readings[1].Server.ID)
	}
}

// TestNamesakeTakesNobodysPlace: in two clusters, servers have the same names.
func TestNamesakeTakesNobodysPlace(t *testing.T) {
	st := newStage(t)
	st.actors["NA"], st.actors["NB"] = &actor{name: "n1"}, &actor{name: "n1", start: time.Now()}
	st.count = 2
	s := st.source(natsrequest.WithPatience(100 * time.Millisecond))
	expect(t, s.Read(t.Context(), source.Request{}), "n1 NA", "n1 NB")
	st.with(func() { delete(st.actors, "NA") })
	readings := s.Read(t.Context(), source.Request{})
	expect(t, readings, "n1 NA: timeout", "n1 NB")
	if readings[0].Server.ID != "NA" {
		t.Errorf("the missing one is %+v", readings[0].Server)
	}
}

// TestServerWithoutNameIsForgotten: after a restart it has another id and name.
func TestServerWithoutNameIsForgotten(t *testing.T) {
	st := newStage(t)
	st.actors["NA"], st.actors["NB"] = &actor{name: "NA"}, &actor{name: "NB"}
	st.count = 2
	s := st.source(natsrequest.WithPatience(100 * time.Millisecond))
	expect(t, s.Read(t.Context(), source.Request{}), "NA", "NB")
	st.with(func() { delete(st.actors, "NB") })
	expect(t, s.Read(t.Context(), source.Request{}), "NA", "NB: timeout")
	st.with(func() { st.count = 1 })
	expect(t, s.Read(t.Context(), source.Request{}), "NA")
}

func TestBytesAreCountedAsTheyCome(t *testing.T) {
	list := `{"data":{"server_id":"NA","connections":[]}}` + strings.Repeat(" ", 10_000)
	var small bytes.Buffer
	packed := s2.NewWriter(&small)
	_, _ = packed.Write([]byte(list))
	_ = packed.Close()
	for encoding, data := range map[string][]byte{"": []byte(list), "snappy": small.Bytes()} {
		st := newStage(t)
		st.with(func() {
			st.count, st.actors["NA"] = 1, &actor{name: "n1", start: time.Now().UTC()}
			st.list = &nats.Msg{Header: nats.Header{"Content-Encoding": {encoding}}, Data: data}
		})
		got := st.source().Read(t.Context(), source.Request{Closed: true})[0]
		// What STATSZ answers comes first.
		if got.Err != nil || got.Bytes < int64(len(data))+100 || got.Bytes > int64(len(data))+500 {
			t.Errorf("%d bytes with an answer of %d (%v)", got.Bytes, len(data), got.Err)
		}
	}
}

// TestOneOddAnswerCostsItself: anybody in the account may answer.
func TestOneOddAnswerCostsItself(t *testing.T) {
	st := newStage(t)
	st.actors["NA"], st.actors["NB"] = &actor{name: "a"}, &actor{name: "b"}
	st.count = 2
	s := st.source()
	st.with(func() { st.odd = "hello" })
	for range 5 {
		readings := s.Read(t.Context(), source.Request{Closed: true})
		expect(t, readings, "a", "b", st.label()+": protocol")
		if last := readings[len(readings)-1]; !last.Repeated || readings[0].Repeated {
			t.Errorf("nobody is missing without it: %+v", last)
		}
		check(t, typed(t, readings[2].Err), source.KindProtocol, source.StepIdentity, "Its answer is not that of a NATS server.")
	}
}

// TestSlowListsAreWaitedForOnce: a read ends in time though the server is quick
// to say that it is there, and the next does not wait for its lists again.
func TestSlowListsAreWaitedForOnce(t *testing.T) {
	st := newStage(t)
	st.actors["NA"], st.actors["NB"] = &actor{name: "a"}, &actor{name: "b"}
	st.count = 2
	st.with(func() { st.slow = "NB" })
	s := st.source(natsrequest.WithBound(300 * time.Millisecond))
	expect(t, s.Read(t.Context(), source.Request{Closed: true}), "a", "b: timeout")
	for range 20 {
		readings := s.Read(t.Context(), source.Request{Closed: true})
		expect(t, readings, "a", "b: timeout")
		if len(readings[1].Asked) != 1 {
			t.Fatalf("it was waited for again: asked %q", readings[1].Asked)
		}
	}
	st.with(func() { st.slow = "" })
	testnats.Until(t, "the lists to come", func() bool {
		return slices.Equal(outcome(s.Read(t.Context(), source.Request{Closed: true})), []string{"a", "b"})
	})
}

func TestAnswersThatAreNone(t *testing.T) {
	for name, body := range map[string]string{
		"no JSON":     "hello",
		"no server":   `{"server":{},"statsz":{}}`,
		"wild server": `{"server":{"id":"*","name":"x"},"statsz":{}}`,
	} {
		t.Run(name, func(t *testing.T) {
			st := newStage(t)
			st.subscribe("$SYS.REQ.SERVER.PING.STATSZ", func(msg *nats.Msg) { _ = msg.Respond([]byte(body)) })
			check(t, readError(t, st.source(), source.Request{}),
				source.KindProtocol, source.StepIdentity, "Its answer is not that of a NATS server.")
		})
	}
}

func TestListsThatAreNone(t *testing.T) {
	for name, c := range map[string]struct{ header, body, sentence string }{
		"refused":          {"", `{"server":{},"error":{"code":400,"description":"s3cret"}}`, "Its answer is not that of a NATS server."},
		"cut":              {"", `{"server":{},"data":{"connections":[{"cid":1`, "Its answer is not that of a NATS server."},
		"badly compressed": {"snappy", `{"server":{},"data":{"connections":[]}}`, "Its answer is not that of a NATS server."},
	} {
		t.Run(name, func(t *testing.T) {
			st := newStage(t)
			st.actors["NA"], st.count = &actor{name: "a"}, 1
			st.list = nats.NewMsg("")
			st.list.Header.Set("Content-Encoding", c.header)
			st.list.Data = []byte(c.body)
			check(t, readError(t, st.source(), source.Request{Open: true}), source.KindProtocol, source.StepOpen, c.sentence)
		})
	}
}

func TestServerThatLeavesDuringTheRead(t *testing.T) {
	st := newStage(t)
	st.actors["NA"], st.count = &actor{name: "a"}, 1
	s := st.source()
	leave := func(model.Server) model.RingPlan {
		if err := st.lists.Unsubscribe(); err != nil {
			t.Error(err)
		}
		if err := st.conn.Flush(); err != nil {
			t.Error(err)
		}
		return model.RingPlan{}
	}
	check(t, readError(t, s, source.Request{Closed: true, Plan: leave}), source.KindNetwork, source.StepClosed, "It left while it was read.")
}

func typed(t *testing.T, err error) *source.Error {
	t.Helper()
	var typed *source.Error
	if !errors.As(err, &typed) {
		t.Fatalf("got %v, want a *source.Error", err)
	}
	return typed
}

// TestWhoPretendsToBeManyIsBounded: whoever may answer requests makes a read no
// larger than a system can be, and what is remembered neither.
func TestWhoPretendsToBeManyIsBounded(t *testing.T) {
	st := newStage(t)
	st.actors["NA"] = &actor{name: "a"}
	st.count = 1 << 40
	s := st.source(natsrequest.WithPatience(100 * time.Millisecond))
	if n := len(s.Read(t.Context(), source.Request{})); n != membership.Most {
		t.Errorf("%d readings of one server that counts very many", n)
	}
	pretend := func(what string) {
		st.with(func() {
			clear(st.actors)
			st.count = 0
			for i := range membership.Most + 100 {
				id := fmt.Sprint(what, i)
				st.actors[id] = &actor{name: "n" + id}
			}
		})
	}
	for _, what := range []string{"A", "B", "C"} {
		pretend(what)
		// Who did not answer is told once, as long as there is room.
		if readings := s.Read(t.Context(), source.Request{Patient: true}); len(readings) > 2*membership.Most+1 {
			t.Errorf("%d readings", len(readings))
		}
	}
	st.with(func() { clear(st.actors); st.actors["NA"] = &actor{name: "a"}; st.count = 1 })
	if n := len(s.Read(t.Context(), source.Request{})); n > membership.Most+1 {
		t.Errorf("%d are remembered", n)
	}
}
