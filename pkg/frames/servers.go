package frames

import (
	"slices"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/query"
)

// ServerTable is one numeric-long frame: a row per group of servers, whether
// they answered or not. Numbers that no server of a group told are null. Rows
// of single servers also tell what the server is and why it did not answer.
func ServerTable(o Options, groups []engine.Group, servers []ledger.ServerState) *data.Frame {
	var columns []*data.Field
	for _, key := range o.Query.GroupBy {
		columns = append(columns, rowField(groups, string(key), func(g engine.Group) string {
			value, _ := g.Value(key)
			return value
		}))
	}
	if !o.Policy.OneNumber && slices.Contains(o.Query.GroupBy, fields.KeyServer) {
		columns = append(columns, identityFields(o, groups, servers)...)
	}
	for _, name := range o.TableNumbers() {
		field := rowField(groups, name, func(g engine.Group) *int64 {
			if number, told := g.Sums[name]; told {
				return &number
			}
			return nil
		}, unit(unitOf(name)), described(metricName(query.Metric(name))))
		columns = append(columns, field)
	}
	if !o.Policy.OneNumber && slices.Contains(o.Query.GroupBy, fields.KeyServer) {
		columns = append(columns, coverageFields(groups, servers)...)
	}
	return typed(data.FrameTypeNumericLong, data.VisTypeTable, columns...)
}

// identityFields are the keys of a server that the table is not grouped by.
func identityFields(o Options, groups []engine.Group, servers []ledger.ServerState) []*data.Field {
	var columns []*data.Field
	for _, key := range []fields.Key{fields.KeyCluster, fields.KeyVersion} {
		if !slices.Contains(o.Query.GroupBy, key) {
			columns = append(columns, rowField(groups, string(key), func(g engine.Group) string {
				return engine.ServerValue(stateOf(g, servers), key)
			}))
		}
	}
	return columns
}

func coverageFields(groups []engine.Group, servers []ledger.ServerState) []*data.Field {
	at := func(name string, of func(ledger.Coverage) time.Time, description string) *data.Field {
		return rowField(groups, name, func(g engine.Group) *time.Time {
			return timeOrNull(of(stateOf(g, servers).Coverage))
		}, described(description))
	}
	return []*data.Field{
		at("complete_since", func(c ledger.Coverage) time.Time { return c.Since }, "Every stop after this is known, save for records lost."),
		at("oldest_record", func(c ledger.Coverage) time.Time { return c.Oldest }, "The oldest stop of this server that is known."),
		at("last_read", func(c ledger.Coverage) time.Time { return c.Until }, "When the server last told its records, by its own clock."),
		rowField(groups, "endpoint", func(g engine.Group) string { return stateOf(g, servers).Endpoint }),
		rowField(groups, "error", func(g engine.Group) string {
			if err := stateOf(g, servers).Err; err != nil {
				return err.Error()
			}
			return ""
		}),
	}
}

// stateOf is the server that a group of one server is about.
func stateOf(group engine.Group, servers []ledger.ServerState) ledger.ServerState {
	label, _ := group.Value(fields.KeyServer)
	for _, server := range servers {
		if server.Label == label {
			return server
		}
	}
	return ledger.ServerState{}
}
