package reads

import (
	"context"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

func logRead(ctx context.Context, readings []model.Reading, took time.Duration) {
	logger := backend.Logger.FromContext(ctx)
	var answered, rings, records int
	for _, r := range readings {
		if r.Err == nil {
			answered++
		} else {
			logger.Debug("Server did not answer", "endpoint", r.Endpoint, "error", r.Err)
		}
		if r.Ring == model.RingRead {
			rings++
		}
		records += len(r.Closed) + len(r.Open)
	}
	logger.Debug("Servers read", "duration", took.String(), "servers", len(readings),
		"answered", answered, "ringReads", rings, "records", records)
}
