package httpmonitor

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source/breaker"
)

// endpoint is where one server's monitoring answers.
type endpoint struct {
	config
	client *http.Client
	base   string
	// host is the Host header, if base has an address instead of a name.
	host    string
	label   string
	breaker breaker.Breaker
	fresh   freshness
}

// freshness notices a server whose clock stands still: its answers are kept by
// something on the way.
type freshness struct {
	mu     sync.Mutex
	server string
	now    time.Time
	since  time.Time
}

// reply is an answer, and when it was asked for and began to arrive.
type reply struct {
	body            []byte
	asked, answered time.Time
	// age is what a cache on the way says of it.
	age time.Duration
}

// reader reads one server once.
type reader struct {
	*endpoint
	ctx context.Context
	// patient: each request has a connection of its own.
	patient bool
	// server is who is read, and heard the reply that said so.
	server model.Server
	heard  reply

	mu    sync.Mutex
	asked *[]string
	bytes *int64
}

func (r *reader) note(request string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	*r.asked = append(*r.asked, request)
}

func (r *reader) weigh(bytes int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	*r.bytes += bytes
}

func (r *reader) requests() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(*r.asked)
}
