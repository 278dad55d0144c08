package answer

import (
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/chronicle"
	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/frames"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/notices"
	"github.com/natsops/nats-connections-datasource/pkg/query"
)

// kept are the numbers that are kept over time, by the metrics that ask for them.
type kept map[query.Metric]chronicle.Number

var (
	serversOverTime = kept{"open": chronicle.Open, "total": chronicle.Total, "answered": chronicle.Answered}
	openOverTime    = kept{"connections": chronicle.Connections, "pending_bytes": chronicle.Slowest}
)

// answer is from what reads told over time.
func (k kept) answer(a Answerer) (*data.Frame, error) {
	q := a.Query
	buckets, err := a.buckets()
	if err != nil {
		return nil, err
	}
	edges := make([]time.Time, buckets.Count+1)
	for i := range edges {
		edges[i] = buckets.Time(i)
	}
	limit := a.limit()
	limit.Most = min(limit.Most, maxNumbers/max(buckets.Count, 1))
	found, folded := a.Past.Series(k[q.Metric], edges,
		func(m chronicle.Member) bool { return isWanted(m, q.Where) },
		func(m chronicle.Member) []string {
			texts := make([]string, len(q.GroupBy))
			for i, key := range q.GroupBy {
				texts[i] = valueOf(m, key)
			}
			return texts
		}, limit.Most)
	var groups []engine.Group
	values := make([][]*int64, len(found))
	for i, one := range found {
		values[i] = one.Values
		if folded > 0 && i == limit.Most {
			groups = append(groups, engine.Rest(groups, q.GroupBy))
			continue
		}
		var group engine.Group
		for at, text := range one.Labels {
			group.Labels = append(group.Labels, engine.Label{Key: q.GroupBy[at], Value: text})
		}
		groups = append(groups, group)
	}
	frame := frames.SeriesOf(a.Options, groups, values, buckets)
	frame.AppendNotices(notices.Folded(limit.Most, folded)...)
	return frame, nil
}

func valueOf(m chronicle.Member, key fields.Key) string {
	if key == fields.KeyAccount {
		return m.Account
	}
	return fields.Of(key).Server(m.Label, m.Server)
}

// isWanted asks the conditions about accounts of the member, the others of its server.
func isWanted(m chronicle.Member, where []fields.Condition) bool {
	var ofServer []fields.Condition
	for _, condition := range where {
		switch {
		case condition.Key != fields.KeyAccount:
			ofServer = append(ofServer, condition)
		case !condition.Match(m.Account):
			return false
		}
	}
	return matches(m.Label, m.Server, ofServer)
}

// matches reports whether the conditions admit a server of a label.
func matches(label string, server model.Server, where []fields.Condition) bool {
	of := ledger.Snapshot{Servers: []ledger.ServerState{{Label: label, Server: server}}}
	return len(engine.ServersWhere(of, where)) > 0
}
