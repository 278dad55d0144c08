package natsrequest

import (
	"bytes"
	"io"
	"time"

	"github.com/klauspost/compress/s2"
	"github.com/nats-io/nats.go"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz/decode"
)

// ping is a request that every server answers.
type ping struct {
	subject string
	body    []byte
	decode  func(*nats.Msg) (answer, error)
	// list and limit are the page that an answer holds, if it does.
	list  source.Step
	limit int
	// uncounted: servers do not say how many there are.
	uncounted bool
}

// String is what people are shown.
func (p ping) String() string {
	if len(p.body) == 0 {
		return p.subject
	}
	return p.subject + " " + string(p.body)
}

func (p ping) message(inbox string) *nats.Msg {
	msg := nats.NewMsg(p.subject)
	msg.Reply, msg.Data = inbox, p.body
	if len(p.body) > 0 {
		msg.Header.Set("Accept-Encoding", compression)
	}
	return msg
}

// noResponders is the status that stands for an answer when nobody may give one.
const noResponders = "503"

// maxAnswer is how much an answer may hold once it is uncompressed.
const maxAnswer = 64 << 20

// compression costs the server less than gzip does.
const compression = "snappy"

// statszPing asks for counters.
var statszPing = ping{
	subject: subjectStatsz,
	decode:  func(msg *nats.Msg) (answer, error) { return decodeStatsz(msg.Data) },
}

// answer is what one server told of itself.
type answer struct {
	server model.Server
	// asked and came are when it was asked for and when it was here.
	asked, came time.Time
	// active is how many servers it counts, itself among them.
	active int
	// flaws are what could not be read of it, save those of the page.
	flaws decode.Flaws
	// page is what it sent along.
	page decode.Page
	// bytes is how long the answer was, and what else its server sent.
	bytes int64
}

func decodeStatsz(body []byte) (answer, error) {
	server, active, flaws, err := decode.Statsz(body)
	if err != nil {
		return answer{}, err
	}
	return answer{server: server, active: active, flaws: flaws, bytes: int64(len(body))}, nil
}

// decodePage reads who answers, and the list.
func decodePage(msg *nats.Msg) (answer, error) {
	body, err := uncompressed(msg)
	if err != nil {
		return answer{}, err
	}
	server, page, err := decode.ReplyOf(body)
	return answer{server: server, page: page, bytes: int64(len(msg.Data))}, err
}

func uncompressed(msg *nats.Msg) ([]byte, error) {
	if msg.Header.Get("Content-Encoding") != compression {
		return msg.Data, nil
	}
	plain, err := io.ReadAll(io.LimitReader(s2.NewReader(bytes.NewReader(msg.Data)), maxAnswer+1))
	if err != nil {
		return nil, &undecodableError{err}
	}
	if len(plain) > maxAnswer {
		return nil, connz.ErrTooLarge
	}
	return plain, nil
}
