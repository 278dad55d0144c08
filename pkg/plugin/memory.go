package plugin

import (
	"context"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/beyond"
	"github.com/natsops/nats-connections-datasource/pkg/chronicle"
	"github.com/natsops/nats-connections-datasource/pkg/comeback"
	"github.com/natsops/nats-connections-datasource/pkg/finding/watch"
	"github.com/natsops/nats-connections-datasource/pkg/history"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/live"
	"github.com/natsops/nats-connections-datasource/pkg/reads"
	"github.com/natsops/nats-connections-datasource/pkg/settings"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/telemetry"
)

// memory is what outlives the instances of a data source: what was learned of
// its servers, and how they are read (decision D12). The process's lock guards
// what can change.
type memory struct {
	ledger *ledger.Ledger
	// chronicle is what its reads told of servers over time.
	chronicle *chronicle.Chronicle
	reads     *reads.Shared
	told      *telemetry.Instance
	watch     watch.Watch
	// history keeps what the ledger learns beyond this process; nil if nothing does.
	history *history.History
	// beyond is what the history has that the ledger has no more; nil without a history.
	beyond *beyond.Past
	// roll is who was connected to servers that ended.
	roll comeback.Roll
	// live are the streams that are told of new stops.
	live live.Hub

	// recipe is that of the instance whose settings count now.
	recipe *recipe
	ways   []way
	// asked is when somebody asked last.
	asked time.Time
	// followers is how many streams there are.
	followers int
	// ended is closed when they have to begin again.
	ended chan struct{}
	// stopReading ends the background sync, which reads every so often; nil while
	// there is none.
	stopReading context.CancelFunc
	every       time.Duration
	// ringing: it also reads when servers tell of stops.
	ringing bool
	// lease ends what nobody asks for; dropping is set while no instance has this.
	lease, dropping *time.Timer
}

func newMemory(ctx context.Context, r *recipe, metrics *telemetry.Metrics) (*memory, error) {
	ways, err := newWays(ctx, r.options, r.settings)
	if err != nil {
		return nil, err
	}
	m := &memory{
		ledger: ledger.New(limitsOf(r.settings.Keep), r.apps), chronicle: chronicle.New(),
		told:   metrics.Instance(r.id(), r.name, r.classifier),
		recipe: r, ways: ways, ended: make(chan struct{}),
	}
	m.ledger.Subscribe(m.told.Tell)
	m.ledger.Subscribe(m.chronicle.Tell)
	m.ledger.Subscribe(m.roll.Tell)
	m.ledger.Subscribe(m.live.Tell)
	if m.history, err = newHistory(ctx, r.options, r.settings, m.ledger); err != nil {
		closeAll(ways)
		return nil, err
	}
	m.beyond = beyondMemory(m.history)
	m.reads = reads.New(m.source(), m.ledger, r.settings.SyncEvery)
	return m, nil
}

// source reads along all ways, once the past is known.
func (m *memory) source() source.Source {
	all := newSource(m.ways, m.told)
	if m.recipe.settings.Private {
		all = source.Nameless(all)
	}
	if m.history == nil {
		return all
	}
	return m.history.First(all)
}

// limitsOf are the usual ones, save for what the settings say of them.
func limitsOf(keep settings.Keep) ledger.Limits {
	limits := ledger.DefaultLimits()
	limits.Age, limits.Count = keep.Age, keep.Count
	return limits
}

// serves reports whether what is remembered may be shown to whoever may see
// what the recipe shows.
func (m *memory) serves(r *recipe) bool {
	return r.sight.includes(m.recipe.sight)
}

// adopt goes on by the instance's settings. What they leave as it was goes on
// as it is: the ledger always, the connections if nothing that they are made of
// has changed, the background sync if it is as frequent.
func (m *memory) adopt(ctx context.Context, r *recipe) error {
	if m.recipe == r {
		return nil
	}
	if m.recipe.wiring != r.wiring {
		ways, err := newWays(ctx, r.options, r.settings)
		if err != nil {
			return err
		}
		past, err := m.historyBy(ctx, r)
		if err != nil {
			closeAll(ways)
			return err
		}
		// What is read from now on is what is listened to.
		m.stop()
		m.ways, m.history, m.beyond = ways, past, beyondMemory(past)
		m.recipe = r
		m.reads.ReadFrom(m.source())
	}
	m.interrupt()
	m.ledger.SetApps(r.apps)
	m.ledger.SetLimits(limitsOf(r.settings.Keep))
	m.told.Adopt(r.name, r.classifier)
	m.reads.Adopt(r.settings.SyncEvery)
	m.recipe = r
	return nil
}

// shortestPace bounds what streams cost servers whose settings have each query
// read anew.
const shortestPace = 250 * time.Millisecond

// pace is how often the servers are read though nobody asks; 0 means never.
func (m *memory) pace() time.Duration {
	background := m.recipe.settings.BackgroundSync
	if m.followers == 0 {
		return background
	}
	pace := max(m.recipe.settings.SyncEvery, shortestPace)
	if background > 0 {
		pace = min(pace, background)
	}
	return pace
}

// goOn has the background sync run, if there is to be one.
func (m *memory) goOn(ctx context.Context) {
	every, ringing := m.pace(), m.followers > 0
	if every == m.every && ringing == m.ringing {
		return
	}
	m.stop()
	if every > 0 {
		m.stopReading, m.every, m.ringing = m.reads.KeepUp(ctx, every, m.bells()...), every, ringing
	}
}

// bells are what tells of stops to whoever follows.
func (m *memory) bells() []source.Bell {
	var bells []source.Bell
	for _, w := range m.ways {
		if bell, is := w.source.(source.Bell); is && m.followers > 0 {
			bells = append(bells, bell)
		}
	}
	return bells
}

func (m *memory) stop() {
	if m.stopReading != nil {
		m.stopReading()
		m.stopReading, m.every, m.ringing = nil, 0, false
	}
}

// interrupt has all streams begin again.
func (m *memory) interrupt() {
	close(m.ended)
	m.ended = make(chan struct{})
}

// rest ends reading and connections until somebody asks again.
func (m *memory) rest() {
	m.stop()
	m.reads.Rest()
	if m.history != nil {
		m.history.Rest()
	}
}

// historyBy goes on with the history by other settings.
func (m *memory) historyBy(ctx context.Context, r *recipe) (*history.History, error) {
	if m.history == nil || len(r.settings.History.Servers) == 0 {
		m.closeHistory()
		return newHistory(ctx, r.options, r.settings, m.ledger)
	}
	return m.history.Reopen(ctx, r.settings.History.Options(r.options), historyConfig(r.settings))
}

func (m *memory) closeHistory() {
	if m.history != nil {
		m.history.Close()
	}
}

// close ends everything for good.
func (m *memory) close() {
	m.interrupt()
	m.stop()
	m.lease.Stop()
	if m.dropping != nil {
		m.dropping.Stop()
	}
	m.reads.Close()
	m.closeHistory()
	m.told.Close()
}
