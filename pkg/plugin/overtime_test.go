package plugin

import (
	"strings"
	"testing"
)

// TestWhatIsNotKeptOverTimeIsRefused: an empty panel would look like nothing happened.
func TestWhatIsNotKeptOverTimeIsRefused(t *testing.T) {
	d := datasource(t, fixture)
	for q, want := range map[string]string{
		`{"queryType":"servers","view":"timeseries","metric":"oldest_age"}`:                                        `metric: "oldest_age" is not kept over time; use answered, open or total.`,
		`{"queryType":"servers","view":"timeseries","groupBy":["version"]}`:                                        `groupBy: "version" is not kept over time; use server or cluster.`,
		`{"queryType":"connections","view":"timeseries","metric":"in_msgs"}`:                                       `metric: "in_msgs" is not kept over time; use connections or pending_bytes.`,
		`{"queryType":"connections","view":"timeseries","groupBy":["app"]}`:                                        `groupBy: "app" is not kept over time; use account, server or cluster.`,
		`{"queryType":"connections","view":"timeseries","filters":[{"key":"name","operator":"=","values":["x"]}]}`: `filters: "name" is not kept over time; use account, server or cluster.`,
	} {
		if err := ask(t, d, false, q).Responses["A"].Error; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", q, err, want)
		}
	}
}
