package answer

import (
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/frames"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/books"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/query"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// about asks about the hour before noon, in whose middle n1 started; n2 lost a record in it.
func about(t *testing.T, text string) Answerer {
	t.Helper()
	asked, err := query.Parse([]byte(text), query.ForPanels)
	if err != nil {
		t.Fatal(err)
	}
	state := func(name string, since time.Time, gaps ...books.Gap) ledger.ServerState {
		server := model.Server{ID: name, Name: name, Start: since}
		return ledger.ServerState{Label: name, Answered: true, Server: server, Coverage: ledger.Coverage{Since: since, Until: noon, Gaps: gaps}}
	}
	snapshot := ledger.Snapshot{Servers: []ledger.ServerState{
		state("n1", noon.Add(-30*time.Minute)),
		state("n2", noon.Add(-24*time.Hour), books.Gap{From: noon.Add(-20 * time.Minute), To: noon.Add(-10 * time.Minute), Lost: 1}),
	}}
	return Answerer{
		Options: frames.Options{Query: asked}, Snapshot: snapshot, Span: model.TimeRange{From: noon.Add(-time.Hour), To: noon},
	}
}

func TestOnlyWhatIsWrongWithTheAnswerIsTold(t *testing.T) {
	const began, lost = "n1 started at", "n2 lost the records of 1 stop"
	for text, want := range map[string]string{
		`{}`:                     lost + began,
		`{"coverageShown":true}`: lost,
		`{"filters":[{"key":"server","operator":"=","values":["n1"]}]}`:                                                  began,
		`{"filters":[{"key":"server","operator":"=~","values":["n2"]}]}`:                                                 lost,
		`{"filters":[{"key":"server","operator":"=","values":["n1"]}],"coverageShown":true}`:                             "",
		`{"filters":[{"key":"account","operator":"=","values":["A"]},{"key":"server","operator":"!=","values":["n1"]}]}`: lost,
		`{"queryType":"servers","view":"table","filters":[{"key":"server","operator":"=","values":["n1"]}]}`:             began,
	} {
		a := about(t, text)
		var told string
		for _, notice := range a.incomplete(a.Span) {
			for _, sentence := range []string{began, lost} {
				if strings.HasPrefix(notice.Text, sentence) {
					told += sentence
				}
			}
		}
		if told != want {
			t.Errorf("%s: told %q, want %q", text, told, want)
		}
	}
}

func TestWhoeverAsksForFewIsNotWarnedOfMore(t *testing.T) {
	for text, want := range map[string]data.NoticeSeverity{
		`{"view":"records"}`:              data.NoticeSeverityWarning,
		`{"view":"records","limit":20}`:   data.NoticeSeverityInfo,
		`{"view":"records","limit":2000}`: data.NoticeSeverityWarning,
	} {
		if told := about(t, text).truncated(5, 7, "stops"); len(told) != 1 || told[0].Severity != want {
			t.Errorf("%s: %+v", text, told)
		}
	}
}
