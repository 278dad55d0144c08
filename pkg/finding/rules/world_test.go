package rules

import (
	"slices"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/chronicle"
	"github.com/natsops/nats-connections-datasource/pkg/comeback"
	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/finding/facts"
	"github.com/natsops/nats-connections-datasource/pkg/finding/knowledge"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// world is a NATS system in the making: what servers answered, read by read.
type world struct {
	t      *testing.T
	ledger *ledger.Ledger
	now    time.Time
	cid    uint64
	stops  map[string][]model.Stop
	open   []model.Connection
	roll   comeback.Roll
	past   *chronicle.Chronicle
	last   ledger.Snapshot
	// tenant: an ordinary account's login looks.
	tenant bool
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, now: noon, stops: map[string][]model.Stop{}}
	w.ledger = testledger.NewAt(t, ledger.DefaultLimits(), func() time.Time { return w.now })
	w.ledger.Subscribe(w.roll.Tell)
	w.past = chronicle.New()
	w.ledger.Subscribe(w.past.Tell)
	return w
}

// who is a client, and how its connection was.
type who struct {
	name, user, ip, account, server, mqtt string
	kind                                  string
	lived, idle                           time.Duration
	pending                               int64
	silent                                bool // never said who it is
	lang, version                         string
}

func (p who) connection(cid uint64) model.Connection {
	or := func(text, other string) string {
		if text == "" {
			return other
		}
		return text
	}
	c := model.Connection{
		ServerID: or(p.server, "n1"), CID: cid, Profile: model.Profile{Kind: or(p.kind, "Client"), Type: "nats", Lang: or(p.lang, "go"), Version: or(p.version, "1.55.0")}, Name: p.name, User: p.user, MQTTClient: p.mqtt,
		IP: or(p.ip, "10.0.0.1"), Account: or(p.account, "orders"), PendingBytes: p.pending,
	}
	if p.silent {
		c.Lang, c.Version, c.Account = "", "", model.GlobalAccount
	}
	c.AccountID = c.Account
	return c
}

// stop has a client's connection end so long after noon.
func (w *world) stop(after time.Duration, why string, p who) {
	w.cid++
	c := p.connection(w.cid)
	if reason.Lookup(why).BeforeLogin && p.account == "" {
		c.Account, c.AccountID = model.GlobalAccount, model.GlobalAccount
	}
	at := noon.Add(after)
	lived := p.lived
	if lived == 0 {
		lived = time.Hour
	}
	c.Start, c.LastActivity = at.Add(-lived), at.Add(-p.idle)
	w.stops[c.ServerID] = append(w.stops[c.ServerID], model.Stop{Connection: c, Reason: why, At: at})
}

// stay has a client's connection be open since so long after noon.
func (w *world) stay(since time.Duration, p who) {
	w.cid++
	c := p.connection(w.cid)
	c.Start = noon.Add(since)
	w.open = append(w.open, c)
}

// process is a run of a server: its id, unless that is its name, and what it tells of itself.
type process struct {
	name, id, version string
	began             time.Duration
	err               error
	gaps              int64
	slow              model.Counters
	limits            model.Limits
	ahead             time.Duration
	members           int64
}

// read has the servers be read so long after noon; without any, n1 alone.
func (w *world) read(after time.Duration, servers ...process) {
	w.t.Helper()
	w.now = noon.Add(after)
	if len(servers) == 0 {
		servers = []process{{name: "n1"}}
	}
	var readings []model.Reading
	for _, p := range servers {
		if p.id == "" {
			p.id = p.name
		}
		if p.version == "" {
			p.version = "2.15.2"
		}
		if p.began == 0 {
			p.began = -24 * time.Hour
		}
		closed := []model.Stop{}
		for _, s := range w.stops[p.id] {
			if !s.At.After(w.now) {
				closed = append(closed, s)
			}
		}
		slices.SortStableFunc(closed, func(a, b model.Stop) int { return b.At.Compare(a.At) })
		r := model.Reading{Endpoint: p.name + ":8222", Err: p.err}
		if p.err == nil {
			r.Server = model.Server{
				ID: "id of " + p.id, Name: p.name, Cluster: "c1", Version: p.version, Start: noon.Add(p.began), Now: w.now,
				Total: int64(len(closed)) + p.gaps, Counters: p.slow, Limits: p.limits, Members: p.members,
			}
			r.ClockOffset, r.Server.Now = p.ahead, w.now.Add(p.ahead)
			r.HeardAt, r.Ring, r.Closed, r.RingSize, r.OpenAt = w.now, model.RingRead, closed, int64(len(closed)), w.now
			r.Open = []model.Connection{}
			for _, c := range w.open {
				if c.ServerID == p.id && !c.Start.After(w.now) {
					c.ServerID = r.Server.ID
					r.Open = append(r.Open, c)
				}
			}
		}
		readings = append(readings, r)
	}
	w.last = w.ledger.Merge(readings)
}

// found is all that is worth a look, by its rule.
func (w *world) found() []finding.Finding {
	w.t.Helper()
	if w.last.Servers == nil {
		w.read(2 * time.Hour)
	}
	f := facts.New(w.last, facts.Beside{Open: w.last, Slow: w.past.Slow(), Waited: w.roll.Waited(), Ended: w.roll.Ended()}, reason.NewClassifier(nil), finding.Thresholds{}.InTurn())
	return append(Find(f, finding.Thresholds{}, w.tenant), knowledge.Find(w.last.Servers, finding.Thresholds{}, w.tenant, w.now)...)
}

// expect compares what is found with rules, severities and subjects: all of it.
func (w *world) expect(want ...model.Subject) []finding.Finding {
	w.t.Helper()
	found := w.found()
	got := map[model.Subject]int{}
	for _, one := range found {
		got[one.Subject]++
	}
	for _, one := range want {
		got[one]--
	}
	for subject, count := range got {
		if count > 0 {
			w.t.Errorf("found %+v", subject)
		}
		if count < 0 {
			w.t.Errorf("did not find %+v", subject)
		}
	}
	if w.t.Failed() {
		for _, one := range found {
			w.t.Log(one.Sentence)
		}
	}
	return found
}
