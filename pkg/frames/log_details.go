package frames

import (
	"fmt"
	"strconv"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// logDetails are what Grafana shows when a line is opened. It shows values as
// they are, without units, so they are written in words.
func (c Context) logDetails(rows []*model.Stop) []*data.Field {
	known := func(s *model.Stop) reason.Reason { return c.Classifier.Reason(s.Reason) }
	text := func(name string, value func(*model.Stop) string) *data.Field { return rowField(rows, name, value) }
	help := text("help", func(s *model.Stop) string { return known(s).Link })
	help.Config = &data.FieldConfig{Links: []data.DataLink{helpLink}}
	return []*data.Field{
		text("meaning", func(s *model.Stop) string { return known(s).Meaning }),
		text("remedy", func(s *model.Stop) string { return known(s).Remedy }),
		help,
		text("started", startOf),
		text("duration", durationOf),
		text("bytes_lost_min", func(s *model.Stop) string { return lostOf(fields.BytesLost(s, c.Classifier)) }),
		text("traffic", traffic),
		text("cid", func(s *model.Stop) string { return strconv.FormatUint(s.CID, 10) }),
		text("port", func(s *model.Stop) string { return strconv.Itoa(s.Port) }),
		text("server_id", func(s *model.Stop) string { return s.ServerID }),
		text("server_time", func(s *model.Stop) string { return s.ServerAt.UTC().Format(time.RFC3339Nano) }),
	}
}

func startOf(s *model.Stop) string {
	if s.Start.IsZero() {
		return ""
	}
	return s.Start.UTC().Format(time.RFC3339Nano)
}

func durationOf(s *model.Stop) string {
	if s.Start.IsZero() {
		return ""
	}
	return lasted(s).Round(time.Millisecond).String()
}

func lostOf(bytes int64) string {
	if bytes == 0 {
		return ""
	}
	return fmt.Sprintf("at least %d bytes (%s)", bytes, size(bytes))
}

func traffic(s *model.Stop) string {
	return fmt.Sprintf("%s in, %s out", amount(s.InMsgs, s.InBytes), amount(s.OutMsgs, s.OutBytes))
}

func amount(messages, bytes int64) string {
	if messages == 1 {
		return fmt.Sprintf("1 message (%s)", size(bytes))
	}
	return fmt.Sprintf("%d messages (%s)", messages, size(bytes))
}

// size is a number of bytes for people, as Grafana's unit "bytes" shows it.
func size(bytes int64) string {
	const step = 1024
	if bytes < step {
		return fmt.Sprintf("%d B", bytes)
	}
	amount, units := float64(bytes), []string{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}
	for amount >= step {
		amount, units = amount/step, units[1:]
	}
	return fmt.Sprintf("%.3g %s", amount, units[0])
}
