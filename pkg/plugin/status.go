package plugin

import (
	"errors"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/beyond"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/notices"
	"github.com/natsops/nats-connections-datasource/pkg/settings"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// faulty is an error of ours.
func faulty(err error) backend.DataResponse {
	return backend.ErrDataResponseWithSource(backend.StatusInternal, backend.ErrorSourcePlugin, sentenceCase(err.Error()))
}

// badRequest is an error that the author of the query or the settings can mend.
func badRequest(err error) backend.DataResponse {
	return backend.ErrDataResponseWithSource(backend.StatusBadRequest, backend.ErrorSourceDownstream, err.Error())
}

// unanswered is the error of a query that no server answered; the inspector
// still shows what was asked.
func unanswered(snapshot ledger.Snapshot) backend.DataResponse {
	var sentences []string
	for _, server := range snapshot.Servers {
		sentences = append(sentences, server.Err.Error())
	}
	const named = 3
	if more := len(sentences) - named; more > 0 {
		sentences = append(sentences[:named], "…")
	}
	response := backend.ErrDataResponseWithSource(
		statusOf(snapshot.Servers[0].Err), backend.ErrorSourceDownstream, "No server answered. "+strings.Join(sentences, " "))
	frame := data.NewFrame("")
	describe(frame, "", snapshot)
	response.Frames = data.Frames{frame}
	return response
}

// unfinished is the error of an alert rule whose number is not counted to the end.
func unfinished(s beyond.State) backend.DataResponse {
	var sentences []string
	for _, notice := range notices.Unfinished(s) {
		sentences = append(sentences, notice.Text)
	}
	return backend.ErrDataResponseWithSource(backend.StatusTimeout, backend.ErrorSourceDownstream, strings.Join(sentences, " "))
}

// statusOf is the HTTP status that stands for the kind of failure.
func statusOf(err error) backend.Status {
	var typed *source.Error
	if errors.Is(err, settings.ErrNoURL) {
		return backend.StatusBadRequest
	}
	if !errors.As(err, &typed) {
		return backend.StatusBadGateway
	}
	switch typed.Kind {
	case source.KindAuth:
		return backend.StatusUnauthorized
	case source.KindPermission:
		return backend.StatusForbidden
	case source.KindTimeout:
		return backend.StatusTimeout
	case source.KindInternal:
		return backend.StatusInternal
	case source.KindTLS, source.KindNetwork, source.KindNoResponders, source.KindConfiguration, source.KindProtocol,
		source.KindCanceled:
	}
	return backend.StatusBadGateway
}
