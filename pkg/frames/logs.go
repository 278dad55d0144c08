package frames

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/strangers"
)

// Logs is one log-lines frame: a line per stop. Grafana 12.4 reads the field
// "labels", whatever the data-plane contract calls it (architecture.md#one-shape-per-view).
func Logs(ctx Context, rows []*model.Stop) (*data.Frame, error) {
	labels := make([]json.RawMessage, len(rows))
	for i, stop := range rows {
		raw, err := json.Marshal(logLabels(ctx, stop))
		if err != nil {
			return nil, fmt.Errorf("labels of a log line: %w", err)
		}
		labels[i] = raw
	}
	frame := typed(data.FrameTypeLogLines, data.VisTypeLogs,
		rowField(rows, "timestamp", func(s *model.Stop) time.Time { return s.At.UTC() }),
		rowField(rows, "body", ctx.sentence),
		rowField(rows, "severity", func(s *model.Stop) string { return string(ctx.Classifier.Reason(s.Reason).Severity) }),
		rowField(rows, "id", func(s *model.Stop) string { return fmt.Sprintf("%s/%d", s.ServerID, s.CID) }),
		column("labels", labels),
	)
	frame.Fields = append(frame.Fields, ctx.logDetails(rows)...)
	frame.Meta.TypeVersion = data.FrameTypeVersion{0, 0}
	return frame, nil
}

func logLabels(ctx Context, stop *model.Stop) map[string]string {
	labels := map[string]string{}
	for _, key := range fields.Keys() {
		if value := fields.OfStop(stop, key, ctx.Classifier); value != "" && (key != fields.KeyAccountID || value != stop.Account) {
			labels[string(key)] = value
		}
	}
	return labels
}

// sentence tells one stop in words.
func (c Context) sentence(s *model.Stop) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: ", strangers.Quoted(s.Reason))
	who := strangers.Quoted(s.Name)
	if who == "" {
		who = "an unnamed client"
		if s.Kind == model.KindLeafnode {
			who = "an unnamed leafnode"
		}
	}
	b.WriteString(who)
	if s.User != "" {
		fmt.Fprintf(&b, " (user %s)", strangers.Quoted(s.User))
	}
	fmt.Fprintf(&b, " of account %s at %s left %s", strangers.Quoted(s.Account), strangers.Quoted(s.IP), strangers.Quoted(s.Server))
	if !s.Start.IsZero() {
		fmt.Fprintf(&b, " after %s", durationOf(s))
	}
	if lost := fields.BytesLost(s, c.Classifier); lost > 0 {
		fmt.Fprintf(&b, ", at least %s lost", size(lost))
	}
	return b.String()
}

// tags are what an annotation of the stop is found by.
func tags(s *model.Stop, reason reason.Reason) string {
	words := []string{string(reason.Class), string(reason.Severity), s.Account, s.Server, s.App}
	for i, word := range words {
		// A comma ends a tag.
		words[i] = strings.ReplaceAll(strangers.Quoted(word), ",", "‚")
	}
	return strings.Join(words, ",")
}
