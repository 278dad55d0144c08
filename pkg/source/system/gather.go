package system

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/natsops/nats-connections-datasource/pkg/stops"
)

const subjectStatsz = "$SYS.REQ.SERVER.PING.STATSZ"

// gathered is who answered, and who did not.
type gathered struct {
	answers map[string]answer // by server id: over leafnodes one may answer twice
	silent  []stops.Server
	unmet   int
}

// gather asks all servers who they are. If none answers, ours may hang, so
// another one is asked; if ours is lost, whoever takes over.
func (s *Source) gather(ctx context.Context, conn *nats.Conn, patient bool) (gathered, error) {
	found, err := s.round(ctx, conn, patient)
	switch {
	case err == nil && len(found.answers) > 0:
		return found, nil
	case err == nil:
		err = s.link.renew()
	case errors.Is(err, errLost):
		err = nil
	}
	if err != nil {
		return gathered{}, err
	}
	if err := s.link.back(ctx, s.patience); err != nil {
		return gathered{}, err
	}
	found, err = s.round(ctx, conn, patient)
	if err == nil && len(found.answers) == 0 {
		err = context.DeadlineExceeded
	}
	return found, err
}

// round makes one request and takes the answers until everybody answered who
// is expected to, or it is not worth waiting longer.
func (s *Source) round(ctx context.Context, conn *nats.Conn, patient bool) (gathered, error) {
	asking, done := s.link.ask(ctx, subjectStatsz)
	defer done()
	inbox := conn.NewInbox()
	sub, err := conn.SubscribeSync(inbox)
	if err != nil {
		return gathered{}, err
	}
	late := false
	defer func() {
		if !late {
			_ = sub.Unsubscribe()
		}
	}()
	if err := conn.PublishRequest(subjectStatsz, inbox, nil); err != nil {
		return gathered{}, err
	}
	wait := s.timeout
	if !patient {
		wait = min(wait, s.patience)
	}
	answers, err := s.collect(asking, sub, wait, patient)
	if err != nil {
		return gathered{}, err
	}
	if len(answers) == 0 {
		return gathered{}, nil
	}
	found := gathered{answers: answers}
	found.silent, found.unmet = s.roster.note(answers, time.Now())
	if late = (len(found.silent) > 0 || found.unmet > 0) && s.waiting.TryLock(); late {
		go s.listen(context.WithoutCancel(ctx), sub)
	}
	return found, nil
}

func (s *Source) collect(ctx context.Context, sub *nats.Subscription, wait time.Duration, patient bool) (map[string]answer, error) {
	bounded, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	answers := map[string]answer{}
	for {
		msg, err := sub.NextMsgWithContext(bounded)
		switch {
		case err == nil:
		case ctx.Err() != nil:
			return nil, context.Cause(ctx)
		case errors.Is(err, context.DeadlineExceeded):
			return answers, nil
		default:
			return nil, err
		}
		if len(msg.Data) == 0 && msg.Header.Get("Status") == noResponders {
			return nil, nats.ErrNoResponders
		}
		a, err := decodeStatsz(msg.Data)
		if err != nil {
			return nil, &undecodableError{err}
		}
		answers[a.server.ID] = a
		if !s.roster.waits(answers, patient) {
			return answers, nil
		}
	}
}

// noResponders is the status that stands for an answer when nobody may give one.
const noResponders = "503"

// listen hears who answers too late for the round that asked, so that the next
// round waits for them again. It ends with the connection at the latest.
func (s *Source) listen(ctx context.Context, sub *nats.Subscription) {
	defer s.waiting.Unlock()
	defer func() { _ = sub.Unsubscribe() }()
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	for {
		msg, err := sub.NextMsgWithContext(ctx)
		if err != nil {
			return
		}
		if a, err := decodeStatsz(msg.Data); err == nil {
			s.roster.hear(a, time.Now())
		}
	}
}
