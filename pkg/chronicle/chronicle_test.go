package chronicle

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/books"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// play has a ledger read a server each minute and tell a chronicle.
type play struct {
	t         *testing.T
	now       time.Time
	ledger    *ledger.Ledger
	chronicle *Chronicle
	// most is how many groups a series has.
	most int
}

func begin(t *testing.T) *play {
	t.Helper()
	p := &play{t: t, now: testledger.Noon, chronicle: New(), most: 100}
	p.ledger = testledger.NewAt(t, ledger.DefaultLimits(), func() time.Time { return p.now })
	p.ledger.Subscribe(p.chronicle.Tell)
	return p
}

// read is a read a minute after the last one.
func (p *play) read(readings ...model.Reading) {
	p.t.Helper()
	p.now = p.now.Add(time.Minute)
	for i := range readings {
		r := &readings[i]
		r.HeardAt, r.Server.Now = p.now, p.now.Add(r.ClockOffset)
	}
	p.ledger.Merge(readings)
}

func process(id string, start time.Duration, stops ...model.Stop) model.Reading {
	r := testledger.Answered("n1", stops...)
	r.Server.ID, r.Server.Version, r.Server.Start = id, "2.11.0", testledger.Noon.Add(start)
	return r
}

func silent() model.Reading { return model.Reading{Endpoint: "n1:8222", Err: errors.New("refused")} }

var everything = func(Event) bool { return true }

// told is what happened, oldest first, in minutes.
func (p *play) told(r model.TimeRange) string {
	text := ""
	for _, e := range slices.Backward(p.chronicle.Events(r, everything)) {
		text += fmt.Sprintf("[%s %s %v", e.Label, e.Kind, e.From.Sub(testledger.Noon).Minutes())
		switch {
		case e.Lasts():
			text += "-"
		case !e.To.Equal(e.From):
			text += fmt.Sprintf("-%v", e.To.Sub(testledger.Noon).Minutes())
		}
		text += "]"
	}
	return text
}

func (p *play) expect(want string) {
	p.t.Helper()
	if got := p.told(testledger.Always); got != want {
		p.t.Errorf("got %s, want %s", got, want)
	}
}

func TestFirstSeenIsToldOnce(t *testing.T) {
	p := begin(t)
	p.read(process("A", -5*time.Minute))
	p.read(process("A", -5*time.Minute))
	p.expect("[n1 first_seen 1]")
}

func TestSlowRoutesAreToldByWhatIsNew(t *testing.T) {
	p := begin(t)
	for _, slow := range []int64{5, 5, 7} {
		r := process("A", -5*time.Minute)
		r.Server.Counters.SlowRoutes = slow
		p.read(r)
	}
	p.expect("[n1 first_seen 1][n1 fabric_slow 2-3]")
	if slow := p.chronicle.Slow(); len(slow) != 1 || slow[0].Slow != (Fabric{Routes: 2}) {
		t.Errorf("told %+v", slow)
	}
}

func TestSilenceIsARegionUntilItAnswers(t *testing.T) {
	p := begin(t)
	p.read(process("A", -5*time.Minute))
	p.read(silent())
	p.expect("[n1 first_seen 1][n1 silent 1-]")
	p.read(silent())
	p.read(process("A", -5*time.Minute))
	p.read(process("A", -5*time.Minute))
	p.expect("[n1 first_seen 1][n1 silent 1-4]")
}

func TestWhoWasNeverMetIsSilentUntilItTellsItsName(t *testing.T) {
	p := begin(t)
	p.read(silent())
	p.expect("[n1:8222 silent 1-]")
	p.read(process("A", -5*time.Minute))
	p.read(process("A", -5*time.Minute))
	p.expect("[n1 silent 1-2][n1 first_seen 2]")
}

func TestARestartLastsFromTheLastAnswerToTheNextStart(t *testing.T) {
	p := begin(t)
	p.read(process("A", -5*time.Minute))
	p.read(process("A", -5*time.Minute))
	next := process("B", 150*time.Second)
	next.Server.Version = "2.12.0"
	p.read(next)
	p.expect("[n1 first_seen 1][n1 restarted 2-2.5][n1 version_changed 2.5]")
}

func TestLameDuckIsToldOncePerProcess(t *testing.T) {
	p := begin(t)
	p.read(process("A", -5*time.Minute))
	bye := testledger.At("A", 1, "Server Shutdown", "a", testledger.Noon.Add(90*time.Second))
	more := testledger.At("A", 2, "Server Shutdown", "a", testledger.Noon.Add(150*time.Second))
	p.read(process("A", -5*time.Minute, bye))
	p.read(process("A", -5*time.Minute, more, bye))
	p.expect("[n1 first_seen 1][n1 lame_duck 1.5]")
}

func TestAWrongClockIsARegion(t *testing.T) {
	p := begin(t)
	off := process("A", -5*time.Minute)
	off.ClockOffset = time.Minute
	p.read(process("A", -5*time.Minute))
	p.read(off)
	p.read(off)
	p.expect("[n1 first_seen 1][n1 clock_off 2-]")
	p.read(process("A", -5*time.Minute))
	p.expect("[n1 first_seen 1][n1 clock_off 2-4]")
}

func TestWhoIsNotAskedAnyMoreIsNotSilentForEver(t *testing.T) {
	p := begin(t)
	other := testledger.Answered("n2")
	p.read(process("A", -5*time.Minute), other)
	p.read(silent(), other)
	p.read(other)
	p.read(other)
	p.expect("[n1 first_seen 1][n2 first_seen 1][n1 silent 1-3]")
}

func TestLostRecordsAreToldWithTheirNumber(t *testing.T) {
	c := New()
	gap := books.Gap{From: testledger.Noon, To: testledger.Noon.Add(time.Minute), Lost: 7}
	restart := gap
	restart.Restart = true
	c.Tell(ledger.News{At: testledger.Noon, Rings: []ledger.RingNews{{Label: "n1", Gaps: []books.Gap{restart, gap}}}})
	events := c.Events(testledger.Always, everything)
	if len(events) != 1 || events[0].Kind != RecordsLost || events[0].Lost != 7 {
		t.Errorf("got %+v", events)
	}
}

func TestEventsTouchTheRange(t *testing.T) {
	p := begin(t)
	p.read(process("A", -5*time.Minute))
	p.read(silent())
	p.read(silent())
	p.read(process("A", -5*time.Minute))
	minutes := func(from, to float64) model.TimeRange {
		at := func(m float64) time.Time { return testledger.Noon.Add(time.Duration(m * float64(time.Minute))) }
		return model.TimeRange{From: at(from), To: at(to)}
	}
	for r, want := range map[model.TimeRange]string{
		minutes(2, 3): "[n1 silent 1-4]",
		minutes(0, 1): "",
		minutes(5, 6): "",
		minutes(4, 6): "[n1 silent 1-4]",
	} {
		if got := p.told(r); got != want {
			t.Errorf("%v: got %q, want %q", r, got, want)
		}
	}
}

func TestOnlySoManyEventsAreKept(t *testing.T) {
	c := New()
	gap := books.Gap{From: testledger.Noon, To: testledger.Noon.Add(time.Minute), Lost: 7}
	for range mostEvents + 5 {
		c.Tell(ledger.News{Rings: []ledger.RingNews{{Label: "n1", Gaps: []books.Gap{gap}}}})
	}
	if got := len(c.Events(testledger.Always, everything)); got != mostEvents {
		t.Errorf("%d events are kept", got)
	}
}
