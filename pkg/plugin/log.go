package plugin

import (
	"context"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

func logSync(ctx context.Context, readings []model.Reading, took time.Duration) {
	var answered, rings, records int
	for _, r := range readings {
		if r.Err == nil {
			answered++
		}
		if r.Ring == model.RingRead {
			rings++
		}
		records += len(r.Closed) + len(r.Open)
	}
	backend.Logger.FromContext(ctx).Debug("Servers read", "duration", took.String(), "servers", len(readings),
		"answered", answered, "ringReads", rings, "records", records)
}

func logMissing(ctx context.Context, snapshot ledger.Snapshot) {
	logger := backend.Logger.FromContext(ctx)
	for _, server := range snapshot.Servers {
		if !server.Answered {
			logger.Debug("Server did not answer", "server", server.Label, "error", server.Err)
		}
	}
}
