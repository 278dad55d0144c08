package history

import (
	"errors"
	"sync"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// State is how it stands with a history, for whoever answers without all of it.
type State struct {
	// Unread: the past is not known yet; Blocks of Total were read so far.
	Unread        bool
	Blocks, Total int
	// Err is why it cannot be read or, if it was, why nothing can be written since; nil
	// while all is well.
	Err   *source.Error
	Since time.Time
	// Captured is why what others captured cannot be read; nil if it can, or is not.
	Captured *source.Error
	// Waiting is how many records wait to be written.
	Waiting int
	// Unreadable are blocks that could not be read, Newer those of a newer version.
	Unreadable, Newer int
}

// telling is what is told of a history while it works.
type telling struct {
	mu    sync.Mutex
	state State
	// tried is closed once the past was read, or could not be.
	tried chan struct{}
}

func (h *telling) now() State {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.state
}

// tell notes what the last attempt came to.
func (h *telling) tell(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var typed *source.Error
	switch {
	case err == nil:
		h.state.Err, h.state.Since, h.state.Unread = nil, time.Time{}, false
	case source.Canceled(err) || !errors.As(err, &typed):
		return
	case h.state.Err == nil:
		h.state.Err, h.state.Since = typed, time.Now()
	default:
		h.state.Err = typed
	}
	h.haveTried()
}

// tellCaptured notes what reading what others captured came to.
func (h *telling) tellCaptured(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var typed *source.Error
	if err == nil {
		h.state.Captured = nil
	} else if !source.Canceled(err) && errors.As(err, &typed) {
		h.state.Captured = typed
	}
}

// haveTried lets those go on who wait for the past.
func (h *telling) haveTried() {
	select {
	case <-h.tried:
	default:
		close(h.tried)
	}
}

// recalling notes how far reading the past is.
func (h *telling) recalling(blocks, total int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.state.Blocks, h.state.Total = blocks, total
}

// counts are what was found in the stream.
type counts struct {
	// Blocks were read; Unreadable are those that could not be, Newer those of a version
	// that is not known here.
	Blocks, Unreadable, Newer int
}

// note adds up what was found in the stream.
func (h *telling) note(found counts) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.state.Unreadable += found.Unreadable
	h.state.Newer += found.Newer
}
