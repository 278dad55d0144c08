package frames_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/frames"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/query"
)

// TestEvidenceIsNoMoreThanWasCounted: where conditions admit more records than show a
// finding, those that do come first, and are as many.
func TestEvidenceIsNoMoreThanWasCounted(t *testing.T) {
	for name, test := range map[string]struct {
		shown finding.Shown
		count int64
		by    query.Sort
		limit int
	}{
		"200 short connections":    {finding.InShortest, 200, query.Sort{By: "duration"}, 200},
		"a million of them":        {finding.InShortest, 1_000_000, query.Sort{By: "duration"}, query.DefaultRows},
		"those with most pending":  {finding.InBacklog, 3, query.Sort{By: "pending_bytes", Desc: true}, 3},
		"all that were slow":       {finding.InStops, 3, query.Sort{}, 0},
		"connections that are old": {finding.InOpen, 3, query.Sort{}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
			frame := frames.FindingTable(frames.Options{}, []finding.Finding{{
				Subject: model.Subject{Rule: finding.Churn}, Count: test.count, Shown: test.shown, First: at, Last: at,
			}}, at)
			field, _ := frame.FieldByName("evidence")
			var asked struct{ Query query.Query }
			text, is := field.At(0).(string)
			if err := json.Unmarshal([]byte(text), &asked); !is || err != nil {
				t.Fatal(field.At(0), err)
			}
			var by query.Sort
			if asked.Query.Sort != nil {
				by = *asked.Query.Sort
			}
			if by != test.by || asked.Query.Limit != test.limit {
				t.Errorf("asks for %d by %+v, want %d by %+v", asked.Query.Limit, by, test.limit, test.by)
			}
		})
	}
}
