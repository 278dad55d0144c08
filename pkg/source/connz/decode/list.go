package decode

import (
	"errors"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// Page is one list of connections.
type Page struct {
	// ServerID is of the server that made the list, if it says so.
	ServerID string
	// Now is when it was made, by the server's clock.
	Now time.Time
	// Rows are its records; those of open connections have no reason and time.
	Rows []model.Stop
	// Total is how many records there are in all, as the server says.
	Total int64
	// Limit is how many records it was asked for, as the server says; 0 if it does not.
	Limit int64
	// Listed is how many records it lists, those among them that cannot be read.
	Listed int
	// Flaws are what could not be read of it.
	Flaws Flaws
}

// smallestRecord is less than any record takes in an answer, which bounds what
// its own count can make us allocate.
const smallestRecord = 128

var (
	errNoList   = errors.New("there is no list of connections")
	errNoRecord = errors.New("no record of the list can be read")
)

// List reads one answer of server's /connz. Nothing of the result shares
// memory with body.
func List(body []byte, server model.Server) (Page, error) {
	return new(Reader).List(body, server, nil)
}

// Reader reads lists one after the other, which mostly have the same texts in them. Its
// zero value is ready.
type Reader struct{ known texts }

// mostTexts is how many texts are kept for the next list: there may be others in each.
const mostTexts = 1 << 12

// List is [List] in the room that is left over from other rows.
func (r *Reader) List(body []byte, server model.Server, room []model.Stop) (Page, error) {
	if r.known == nil || len(r.known) > mostTexts {
		r.known = texts{}
	}
	d := newDecoder(body, server)
	d.known, d.rows = r.known, room
	if err := d.list(); err != nil {
		return Page{}, err
	}
	return d.page()
}

var listFields = table([]field{
	{"server_id", func(d *decoder) error { return d.string(&d.serverID, "") }},
	{"now", func(d *decoder) error { return d.time(&d.now) }},
	{"num_connections", func(d *decoder) error { return d.unsigned(&d.expected) }},
	{"total", func(d *decoder) error { return d.signed(&d.total) }},
	{"limit", func(d *decoder) error { return d.signed(&d.limit) }},
})

func (d *decoder) list() error {
	return d.object(func(key []byte) error {
		if string(key) != "connections" {
			return d.fieldOf(listFields, key)
		}
		d.listed, d.isList, d.rows = 0, true, d.rows[:0]
		if needed := int(min(d.expected, uint64(len(d.data)/smallestRecord))); d.rows == nil || cap(d.rows) < needed {
			d.rows = make([]model.Stop, 0, needed)
		}
		if d.peek() == 'n' {
			// A server without matching records says so with null.
			return d.literal("null")
		}
		return d.array(d.record)
	})
}

func (d *decoder) page() (Page, error) {
	if err := d.end(); err != nil {
		return Page{}, err
	}
	if !d.isList {
		return Page{}, errNoList
	}
	if d.listed > 0 && len(d.rows) == 0 {
		return Page{}, errNoRecord
	}
	return Page{ServerID: d.serverID, Now: d.now, Total: d.total, Limit: d.limit, Rows: d.rows, Listed: d.listed, Flaws: d.flaws}, nil
}
