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
	key := a.Query.Key
	list := finding.IDs()
	if key != fields.KeyFinding {
		where := slices.DeleteFunc(slices.Clone(a.Query.Where), func(c fields.Condition) bool { return c.Key == fields.KeyFinding })
		list = engine.Values(a.Snapshot, key, where, a.Classifier)
	}
	shown := list[:min(len(list), a.Query.Limit)]
	frame := frames.Values(shown)
	frame.AppendNotices(a.truncated(len(shown), len(list), "values")...)
	return frame, nil
}
