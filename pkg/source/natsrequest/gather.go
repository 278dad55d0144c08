package natsrequest

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/natsops/nats-connections-datasource/pkg/guard"
	"github.com/natsops/nats-connections-datasource/pkg/source/membership"
	"github.com/natsops/nats-connections-datasource/pkg/source/natslink"
)

// lull is how long nobody may answer before all are taken to have answered,
// where nobody says how many there are.
const lull = 300 * time.Millisecond

// gathered is who answered, and who did not.
type gathered struct {
	answers map[string]answer // by server id: over leafnodes one may answer twice
	silent  []*membership.Member
	unmet   int
	// odd is what was wrong with an answer of nobody.
	odd error
}

// gather asks all servers who they are. If none answers, ours may hang, so
// another one is asked; if ours is lost, whoever takes over.
func (s *Source) gather(ctx context.Context, conn *nats.Conn, ping ping, patient bool) (gathered, error) {
	found, err := s.round(ctx, conn, ping, patient)
	switch {
	case err == nil && len(found.answers) > 0:
		return found, nil
	case err == nil:
		err = s.link.Renew()
	case errors.Is(err, natslink.ErrLost):
		err = nil
	}
	if err != nil {
		return gathered{}, err
	}
	if err := s.link.Back(ctx, s.patience); err != nil {
		return gathered{}, err
	}
	found, err = s.round(ctx, conn, ping, patient)
	if err == nil && len(found.answers) == 0 {
		err = context.DeadlineExceeded
	}
	return found, err
}

// round makes one request and takes the answers until everybody answered who
// is expected to, or it is not worth waiting longer.
func (s *Source) round(ctx context.Context, conn *nats.Conn, ping ping, patient bool) (gathered, error) {
	asking, done := s.link.Ask(ctx, ping.subject)
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
	if err := conn.PublishMsg(ping.message(inbox)); err != nil {
		return gathered{}, err
	}
	wait := s.timeout
	if !patient {
		wait = min(wait, s.patience)
	}
	found, err := s.collect(asking, sub, ping, wait, patient)
	switch {
	case err != nil:
		return gathered{}, err
	case len(found.answers) == 0:
		return gathered{}, found.odd
	}
	found.silent, found.unmet = s.roster.note(found.answers, time.Now())
	missing := len(found.silent) > 0 || found.unmet > 0 || ping.uncounted
	if late = missing && s.waiting.TryLock(); late {
		alone := context.WithoutCancel(ctx)
		go func() {
			_ = guard.Run(alone, "waiting for late answers", func() { s.listen(alone, sub, ping) })
		}()
	}
	return found, nil
}

// collect takes answers until it is not worth waiting for more. Anybody in the
// account may answer, so one that is none costs itself alone.
func (s *Source) collect(ctx context.Context, sub *nats.Subscription, ping ping, wait time.Duration, patient bool) (gathered, error) {
	asked := time.Now()
	bounded, enough := context.WithCancel(ctx)
	defer enough()
	timer := time.AfterFunc(wait, enough)
	defer timer.Stop()
	strangers := ping.uncounted && (patient || !s.roster.met())
	found := gathered{answers: map[string]answer{}}
	for {
		a, err := receive(ctx, bounded, sub, ping.decode)
		var odd *undecodableError
		switch {
		case errors.As(err, &odd):
			found.odd = odd
			continue
		case err != nil && ctx.Err() == nil && bounded.Err() != nil:
			return found, nil
		case err != nil:
			return gathered{}, err
		}
		// Over leafnodes one may answer twice; the first says best what time it is.
		if _, twice := found.answers[a.server.ID]; !twice {
			if len(found.answers) == membership.Most {
				found.odd = errMany
				return found, nil
			}
			a.asked = asked
			found.answers[a.server.ID] = a
		}
		switch {
		case s.roster.waits(found.answers, patient):
		case strangers:
			timer.Reset(min(wait, lull))
		default:
			return found, nil
		}
	}
}

// receive takes one answer, until bounded ends. Where ctx ended, its cause says why.
func receive(ctx, bounded context.Context, sub *nats.Subscription, decode func(*nats.Msg) (answer, error)) (answer, error) {
	msg, err := sub.NextMsgWithContext(bounded)
	switch {
	case err != nil && ctx.Err() != nil:
		return answer{}, context.Cause(ctx)
	case err != nil:
		return answer{}, err
	case len(msg.Data) == 0 && msg.Header.Get("Status") == noResponders:
		return answer{}, nats.ErrNoResponders
	}
	came := time.Now()
	a, err := decode(msg)
	if err != nil {
		return a, &undecodableError{err}
	}
	a.came = came
	return a, nil
}

// listen hears who answers too late for the round that asked, so that the next
// round waits for them again. It ends with the connection at the latest.
func (s *Source) listen(ctx context.Context, sub *nats.Subscription, ping ping) {
	defer s.waiting.Unlock()
	defer func() { _ = sub.Unsubscribe() }()
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	for {
		msg, err := sub.NextMsgWithContext(ctx)
		if err != nil {
			return
		}
		if a, err := ping.decode(msg); err == nil {
			s.roster.hear(a, time.Now())
		}
	}
}

// tellLimits puts what servers allow into their answers, as far as that is known, and
// asks for it now and then.
func (s *Source) tellLimits(ctx context.Context, conn *nats.Conn, answers map[string]answer) {
	if !s.limits.due(answers) {
		return
	}
	alone := context.WithoutCancel(ctx)
	go func() { _ = guard.Run(alone, "asking for limits", func() { s.askLimits(alone, conn) }) }()
}

// askLimits asks all servers, and takes what comes in time. It ends with the
// connection at the latest.
func (s *Source) askLimits(ctx context.Context, conn *nats.Conn) {
	asking, done := s.link.Ask(ctx, subjectVarz)
	defer done()
	bounded, cancel := context.WithTimeout(asking, s.timeout)
	defer cancel()
	inbox := conn.NewInbox()
	sub, err := conn.SubscribeSync(inbox)
	if err != nil {
		return
	}
	defer func() { _ = sub.Unsubscribe() }()
	msg := nats.NewMsg(subjectVarz)
	msg.Reply = inbox
	msg.Header.Set("Accept-Encoding", compression)
	if conn.PublishMsg(msg) != nil {
		return
	}
	for missing := s.limits.count(); missing > 0; {
		reply, err := sub.NextMsgWithContext(bounded)
		if err != nil {
			s.limits.wait(asking.Err() != nil && ctx.Err() == nil)
			return
		}
		if s.limits.take(reply) {
			missing--
		}
	}
}
