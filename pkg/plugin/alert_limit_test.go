package plugin

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/query"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// TestAlertOfTooManyGroupsIsAnError: a group that is left out would look
// recovered, so an alert rule gets all of them or a sentence.
func TestAlertOfTooManyGroupsIsAnError(t *testing.T) {
	d := datasource(t, func(req source.Request) []model.Reading {
		all := fixture(req)
		all[0].Closed = nil
		for i := range query.MaxAlertGroups + 1 {
			all[0].Closed = append(all[0].Closed, stop(uint64(i+1), "Kicked", fmt.Sprintf("a%d", i), "", time.Minute))
		}
		return all
	})
	const byAccount = `{"queryType":"stops","view":"totals","groupBy":["account"]}`
	err := ask(t, d, true, byAccount).Responses["A"].Error
	if err == nil || !strings.Contains(err.Error(), "groupBy: makes 1001 groups, more than the 1000") {
		t.Errorf("an alert got %v", err)
	}
	if panel := ask(t, d, false, byAccount).Responses["A"]; panel.Error != nil || len(panel.Frames[0].Fields) != query.DefaultGroups+1 {
		t.Errorf("a panel got %v", panel.Error)
	}
}
