package natsrequest

import (
	"context"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/breaker"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz/decode"
	"github.com/natsops/nats-connections-datasource/pkg/source/natslink"
)

const (
	// DefaultTimeout bounds one request when the data source sets no timeout.
	DefaultTimeout = 10 * time.Second
	// defaultPatience is how long servers are waited for that do not answer with the others.
	defaultPatience = 2 * time.Second
	maxConcurrent   = 64
)

// Source asks all servers at once.
type Source struct {
	link     *natslink.Link
	roster   *roster
	scope    scope
	label    string
	timeout  time.Duration
	patience time.Duration
	pageSize int
	bound    time.Duration
	waiting  sync.Mutex // held by who listens for late answers
	limits   limits

	mu       sync.Mutex
	breakers map[string]*breaker.Breaker // by server id
	closed   bool
}

var (
	_ source.Source = (*Source)(nil)
	_ source.Bell   = (*Source)(nil)
)

// Option changes a default of [New].
type Option func(*Source)

// WithPageSize sets how many records one request asks for.
func WithPageSize(records int) Option { return func(s *Source) { s.pageSize = records } }

// WithPatience sets how long servers are waited for that do not answer with the others.
func WithPatience(patience time.Duration) Option { return func(s *Source) { s.patience = patience } }

// WithBound sets how long a whole read may take.
func WithBound(bound time.Duration) Option { return func(s *Source) { s.bound = bound } }

// scope is what the login may see, and so what servers are asked.
type scope interface {
	// ping is what a read asks all servers first.
	ping(ctx context.Context, s *Source, conn *nats.Conn, req source.Request) (ping, error)
	// page asks the reader's server for a page of a list.
	page(r *reader, q question) (decode.Page, error)
	// tellLimits puts what servers allow into their answers, as far as that is known.
	tellLimits(ctx context.Context, s *Source, conn *nats.Conn, answers map[string]answer)
	// account is the only one that is seen; empty means all.
	account() string
	// stops is where servers tell of them; empty if they do not tell this login.
	stops() string
	// explain makes of an error what it means in this scope.
	explain(err error) error
	// silent is the error of a server that did not answer with the others.
	silent(endpoint string) *source.Error
}

// reader reads the lists of one server, which answered a ping.
type reader struct {
	*Source
	answer

	ctx      context.Context
	conn     *nats.Conn
	endpoint string
	ping     ping
	asked    []string
}

// question is what is asked of CONNZ (nats-server.md#requests-over-nats).
type question struct {
	// State is a number here, unlike over HTTP: 0 is open, 1 closed.
	State  int    `json:"state"`
	Sort   string `json:"sort"`
	Auth   bool   `json:"auth"`
	Offset int    `json:"offset,omitempty"`
	Limit  int    `json:"limit"`
	CID    uint64 `json:"cid,omitempty"`
	// ServerName lets others be silent, save those whose names contain it
	// where ExactMatch is unknown (before 2.12).
	ServerName string `json:"server_name,omitempty"`
	ExactMatch bool   `json:"exact_match,omitempty"`
}

var lists = map[source.Step]question{
	source.StepOpen:   {State: 0, Sort: "cid", Auth: true},
	source.StepClosed: {State: 1, Sort: "stop", Auth: true},
}

func pageOf(list source.Step, offset, limit int) question {
	q := lists[list]
	q.Offset, q.Limit = offset, limit
	return q
}
