package connz_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz/decode"
)

// TestQuietServersAreAskedSmallQuestions, however many have full rings: what
// the ledger gave up for want of room is known all the same.
func TestQuietServersAreAskedSmallQuestions(t *testing.T) {
	const servers, size = 12, 1000
	limits := ledger.Limits{Age: 24 * time.Hour, Always: size, Count: servers * size / 2}
	l := testledger.New(t, limits)
	rings, info := make([][]model.Stop, servers), make([]model.Server, servers)
	for s := range servers {
		rings[s] = ringOf(size)
		for i := range rings[s] {
			// The oldest rings are given up as a whole.
			rings[s][i].At = rings[s][i].At.Add(-time.Duration(s) * time.Hour)
		}
		info[s] = model.Server{ID: fmt.Sprintf("N%d", s), Name: fmt.Sprintf("n%d", s), Start: noon.Add(-24 * time.Hour), Total: size, Counters: model.Counters{Total: size}}
	}
	for round := range 4 {
		var readings []model.Reading
		for s := range servers {
			info[s].Now = noon.Add(time.Duration(round) * 11 * time.Second)
			sent := 0
			p := &connz.Pager{Size: 16384, MaxLook: 4096, Ask: func(_ source.Step, offset, limit int) (decode.Page, error) {
				page := cut(rings[s], offset, limit)
				sent += len(page)
				return decode.Page{Rows: page}, nil
			}}
			state, closed, err := p.Ring(info[s], l.Plan)
			if err != nil {
				t.Fatal(err)
			}
			if round > 0 && sent != connz.FirstLook {
				t.Errorf("read %d: nothing is new, yet %s sends %d records", round, info[s].Name, sent)
			}
			readings = append(readings, model.Reading{Endpoint: info[s].Name, Server: info[s], Ring: state, Closed: closed})
		}
		l.Merge(readings)
	}
}
