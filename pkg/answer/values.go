package answer

import (
	"slices"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/frames"
)

// values are those of a key that are known, or that there can be.
func (a Answerer) values() (*data.Frame, error) {
	list, stops := finding.IDs(), []int64(nil)
	if a.Query.Key != fields.KeyFinding {
		list, stops = a.seenValues()
	}
	most := min(len(list), a.Query.Limit)
	frame := frames.Values(list[:most], stops[:min(len(stops), most)])
	frame.AppendNotices(a.truncated(most, len(list), "values")...)
	return frame, nil
}

// seenValues are what is known of the key, and how many stops have each.
func (a Answerer) seenValues() (list []string, stops []int64) {
	where := slices.DeleteFunc(slices.Clone(a.Query.Where), func(c fields.Condition) bool { return c.Key == fields.KeyFinding })
	values := engine.Values(a.Snapshot, a.Query.Key, where, a.Classifier)
	list, stops = make([]string, len(values)), make([]int64, len(values))
	for i, value := range values {
		list[i], stops[i] = value.Text, value.Stops
	}
	return list, stops
}
