// Package connz reads a server's lists of connections, whatever carries them:
// how their JSON is decoded, and how they are paged while they change.
package decode

import (
	"errors"
	"strconv"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// Page is one answer.
type Page struct {
	// ServerID is of the server that made the list, if it says so.
	ServerID string
	// Now is when it was made, by the server's clock.
	Now time.Time
	// Rows are its records; those of open connections have no reason and time.
	Rows []model.Stop
}

// smallestRecord is less than any record takes in an answer, which bounds what
// its own count can make us allocate.
const smallestRecord = 128

var errNoList = errors.New("there is no list of connections")

// List reads one answer of server's /connz. Nothing of the result shares
// memory with body.
func List(body []byte, server model.Server) (Page, error) {
	d := newDecoder(body, server)
	if err := d.object(d.field); err != nil {
		return Page{}, err
	}
	return d.page()
}

// Refusal is what a server answers to a request that it does not take.
type Refusal struct{ Code int64 }

func (r *Refusal) Error() string {
	return "the server refused the request with code " + strconv.FormatInt(r.Code, 10)
}

// Reply reads one answer of server to a system request, where the list
// stands in an envelope (nats-server.md#requests-over-nats).
func Reply(body []byte, server model.Server) (Page, error) {
	d := newDecoder(body, server)
	var refusal *Refusal
	err := d.object(func(key []byte) error {
		switch string(key) {
		case "data":
			return d.object(d.field)
		case "error":
			refusal = &Refusal{}
			return d.object(func(key []byte) (err error) {
				if string(key) != "code" {
					return d.skip()
				}
				refusal.Code, err = d.int64()
				return err
			})
		}
		return d.skip()
	})
	if err == nil && refusal != nil {
		err = refusal
	}
	if err != nil {
		return Page{}, err
	}
	return d.page()
}

func newDecoder(body []byte, server model.Server) *decoder {
	return &decoder{scanner: scanner{data: body}, rules: rulesFor(server), known: texts{}}
}

func (d *decoder) page() (Page, error) {
	if d.peek(); d.pos < len(d.data) {
		return Page{}, d.unexpected("the end")
	}
	if !d.listed {
		return Page{}, errNoList
	}
	if d.rows == nil {
		d.rows = []model.Stop{}
	}
	return Page{ServerID: d.serverID, Now: d.now, Rows: d.rows}, nil
}
