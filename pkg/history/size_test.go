package history

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/internal/testnats"
)

// TestStrangersTextsStopNothing: a control character is six bytes in a block, and
// whoever reaches the port may call himself so, without a login.
func TestStrangersTextsStopNothing(t *testing.T) {
	s := testnats.StartWithStreams(t, nil)
	cfg := configFor(s)
	n1, n2 := ring("ID1", "n1", 1000), ring("ID2", "n2", 10)
	p := driven(t, cfg)
	n1.Close(400)
	for i := range n1.Records {
		r := &n1.Records[i]
		r.Name, r.User, r.Lang = strings.Repeat("\x01", 250)+fmt.Sprint(i), strings.Repeat("\x02", 250), strings.Repeat("\x03", 120)
	}
	n2.Close(5)
	p.learns(n1, n2)
	p.puts(t)
	if one, other := len(inStream(t, s, cfg, "ID1")), len(inStream(t, s, cfg, "ID2")); one != 400 || other != 5 {
		t.Errorf("%d and %d records are written", one, other)
	}
}

// TestARecordThatFitsNowhere is told as missing in the history, and others are written.
func TestARecordThatFitsNowhere(t *testing.T) {
	s := testnats.StartWithStreams(t, nil)
	cfg := configFor(s)
	made(t, s, cfg, func(of *jetstream.StreamConfig) { of.MaxMsgSize = 8 << 10 })
	n1 := ring("ID1", "n1", 10)
	p := driven(t, cfg)
	n1.Close(1)
	p.learns(n1)
	p.puts(t)
	n1.Close(9)
	n1.Records[5].Name = strings.Repeat("x", 8<<10)
	p.learns(n1)
	p.puts(t)
	n1.Close(10)
	p.learns(n1)
	p.puts(t)
	if times := inStream(t, s, cfg, "ID1"); len(times) != 19 || times[6] != 0 {
		t.Errorf("%d records are written", len(times))
	}
	c := begin(t, cfg).read(t, n1).Servers[0].Coverage
	if len(c.Gaps) != 1 || !c.Gaps[0].History || c.Gaps[0].Lost != 1 {
		t.Errorf("gaps %+v", c.Gaps)
	}
}

// TestWhatIsWrongWithOneServer keeps no other from being written, and is told.
func TestWhatIsWrongWithOneServer(t *testing.T) {
	s := testnats.StartWithStreams(t, nil)
	cfg := configFor(s)
	made(t, s, cfg, func(of *jetstream.StreamConfig) { of.MaxMsgSize = 4 << 10 })
	n1, n2 := ring("ID1", strings.Repeat("n", 4<<10), 10), ring("ID2", "n2", 10)
	p := driven(t, cfg)
	n1.Close(2)
	n2.Close(2)
	p.learns(n1, n2)
	if err := p.once(t.Context()); err == nil || !strings.Contains(err.Error(), "takes no messages of that size") {
		t.Errorf("it says %v", err)
	}
	if got := len(inStream(t, s, cfg, "ID2")); got != 2 {
		t.Errorf("%d records of the other are written", got)
	}
}

// TestWhatWasBeforeTheStreamIsNotOwed: a later lack would be less by it.
func TestWhatWasBeforeTheStreamIsNotOwed(t *testing.T) {
	s := testnats.StartWithStreams(t, nil)
	cfg := configFor(s)
	n1 := ring("ID1", "n1", 10)
	p := driven(t, cfg)
	n1.Close(8)
	p.learns(n1)
	p.puts(t)
	if err := s.Streams(t).DeleteStream(t.Context(), cfg.Stream); err != nil {
		t.Fatal(err)
	}
	p.again(t)
	n1.Close(8)
	p.learns(n1)
	p.puts(t)
	if u := p.pending.servers["ID1"]; u != nil {
		t.Errorf("%+v", u)
	}
	if got := testledger.Count(p.ledger.Merge(nil)); got != 16 {
		t.Errorf("%d stops", got)
	}
}
