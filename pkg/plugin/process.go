package plugin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/beyond"
	"github.com/natsops/nats-connections-datasource/pkg/history"
	"github.com/natsops/nats-connections-datasource/pkg/telemetry"
)

// Process is what belongs to the process rather than to an instance, which
// Grafana replaces whenever settings are saved, even as they were.
type Process struct {
	metrics *telemetry.Metrics
	leases  Leases

	mu sync.Mutex
	// memories are those of each data source: the first is the one in use, the
	// others are of settings that were replaced, and wait for their end.
	memories map[place][]*memory
}

// NewProcess makes what instances share; close it when they are done.
func NewProcess(metrics *telemetry.Metrics, leases Leases) *Process {
	return &Process{metrics: metrics, leases: leases, memories: map[place][]*memory{}}
}

// Close ends all that instances left, once what waits is written to histories, which
// is bounded in time.
func (p *Process) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []*memory
	for at, memories := range p.memories {
		for _, m := range memories {
			m.close()
			all = append(all, m)
		}
		delete(p.memories, at)
	}
	for _, m := range all {
		if m.history != nil {
			<-m.history.Ended()
		}
	}
}

// errReplaced is for whoever still asks an instance whose settings are gone.
var errReplaced = errors.New("they were replaced by others; ask again")

// begin is the begin of an instance: what its settings say counts from now on.
func (p *Process) begin(ctx context.Context, r *recipe) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lead(ctx, r)
}

// ask returns the memory of an instance that is asked something, and prolongs
// its leases. An instance that was replaced goes on with what there is. One that
// is as new as the one in use has its way: Grafana goes back to an instance when
// the key of its proxy changes back.
func (p *Process) ask(ctx context.Context, r *recipe) (*memory, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.memoryFor(ctx, r)
}

func (p *Process) memoryFor(ctx context.Context, r *recipe) (*memory, error) {
	memories := p.memories[r.place]
	if len(memories) > 0 && r.updated.Before(memories[0].recipe.updated) {
		if i := slices.IndexFunc(memories, func(m *memory) bool { return m.serves(r) }); i >= 0 {
			return memories[i], nil
		}
		return nil, errReplaced
	}
	if err := p.lead(ctx, r); err != nil {
		return nil, err
	}
	return p.memories[r.place][0], nil
}

// waysOf returns how the servers of an instance are read, for who asks along
// each way apart.
func (p *Process) waysOf(ctx context.Context, r *recipe) ([]way, error) {
	m, err := p.ask(ctx, r)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return m.ways, nil
}

// historyOf is the history of what is remembered, and what it has beyond memory; nil if
// there is none.
func (p *Process) historyOf(m *memory) (*history.History, *beyond.Past) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return m.history, m.beyond
}

// lead has an instance's settings be those that its data source goes by.
func (p *Process) lead(ctx context.Context, r *recipe) error {
	memories := p.memories[r.place]
	i := slices.IndexFunc(memories, func(m *memory) bool { return m.serves(r) })
	if i < 0 {
		m, err := newMemory(ctx, r, p.metrics)
		if err != nil {
			return err
		}
		m.lease = time.AfterFunc(p.leases.Connections, func() { p.expire(m) })
		memories, i = append(memories, m), len(memories)
	} else if err := memories[i].adopt(ctx, r); err != nil {
		return err
	}
	if i > 0 {
		p.retire(memories[0])
		memories[0], memories[i] = memories[i], memories[0]
	}
	m := memories[0]
	p.memories[r.place] = memories
	if m.dropping != nil {
		m.dropping.Stop()
		m.dropping = nil
	}
	m.asked = time.Now()
	m.lease.Reset(p.leases.Connections)
	m.goOn(ctx)
	return nil
}

// follow is for a stream of an instance: the servers are read at the pace of
// panels until leave is called, and ended is closed when the stream has to begin
// again, with other settings or with none.
func (p *Process) follow(ctx context.Context, r *recipe) (m *memory, ended <-chan struct{}, leave func(), err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if m, err = p.memoryFor(ctx, r); err != nil {
		return nil, nil, nil, err
	}
	if m.recipe != r {
		return nil, nil, nil, errReplaced
	}
	m.followers++
	m.goOn(ctx)
	return m, m.ended, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		m.followers--
		// Once its settings were replaced, nothing is read for it.
		if p.leads(m) {
			m.goOn(ctx)
		}
	}, nil
}

func (p *Process) leads(m *memory) bool {
	memories := p.memories[m.recipe.place]
	return len(memories) > 0 && memories[0] == m
}

// leave is the end of an instance: if none takes its place soon, so it is for
// what it learned.
func (p *Process) leave(r *recipe) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if memories := p.memories[r.place]; len(memories) > 0 && memories[0].recipe == r {
		memories[0].interrupt()
		p.linger(memories[0])
	}
}

// retire ends the reading of a memory whose settings were replaced; if they
// come back soon, it does.
func (p *Process) retire(m *memory) {
	m.interrupt()
	m.rest()
	p.linger(m)
}

func (p *Process) linger(m *memory) {
	if m.dropping == nil {
		m.dropping = time.AfterFunc(p.leases.Linger, func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			// An instance may have come just now.
			if m.dropping != nil {
				p.drop(m)
			}
		})
	}
}

// expire ends what was not asked for long enough.
func (p *Process) expire(m *memory) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if m.followers > 0 {
		m.asked = time.Now()
	}
	due := p.leases.after(time.Since(m.asked), m.stopReading != nil)
	if due.forget {
		p.drop(m)
		return
	}
	if due.rest {
		m.rest()
	}
	m.lease.Reset(due.next)
}

func (p *Process) drop(m *memory) {
	m.close()
	at := m.recipe.place
	p.memories[at] = slices.DeleteFunc(p.memories[at], func(one *memory) bool { return one == m })
	if len(p.memories[at]) == 0 {
		delete(p.memories, at)
	}
}

// Leases are how long things go on of which nobody says that they are not
// needed any more: nobody tells a plugin that its data source was deleted.
type Leases struct {
	// Connections end so long after the last query, without background sync.
	Connections time.Duration
	// Memory ends so long after the last query, and the background sync with it.
	Memory time.Duration
	// Linger is how long a memory waits for the next instance after its last one.
	Linger time.Duration
}

// DefaultLeases are those of decision D12.
func DefaultLeases() Leases {
	return Leases{Connections: time.Hour, Memory: 7 * 24 * time.Hour, Linger: 10 * time.Minute}
}

// LeaseVariable is where Grafana tells what its configuration says of the plugin
// under the name lease.
const LeaseVariable = "GF_PLUGIN_LEASE"

// LeasesWithin are the default ones, where none is longer than what is told; an
// empty text tells nothing.
func LeasesWithin(told string) (Leases, error) {
	leases := DefaultLeases()
	if told == "" {
		return leases, nil
	}
	longest, err := time.ParseDuration(told)
	if err != nil || longest < time.Second {
		return leases, fmt.Errorf("lease: %q is not a duration of one second or more; use one such as 1h", told)
	}
	leases.Connections, leases.Memory = min(leases.Connections, longest), min(leases.Memory, longest)
	return leases, nil
}

// due is what ends now, and when to look again.
type due struct {
	rest, forget bool
	next         time.Duration
}

// after is what ends once nobody has asked for so long. Background sync goes on as
// long as the memory that it is for.
func (l Leases) after(idle time.Duration, inBackground bool) due {
	switch {
	case idle >= l.Memory:
		return due{forget: true}
	case idle < l.Connections:
		return due{next: l.Connections - idle}
	}
	return due{rest: !inBackground, next: l.Memory - idle}
}
