package notices

import (
	"strings"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/books"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

func TestIncompleteRecords(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	at := func(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }
	server := model.Server{Start: at(0)}
	account := model.Server{Uncounted: true}
	tests := map[string]struct {
		server   model.Server
		coverage ledger.Coverage
		want     string
	}{
		"complete": {server, ledger.Coverage{Since: at(-60)}, ""},
		"started late": {
			server, ledger.Coverage{Since: at(0)}, "n1 started at 2026-03-01 12:00:00 UTC; what stopped there before is unknown.",
		},
		"kept from later on": {server, ledger.Coverage{Since: at(3)}, "n1 is kept only since 2026-03-01 12:03:00 UTC."},
		"evicted before first contact": {
			server, ledger.Coverage{Since: at(3), EvictedBefore: 7},
			"n1 is complete only since 2026-03-01 12:03:00 UTC: 7 older stops had already left its ring.",
		},
		"restarted, and so not unknown before": {
			server, ledger.Coverage{Since: at(0), Gaps: []books.Gap{{From: at(-1), To: at(0), Restart: true}}},
			"n1 restarted at 2026-03-01 12:00:00 UTC: what stopped after 2026-03-01 11:59:00 UTC went with its memory.",
		},
		"lost, counted": {
			server, ledger.Coverage{Since: at(-60), Gaps: []books.Gap{{From: at(1), To: at(2), Lost: 5}}},
			"n1 lost the records of 5 stops between 2026-03-01 12:01:00 UTC and 2026-03-01 12:02:00 UTC: more stopped than its ring holds.",
		},
		"lost, not counted": {
			server, ledger.Coverage{Since: at(-60), Gaps: []books.Gap{{From: at(1), To: at(2)}}},
			"n1 may have lost records of stops between 2026-03-01 12:01:00 UTC and 2026-03-01 12:02:00 UTC.",
		},
		"lacking in the history": {
			server, ledger.Coverage{Since: at(-60), Gaps: []books.Gap{{From: at(1), To: at(2), Lost: 5, History: true}}},
			"The history lacks 5 records of n1 between 2026-03-01 12:01:00 UTC and 2026-03-01 12:02:00 UTC.",
		},
		"a gap outside the range": {
			server, ledger.Coverage{Since: at(-60), Gaps: []books.Gap{{From: at(-40), To: at(-35), Lost: 5}}}, "",
		},
		"many gaps": {
			server, ledger.Coverage{Since: at(-60), Gaps: []books.Gap{
				{From: at(1), To: at(1)}, {From: at(2), To: at(2)}, {From: at(3), To: at(3)}, {From: at(4), To: at(4)}, {From: at(5), To: at(5)},
			}},
			"n1 has 2 more gaps before these." +
				" n1 may have lost records of stops between 2026-03-01 12:03:00 UTC and 2026-03-01 12:03:00 UTC." +
				" n1 may have lost records of stops between 2026-03-01 12:04:00 UTC and 2026-03-01 12:04:00 UTC." +
				" n1 may have lost records of stops between 2026-03-01 12:05:00 UTC and 2026-03-01 12:05:00 UTC.",
		},
		"an account's records": {
			account, ledger.Coverage{Since: at(3)}, "What stopped on n1 before 2026-03-01 12:03:00 UTC may have left its ring.",
		},
		"restarted, seen by an account": {
			account, ledger.Coverage{Since: at(0), Gaps: []books.Gap{{From: at(-1), To: at(0), Restart: true}}},
			"n1 restarted between 2026-03-01 11:59:00 UTC and 2026-03-01 12:00:00 UTC: what stopped in between may have gone with its memory.",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			state := ledger.ServerState{Label: "n1", Server: test.server, Answered: true, Coverage: test.coverage}
			var texts []string
			for _, notice := range IncompleteRecords([]ledger.ServerState{state}, model.TimeRange{From: at(-30), To: at(10)}) {
				texts = append(texts, notice.Text)
			}
			if got := strings.Join(texts, " "); got != test.want {
				t.Fatalf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestUnreadableParts(t *testing.T) {
	got := Unreadable([]ledger.ServerState{
		{Label: "n1", Flaws: []model.Flaw{{Count: 2}, {Field: "in_bytes", Count: 1}}}, {Label: "n2"},
	})
	const want = "Of what n1 answered, this cannot be read and is left out: whole records (2), in_bytes (1)."
	if len(got) != 1 || got[0].Text != want {
		t.Errorf("got %+v", got)
	}
}
