package history

import (
	"context"
	"slices"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/natsops/nats-connections-datasource/pkg/history/block"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/natslink"
)

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
	// Writers are who wrote the last blocks, apart from this process.
	Writers []string
	// Recent are those server processes of which a block was written within [Late], each
	// as it stood.
	Recent []ledger.Standing
	// Captured is how many advisories others captured, OldestCaptured when the first
	// was, zero if there is none.
	Captured       uint64
	OldestCaptured time.Time
}

const (
	// lastBlocks is how many blocks are looked at for who writes.
	lastBlocks = 50
	// never is a sequence that no subject gets to, so that nothing is appended behind it.
	never = 1 << 60
)

// Examine walks the way of a history step by step: connection, stream, reading,
// appending. Its errors are [*source.Error], of the step that failed, or that the
// settings cannot be used.
func Examine(ctx context.Context, opts httpclient.Options, cfg Config) (Facts, error) {
	link, err := natslink.New(ctx, opts, cfg.NATS, dialTimeout)
	if err != nil {
		return Facts{}, err
	}
	defer link.Close()
	v, err := open(ctx, link, cfg, true)
	if err != nil {
		return Facts{}, err
	}
	state, limits := v.info.State, v.info.Config
	facts := Facts{
		Blocks: state.Msgs, Bytes: state.Bytes, MaxAge: limits.MaxAge, MaxBytes: max(limits.MaxBytes, 0),
		MaxBlocks: max(limits.MaxMsgs, 0), Replicas: limits.Replicas, Created: v.created,
	}
	if state.Msgs > 0 {
		facts.Oldest, facts.Newest = state.FirstTime, state.LastTime
		from := state.LastSeq - min(lastBlocks-1, state.LastSeq-state.FirstSeq)
		err := v.each(ctx, scope{subject: cfg.Prefix + ".*", fromSequence: from}, func(m message) error {
			if b, err := block.Decode(m.data); err == nil {
				_, ours := cfg.serverOf(m.subject)
				facts.note(&b, ours && m.at.After(v.from(0)))
			}
			return nil
		})
		if err != nil {
			return facts, failure(cfg, source.StepRecall, err)
		}
	}
	if err := v.examineCaptured(ctx, cfg, &facts); err != nil || !cfg.Write {
		return facts, err
	}
	if !v.takes(cfg.Prefix) {
		return facts, failure(cfg, source.StepAppend, errSubjects)
	}
	if err := v.tryToAppend(ctx, cfg); err != nil {
		return facts, err
	}
	facts.Appends = true
	return facts, nil
}

// note notes who wrote a block and, if it is a recent one, of whom.
func (f *Facts) note(b *block.Block, recent bool) {
	if b.Writer != self && !slices.Contains(f.Writers, b.Writer) {
		f.Writers = append(f.Writers, b.Writer)
	}
	if !recent {
		return
	}
	f.Recent = slices.DeleteFunc(f.Recent, func(s ledger.Standing) bool { return s.Server.ID == b.Server.ID })
	f.Recent = append(f.Recent, b.Standing)
}

// examineCaptured looks at what others captured, and reads the last of it.
func (v *view) examineCaptured(ctx context.Context, cfg Config, facts *Facts) error {
	if cfg.Captured == "" {
		return nil
	}
	other, err := v.beside(ctx, cfg.Captured)
	if err == nil && other.info.State.Msgs > 0 {
		facts.Captured, facts.OldestCaptured = other.info.State.Msgs, other.info.State.FirstTime
		err = other.each(ctx, scope{fromSequence: other.info.State.LastSeq}, func(message) error { return nil })
	}
	if err != nil {
		return failure(cfg.ofCaptured(), source.StepRecall, err)
	}
	return nil
}

// tryToAppend asks for an append that cannot be: the stream refuses its place, and
// nobody else refuses it before.
func (v *view) tryToAppend(ctx context.Context, cfg Config) error {
	subject := cfg.Prefix + ".examined"
	asking, done := v.ask(ctx, subject)
	defer done()
	_, err := v.js.PublishMsg(asking, nats.NewMsg(subject), jetstream.WithExpectStream(cfg.Stream),
		jetstream.WithExpectLastSequencePerSubject(never), jetstream.WithRetryAttempts(1))
	if err == nil || isConflict(err) {
		return nil
	}
	return failure(cfg, source.StepAppend, causeOf(asking, err))
}
