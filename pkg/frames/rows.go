package frames

import (
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// values maps rows to the values of one column.
func values[R, V any](rows []R, of func(R) V) []V {
	result := make([]V, len(rows))
	for i, row := range rows {
		result[i] = of(row)
	}
	return result
}

// rowField makes a column from rows.
func rowField[R, V any](rows []R, name string, of func(R) V, configure ...func(*data.FieldConfig)) *data.Field {
	return column(name, values(rows, of), configure...)
}

// seconds is a duration as Grafana's unit "s" takes it.
func seconds(d time.Duration) float64 { return d.Seconds() }

func secondsOrNull(d time.Duration) *float64 {
	if d <= 0 {
		return nil
	}
	s := d.Seconds()
	return &s
}
