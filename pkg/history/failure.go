package history

import (
	"context"
	"errors"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/natsops/nats-connections-datasource/pkg/guard"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/natslink"
)

// settings is what the settings of the connection are called.
const settings = "history"

// errSubjects is about a stream that does not have the subjects of the history.
var errSubjects = errors.New("the stream has other subjects")

// errBehind is about a reader whose replica does not have yet what the stream told of.
var errBehind = errors.New("a replica of the stream is behind")

func unconnected(cfg Config, err error) *source.Error {
	return natslink.Problem(settings, source.StepConnect, strings.Join(cfg.NATS.Servers, ", "), err)
}

// problem is what an error means: for whom, and what helps.
type problem struct {
	is             func(error) bool
	kind           source.Kind
	sentence, hint string
}

func oneOf(targets ...error) func(error) bool {
	return func(err error) bool {
		for _, target := range targets {
			if errors.Is(err, target) {
				return true
			}
		}
		return false
	}
}

// refusals are how a server says that there is no room; their codes differ by version.
func saying(texts ...string) func(error) bool {
	return func(err error) bool {
		var api *jetstream.APIError
		if !errors.As(err, &api) {
			return false
		}
		for _, text := range texts {
			if strings.Contains(api.Description, text) {
				return true
			}
		}
		return false
	}
}

var problems = []problem{
	{oneOf(nats.ErrPermissionViolation), source.KindPermission, "The login of the history may not do this.",
		"Let the user publish and subscribe to what docs/history.md lists for it."},
	// A refusal cancels the request, and so comes before.
	{oneOf(context.Canceled, natslink.ErrClosed), source.KindCanceled, "The query was cancelled.", ""},
	{oneOf(guard.ErrInternal), source.KindInternal, "The history failed because of an internal error of the plugin.",
		"See Grafana's log, and report what it says there."},
	{oneOf(jetstream.ErrStreamNotFound), source.KindConfiguration, "There is no such stream.",
		"Make it, or let it be made (history.create); see that the login is of the account that has it."},
	{oneOf(errSubjects), source.KindConfiguration, "The stream does not take the history's subjects.",
		"Give the stream the subject that begins with the prefix (history.prefix), a dot and an asterisk behind it, or set the prefix that it has."},
	{oneOf(jetstream.ErrJetStreamNotEnabled, jetstream.ErrJetStreamNotEnabledForAccount), source.KindConfiguration,
		"The account of the history has no JetStream.",
		"Use a login of an account that has JetStream, which the system account cannot have."},
	{oneOf(jetstream.ErrMaximumConsumersLimit), source.KindProtocol, "The stream has as many consumers as it may.",
		"Raise max_consumers of the stream or of its account: who reads takes one at a time, and leaves it for five seconds."},
	{saying("maximum messages exceeded", "maximum bytes exceeded", "maximum messages per subject exceeded", "resource limits exceeded", "insufficient", "exceeded"),
		source.KindProtocol, "The stream is full.",
		"Raise its limits, or those of the account or the disk; or let it drop the oldest (discard: old)."},
	{oneOf(jetstream.ErrStreamMessageExceedsMaximum, nats.ErrMaxPayload), source.KindProtocol, "The stream takes no messages of that size.",
		"Raise max_msg_size of the stream, or remove it."},
	{oneOf(errBehind), source.KindTimeout, "A replica of the stream is behind the others.",
		"It is asked again; where it stays behind, see the log of the servers that keep the stream."},
	{oneOf(nats.ErrNoResponders, jetstream.ErrNoStreamResponse), source.KindNoResponders, "Nobody answers for the stream.",
		"See whether JetStream runs, whether the stream has a leader, and whether it takes the history's subjects."},
}

// failure classifies what went wrong between us and the stream.
func failure(cfg Config, step source.Step, err error) *source.Error {
	var typed *source.Error
	if errors.As(err, &typed) {
		return typed
	}
	for _, p := range problems {
		if p.is(err) {
			return &source.Error{Kind: p.kind, Step: step, Endpoint: cfg.Stream, Sentence: p.sentence, Hint: p.hint, Cause: err}
		}
	}
	if natslink.IsTimeout(err) {
		return &source.Error{Kind: source.KindTimeout, Step: step, Endpoint: cfg.Stream, Sentence: "The stream did not answer in time.",
			Hint: "See whether it has a leader, whether its servers are overloaded, and whether the account of the login has JetStream.", Cause: err}
	}
	var api *jetstream.APIError
	if errors.As(err, &api) {
		return &source.Error{Kind: source.KindProtocol, Step: step, Endpoint: cfg.Stream, Sentence: "JetStream refused: " + api.Description + ".",
			Hint: "See the servers' log.", Cause: err}
	}
	return unconnected(cfg, err)
}
