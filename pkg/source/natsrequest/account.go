package natsrequest

import (
	"context"
	"encoding/json"
	"errors"
	"sync"

	"github.com/nats-io/nats.go"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz/decode"
	"github.com/natsops/nats-connections-datasource/pkg/source/natslink"
)

// accountScope is that of any other account: its own connections, and nothing
// about servers but who they are.
type accountScope struct {
	mu  sync.Mutex
	own identity
}

// identity is who a connection is, as its server says.
type identity struct {
	serverID string
	cid      uint64
	account  string
}

// ping asks for the list itself: a page of it is the only thing to be had.
func (a *accountScope) ping(ctx context.Context, s *Source, conn *nats.Conn, req source.Request) (ping, error) {
	if err := a.identify(ctx, s, conn); err != nil {
		return ping{}, err
	}
	p := ping{subject: subjectAccount, decode: decodePage, list: source.StepOpen, limit: s.pageSize, uncounted: true}
	if req.Closed {
		p.list = source.StepClosed
		if req.Plan != nil && s.roster.met() {
			p.limit = min(connz.FirstLook, s.pageSize)
		}
	}
	var err error
	p.body, err = json.Marshal(pageOf(p.list, 0, p.limit))
	return p, err
}

// identify finds out whose the login is, once per connection.
func (a *accountScope) identify(ctx context.Context, s *Source, conn *nats.Conn) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	cid, err := conn.GetClientID()
	if err != nil {
		return natslink.ErrLost
	}
	serverID, name := conn.ConnectedServerId(), conn.ConnectedServerName()
	if a.own.serverID != serverID || a.own.cid != cid {
		q := pageOf(source.StepOpen, 0, 1)
		q.CID, q.ServerName, q.ExactMatch = cid, name, true
		body, err := json.Marshal(q)
		if err != nil {
			return err
		}
		found, err := s.askOne(ctx, conn, serverID, body)
		if err != nil {
			return err
		}
		if now, err := conn.GetClientID(); err != nil || now != cid || conn.ConnectedServerId() != serverID {
			return natslink.ErrLost
		}
		if len(found.page.Rows) == 0 {
			return errOfSystem
		}
		a.own = identity{serverID, cid, found.page.Rows[0].Account}
	}
	if a.own.account == model.GlobalAccount {
		return errOfGlobal
	}
	return nil
}

// tellLimits: an ordinary account is told nothing of the servers.
func (a *accountScope) tellLimits(context.Context, *Source, *nats.Conn, map[string]answer) {}

func (a *accountScope) account() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.own.account
}

// page asks all servers of the name: an account may not address one by its id.
func (a *accountScope) page(r *reader, q question) (decode.Page, error) {
	q.ServerName, q.ExactMatch = r.server.Name, true
	body, err := r.note(subjectAccount, q)
	if err != nil {
		return decode.Page{}, err
	}
	found, err := r.askOne(r.ctx, r.conn, r.server.ID, body)
	r.bytes += found.bytes
	return found.page, err
}

// askOne takes the answer of one server out of those that come.
func (s *Source) askOne(ctx context.Context, conn *nats.Conn, serverID string, body []byte) (answer, error) {
	asking, done := s.link.Ask(ctx, subjectAccount)
	defer done()
	bounded, cancel := context.WithTimeout(asking, s.timeout)
	defer cancel()
	inbox := conn.NewInbox()
	sub, err := conn.SubscribeSync(inbox)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = sub.Unsubscribe() }()
	if err := conn.PublishMsg(ping{subject: subjectAccount, body: body}.message(inbox)); err != nil {
		return answer{}, err
	}
	var odd *undecodableError
	for {
		found, err := receive(asking, bounded, sub, decodePage)
		switch {
		case errors.As(err, &odd) && found.server.ID != serverID:
			// Whoever it is of, ours is still to come.
		case err != nil && odd != nil && asking.Err() == nil:
			return found, odd
		case err != nil, found.server.ID == serverID:
			return found, err
		}
	}
}

func (a *accountScope) explain(err error) error {
	switch {
	case errors.Is(err, nats.ErrNoResponders):
		return errNoAccount
	case errors.Is(err, nats.ErrPermissionViolation):
		return errMayNot
	}
	return err
}

func (*accountScope) stops() string { return "" }

func (a *accountScope) silent(endpoint string) *source.Error {
	return problem{source.KindTimeout, "It did not answer when the other servers did.",
		"Check that it runs. A server in lame duck mode does not answer accounts; it is about to end."}.
		of(source.StepIdentity, endpoint, nil)
}
