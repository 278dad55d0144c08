package natsrequest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
	"github.com/nats-io/nats.go"

	"github.com/natsops/nats-connections-datasource/pkg/guard"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/breaker"
	"github.com/natsops/nats-connections-datasource/pkg/source/natslink"
)

// New makes a source; it does not dial, and outlives ctx. Timeouts, TLS and
// proxy are those of opts.
func New(ctx context.Context, opts httpclient.Options, cfg natslink.Config, options ...Option) (*Source, error) {
	s := &Source{
		roster: newRoster(), breakers: map[string]*breaker.Breaker{}, scope: systemScope{}, label: label(cfg.Servers),
		timeout: DefaultTimeout, patience: defaultPatience, pageSize: pageSize,
	}
	if opts.Timeouts != nil && opts.Timeouts.Timeout > 0 {
		s.timeout = opts.Timeouts.Timeout
	}
	s.bound = source.Bound(s.timeout)
	for _, option := range options {
		option(s)
	}
	if cfg.Account {
		s.scope = &accountScope{}
	}
	link, err := natslink.New(ctx, opts, cfg, s.timeout)
	if err != nil {
		return nil, err
	}
	s.link = link
	return s, nil
}

// label is what the connection is called: its first address.
func label(servers []string) string {
	if len(servers) == 0 {
		return "NATS"
	}
	if u, err := url.Parse(servers[0]); err == nil && u.Host != "" {
		return u.Host
	}
	return "NATS"
}

// Read implements [source.Source]: one reading for each server that answered,
// and for each that answered before or is counted by others and did not.
func (s *Source) Read(ctx context.Context, req source.Request) []model.Reading {
	ctx, cancel := context.WithTimeout(ctx, s.bound)
	defer cancel()
	conn, err := s.link.Connection(ctx, req.Patient)
	if err != nil {
		return s.failed(source.StepConnect, err)
	}
	ping, err := s.scope.ping(ctx, s, conn, req)
	if err != nil {
		return s.failed(source.StepIdentity, err)
	}
	found, err := s.gather(ctx, conn, ping, req.Patient)
	if err != nil {
		return s.failed(source.StepIdentity, err)
	}
	s.scope.tellLimits(ctx, s, conn, found.answers)
	readings := s.readEach(ctx, conn, ping, found.answers, req)
	called := s.called(found.answers)
	for _, m := range found.silent {
		name := called(m.Server)
		err := s.scope.silent(name)
		if m.Ended {
			err = ended(name)
		}
		readings = append(readings, model.Reading{Endpoint: name, Server: m.Server, Asked: []string{ping.String()}, Err: err})
	}
	slices.SortStableFunc(readings, func(a, b model.Reading) int { return cmp.Compare(a.Endpoint, b.Endpoint) })
	for i := range found.unmet {
		name := fmt.Sprintf("unknown server %d", i+1)
		readings = append(readings, model.Reading{Endpoint: name, Asked: []string{ping.String()}, Err: unmet(name)})
	}
	if found.odd != nil {
		err := failure(source.StepIdentity, s.label, found.odd)
		readings = append(readings, model.Reading{Endpoint: s.label, Asked: []string{ping.String()}, Err: err, Repeated: true})
	}
	return readings
}

// readEach reads the lists of the servers that answered, side by side.
func (s *Source) readEach(
	ctx context.Context, conn *nats.Conn, ping ping, answers map[string]answer, req source.Request,
) []model.Reading {
	servers := slices.SortedFunc(maps.Values(answers), func(a, b answer) int {
		return cmp.Or(cmp.Compare(a.server.Name, b.server.Name), cmp.Compare(a.server.ID, b.server.ID))
	})
	s.forgetBreakers(answers)
	called := s.called(answers)
	readings := make([]model.Reading, len(servers))
	slots := make(chan struct{}, maxConcurrent)
	var wg guard.Group
	for i, a := range servers {
		endpoint := called(a.server)
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			readings[i] = source.Guarded(ctx, endpoint, func() model.Reading {
				return s.readOne(ctx, reader{Source: s, conn: conn, endpoint: endpoint, answer: a, ping: ping}, req)
			})
		})
	}
	wg.Wait()
	return readings
}

// called is what each server is called: its name, with its id where several
// are expected that have one name.
func (s *Source) called(answers map[string]answer) func(model.Server) string {
	ids := map[string]string{}
	shared := map[string]bool{}
	see := func(server model.Server) {
		shared[server.Name] = shared[server.Name] || ids[server.Name] != "" && ids[server.Name] != server.ID
		ids[server.Name] = server.ID
	}
	for _, server := range s.roster.expected() {
		see(server)
	}
	for _, a := range answers {
		see(a.server)
	}
	return func(server model.Server) string {
		if shared[server.Name] {
			return server.Name + " " + server.ID
		}
		return server.Name
	}
}

// readOne reads a server unless its lists did not come in time lately.
func (s *Source) readOne(ctx context.Context, r reader, req source.Request) model.Reading {
	b := s.breakerOf(r.server.ID)
	if !req.Patient {
		probe := func(ctx context.Context) error {
			bounded, cancel := context.WithTimeout(ctx, s.bound)
			defer cancel()
			again := r
			return again.read(bounded, req).Err
		}
		if err := b.Open(ctx, probe); err != nil {
			return model.Reading{Endpoint: r.endpoint, Server: r.server, Asked: []string{r.ping.String()}, Err: err}
		}
	}
	reading := r.read(ctx, req)
	b.Note(reading.Err)
	return reading
}

func (s *Source) breakerOf(id string) *breaker.Breaker {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.breakers[id]
	if b == nil {
		b = &breaker.Breaker{}
		s.breakers[id] = b
		if s.closed {
			b.Retire()
		}
	}
	return b
}

// forgetBreakers drops those of servers that do not answer at all.
func (s *Source) forgetBreakers(answers map[string]answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.breakers, func(id string, b *breaker.Breaker) bool {
		_, answered := answers[id]
		if !answered {
			b.Retire()
		}
		return !answered
	})
}

// failed is what a read comes to that reached nobody: every server known is missing.
func (s *Source) failed(step source.Step, err error) []model.Reading {
	err = s.scope.explain(err)
	known := s.roster.expected()
	if len(known) == 0 {
		return []model.Reading{{Endpoint: s.label, Err: failure(step, s.label, err)}}
	}
	readings := make([]model.Reading, len(known))
	called := s.called(nil)
	for i, server := range known {
		name := called(server)
		readings[i] = model.Reading{Endpoint: name, Server: server, Err: failure(step, name, err)}
	}
	return readings
}

// Listen implements [source.Bell]. Of what servers tell, only who tells it is read:
// a user's JWT is in it.
func (s *Source) Listen(heard func(serverID string)) (stop func()) {
	subject := s.scope.stops()
	if subject == "" {
		return func() {}
	}
	return s.link.Listen(subject, func(told []byte) {
		var by struct {
			Server struct {
				ID string `json:"id"`
			} `json:"server"`
		}
		if json.Unmarshal(told, &by) == nil && by.Server.ID != "" {
			heard(by.Server.ID)
		}
	})
}

// Forget implements [source.Source].
func (s *Source) Forget(serverID string) { s.roster.forget(serverID) }

// Rest implements [source.Source].
func (s *Source) Rest() { s.link.Rest() }

// Close implements [source.Source].
func (s *Source) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, b := range s.breakers {
		b.Retire()
	}
	s.link.Close()
}
