package natslink

import (
	"cmp"
	"net"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

// route decides which address is tried next while the connection is lost: the
// configured ones first, then one that servers told of and a configured one by
// turns, so that those that lead nowhere cost one short attempt each.
type route struct {
	configured map[string]bool // by host and port

	mu    sync.Mutex
	at    string              // where the connection is, or was
	tries map[string]attempts // since it was lost
	own   bool                // whether the last one tried is configured
}

func newRoute(servers []string) *route {
	r := &route{configured: map[string]bool{}, tries: map[string]attempts{}}
	for _, server := range servers {
		r.configured[addressOf(server)] = true
	}
	return r
}

// addressOf is host and port of a URL, as the library writes them.
func addressOf(server string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server
	}
	if u.Port() != "" {
		return u.Host
	}
	port := map[string]string{"ws": "80", "wss": "443"}[u.Scheme]
	return net.JoinHostPort(u.Hostname(), cmp.Or(port, "4222"))
}

// found begins anew: the connection is at this URL.
func (r *route) found(server string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.at, r.own = addressOf(server), false
	clear(r.tries)
}

// avoid lets others be tried before the address where the connection is.
func (r *route) avoid() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tries[r.at], r.own = attempts{count: 1}, true
}

// next chooses among addresses, and says how long to wait before it is tried.
func (r *route) next(pool []string, now time.Time) (string, time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var own, told []string
	for _, address := range pool {
		if r.configured[address] {
			own = append(own, address)
		} else {
			told = append(told, address)
		}
	}
	for _, list := range [][]string{own, told} {
		slices.SortStableFunc(list, func(a, b string) int {
			return cmp.Or(cmp.Compare(r.tries[a].count, r.tries[b].count), cmp.Compare(isSame(a, r.at), isSame(b, r.at)))
		})
	}
	isNew := len(own) > 0 && r.tries[own[0]].count == 0
	r.own = len(told) == 0 || len(own) > 0 && (isNew || !r.own)
	chosen := append(own, told...)[0]
	if !r.own {
		chosen = told[0]
	}
	wait := time.Duration(0)
	if before := r.tries[chosen].last; !before.IsZero() {
		// The clock's own noise is as good as any other.
		wait = max(0, before.Add(r.tries[chosen].rest(time.Duration(now.Nanosecond()))).Sub(now))
	}
	tried := r.tries[chosen]
	tried.count, tried.last = tried.count+1, now.Add(wait)
	r.tries[chosen] = tried
	return chosen, wait
}

// opened notes that somebody answers at an address; whether we are let in is
// another matter.
func (r *route) opened(address string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	tried := r.tries[address]
	tried.opened++
	r.tries[address] = tried
}

// allowance is how long the attempt at an address may take.
func (r *route) allowance(address string, timeout time.Duration) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.configured[address] {
		return timeout
	}
	allowed := discoveredTimeout
	for i := 1; i < r.tries[address].count && allowed < timeout; i++ {
		allowed *= 2
	}
	return min(allowed, timeout)
}

func isSame(a, b string) int {
	if a == b {
		return 1
	}
	return 0
}

// choose is next for the library.
func (r *route) choose(servers []nats.Server, _ nats.ServerInfo) (*nats.Server, time.Duration) {
	pool := make([]string, len(servers))
	for i, server := range servers {
		pool[i] = server.URL.Host
	}
	address, wait := r.next(pool, time.Now())
	return &servers[slices.Index(pool, address)], wait
}
