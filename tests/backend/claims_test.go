package backend_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// claims is what a data source says: which stops there were, and of which it
// knows that it does not.
type claims struct {
	shown map[identity]departure
	// counted are the same stops as numbers.
	counted map[string]float64
	lost    map[string]int64
	// silent is when each server that does not answer was read last.
	silent map[string]time.Time
	// restarts are spans whose stops went with a server's memory.
	restarts map[string][]span
}

type span struct{ from, to time.Time }

// others leaves out the plugin's own connections, which come and go as well.
const others = `"filters":[{"key":"name","operator":"!=","values":["grafana-nats-connections"]}]`

var restarted = regexp.MustCompile(`(n\d) restarted at (.{19}) UTC: what stopped after (.{19}) UTC went with its memory`)

// claimsOf asks a data source for everything it knows.
func claimsOf(t *testing.T, ds backend.DataSourceInstanceSettings) (claims, error) {
	t.Helper()
	said := claims{shown: map[identity]departure{}, lost: map[string]int64{}, silent: map[string]time.Time{}, restarts: map[string][]span{}}
	list := ask(t, ds, `{"queryType":"stops","view":"records","limit":50000,`+others+`}`)
	numbers := ask(t, ds, `{"queryType":"stops","view":"totals","groupBy":["server","reason"],`+others+`}`)
	states := ask(t, ds, `{"queryType":"servers","view":"table","groupBy":["server"]}`)
	for _, answer := range []backend.DataResponse{list, numbers, states} {
		if answer.Error != nil {
			return said, answer.Error
		}
	}
	for _, row := range rows(t, list) {
		id := identity{row["server_id"].(string), row["cid"].(uint64)}
		if _, twice := said.shown[id]; twice {
			t.Errorf("%v is shown twice", id)
		}
		said.shown[id] = departure{row["server"].(string), row["reason"].(string), row["time"].(time.Time)}
	}
	said.counted = totals(t, numbers)
	maps.DeleteFunc(said.counted, func(_ string, n float64) bool { return n == 0 })
	for _, row := range rows(t, states) {
		server := row["server"].(string)
		said.lost[server], _ = row["records_lost"].(int64)
		if row["answered"].(int64) == 0 {
			said.silent[server], _ = row["last_read"].(time.Time)
		}
	}
	for _, told := range restarted.FindAllStringSubmatch(notices(t, numbers), -1) {
		// The notice tells whole seconds.
		said.restarts[told[1]] = append(said.restarts[told[1]], span{second(t, told[3]), second(t, told[2]).Add(time.Second)})
	}
	return said, nil
}

// omissions are, for people, what is said to be missing.
func (c claims) omissions() string {
	var list []string
	for server, lost := range c.lost {
		if lost > 0 {
			list = append(list, fmt.Sprintf("%s lost %d", server, lost))
		}
	}
	for server := range c.silent {
		list = append(list, server+" silent")
	}
	for server, spans := range c.restarts {
		for range spans {
			list = append(list, server+" restarted")
		}
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

func second(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.DateTime, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// check holds the claims against what happened: what is shown did happen, and
// what is not shown is told to be missing, in number or in time. It returns one
// sentence about what is wrong.
func (w *truth) check(said claims) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	counted := map[string]float64{}
	for id, shown := range said.shown {
		really, happened := w.stops[id]
		if !happened || really.server != shown.server || really.reason != shown.reason {
			return fmt.Errorf("%v is shown as %v, was %v", id, shown, really)
		}
		counted[fmt.Sprintf("reason=%s,server=%s", shown.reason, shown.server)]++
	}
	if !maps.Equal(counted, said.counted) {
		return fmt.Errorf("counted as %v, shown are %v", said.counted, counted)
	}
	missing := map[string]int64{}
	for id, really := range w.stops {
		if _, shown := said.shown[id]; !shown && !said.excuses(really) {
			missing[really.server]++
		}
	}
	for server, lost := range said.lost {
		if missing[server] != lost {
			return fmt.Errorf("%s: %d stops are missing, %d are told to be lost", server, missing[server], lost)
		}
	}
	return nil
}

// excuses tells whether it is said that stops of that server at that time are unknown.
func (c claims) excuses(d departure) bool {
	if lastRead, silent := c.silent[d.server]; silent && !lastRead.IsZero() && d.at.After(lastRead) {
		return true
	}
	for _, gone := range c.restarts[d.server] {
		if !d.at.Before(gone.from) && !d.at.After(gone.to) {
			return true
		}
	}
	return false
}
