package answer

import (
	"slices"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/chronicle"
	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/frames"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/notices"
)

func (a Answerer) serverTable() (*data.Frame, error) {
	servers, groups, folds := a.serverGroups(a.TableNumbers())
	if a.Query.Sort != nil {
		sortGroups(groups, *a.Query.Sort)
	} else {
		engine.SortGroups(groups, func(engine.Group) int64 { return 0 }, false)
	}
	frame := frames.ServerTable(a.Options, groups, servers)
	frame.AppendNotices(a.incomplete(a.Span)...)
	frame.AppendNotices(folds...)
	return frame, nil
}

func (a Answerer) serverTotals() (*data.Frame, error) {
	metric := string(a.Query.Metric)
	if a.Policy.FormerLabels && slices.Contains(formerly, metric) && slices.Contains(a.Query.GroupBy, fields.KeyServer) {
		a.Snapshot.Servers = withFormer(a.Snapshot.Servers)
	}
	_, groups, folds := a.serverGroups([]string{metric})
	// A server that did not tell this one number is missing, not zero.
	told := slices.DeleteFunc(groups, func(g engine.Group) bool { _, ok := g.Sums[metric]; return !ok })
	frame := frames.Totals(a.Options, told)
	if len(told) == 0 && len(a.Query.GroupBy) == 0 && a.Policy.Unknown {
		frame = frames.Unknown(a.Options)
	}
	frame.AppendNotices(folds...)
	return frame, nil
}

// formerly are the numbers that alerts go by that a server has before it ever answered.
var formerly = []string{"answered", "last_read"}

// withFormer are the servers, and those that say their names since lately once more
// under what they were called before.
func withFormer(servers []ledger.ServerState) []ledger.ServerState {
	all := slices.Clone(servers)
	for _, one := range servers {
		if one.Formerly != "" && one.Formerly != one.Label {
			one.Label = one.Formerly
			all = append(all, one)
		}
	}
	return all
}

func (a Answerer) serverGroups(numbers []string) ([]ledger.ServerState, []engine.Group, []data.Notice) {
	servers := engine.ServersWhere(a.Snapshot, a.Query.Where)
	limit := a.limit()
	groups, folded := limit.Cut(engine.ServerGroups(servers, a.Query.GroupBy, numbers, a.Span), a.Query.GroupBy)
	return servers, groups, notices.Folded(limit.Most, folded)
}

func (a Answerer) serverEvents() (*data.Frame, error) {
	wanted := func(e chronicle.Event) bool { return matches(e.Label, e.Server, a.Query.Where) }
	all := a.Past.Events(a.Span, wanted)
	shown := all[:min(len(all), a.Query.Limit)]
	frame, err := frames.Events(shown)
	if err != nil {
		return nil, err
	}
	frame.AppendNotices(a.truncated(len(shown), len(all), "events")...)
	return frame, nil
}
