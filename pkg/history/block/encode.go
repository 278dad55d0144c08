package block

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// MaxRecords is how many records a block has at most.
const MaxRecords = 1000

// Encode writes a block, at the end of what buffer holds. Private keeps out users'
// names and addresses.
func Encode(buffer []byte, b *Block, private bool) ([]byte, error) {
	top, err := json.Marshal(headerOf(b))
	if err != nil {
		return nil, fmt.Errorf("a block cannot be written: %w", err)
	}
	e := encoder{out: slices.Grow(buffer, len(top)+len(b.Stops)*recordSize), private: private}
	e.out = append(e.out, lead...)
	e.out = append(e.out, top...)
	e.text("server_id", b.Server.ID)
	e.time("now", b.Clock.Told)
	e.number("num_connections", int64(len(b.Stops)))
	e.number("total", int64(len(b.Stops)))
	e.key("connections")
	e.out = append(e.out, '[')
	for i := range b.Stops {
		if i > 0 {
			e.out = append(e.out, ',')
		}
		e.record(&b.Stops[i])
	}
	return append(e.out, "]}"...), nil
}

const (
	// lead is how each block begins, so that its header is read without the rest.
	lead = `{"history":`
	// recordSize is about what a record takes.
	recordSize = 420
)

type encoder struct {
	out     []byte
	private bool
}

// record writes what servers write of a connection, in the same words.
func (e *encoder) record(s *model.Stop) {
	by := s.ServerAt.Sub(s.At)
	e.out = append(e.out, `{"cid":`...)
	e.out = strconv.AppendUint(e.out, s.CID, 10)
	e.optional("kind", s.Kind)
	e.optional("type", s.Type)
	if !e.private {
		e.optional("ip", s.IP)
		e.count("port", int64(s.Port))
	}
	for _, one := range [...]struct {
		key string
		at  time.Time
	}{{"start", s.Start}, {"last_activity", s.LastActivity}} {
		if !one.at.IsZero() {
			e.time(one.key, one.at.Add(by))
		}
	}
	e.time("stop", s.ServerAt)
	e.optional("reason", s.Reason)
	if s.RTT != 0 {
		e.text("rtt", s.RTT.String())
	}
	e.count("pending_bytes", s.PendingBytes)
	e.count("in_msgs", s.InMsgs)
	e.count("out_msgs", s.OutMsgs)
	e.count("in_bytes", s.InBytes)
	e.count("out_bytes", s.OutBytes)
	e.count("subscriptions", s.Subscriptions)
	if s.Name != s.MQTTClient {
		e.optional("name", s.Name)
	}
	e.optional("lang", s.Lang)
	e.optional("version", s.Version)
	if user := s.User; user != "" && e.private {
		e.text("authorized_user", model.Hidden)
	} else {
		e.optional("authorized_user", user)
	}
	e.optional("account", s.AccountID)
	if s.Account != s.AccountID {
		e.text("name_tag", s.Account)
	}
	e.optional("tls_version", s.TLSVersion)
	e.optional("tls_cipher_suite", s.TLSCipher)
	e.optional("mqtt_client", s.MQTTClient)
	e.out = append(e.out, '}')
}

func (e *encoder) key(key string) {
	e.out = append(e.out, ',', '"')
	e.out = append(e.out, key...)
	e.out = append(e.out, '"', ':')
}

func (e *encoder) number(key string, n int64) {
	e.key(key)
	e.out = strconv.AppendInt(e.out, n, 10)
}

// count leaves zero out.
func (e *encoder) count(key string, n int64) {
	if n != 0 {
		e.number(key, n)
	}
}

func (e *encoder) time(key string, t time.Time) {
	e.key(key)
	e.out = append(e.out, '"')
	e.out = model.Moment(model.Nanos(t)).AppendFormat(e.out, time.RFC3339Nano)
	e.out = append(e.out, '"')
}

func (e *encoder) optional(key, text string) {
	if text != "" {
		e.text(key, text)
	}
}

func (e *encoder) text(key, text string) {
	e.key(key)
	e.out = append(e.out, '"')
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c == '"' || c == '\\':
			e.out = append(e.out, '\\', c)
		case c < ' ':
			e.out = fmt.Appendf(e.out, `\u%04x`, c)
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(text[i:])
			e.out = utf8.AppendRune(e.out, r)
			i += size
			continue
		default:
			e.out = append(e.out, c)
		}
		i++
	}
	e.out = append(e.out, '"')
}
