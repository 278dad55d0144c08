package telemetry

import "github.com/natsops/nats-connections-datasource/pkg/engine"

// Limits of one data source: what comes beyond them is counted as other.
const (
	maxAccounts = 100
	maxServers  = 500
	maxReasons  = 100
	maxSeries   = 10_000
)

// series is what stops are counted by.
type series struct{ reason, class, account, server string }

// labels bound the values that the labels of one data source take.
type labels struct {
	reasons, accounts, servers known[string]
	series                     known[series]
}

func newLabels() labels {
	return labels{reasons: known[string]{}, accounts: known[string]{}, servers: known[string]{}, series: known[series]{}}
}

// known are the values that came first.
type known[V comparable] map[V]struct{}

func (k known[V]) admits(value V, limit int) bool {
	if _, is := k[value]; !is && len(k) < limit {
		k[value] = struct{}{}
	}
	_, is := k[value]
	return is
}

func (k known[V]) or(value, other V, limit int) V {
	if k.admits(value, limit) {
		return value
	}
	return other
}

func (l *labels) server(name string) string { return l.servers.or(name, engine.Other, maxServers) }

// bound folds what is beyond the limits. The last limit is for many accounts on
// many servers: each alone may be few enough.
func (l *labels) bound(s series) series {
	s.reason = l.reasons.or(s.reason, engine.Other, maxReasons)
	s.account = l.accounts.or(s.account, engine.Other, maxAccounts)
	s.server = l.server(s.server)
	folded := s
	folded.account, folded.server = engine.Other, engine.Other
	return l.series.or(s, folded, maxSeries)
}
