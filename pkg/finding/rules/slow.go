package rules

import (
	"fmt"
	"strings"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/finding/facts"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/strangers"
)

const pendingBytes = "Slow Consumer (Pending Bytes)"

// slowConsumers are apps that were cut off. Unnamed clients are told apart by
// their address.
func slowConsumers(f *facts.Facts, t finding.Thresholds) []finding.Finding {
	var found []finding.Finding
	for _, group := range grouped(f.Stops[reason.CategorySlowConsumer], ofApp(f)) {
		for _, stops := range episodes(group) {
			found = append(found, slowConsumer(f, t, stops))
		}
	}
	return found
}

// ofApp is the app of an account; who has no name is told apart by address.
func ofApp(f *facts.Facts) func(*facts.Stop) subject {
	return func(s *facts.Stop) subject {
		key := subject{account: s.Account, app: s.App}
		if f.Unnamed(s) {
			key.ip = s.IP + 1
		}
		return key
	}
}

func slowConsumer(f *facts.Facts, t finding.Thresholds, stops []*facts.Stop) finding.Finding {
	one := aboutApp(f, finding.SlowConsumer, stops)
	var lost int64
	queued := 0
	for i := range stops {
		lost += stops[i].Pending
		if f.Reason(stops[i]).Text == pendingBytes {
			queued++
		}
	}
	why := "more was queued for it than max_pending"
	switch {
	case queued == 0 && busiest(stops, time.Hour) < t.Number(finding.SlowConsumer, "stalled"):
		one.Severity, one.Confidence = string(reason.Info), finding.Possible
		why = "nothing could be written to it before write_deadline; it may as well have vanished, such as a laptop that fell asleep"
	case queued == 0:
		why = "nothing could be written to it before write_deadline"
	case queued < len(stops):
		why = "more was queued for it than max_pending, or nothing could be written to it before write_deadline"
	}
	parts := []string{
		fmt.Sprintf("%s was cut off as slow consumer %s", whoIs(f, stops[0]), often(len(stops))),
		fmt.Sprintf("at least %s lost", size(lost)),
	}
	if one.Instances > 1 {
		parts = append(parts, several(one.Instances, "instance"))
	}
	if servers := distinct(stops, byServer); servers > 1 {
		parts = append(parts, "by "+several(servers, "server"))
	} else {
		parts = append(parts, "by "+strangers.Quoted(f.Server(stops[0])))
	}
	text := strings.Join(parts, ", ") + ": " + why
	if open := f.Open.Of(f.Account(stops[0]), f.App(stops[0])); open.Pending > stillBehind {
		text += fmt.Sprintf("; %s wait for its open connections now", size(open.Pending))
	}
	one.Sentence = sentence(text)
	one.Evidence = append(one.Evidence, finding.Condition{Key: fields.KeyCategory, Values: []string{string(reason.CategorySlowConsumer)}})
	return one
}

// stillBehind is how much waits for an app that has not caught up.
const stillBehind = 1 << 20

// aboutApp begins a finding about an app of an account, and its evidence.
func aboutApp(f *facts.Facts, rule string, stops []*facts.Stop) finding.Finding {
	one, s := about(f, rule, stops), stops[0]
	one.Account, one.App = f.Account(s), f.App(s)
	one.Evidence = []finding.Condition{
		{Key: fields.KeyAccount, Values: []string{one.Account}}, {Key: fields.KeyApp, Values: []string{one.App}},
	}
	if f.Unnamed(s) {
		one.IP = f.IP(s)
		one.Evidence = append(one.Evidence, finding.Condition{Key: fields.KeyIP, Values: []string{one.IP}})
	}
	return one
}

// whoIs names the app of a stop, and whose it is.
func whoIs(f *facts.Facts, s *facts.Stop) string {
	return fmt.Sprintf("%s (account %s)", client(f.App(s), f.User(s), f.IP(s)), strangers.Quoted(f.Account(s)))
}
