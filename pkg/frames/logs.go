package frames

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/chronicle"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/strangers"
	"github.com/natsops/nats-connections-datasource/pkg/words"
)

// Logs is one log-lines frame: a line per stop. Grafana 12.4 reads the field
// "labels", whatever the data-plane contract calls it (architecture.md#one-shape-per-view).
func Logs(o Options, rows []*model.Stop) (*data.Frame, error) {
	labels := make([]json.RawMessage, len(rows))
	for i, stop := range rows {
		raw, err := json.Marshal(logLabels(o, stop))
		if err != nil {
			return nil, fmt.Errorf("labels of a log line: %w", err)
		}
		labels[i] = raw
	}
	frame := typed(data.FrameTypeLogLines, data.VisTypeLogs,
		rowField(rows, "timestamp", func(s *model.Stop) time.Time { return s.At.UTC() }),
		rowField(rows, "body", o.sentence),
		rowField(rows, "severity", func(s *model.Stop) string { return string(o.Classifier.Reason(s.Reason).Severity) }),
		rowField(rows, "id", func(s *model.Stop) string { return fmt.Sprintf("%s/%d", s.ServerID, s.CID) }),
		column("labels", labels),
	)
	frame.Fields = append(frame.Fields, o.logDetails(rows)...)
	frame.Meta.TypeVersion = data.FrameTypeVersion{0, 0}
	return frame, nil
}

func logLabels(o Options, stop *model.Stop) map[string]string {
	labels := map[string]string{}
	for _, key := range fields.StopKeys() {
		if value := fields.OfStop(stop, key, o.Classifier); value != "" && (key != fields.KeyAccountID || value != stop.Account) {
			labels[string(key)] = strangers.Label(value)
		}
	}
	return labels
}

// sentence tells one stop in words.
func (o Options) sentence(s *model.Stop) string {
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
	if lost := fields.BytesLost(s, o.Classifier); lost > 0 {
		fmt.Fprintf(&b, ", at least %s lost", words.Size(lost))
	}
	return b.String()
}

// tags are what an annotation of the stop is found by.
func tags(s *model.Stop, reason reason.Reason) string {
	return joinTags(string(reason.Class), string(reason.Severity), s.Account, s.Server, s.App)
}

func joinTags(words ...string) string {
	for i, word := range words {
		// A comma ends a tag.
		words[i] = strings.ReplaceAll(strangers.Quoted(word), ",", "‚")
	}
	return strings.Join(words, ",")
}

// logDetails are what Grafana shows when a line is opened. It shows values as
// they are, without units, so they are written in words.
func (o Options) logDetails(rows []*model.Stop) []*data.Field {
	known := func(s *model.Stop) reason.Reason { return o.Classifier.Reason(s.Reason) }
	text := func(name string, value func(*model.Stop) string) *data.Field { return rowField(rows, name, value) }
	help := text("help", func(s *model.Stop) string { return known(s).Link })
	help.Config = &data.FieldConfig{Links: []data.DataLink{helpLink}}
	return []*data.Field{
		text("meaning", func(s *model.Stop) string { return known(s).Meaning }),
		text("remedy", func(s *model.Stop) string { return known(s).Remedy }),
		help,
		text("started", startOf),
		text("duration", durationOf),
		text("bytes_lost_min", func(s *model.Stop) string { return lostOf(fields.BytesLost(s, o.Classifier)) }),
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
	return fmt.Sprintf("at least %s bytes (%s)", words.Number(bytes), words.Size(bytes))
}

func traffic(s *model.Stop) string {
	return fmt.Sprintf("%s in, %s out", amount(s.InMsgs, s.InBytes), amount(s.OutMsgs, s.OutBytes))
}

func amount(messages, bytes int64) string {
	if messages == 1 {
		return fmt.Sprintf("1 message (%s)", words.Size(bytes))
	}
	return fmt.Sprintf("%s messages (%s)", words.Number(messages), words.Size(bytes))
}

// happening is how a kind of event is told.
type happening struct {
	title    string
	severity reason.Severity
	tell     func(chronicle.Event) string
}

var happenings = map[chronicle.Kind]happening{
	chronicle.FirstSeen: {"First seen", reason.Info, func(e chronicle.Event) string {
		if e.Server.Start.IsZero() {
			return "answers for the first time"
		}
		return "answers for the first time; it runs since " + words.Time(e.Server.Start)
	}},
	chronicle.Restarted: {"Restarted", reason.Warning, func(e chronicle.Event) string {
		if e.From.Equal(e.To) {
			return "runs in another process now"
		}
		return fmt.Sprintf("restarted: heard last at %s, running again since %s", words.Time(e.From), words.Time(e.To))
	}},
	chronicle.VersionChanged: {"Version changed", reason.Info, func(e chronicle.Event) string {
		return fmt.Sprintf("went from version %s to %s", strangers.Quoted(e.Former), strangers.Quoted(e.Server.Version))
	}},
	chronicle.Silent: {"No answer", reason.Error, func(e chronicle.Event) string {
		// Who never answered is called by its address, which the reason begins with.
		why := strangers.Quoted(strings.TrimPrefix(e.Why, e.Label+": "))
		if e.Lasts() {
			return "does not answer: " + why
		}
		return fmt.Sprintf("did not answer for %s: %s", e.To.Sub(e.From).Round(time.Second), why)
	}},
	chronicle.LameDuck: {"Lame duck", reason.Info, func(chronicle.Event) string {
		return "sends its clients away, since it is about to end"
	}},
	chronicle.RecordsLost: {"Records lost", reason.Warning, func(e chronicle.Event) string {
		if e.Lost == 0 {
			return "may have lost records of stops"
		}
		return fmt.Sprintf("lost the records of %s: more stopped than its ring holds", words.Several(e.Lost, "stop"))
	}},
	chronicle.FabricSlow: {"Slow fabric", reason.Critical, func(e chronicle.Event) string {
		return fmt.Sprintf("cut off connections to other servers as slow consumers: %s of routes, %s of gateways, %s of leafnodes",
			words.Number(e.Slow.Routes), words.Number(e.Slow.Gateways), words.Number(e.Slow.Leafnodes))
	}},
	chronicle.ClockOff: {"Clock off", reason.Warning, func(e chronicle.Event) string {
		where := "ahead of"
		if e.Offset < 0 {
			where = "behind"
		}
		return fmt.Sprintf("has a clock that is %s %s Grafana's", e.Offset.Abs().Round(time.Second), where)
	}},
}

// Events is one log-lines frame: a line per event. Grafana's annotations read
// timeEnd, title, text and tags by their names, and the first time.
func Events(events []chronicle.Event) (*data.Frame, error) {
	labels := make([]json.RawMessage, len(events))
	for i, e := range events {
		raw, err := json.Marshal(eventLabels(e))
		if err != nil {
			return nil, fmt.Errorf("labels of an event: %w", err)
		}
		labels[i] = raw
	}
	frame := typed(data.FrameTypeLogLines, data.VisTypeLogs,
		rowField(events, "timestamp", func(e chronicle.Event) time.Time { return e.From.UTC() }),
		rowField(events, "body", sentenceOf),
		rowField(events, "severity", func(e chronicle.Event) string { return string(happenings[e.Kind].severity) }),
		rowField(events, "id", func(e chronicle.Event) string { return fmt.Sprintf("%s/%d", e.Server.ID, e.Number) }),
		column("labels", labels),
		rowField(events, "timeEnd", func(e chronicle.Event) *time.Time {
			if e.To.Equal(e.From) {
				return nil
			}
			return timeOrNull(e.To)
		}),
		rowField(events, "title", func(e chronicle.Event) string {
			return strangers.HTML(strangers.Quoted(e.Label) + ": " + happenings[e.Kind].title)
		}),
		rowField(events, "text", func(e chronicle.Event) string { return strangers.HTML(sentenceOf(e)) }),
		rowField(events, "tags", eventTags),
	)
	frame.Meta.TypeVersion = data.FrameTypeVersion{0, 0}
	return frame, nil
}

func sentenceOf(e chronicle.Event) string {
	return strangers.Quoted(e.Label) + " " + happenings[e.Kind].tell(e)
}

func eventLabels(e chronicle.Event) map[string]string {
	labels := map[string]string{"event": string(e.Kind), "server": e.Label}
	for name, value := range map[string]string{"cluster": e.Server.Cluster, "version": e.Server.Version} {
		if value != "" {
			labels[name] = value
		}
	}
	return labels
}

func eventTags(e chronicle.Event) string {
	return joinTags(string(e.Kind), string(happenings[e.Kind].severity), e.Label)
}
