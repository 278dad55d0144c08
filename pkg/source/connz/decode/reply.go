package decode

import (
	"bytes"
	"time"
	"unicode/utf8"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// decoder reads the fields that are kept; certificates, JWTs (which hold
// MQTT passwords before 2.11.15), issuer keys and tags are passed over.
type decoder struct {
	scanner
	rules    rules
	known    texts
	clock    clock
	serverID string
	now      time.Time
	rows     []model.Stop
	listed   bool
	// row is the record being read, previous the one before it: most of its
	// texts are the same.
	row, previous *model.Stop
	nameTag       string
	// layout is how the members of the last record followed each other.
	layout []member
}

func (d *decoder) field(key []byte) error {
	if d.peek() == 'n' {
		// A server without matching records says so with null.
		d.listed = d.listed || string(key) == "connections"
		return d.literal("null")
	}
	switch string(key) {
	case "server_id":
		return d.string(&d.serverID, "")
	case "now":
		return d.time(&d.now)
	case "num_connections":
		n, err := d.uint64()
		if d.rows == nil {
			d.rows = make([]model.Stop, 0, min(n, uint64(len(d.data)/smallestRecord)))
		}
		return err
	case "connections":
		d.listed, d.rows = true, d.rows[:0]
		return d.array(d.connection)
	}
	return d.skip()
}

func (d *decoder) connection() error {
	d.rows = append(d.rows, model.Stop{})
	last := len(d.rows) - 1
	d.row, d.previous, d.nameTag = &d.rows[last], &d.rows[max(0, last-1)], ""
	if err := d.members(); err != nil {
		return err
	}
	d.rules.apply(&d.row.Connection, d.nameTag)
	return nil
}

// member is a member of a record: the bytes between the value before it and
// its own value, and what reads that.
type member struct {
	lead []byte
	read func(*decoder) error
}

// members reads one record. Servers write the members of all records in the
// same order and layout, so the bytes that led to a member of the record before
// are looked for first; anything else is parsed, and remembered.
func (d *decoder) members() error {
	if !d.take('{') {
		return d.unexpected("an object")
	}
	for i := 0; ; i++ {
		if i < len(d.layout) && bytes.HasPrefix(d.data[d.pos:], d.layout[i].lead) {
			d.pos += len(d.layout[i].lead)
		} else {
			start := d.pos
			key, err := d.nextKey(i == 0)
			if err != nil || key == nil {
				return err
			}
			read, known := readers[string(key)]
			if !known {
				read = (*decoder).skip
			}
			d.peek()
			d.layout = append(d.layout[:i], member{lead: d.data[start:d.pos], read: read})
		}
		if err := d.valueOrNull(d.layout[i].read); err != nil {
			return err
		}
	}
}

func (d *decoder) valueOrNull(read func(*decoder) error) error {
	if d.peek() == 'n' {
		return d.literal("null")
	}
	return read(d)
}

func (d *decoder) skip() error { return d.scanner.skip() }

func (d *decoder) unsigned(into *uint64) (err error) {
	*into, err = d.uint64()
	return err
}

func (d *decoder) port(into *int) error {
	n, err := d.int64()
	*into = int(n)
	return err
}

func (d *decoder) signed(into *int64) (err error) {
	*into, err = d.int64()
	return err
}

// name reads a client's name. Names are mostly told apart by instance, so
// looking for one that was read before costs more than a copy.
func (d *decoder) name(into *string, before string) error {
	raw, err := d.text()
	if err != nil {
		return err
	}
	if string(raw) == before {
		*into = before
	} else {
		*into = valid(raw)
	}
	return nil
}

// string reads a text that may well be the same as before.
func (d *decoder) string(into *string, before string) error {
	raw, err := d.text()
	if err != nil {
		return err
	}
	if string(raw) == before {
		*into = before
	} else {
		*into = d.known.of(raw)
	}
	return nil
}

// time reads a time. Servers write it with their local offset and as many
// digits as it needs (nats-server.md#times-have-a-local-offset).
func (d *decoder) time(into *time.Time) error {
	raw, err := d.text()
	if err != nil {
		return err
	}
	t, err := d.clock.parse(raw)
	if err != nil {
		return err
	}
	*into = t
	return nil
}

// duration reads a round-trip time.
func (d *decoder) duration(into *time.Duration) error {
	raw, err := d.text()
	if err != nil {
		return err
	}
	*into = parseDuration(raw)
	return nil
}

// texts keeps one copy of each text of an answer.
type texts map[string]string

func (t texts) of(raw []byte) string {
	if text, known := t[string(raw)]; known {
		return text
	}
	text := valid(raw)
	t[text] = text
	return text
}

func valid(raw []byte) string {
	if utf8.Valid(raw) {
		return string(raw)
	}
	return string([]rune(string(raw)))
}
