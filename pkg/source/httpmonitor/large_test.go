package httpmonitor_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz/decode"
	"github.com/natsops/nats-connections-datasource/pkg/source/httpmonitor"
)

// TestRingOfLongNamesStaysReadable: without a login, anybody can fill the ring
// with names that servers print as 23 kB each.
func TestRingOfLongNamesStaysReadable(t *testing.T) {
	const records, maxBody = 300, 1 << 20
	name := strings.Repeat(`\u003c`, 3900)
	s := newSource(t, []string{serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/varz" {
			_, _ = fmt.Fprintf(w, `{"server_id":"NA","server_name":"n1","version":"2.15.2","total_connections":%d}`, records)
			return
		}
		offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
		limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
		var rows []string
		for i := offset; i < min(offset+limit, records); i++ {
			rows = append(rows, fmt.Sprintf(`{"cid":%d,"name":"%s%d","stop":"2026-11-22T12:00:%02d.%03dZ"}`, records-i, name, i, 59-i/10, 999-i%10))
		}
		_, _ = fmt.Fprintf(w, `{"server_id":"NA","connections":[%s]}`, strings.Join(rows, ","))
	})}, httpmonitor.WithMaxBody(maxBody))
	r := readOne(t, s, source.Request{Closed: true})
	names := map[string]bool{}
	for i := range r.Closed {
		names[r.Closed[i].Name] = true
		if len(r.Closed[i].Name) > decode.MaxText+20 {
			t.Fatalf("kept a name of %d bytes", len(r.Closed[i].Name))
		}
	}
	if len(r.Closed) != records || len(names) != records {
		t.Errorf("%d of %d records, %d names", len(r.Closed), records, len(names))
	}
}
