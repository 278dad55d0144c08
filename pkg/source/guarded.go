package source

import (
	"context"

	"github.com/natsops/nats-connections-datasource/pkg/guard"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// Guarded reads one server; a panic costs this reading alone.
func Guarded(ctx context.Context, endpoint string, read func() model.Reading) model.Reading {
	var r model.Reading
	if fault := guard.Run(ctx, "the read of "+endpoint, func() { r = read() }); fault != nil {
		return model.Reading{Endpoint: endpoint, Err: &Error{
			Kind: KindInternal, Step: StepIdentity, Endpoint: endpoint,
			Sentence: "It could not be read because of an internal error of the plugin.",
			Hint:     "See Grafana's log, and report what it says there.",
			Cause:    fault,
		}}
	}
	return r
}
