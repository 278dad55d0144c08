package plugin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/answer"
	"github.com/natsops/nats-connections-datasource/pkg/frames"
	"github.com/natsops/nats-connections-datasource/pkg/guard"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/live"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/notices"
	"github.com/natsops/nats-connections-datasource/pkg/query"
	"github.com/natsops/nats-connections-datasource/pkg/reads"
)

const (
	// overlap is how far a stream goes back when it begins, besides how old the
	// answer may have been: Grafana subscribes once it has that, and begins a stream
	// that broke again within 5 s.
	overlap = 10 * time.Second
	// mostOverlap bounds it: Grafana cuts a browser off for which more than 4 MB wait.
	mostOverlap = 1_000
	// mostRows of one packet are some 700 kB.
	mostRows = 500
	// ahead is how far in the future, by our clock, a stop may be.
	ahead = time.Hour
)

// followed is where the rows of an answer go on; the browser reads it.
type followed struct {
	Live following `json:"live"`
}

type following struct {
	Channel string `json:"channel"`
	// Question has to be sent along where the channel has no room for it.
	Question *live.Question `json:"question,omitempty"`
	// Passing is how many of the notices, the last, the stream tells anew.
	Passing int `json:"passing,omitempty"`
}

func (d *Datasource) owner() live.Owner {
	return live.Owner{Tenant: d.recipe.place.tenant.String(), UID: d.recipe.place.uid}
}

// lead tells where an answer goes on. Grafana itself follows the channel of a
// frame's meta: only live queries have it.
func (d *Datasource) lead(frame *data.Frame, o frames.Options, passing int) {
	if !o.Query.Followable() || !o.Policy.Follows {
		return
	}
	asked := live.QuestionOf(o.Query)
	channel, whole := d.owner().Channel(asked)
	lead := following{Channel: channel, Passing: passing}
	if !whole {
		lead.Question = &asked
	}
	frame.Meta.Custom = followed{lead}
	if o.Query.Live {
		frame.Meta.Channel = channel
	}
}

// SubscribeStream lets whoever may query follow the channels that answers named,
// and tells what happened since these answers.
func (d *Datasource) SubscribeStream(ctx context.Context, req *backend.SubscribeStreamRequest) (response *backend.SubscribeStreamResponse, err error) {
	if fault := guard.Run(ctx, "the subscription", func() { response, err = d.subscribe(ctx, req) }); fault != nil {
		return nil, fault
	}
	return response, err
}

func (d *Datasource) subscribe(ctx context.Context, req *backend.SubscribeStreamRequest) (*backend.SubscribeStreamResponse, error) {
	q, err := d.owner().Asked(req.Path, req.Data)
	response := &backend.SubscribeStreamResponse{Status: mayFollow(err)}
	usable := d.recipe.settings.Usable() == nil
	if response.Status != backend.SubscribeStreamStatusOK || !usable {
		// The stream says what is wrong with the settings.
		return response, nil
	}
	m, err := d.ask(ctx)
	if err != nil {
		return nil, err
	}
	known, err := m.reads.One(ctx, closedLists)
	if err != nil {
		return nil, backend.DownstreamError(err)
	}
	at := m.live.Sent(req.Path)
	s := stream{Datasource: d, query: q, began: time.Now()}
	rows, more := s.lately(m.live.Latest(known))
	frame, err := s.frame(live.Batch{Latest: known}, rows)
	if err != nil {
		return nil, err
	}
	at.More = more
	first, err := live.First(frame, at)
	if err != nil {
		return nil, err
	}
	response.InitialData, err = backend.NewInitialData(first)
	return response, err
}

// mayFollow is what Grafana is told of a channel that was looked at.
func mayFollow(err error) backend.SubscribeStreamStatus {
	switch {
	case err == nil:
		return backend.SubscribeStreamStatusOK
	case errors.Is(err, live.ErrNotYours):
		return backend.SubscribeStreamStatusPermissionDenied
	}
	return backend.SubscribeStreamStatusNotFound
}

// PublishStream lets nobody write into a stream.
func (*Datasource) PublishStream(context.Context, *backend.PublishStreamRequest) (*backend.PublishStreamResponse, error) {
	return &backend.PublishStreamResponse{Status: backend.PublishStreamStatusPermissionDenied}, nil
}

// RunStream sends what stops as it is learned. It ends with ctx, which Grafana
// ends when nobody listens, and with an error when other settings came, since
// Grafana then begins it again with those.
func (d *Datasource) RunStream(ctx context.Context, req *backend.RunStreamRequest, sender *backend.StreamSender) (err error) {
	if fault := guard.Run(ctx, "the stream", func() { err = d.run(ctx, req, sender) }); fault != nil {
		return fault
	}
	return err
}

func (d *Datasource) run(ctx context.Context, req *backend.RunStreamRequest, sender *backend.StreamSender) error {
	q, err := d.owner().Asked(req.Path, req.Data)
	if err != nil {
		return backend.DownstreamError(fmt.Errorf("the stream cannot begin: %w", err))
	}
	s := stream{Datasource: d, query: q, began: time.Now(), sender: sender}
	if err := d.recipe.settings.Usable(); err != nil {
		return s.refuse(err)
	}
	m, ended, leave, err := d.process.follow(ctx, d.recipe)
	if err != nil {
		return unusable(err)
	}
	defer leave()
	channel := m.live.Open(req.Path, q.Where, d.recipe.classifier)
	defer channel.Close()
	s.writer = live.NewWriter(channel)
	known, err := m.reads.One(ctx, closedLists)
	if err != nil {
		return backend.DownstreamError(err)
	}
	channel.Begin(known)
	if err := s.begin(known); err != nil {
		return err
	}
	return s.goOn(ctx, channel, ended)
}

// goOn sends what the channel gets until its end.
func (s stream) goOn(ctx context.Context, channel *live.Channel, ended <-chan struct{}) error {
	for {
		batch := channel.Take(mostRows)
		if err := s.send(batch, pointers(batch.Stops), batch.Dropped > 0); err != nil {
			return err
		}
		if batch.More && ctx.Err() == nil {
			continue
		}
		select {
		case <-channel.Woken():
		case <-ended:
			return unusable(errReplaced)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

var closedLists = reads.Need{Lists: reads.Lists{Closed: true}}

// stream is one run of a channel's stream.
type stream struct {
	*Datasource
	query  query.Query
	began  time.Time
	sender *backend.StreamSender
	writer *live.Writer
}

// lately are the stops since any answer that somebody may go on from, the
// newest first, and whether there are more.
func (s stream) lately(known ledger.Snapshot) (rows []*model.Stop, more bool) {
	return s.answerer(known).Newest(mostOverlap)
}

func (s stream) answerer(known ledger.Snapshot) answer.Answerer {
	a := s.Datasource.answerer(s.query, query.ForPanels, known)
	since := overlap + 2*max(s.recipe.settings.SyncEvery, shortestPace)
	a.Span = model.TimeRange{From: s.began.Add(-since), To: s.began.Add(ahead)}
	return a
}

// begin sends what happened lately, oldest first as all that follows.
func (s stream) begin(known ledger.Snapshot) error {
	rows, more := s.lately(known)
	slices.Reverse(rows)
	for part := range slices.Chunk(rows, mostRows) {
		if err := s.send(live.Batch{Latest: known}, part, more); err != nil {
			return err
		}
	}
	return nil
}

// send sends rows, or what has changed of what is told beside them.
func (s stream) send(batch live.Batch, rows []*model.Stop, missing bool) error {
	frame, err := s.frame(batch, rows)
	if err != nil {
		return err
	}
	packet, err := s.writer.Write(frame, missing)
	if err != nil || packet == nil {
		return err
	}
	return s.sender.SendJSON(packet)
}

// frame is that of the query's view, with what has to be told beside the rows.
func (s stream) frame(batch live.Batch, rows []*model.Stop) (*data.Frame, error) {
	frame, err := s.answerer(batch.Latest).Rows(rows)
	if err != nil {
		return nil, err
	}
	frame.AppendNotices(notices.Dropped(batch.Dropped)...)
	frame.AppendNotices(notices.IncompleteRecords(batch.Latest.Servers, model.TimeRange{From: s.began, To: time.Now()})...)
	frame.AppendNotices(notices.OfServers(batch.Latest)...)
	return frame, nil
}

// refuse tells who listens why there is nothing to listen to.
func (s stream) refuse(why error) error {
	frame, err := s.answerer(ledger.Snapshot{}).Rows(nil)
	if err != nil {
		return err
	}
	frame.AppendNotices(data.Notice{Severity: data.NoticeSeverityError, Text: sentenceCase(why.Error())})
	packet, err := live.First(frame, live.Position{})
	if err == nil {
		err = s.sender.SendJSON(packet)
	}
	return errors.Join(unusable(why), err)
}

func pointers(stops []model.Stop) []*model.Stop {
	all := make([]*model.Stop, len(stops))
	for i := range stops {
		all[i] = &stops[i]
	}
	return all
}
