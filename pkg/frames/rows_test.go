package frames_test

import (
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/frames"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// TestRecordsShowWhatTheyAreSortedBy, and every number that connections have.
func TestRecordsShowWhatTheyAreSortedBy(t *testing.T) {
	var numbers []string
	for _, measure := range fields.OpenMeasures {
		if !measure.Counts {
			numbers = append(numbers, measure.Name)
		}
	}
	stops := frames.StopRecords(frames.Options{Classifier: reason.NewClassifier(nil)}, []*model.Stop{{}})
	shows(t, "stops", stops, append(fields.Columns(fields.StopOrders), numbers...))
	shows(t, "connections", frames.ConnectionRecords(nil), append(fields.Columns(fields.OpenOrders), numbers...))
}

func shows(t *testing.T, what string, frame *data.Frame, columns []string) {
	t.Helper()
	for _, column := range columns {
		if field, _ := frame.FieldByName(column); field == nil {
			t.Errorf("records of %s have no column %s", what, column)
		}
	}
}
