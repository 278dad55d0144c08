package settings

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// History is where what was read is kept beyond this process: a JetStream
// stream. Without servers, nowhere.
type History struct {
	Client
	// Stream is the stream's name.
	Stream string
	// Prefix is what its subjects begin with: one for each server process.
	Prefix string
	// Captured is a stream of advisories that others capture; empty if none is read.
	Captured string
	// Write: what is read here goes into the stream; without, it is read alone.
	Write bool
	// Create: the stream is made if it is not there.
	Create bool
	// Private: users' names and addresses are not written into it.
	Private bool
}

var (
	// streamName is what nats-server accepts as one.
	streamName = regexp.MustCompile(`^[^\s.*>/\\]{1,255}$`)

	errCapturedAccount = errors.New("advisories that others captured (history.captured) tell of all accounts, and with nats.scope: account stops of one are shown: leave them out")

	errCreateOnly = errors.New("whoever reads the history alone cannot make its stream: write into it (history.write), or do not make it (history.create)")
)

// history reads the settings of the stream that records are kept in.
func (f jsonFields) history(scope Scope, secure map[string]string) (History, error) {
	h := History{Stream: DefaultStream, Prefix: DefaultPrefix, Write: true}
	for _, field := range []struct {
		name string
		into any
	}{
		{"history.stream", &h.Stream}, {"history.prefix", &h.Prefix}, {"history.write", &h.Write}, {"history.create", &h.Create},
		{"history.private", &h.Private}, {"history.captured", &h.Captured},
	} {
		if err := f.decode(field.name, field.into); err != nil {
			return History{}, err
		}
	}
	var err error
	if h.Client, err = f.client("history", secure); err != nil || len(h.Servers) == 0 {
		return History{}, err
	}
	h.Stream, h.Prefix, h.Captured = strings.TrimSpace(h.Stream), strings.TrimSpace(h.Prefix), strings.TrimSpace(h.Captured)
	switch {
	case !streamName.MatchString(h.Stream):
		return History{}, fmt.Errorf("%s must be the name of a stream, such as %s, not %q", called("history.stream"), DefaultStream, h.Stream)
	case !subject.MatchString(h.Prefix) || strings.HasPrefix(h.Prefix, "$"):
		return History{}, fmt.Errorf("%s must be a subject without wildcards and $ in front, such as %s, not %q", called("history.prefix"), DefaultPrefix, h.Prefix)
	case h.Captured != "" && (!streamName.MatchString(h.Captured) || h.Captured == h.Stream):
		return History{}, fmt.Errorf("%s must be the name of another stream, such as DISCONNECTS, not %q", called("history.captured"), h.Captured)
	case h.Captured != "" && scope == ScopeAccount:
		return History{}, errCapturedAccount
	case h.Create && !h.Write:
		return History{}, errCreateOnly
	}
	return h, nil
}

// withoutServers says that settings of the history have no effect.
func (f jsonFields) withoutServers(h History) []string {
	if len(h.Servers) > 0 {
		return nil
	}
	for name, raw := range f {
		if strings.HasPrefix(name, "history.") && name != "history.auth" && saysSomething(raw) {
			return []string{"The history has no NATS servers (history.servers), so nothing is kept in a stream."}
		}
	}
	return nil
}
