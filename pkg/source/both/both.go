// Package both reads servers over HTTP and over NATS side by side, and answers
// once for each.
package both

import (
	"context"
	"errors"
	"sync"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// Source merges two sources.
type Source struct {
	http, nats source.Source

	mu sync.Mutex
	// names are which server answered last at a URL.
	names map[string]string
}

var _ source.Source = (*Source)(nil)

// New makes a source that takes over, and closes, the given ones.
func New(http, nats source.Source) *Source {
	return &Source{http: http, nats: nats, names: map[string]string{}}
}

// Read implements [source.Source]: first the URLs in their order, then the
// servers that have none.
func (s *Source) Read(ctx context.Context, req source.Request) []model.Reading {
	var overHTTP, overNATS []model.Reading
	var wg sync.WaitGroup
	wg.Go(func() { overHTTP = s.http.Read(ctx, req) })
	wg.Go(func() { overNATS = s.nats.Read(ctx, req) })
	wg.Wait()
	return s.merge(overHTTP, overNATS)
}

// Rest implements [source.Source].
func (s *Source) Rest() {
	s.http.Rest()
	s.nats.Rest()
}

// Close implements [source.Source].
func (s *Source) Close() {
	s.http.Close()
	s.nats.Close()
}

// merge prefers what came over HTTP: one page holds a ring there, the counters
// know leafnodes, and servers in lame duck mode answer there alone
// (nats-server.md#lame-duck-silences-the-system-account).
func (s *Source) merge(overHTTP, overNATS []model.Reading) []model.Reading {
	s.mu.Lock()
	defer s.mu.Unlock()
	urls := map[string]int{} // of server names
	onlyHTTP := map[string]bool{}
	for i, r := range overHTTP {
		if r.Repeated {
			continue
		}
		if r.Err == nil {
			s.names[r.Endpoint] = r.Server.Name
			onlyHTTP[r.Server.ID] = true
		}
		name := r.Server.Name
		if name == "" {
			name = s.names[r.Endpoint]
		}
		if name != "" {
			urls[name] = i
		}
	}
	for _, r := range overNATS {
		delete(onlyHTTP, r.Server.ID)
	}
	merged := overHTTP
	for _, r := range overNATS {
		// One that others count without knowing it may be one that answered here.
		if errors.Is(r.Err, source.ErrUnmet) && len(onlyHTTP) > 0 {
			for id := range onlyHTTP {
				delete(onlyHTTP, id)
				break
			}
			continue
		}
		i, listed := urls[nameOf(r)]
		switch {
		case !listed, merged[i].Err == nil && r.Err == nil && merged[i].Server.ID != r.Server.ID:
			merged = append(merged, r)
		case merged[i].Err != nil && r.Err == nil:
			r.Endpoint, r.Asked = merged[i].Endpoint, append(merged[i].Asked, r.Asked...)
			merged[i] = r
		default:
			merged[i].Asked = append(merged[i].Asked, r.Asked...)
		}
	}
	return merged
}

// nameOf is the server's name, which endpoints of NATS are called by.
func nameOf(r model.Reading) string {
	if r.Server.Name != "" {
		return r.Server.Name
	}
	return r.Endpoint
}
