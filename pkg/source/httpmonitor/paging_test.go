package httpmonitor_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/httpmonitor"
)

// mover is a server whose list changes before each page.
type mover struct {
	rows   []map[string]any
	pages  int
	before func(m *mover)
}

func (m *mover) handle(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/varz" {
		_, _ = w.Write([]byte(goodVarz))
		return
	}
	m.pages++
	if m.before != nil {
		m.before(m)
	}
	offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	start := min(offset, len(m.rows))
	page := m.rows[start:min(start+limit, len(m.rows))]
	_ = json.NewEncoder(w).Encode(map[string]any{"server_id": "NA", "num_connections": len(page), "connections": page})
}

// onPage is count before that page, else 0.
func onPage(m *mover, page, count int) int {
	if m.pages == page {
		return count
	}
	return 0
}

var epoch = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func stopped(cid, second int) map[string]any {
	return map[string]any{"cid": cid, "stop": epoch.Add(time.Duration(second) * time.Second)}
}

func closedCIDs(rows []model.Stop) []int {
	cids := make([]int, len(rows))
	for i := range rows {
		cids[i] = int(rows[i].CID)
	}
	return cids
}

func openCIDs(rows []model.Connection) []int {
	cids := make([]int, len(rows))
	for i := range rows {
		cids[i] = int(rows[i].CID)
	}
	return cids
}

func descending(from, to int) (list []int) {
	for i := from; i >= to; i-- {
		list = append(list, i)
	}
	return list
}

func TestClosedWhileRecordsArrive(t *testing.T) {
	arrive := func(m *mover, count, keep int) {
		for range count {
			next := m.rows[0]["cid"].(int) + 1
			m.rows = slices.Insert(m.rows, 0, stopped(next, next))
		}
		m.rows = m.rows[:min(len(m.rows), keep)]
	}
	for name, c := range map[string]struct {
		size   int
		before func(*mover)
		want   []int
	}{
		"nothing moves":                 {25, nil, descending(25, 1)},
		"exactly one page":              {10, nil, descending(10, 1)},
		"some arrive before each page":  {25, func(m *mover) { arrive(m, min(m.pages-1, 3), 999) }, descending(25, 1)},
		"more than a page arrives":      {25, func(m *mover) { arrive(m, onPage(m, 2, 15), 999) }, descending(25, 1)},
		"the ring is full and overruns": {25, func(m *mover) { arrive(m, onPage(m, 2, 4), 25) }, descending(25, 5)},
		"empty":                         {0, nil, []int{}},
	} {
		t.Run(name, func(t *testing.T) {
			m := &mover{rows: ring(c.size), before: c.before}
			s := newSource(t, []string{serve(t, m.handle)}, httpmonitor.WithPageSize(10))
			r := readOne(t, s, source.Request{Closed: true})
			if got := closedCIDs(r.Closed); !slices.Equal(got, c.want) {
				t.Errorf("got  %v\nwant %v", got, c.want)
			}
		})
	}
}

// TestClosedTogether: servers sort unstably, so records with the same time may
// swap places from page to page.
func TestClosedTogether(t *testing.T) {
	m := &mover{before: func(m *mover) {
		slices.SortFunc(m.rows, func(a, b map[string]any) int {
			if byTime := b["stop"].(time.Time).Compare(a["stop"].(time.Time)); byTime != 0 {
				return byTime
			}
			if m.pages%2 == 0 {
				return a["cid"].(int) - b["cid"].(int)
			}
			return b["cid"].(int) - a["cid"].(int)
		})
	}}
	for cid := 1; cid <= 40; cid++ {
		m.rows = append(m.rows, stopped(cid, cid/7))
	}
	s := newSource(t, []string{serve(t, m.handle)}, httpmonitor.WithPageSize(5))
	got := closedCIDs(readOne(t, s, source.Request{Closed: true}).Closed)
	slices.Sort(got)
	want := descending(40, 1)
	slices.Reverse(want)
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestOpenWhileConnectionsLeave(t *testing.T) {
	leave := func(count int) func(*mover) {
		return func(m *mover) {
			if m.pages > 1 {
				m.rows = m.rows[min(count, len(m.rows)):]
			}
		}
	}
	for name, before := range map[string]func(*mover){
		"nobody leaves":          nil,
		"some leave":             leave(1),
		"half a page leaves":     leave(5),
		"a page leaves":          leave(10),
		"nearly everybody left":  func(m *mover) { m.rows = m.rows[onPage(m, 2, 30):] },
		"others come meanwhile":  func(m *mover) { m.rows = append(m.rows, map[string]any{"cid": 1000 + m.pages}) },
		"everybody left at once": func(m *mover) { m.rows = m.rows[onPage(m, 2, 35):] },
	} {
		t.Run(name, func(t *testing.T) {
			m := &mover{before: before}
			for cid := 1; cid <= 35; cid++ {
				m.rows = append(m.rows, map[string]any{"cid": cid})
			}
			url := serve(t, m.handle)
			got := openCIDs(readOne(t, newSource(t, []string{url}, httpmonitor.WithPageSize(10)), source.Request{Open: true}).Open)
			if !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != len(got) {
				t.Errorf("not each once: %v", got)
			}
			for _, row := range m.rows {
				// Whoever was there all along must have been seen.
				if cid := row["cid"].(int); cid <= 35 && !slices.Contains(got, cid) {
					t.Errorf("%d was overlooked: %v", cid, got)
				}
			}
		})
	}
}

func TestListThatNeverEnds(t *testing.T) {
	m := &mover{before: func(m *mover) {
		for range 20 {
			m.rows = append(m.rows, map[string]any{"cid": len(m.rows) + 1})
		}
	}}
	s := newSource(t, []string{serve(t, m.handle)}, httpmonitor.WithPageSize(10))
	if r := s.Read(t.Context(), source.Request{Open: true})[0]; r.Err == nil || m.pages > 1000 {
		t.Errorf("%d pages, %v", m.pages, r.Err)
	}
}

func TestRealRingOverflows(t *testing.T) {
	opts := &server.Options{}
	ring := testnats.LimitRing(opts, 50)
	ns := testnats.Start(t, opts)
	if err := testnats.FillRing(t.Context(), ns.Addr, ring+70, testnats.LongName); err != nil {
		t.Fatal(err)
	}
	s := newSource(t, []string{ns.MonitorURL}, httpmonitor.WithPageSize(ring/6))
	var r model.Reading
	testnats.Until(t, "everybody to have left", func() bool {
		r = readOne(t, s, source.Request{Closed: true})
		return r.Server.Closed() == int64(ring)+70 && len(r.Closed) == ring
	})
	if !slices.IsSortedFunc(r.Closed, func(a, b model.Stop) int { return b.At.Compare(a.At) }) {
		t.Error("not newest first")
	}
}

// TestRealServerInMotion reads small pages while clients come and go.
func TestRealServerInMotion(t *testing.T) {
	ns := testnats.Start(t, nil)
	if err := testnats.FillRing(t.Context(), ns.Addr, 200, testnats.LongName); err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() { done <- testnats.FillRing(t.Context(), ns.Addr, 300, testnats.LongName) }()
	s := newSource(t, []string{ns.MonitorURL}, httpmonitor.WithPageSize(32))
	for moving := true; moving; {
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			moving = false
		default:
		}
		r := readOne(t, s, source.Request{Closed: true, Open: true})
		if cids := closedCIDs(r.Closed); len(cids) < 190 || repeated(cids) {
			t.Fatalf("%d records, or one of them twice: %v", len(cids), cids)
		}
		if cids := openCIDs(r.Open); repeated(cids) {
			t.Fatalf("one of them twice: %v", cids)
		}
	}
}

func repeated(cids []int) bool {
	seen := map[int]bool{}
	for _, cid := range cids {
		if seen[cid] {
			return true
		}
		seen[cid] = true
	}
	return false
}

func TestWholeDefaultRing(t *testing.T) {
	const size = 10_000
	ns := testnats.Start(t, nil)
	if err := testnats.FillRing(t.Context(), ns.Addr, size, func(i int) string { return fmt.Sprint("client-", i) }); err != nil {
		t.Fatal(err)
	}
	s := newSource(t, []string{ns.MonitorURL})
	var r model.Reading
	testnats.Until(t, "a full ring", func() bool {
		r = readOne(t, s, source.Request{Closed: true})
		return len(r.Closed) == size
	})
	if len(r.Asked) != 3 || repeated(closedCIDs(r.Closed)) {
		t.Errorf("asked %q", r.Asked)
	}
}
