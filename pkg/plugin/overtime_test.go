package plugin

import (
	"strings"
	"testing"
)

// TestWhatIsNotKeptOverTimeIsRefused: an empty panel would look like nothing happened.
func TestWhatIsNotKeptOverTimeIsRefused(t *testing.T) {
	d := datasource(t, fixture)
	for q, want := range map[string]string{
		`{"queryType":"servers","view":"timeseries","metric":"oldest_age"}`:                                        `metric: "oldest_age" is not a metric of timeseries of servers; use open, total or answered.`,
		`{"queryType":"servers","view":"timeseries","groupBy":["version"]}`:                                        `groupBy[0]: timeseries of servers cannot be grouped by "version"; use server or cluster.`,
		`{"queryType":"connections","view":"timeseries","metric":"in_msgs"}`:                                       `metric: "in_msgs" is not a metric of timeseries of connections; use connections or pending_bytes.`,
		`{"queryType":"connections","view":"timeseries","groupBy":["app"]}`:                                        `groupBy[0]: timeseries of connections cannot be grouped by "app"; use account, server or cluster.`,
		`{"queryType":"connections","view":"timeseries","filters":[{"key":"name","operator":"=","values":["x"]}]}`: `filters[0].key: timeseries of connections cannot be filtered by "name"; use account, server or cluster.`,
	} {
		if err := ask(t, d, false, q).Responses["A"].Error; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", q, err, want)
		}
	}
}
