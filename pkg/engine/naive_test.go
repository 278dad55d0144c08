package engine

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/simulate"
	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// TestEngineAgreesWithANaiveOne asks random questions about random records.
func TestEngineAgreesWithANaiveOne(t *testing.T) {
	simulate.Rounds(t, time.Second, func(seed uint64) {
		n := naive{random: rand.New(rand.NewPCG(seed, 0)), classifier: reason.NewClassifier(nil)}
		n.fill(t)
		for range 10 {
			n.ask(t)
		}
	})
}

// naive answers record by record.
type naive struct {
	random     *rand.Rand
	classifier *reason.Classifier
	snapshot   ledger.Snapshot
	stops      []*model.Stop
}

func (n *naive) pick(prefix string, of int) string {
	if i := n.random.IntN(of); i > 0 {
		return fmt.Sprint(prefix, i)
	}
	return ""
}

// fill makes a ledger of up to three servers and thousands of stops, some of
// which it forgets again.
func (n *naive) fill(t *testing.T) {
	reasons := []string{"Client Closed", "Slow Consumer (Pending Bytes)", "Stale Connection", "Odd", "Write Error"}
	few, many := 1+n.random.IntN(6), []int{1, 3, 50, 1500}[n.random.IntN(4)]
	l := testledger.New(t, ledger.Limits{Age: 100 * time.Hour, Count: 500 + n.random.IntN(6000)})
	cid := uint64(0)
	for range 1 + n.random.IntN(4) {
		var readings []model.Reading
		for server := range 1 + n.random.IntN(3) {
			rows := make([]model.Stop, []int{0, 5, 300, 2500}[n.random.IntN(4)])
			for i := range rows {
				cid++
				at := testledger.Noon.Add(time.Duration(n.random.IntN(7200)) * time.Second)
				rows[i] = testledger.At(fmt.Sprint("ID", server), cid, reasons[n.random.IntN(len(reasons))], n.pick("account", few), at)
				c := &rows[i].Connection
				c.Name, c.User, c.IP, c.MQTTClient = n.pick("name", many), n.pick("user", many), n.pick("ip", many), n.pick("mqtt", few)
				c.Lang, c.Version, c.PendingBytes = n.pick("lang", few), n.pick("version", few), int64(n.random.IntN(1000))
			}
			slices.SortFunc(rows, func(a, b model.Stop) int { return b.At.Compare(a.At) })
			readings = append(readings, model.Reading{Endpoint: fmt.Sprint("n", server), Ring: model.RingRead, Closed: rows, Server: model.Server{
				ID: fmt.Sprint("ID", server), Name: fmt.Sprint("n", server), Start: testledger.Noon, Now: testledger.Noon.Add(2 * time.Hour), Total: int64(cid),
			}})
		}
		n.snapshot = l.Merge(readings)
	}
	n.stops = testledger.Everything(n.snapshot)
}

func (n *naive) ask(t *testing.T) {
	keys := fields.StopKeys()
	n.random.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	by, filtered := keys[:n.random.IntN(4)], keys[len(keys)-1]
	var where []fields.Condition
	if len(n.stops) > 0 && n.random.IntN(2) == 0 {
		value := fields.OfStop(n.stops[n.random.IntN(len(n.stops))], filtered, n.classifier)
		where = append(where, fields.Condition{Key: filtered, Match: fields.Not(fields.MatchOneOf([]string{value}))})
	}
	from := testledger.Noon.Add(time.Duration(n.random.IntN(3600)) * time.Second)
	buckets := NewBuckets(model.TimeRange{From: from, To: from.Add(time.Hour)}, time.Duration(1+n.random.IntN(900))*time.Second, false)
	selection := Selection{Range: buckets.Range(), Where: where, Classifier: n.classifier}
	limit := Limit{Most: 1 + n.random.IntN(10), Size: size}
	groups, _ := Series(n.snapshot, selection, by, buckets, fields.MeasureOf(fields.StopCount), limit)
	all := Groups(n.snapshot, selection, by)
	want := n.count(selection, by)
	for _, group := range all {
		if group.Count != want[labelled(group)] {
			t.Errorf("%s counts %d, want %d", labelled(group), group.Count, want[labelled(group)])
		}
		delete(want, labelled(group))
	}
	if len(want) > 0 {
		t.Errorf("%v are missing", want)
	}
	var counted, drawn int64
	for _, group := range groups {
		counted += group.Count
		for _, number := range group.Series {
			drawn += number
		}
	}
	if total := n.total(selection); counted != total || drawn != total {
		t.Errorf("%d in groups, %d in series, want %d", counted, drawn, total)
	}
}

func labelled(g Group) string {
	values := make([]string, len(g.Labels))
	for i, label := range g.Labels {
		values[i] = label.Value
	}
	return strings.Join(values, "|")
}

func (n *naive) count(selection Selection, by []fields.Key) map[string]int64 {
	counts := map[string]int64{}
	for _, stop := range n.stops {
		if !n.selected(stop, selection) {
			continue
		}
		values := make([]string, len(by))
		for i, key := range by {
			values[i] = fields.OfStop(stop, key, n.classifier)
		}
		counts[strings.Join(values, "|")]++
	}
	return counts
}

func (n *naive) total(selection Selection) (total int64) {
	for _, stop := range n.stops {
		if n.selected(stop, selection) {
			total++
		}
	}
	return total
}

func (n *naive) selected(stop *model.Stop, selection Selection) bool {
	for _, condition := range selection.Where {
		if !condition.Match(fields.OfStop(stop, condition.Key, n.classifier)) {
			return false
		}
	}
	return selection.Range.Contains(stop.At)
}
