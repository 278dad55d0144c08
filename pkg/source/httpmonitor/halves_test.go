package httpmonitor_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/httpmonitor"
)

// halved is a server whose ring is asked for in halves, and changes between the
// snapshots that they are.
type halved struct {
	rows []map[string]any
	// counted is what the server's counters say.
	counted int
	// restFirst: the rest is made before the newest rows.
	restFirst bool
	between   func(*halved)
	// refuse answers a request in the server's stead.
	refuse func(w http.ResponseWriter, page int) bool

	mu    sync.Mutex
	pages int
	made  chan struct{} // closed once the first of the two halves is made
}

func (h *halved) handle(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/varz" {
		_, _ = fmt.Fprintf(w, `{"server_id":"NA","server_name":"n1","version":"2.15.2","total_connections":%d}`, h.counted)
		return
	}
	offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	if (offset > 0) != h.restFirst {
		<-h.made
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.pages++; h.pages == 1 {
		defer close(h.made)
	}
	if h.pages == 2 && h.between != nil {
		h.between(h)
	}
	if h.refuse != nil && h.refuse(w, h.pages) {
		return
	}
	start := min(offset, len(h.rows))
	page := h.rows[start:min(start+limit, len(h.rows))]
	_ = json.NewEncoder(w).Encode(map[string]any{"server_id": "NA", "num_connections": len(page), "connections": page})
}

// arrive lets some stop; the ring keeps so many.
func arrive(count, keep int) func(*halved) {
	return func(h *halved) {
		var fresh []map[string]any
		for next := h.rows[0]["cid"].(int) + count; len(fresh) < count; next-- {
			fresh = append(fresh, stopped(next, next))
		}
		h.rows = append(fresh, h.rows...)
		h.rows = h.rows[:min(len(h.rows), keep)]
	}
}

func TestRingInHalves(t *testing.T) {
	const size = 2400
	refuseSecond := func(w http.ResponseWriter, page int) bool {
		if page == 2 {
			w.WriteHeader(http.StatusBadGateway)
		}
		return page == 2
	}
	otherServer := func(w http.ResponseWriter, page int) bool {
		if page == 2 {
			_, _ = w.Write([]byte(`{"server_id":"NB","connections":[{"cid":9000,"stop":"2026-11-22T12:00:01Z"}]}`))
		}
		return page == 2
	}
	for name, c := range map[string]struct {
		*halved
		// want are the records, pages how many requests they take.
		want  []int
		pages int
	}{
		"nothing moves":                             {&halved{}, descending(size, 1), 2},
		"the rest is made first":                    {&halved{restFirst: true}, descending(size, 1), 2},
		"a few arrive before the rest":              {&halved{between: arrive(40, 9999)}, descending(size, 1), 2},
		"a few arrive before the newest":            {&halved{between: arrive(40, 9999), restFirst: true}, descending(size+40, 1), 2},
		"as many arrive as the halves overlap":      {&halved{between: arrive(63, 9999), restFirst: true}, descending(size+63, 1), 3},
		"many arrive before the rest":               {&halved{between: arrive(500, 9999)}, descending(size, 1), 2},
		"many arrive before the newest":             {&halved{between: arrive(500, 9999), restFirst: true}, descending(size+500, 1), 3},
		"half of the ring is overrun":               {&halved{between: arrive(1200, size)}, descending(size, 1201), 2},
		"all of the ring is overrun":                {&halved{between: arrive(4000, size)}, descending(size, 1201), 2},
		"the ring is overrun before the newest":     {&halved{between: arrive(1200, size), restFirst: true}, descending(size+1200, 1201), 3},
		"the rest fails":                            {&halved{refuse: refuseSecond}, descending(size, 1), 3},
		"the rest comes from another server":        {&halved{refuse: otherServer}, descending(size, 1), 3},
		"the ring holds less than counters suggest": {&halved{counted: 9000}, descending(size, 1), 2},
	} {
		t.Run(name, func(t *testing.T) {
			h := c.halved
			h.made = make(chan struct{})
			h.rows = ring(size)
			h.counted = max(h.counted, size)
			r := readOne(t, newSource(t, []string{serve(t, h.handle)}), source.Request{Closed: true})
			if got := closedCIDs(r.Closed); !slices.Equal(got, c.want) {
				t.Errorf("got %d records, %v to %v; want %d, %d to %d",
					len(got), got[0], got[len(got)-1], len(c.want), c.want[0], c.want[len(c.want)-1])
			}
			if h.pages != c.pages {
				t.Errorf("%d pages, not %d", h.pages, c.pages)
			}
		})
	}
	t.Run("many stopped when the halves meet", func(t *testing.T) {
		h := &halved{rows: ring(size), counted: size, made: make(chan struct{})}
		for _, row := range h.rows[1000:1400] {
			row["stop"] = h.rows[1000]["stop"]
		}
		// Servers sort unstably.
		h.between = func(h *halved) { slices.Reverse(h.rows[1000:1400]) }
		r := readOne(t, newSource(t, []string{serve(t, h.handle)}), source.Request{Closed: true})
		got := closedCIDs(r.Closed)
		slices.Sort(got)
		want := descending(size, 1)
		slices.Reverse(want)
		if !slices.Equal(got, want) || h.pages != 3 {
			t.Errorf("%d records in %d pages", len(got), h.pages)
		}
	})
	t.Run("the rest does not fit a page", func(t *testing.T) {
		h := &halved{rows: ring(4000), counted: 4000, made: make(chan struct{})}
		s := newSource(t, []string{serve(t, h.handle)}, httpmonitor.WithPageSize(1000))
		if got := closedCIDs(readOne(t, s, source.Request{Closed: true}).Closed); !slices.Equal(got, descending(4000, 1)) {
			t.Errorf("%d records", len(got))
		}
	})
}

// ring has one record a second.
func ring(size int) (rows []map[string]any) {
	for cid := size; cid >= 1; cid-- {
		rows = append(rows, stopped(cid, cid))
	}
	return rows
}

// TestRealRingInHalves reads a ring again and again while clients come and go:
// whatever one read has, the next must have too.
func TestRealRingInHalves(t *testing.T) {
	ns := testnats.Start(t, nil)
	if err := testnats.FillRing(t.Context(), ns.Addr, 2500, testnats.LongName); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- testnats.FillRing(t.Context(), ns.Addr, 1500, testnats.LongName) }()
	s := newSource(t, []string{ns.MonitorURL})
	var before []int
	for moving := true; moving; {
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			moving = false
		default:
		}
		r := readOne(t, s, source.Request{Closed: true})
		if len(r.Asked) < 3 {
			t.Fatalf("not in halves: %q", r.Asked)
		}
		cids := closedCIDs(r.Closed)
		if repeated(cids) {
			t.Fatalf("one of them twice: %v", cids)
		}
		slices.Sort(cids)
		for _, cid := range before {
			if _, found := slices.BinarySearch(cids, cid); !found {
				t.Fatalf("%d slipped through, with %d others", cid, len(cids))
			}
		}
		before = cids
	}
}
