package httpmonitor

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/membership"
)

// TestWhoEndedInOrderIsForgotten: five minutes after it was last heard, where its
// ring told that it ends and DNS does not list it any more; else after a day.
func TestWhoEndedInOrderIsForgotten(t *testing.T) {
	const day = 24 * time.Hour
	for what, c := range map[string]struct {
		reasons []string
		listed  bool
		want    time.Duration
	}{
		"it let its clients go":                  {[]string{"Server Shutdown"}, false, 5 * time.Minute},
		"it let them go a while ago":             {[]string{"Server Shutdown", "Client Closed"}, false, 5 * time.Minute},
		"it let them go, and DNS still lists it": {[]string{"Server Shutdown"}, true, day},
		"it died without a word":                 {[]string{"Client Closed"}, false, day},
	} {
		noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		address := netip.MustParseAddr("10.0.0.1")
		p := &place{endpoint: &endpoint{label: "10.0.0.1:8222 of nats"}, listed: true}
		s := &site{label: "nats:8222", places: map[netip.Addr]*place{address: p}, members: map[string]*membership.Member{}}
		server := model.Server{ID: "A", Name: "n1"}
		for _, why := range c.reasons {
			a := answer{p, true, model.Reading{Endpoint: p.label, Server: server, Ring: model.RingRead, Closed: []model.Stop{{Reason: why}}}}
			s.account(t.Context(), []answer{a}, newRound([][]answer{{a}}, noon, noon))
		}
		p.listed = c.listed
		var hint string
		missing := func(at time.Time) bool {
			var answers []answer
			if s.places[address] != nil {
				answers = []answer{{p, c.listed, model.Reading{Endpoint: p.label, Err: errors.New("refused")}}}
			}
			found := false
			for _, r := range s.account(t.Context(), answers, newRound([][]answer{answers}, at, at)) {
				found = found || r.Server.ID == "A"
				var told *source.Error
				if errors.As(r.Err, &told) {
					hint = told.Hint
				}
			}
			return found
		}
		if !missing(noon.Add(c.want)) || missing(noon.Add(c.want+time.Second)) {
			t.Errorf("%s: not missing for %s", what, c.want)
		}
		if ended := hint == "It ended in order: it is told for five minutes, unless it comes back."; ended != (c.want != day) {
			t.Errorf("%s: %q", what, hint)
		}
	}
}
