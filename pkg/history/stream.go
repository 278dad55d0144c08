package history

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/natslink"
)

// view is the stream, over one connection.
type view struct {
	name   string
	link   *natslink.Link
	js     jetstream.JetStream
	stream jetstream.Stream
	info   *jetstream.StreamInfo
	// maxPayload is the largest message.
	maxPayload int
	created    bool
}

// open connects and asks about the stream; one that is not there is made, if the
// settings say so.
func open(ctx context.Context, link *natslink.Link, cfg Config, patient bool) (*view, error) {
	conn, err := link.Connection(ctx, patient)
	if err != nil {
		return nil, unconnected(cfg, err)
	}
	js, err := jetstream.New(conn)
	if err != nil {
		return nil, failure(cfg, source.StepStream, err)
	}
	v := &view{name: cfg.Stream, link: link, js: js, maxPayload: int(conn.MaxPayload())}
	asking, done := v.ask(ctx, "$JS.API.STREAM.INFO."+cfg.Stream)
	v.stream, err = js.Stream(asking, cfg.Stream)
	err = causeOf(asking, err)
	done()
	if errors.Is(err, jetstream.ErrStreamNotFound) && cfg.Create && cfg.Write {
		err = v.create(ctx, cfg)
	}
	if err != nil {
		return nil, failure(cfg, source.StepStream, err)
	}
	v.info = v.stream.CachedInfo()
	if most := int(v.info.Config.MaxMsgSize); most > 0 {
		v.maxPayload = min(v.maxPayload, most)
	}
	return v, nil
}

// beside is how a stream stands now, over the same connection.
func (v *view) beside(ctx context.Context, name string) (*view, error) {
	asking, done := v.ask(ctx, "$JS.API.STREAM.INFO."+name)
	defer done()
	stream, err := v.js.Stream(asking, name)
	if err != nil {
		return nil, causeOf(asking, err)
	}
	return &view{name: name, link: v.link, js: v.js, stream: stream, info: stream.CachedInfo(), maxPayload: v.maxPayload}, nil
}

// answerTimeout bounds each question: of an account without JetStream old releases
// take questions and never answer.
const answerTimeout = 5 * time.Second

// ask begins a question, as [natslink.Link.Ask] does.
func (v *view) ask(ctx context.Context, subject string) (asking context.Context, done func()) {
	limited, cancel := context.WithTimeout(ctx, answerTimeout)
	asking, answered := v.link.Ask(limited, subject)
	return asking, func() {
		answered()
		cancel()
	}
}

// maxReplicas is how many servers keep a stream that is made here, if they are there.
const maxReplicas = 3

// create makes the stream, with as many replicas as the account and the cluster have.
func (v *view) create(ctx context.Context, of Config) error {
	cfg := jetstream.StreamConfig{
		Name: of.Stream, Subjects: []string{of.Prefix + ".*"},
		Description: "What stopped on NATS servers, as the Grafana data source NATS Connections read it",
		MaxAge:      DefaultRetention, Storage: jetstream.FileStorage, Compression: jetstream.S2Compression,
		AllowDirect: true, Replicas: maxReplicas,
	}
	for ; ; cfg.Replicas = 1 {
		asking, done := v.ask(ctx, "$JS.API.STREAM.CREATE."+of.Stream)
		var err error
		v.stream, err = v.js.CreateStream(asking, cfg)
		err = causeOf(asking, err)
		done()
		switch {
		case errors.Is(err, jetstream.ErrStreamNameAlreadyInUse):
			// Another one made it just now.
			v.stream, err = v.js.Stream(ctx, of.Stream)
			return err
		case err == nil:
			v.created = true
			return nil
		case cfg.Replicas == 1 || ctx.Err() != nil || errors.Is(err, nats.ErrPermissionViolation):
			return err
		}
	}
}

// from is since when the stream has to be read for an age, by its own clock.
func (v *view) from(age time.Duration) time.Time {
	now := v.info.TimeStamp
	if now.IsZero() {
		// Before 2.10 it does not tell.
		now = time.Now()
	}
	return now.Add(-age - late)
}

// late is how long after it was read a record may be written, and how far clocks of
// the stream's servers may be apart.
const late = 10 * time.Minute

// causeOf is why a request failed, as the server said it apart from the request.
func causeOf(asking context.Context, err error) error {
	if err == nil {
		return nil
	}
	if cause := context.Cause(asking); cause != nil {
		return cause
	}
	return err
}

// takes reports whether the stream has the subjects of the history.
func (v *view) takes(prefix string) bool {
	return slices.ContainsFunc(v.info.Config.Subjects, func(subject string) bool { return covers(subject, prefix+".x") })
}

// covers reports whether a subject with wildcards has another one in it.
func covers(wide, subject string) bool {
	words, parts := strings.Split(wide, "."), strings.Split(subject, ".")
	for i, word := range words {
		switch {
		case word == ">":
			return i < len(parts)
		case i >= len(parts) || word != "*" && word != parts[i]:
			return false
		}
	}
	return len(words) == len(parts)
}
