package history

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/natsops/nats-connections-datasource/pkg/source/natslink"
)

// lossy is a reader of whose messages some do not come.
type lossy struct {
	jetstream.Consumer
	come []uint64
}

func (l *lossy) CachedInfo() *jetstream.ConsumerInfo { return &jetstream.ConsumerInfo{Name: "reader"} }

func (l *lossy) Messages(...jetstream.PullMessagesOpt) (jetstream.MessagesContext, error) {
	return &coming{numbers: l.come}, nil
}

type coming struct {
	jetstream.MessagesContext
	numbers []uint64
}

func (c *coming) Next(...jetstream.NextOpt) (jetstream.Msg, error) {
	number := c.numbers[0]
	c.numbers = c.numbers[1:]
	return numbered{number: number}, nil
}

func (*coming) Stop() {}

// numbered is a message whose number is ten less in the stream.
type numbered struct {
	jetstream.Msg
	number uint64
}

func (numbered) Subject() string      { return "a.b" }
func (numbered) Data() []byte         { return nil }
func (numbered) Headers() nats.Header { return nil }
func (n numbered) Metadata() (*jetstream.MsgMetadata, error) {
	return &jetstream.MsgMetadata{Sequence: jetstream.SequencePair{Consumer: n.number, Stream: n.number + 10}, NumPending: 9}, nil
}

// TestWhatIsLostOnTheWayIsNotPassedOver: reading goes on where the first is lost.
func TestWhatIsLostOnTheWayIsNotPassedOver(t *testing.T) {
	link, err := natslink.New(t.Context(), httpclient.Options{}, natslink.Config{Servers: []string{"nats://127.0.0.1:1"}}, dialTimeout)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(link.Close)
	v := &view{name: "S", link: link}
	var taken []uint64
	r := &reading{Consumer: &lossy{come: []uint64{1, 2, 4, 5}}, left: 9, wait: time.Second}
	err = v.fetch(t.Context(), r, func(m message) error {
		taken = append(taken, m.sequence)
		return nil
	})
	if !errors.Is(err, context.DeadlineExceeded) || !slices.Equal(taken, []uint64{11, 12}) || r.next != 13 {
		t.Errorf("%v: took %v, goes on at %d", err, taken, r.next)
	}
}
