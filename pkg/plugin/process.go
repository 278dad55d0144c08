package plugin

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

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

// Close ends all that instances left.
func (p *Process) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for at, memories := range p.memories {
		for _, m := range memories {
			m.close()
		}
		delete(p.memories, at)
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

// leave is the end of an instance: if none takes its place soon, so it is for
// what it learned.
func (p *Process) leave(r *recipe) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if memories := p.memories[r.place]; len(memories) > 0 && memories[0].recipe == r {
		p.linger(memories[0])
	}
}

// retire ends the reading of a memory whose settings were replaced; if they
// come back soon, it does.
func (p *Process) retire(m *memory) {
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
