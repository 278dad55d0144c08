package live

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/live"

	"github.com/natsops/nats-connections-datasource/pkg/query"
)

func parsed(t *testing.T, raw string) query.Query {
	t.Helper()
	q, err := query.Parse([]byte(raw), query.ForPanels)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

var ours = Owner{Tenant: "1", UID: strings.Repeat("u", 40)}

// pathOf is what Grafana makes of a channel.
func pathOf(t *testing.T, channel string) string {
	t.Helper()
	parsed, err := live.ParseChannel(channel)
	if err != nil {
		t.Fatalf("%s: %v", channel, err)
	}
	return parsed.Path
}

// TestQuestionsThatAdmitTheSameShareAChannel: how it is asked is not what is asked.
func TestQuestionsThatAdmitTheSameShareAChannel(t *testing.T) {
	same := []string{
		`{"view":"logs","filters":[{"key":"account","operator":"=|","values":["A","B"]},{"key":"app","operator":"=","values":["x"]}]}`,
		`{"view":"logs","limit":5,"interval":"1m","groupBy":["app"],"live":true,
			"filters":[{"key":"app","operator":"=","values":["x"],"adHoc":true},{"key":"account","operator":"=|","values":["B","A","B"]}]}`,
	}
	first, _ := ours.Channel(QuestionOf(parsed(t, same[0])))
	if second, _ := ours.Channel(QuestionOf(parsed(t, same[1]))); second != first {
		t.Errorf("%s and %s", first, second)
	}
	for name, other := range map[string]struct {
		owner Owner
		query string
	}{
		"view":         {ours, `{"view":"records","filters":[{"key":"account","operator":"=|","values":["A","B"]},{"key":"app","operator":"=","values":["x"]}]}`},
		"value":        {ours, `{"view":"logs","filters":[{"key":"account","operator":"=|","values":["A","C"]},{"key":"app","operator":"=","values":["x"]}]}`},
		"organisation": {Owner{"2", ours.UID}, same[0]},
		"data source":  {Owner{"1", "other"}, same[0]},
	} {
		if channel, _ := other.owner.Channel(QuestionOf(parsed(t, other.query))); pathOf(t, channel)[:39] == pathOf(t, first)[:39] {
			t.Errorf("another %s has the same path", name)
		}
	}
}

// TestAChannelTellsWhatItFollows: by itself, or with what is sent along.
func TestAChannelTellsWhatItFollows(t *testing.T) {
	for name, test := range map[string]struct {
		query string
		whole bool
	}{
		"short": {`{"view":"records"}`, true},
		"long":  {`{"view":"logs","filters":[{"key":"account","operator":"=|","values":["` + strings.Repeat("ä", 5000) + `"]}]}`, false},
	} {
		asked := QuestionOf(parsed(t, test.query))
		channel, whole := ours.Channel(asked)
		if whole != test.whole {
			t.Fatalf("%s: whole %v", name, whole)
		}
		sent, err := json.Marshal(asked)
		if err != nil {
			t.Fatal(err)
		}
		if whole {
			sent = nil
		}
		got, err := ours.Asked(pathOf(t, channel), sent)
		if err != nil || !got.Live || got.View != asked.View || len(got.Where) != len(asked.Filters) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestOnlyChannelsOfAnswersAreFollowed(t *testing.T) {
	asked := QuestionOf(parsed(t, `{"view":"logs"}`))
	channel, _ := ours.Channel(asked)
	path := pathOf(t, channel)
	other := Question{View: query.Logs, Filters: []query.Filter{{Key: "account", Operator: "=", Values: []string{"secret"}}}}
	for name, test := range map[string]struct {
		owner Owner
		path  string
		sent  string
		want  error
	}{
		"of another organisation": {Owner{"2", ours.UID}, path, "", ErrNotYours},
		"of another data source":  {Owner{"1", "other"}, path, "", ErrNotYours},
		"with another question":   {ours, path[:strings.LastIndex(path, "/")], string(other.json()), ErrNotYours},
		"with nothing":            {ours, path[:strings.LastIndex(path, "/")], "", ErrNoChannel},
		"of another version":      {ours, strings.Replace(path, "live/1/", "live/2/", 1), "", ErrNoChannel},
		"of nothing":              {ours, "", "", ErrNoChannel},
		"that is cut":             {ours, path[:len(path)-1], "", ErrNoChannel},
	} {
		if _, err := test.owner.Asked(test.path, json.RawMessage(test.sent)); !errors.Is(err, test.want) {
			t.Errorf("a channel %s: %v, want %v", name, err, test.want)
		}
	}
	var refused *query.Error
	totals := Question{View: query.Totals}
	if _, err := ours.Asked(ours.path(totals), totals.json()); !errors.As(err, &refused) || refused.Field != "live" {
		t.Errorf("totals: %v", err)
	}
}

// FuzzAsked: whatever path is subscribed to, what is followed is a valid question
// of which that is the path.
func FuzzAsked(f *testing.F) {
	for _, asked := range []Question{{View: query.Logs}, {View: query.Records, Filters: []query.Filter{{Key: "app", Operator: "=~", Values: []string{"a.*"}}}}} {
		channel, _ := Owner{"1", "u"}.Channel(asked)
		f.Add(strings.TrimPrefix(channel, "ds/u/"), asked.json())
		f.Add(Owner{"1", "u"}.path(asked), asked.json())
	}
	f.Fuzz(func(t *testing.T, path string, sent []byte) {
		q, err := Owner{"1", "u"}.Asked(path, sent)
		if err != nil {
			return
		}
		if !q.Live || !q.Followable() {
			t.Fatalf("%q leads to %+v", path, q)
		}
		if channel, _ := (Owner{"1", "u"}).Channel(QuestionOf(q)); !strings.HasPrefix(strings.TrimPrefix(channel, "ds/u/"), path[:len(prefix)+32]) {
			t.Fatalf("%q is not %q", path, channel)
		}
	})
}
