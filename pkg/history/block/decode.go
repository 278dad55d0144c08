package block

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz/decode"
)

var (
	// ErrNewer is about a block of a version that is not known here.
	ErrNewer = errors.New("the block is of a newer version")
	// ErrUnreadable is about what is no block, or not a whole one.
	ErrUnreadable = errors.New("the block cannot be read")
)

// asDecoded is the version of a server whose records say what they mean: what a field
// meant in those of older ones is known since they were first read.
const asDecoded = "9999.0.0"

// Decode reads a block. Nothing of the result shares memory with data.
func Decode(data []byte) (Block, error) { return new(Decoder).Decode(data, nil) }

// Decoder reads blocks one after the other. Its zero value is ready.
type Decoder struct{ pages decode.Reader }

// Decode is [Decode] in the room that is left over from other stops.
func (d *Decoder) Decode(data []byte, room []model.Stop) (Block, error) {
	rest, begins := bytes.CutPrefix(data, []byte(lead))
	if !begins {
		return Block{}, fmt.Errorf("%w: it does not begin as one", ErrUnreadable)
	}
	h, err := decodeHeader(rest)
	if err != nil {
		return Block{}, err
	}
	page, err := d.pages.List(data, model.Server{ID: h.Server.ID, Version: asDecoded}, room)
	if err != nil {
		return Block{}, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	if len(page.Flaws) > 0 || page.ServerID != h.Server.ID || int64(len(page.Rows)) != page.Total {
		return Block{}, fmt.Errorf("%w: some of its records are not there, or not as they were", ErrUnreadable)
	}
	b := Block{Writer: h.Writer, Written: h.Written, Standing: h.standing(), Stops: page.Rows}
	for i := range b.Stops {
		s := &b.Stops[i]
		s.ServerAt = s.At
		if by := h.ClockOffset; by != 0 {
			s.At = s.At.Add(-by)
			if !s.Start.IsZero() {
				s.Start = s.Start.Add(-by)
			}
			if !s.LastActivity.IsZero() {
				s.LastActivity = s.LastActivity.Add(-by)
			}
		}
	}
	return b, nil
}

// decodeHeader reads the header; of one that is not like ours it reads the version all
// the same: who knows what a newer one is like.
func decodeHeader(data []byte) (header, error) {
	var h header
	err := json.NewDecoder(bytes.NewReader(data)).Decode(&h)
	if h.Version > Version || err != nil && isNewer(data) {
		return header{}, ErrNewer
	}
	if err == nil && (h.Version < 1 || h.Server.ID == "") {
		err = errors.New("it does not say whose it is")
	}
	if err != nil {
		return header{}, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	return h, nil
}

func isNewer(data []byte) bool {
	var known struct {
		Version int `json:"version"`
	}
	err := json.NewDecoder(bytes.NewReader(data)).Decode(&known)
	return err == nil && known.Version > Version
}
