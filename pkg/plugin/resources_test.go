package plugin

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"go.uber.org/goleak"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// scaled is a system of three servers, of which some are gone and some are
// named by the settings.
type scaled struct {
	readings
	gone, named, forgotten []string
}

func (s *scaled) Forget(id string) {
	if !slices.Contains(s.named, id) {
		s.forgotten = append(s.forgotten, id)
	}
}

func system(t *testing.T) (*Datasource, *scaled) {
	t.Helper()
	s := &scaled{}
	rings := map[string]*testledger.Ring{}
	for _, id := range []string{"n1", "n2", "n3"} {
		rings[id] = testledger.NewRing(id, "nats-"+id, 100)
		rings[id].Close(5)
	}
	s.readings = func(source.Request) []model.Reading {
		var found []model.Reading
		for _, id := range []string{"n1", "n2", "n3"} {
			r := rings[id].Read()
			if slices.Contains(s.gone, id) {
				r = model.Reading{Endpoint: r.Endpoint, Server: r.Server, Err: errors.New("it is gone")}
			}
			if !slices.Contains(s.forgotten, id) {
				found = append(found, r)
			}
		}
		return found
	}
	return reading(t, s), s
}

// request calls a resource as a user of that role; none is Grafana itself.
func request(t *testing.T, d *Datasource, role, method, path, body string) (int, string) {
	t.Helper()
	req := &backend.CallResourceRequest{Method: method, Path: path, Body: []byte(body)}
	if role != "" {
		req.PluginContext.User = &backend.User{Role: role}
	}
	var got *backend.CallResourceResponse
	err := d.CallResource(t.Context(), req, backend.CallResourceResponseSenderFunc(func(res *backend.CallResourceResponse) error {
		got = res
		return nil
	}))
	if err != nil || got == nil {
		t.Fatalf("%v, answered %v", err, got)
	}
	return got.Status, string(got.Body)
}

func TestAServerIsForgottenAndItsRecordsAreNot(t *testing.T) {
	d, s := system(t)
	ask(t, d, false, anyStops)
	s.gone = []string{"n3"}
	status, body := request(t, d, "Viewer", http.MethodGet, "servers", "")
	var told struct{ Servers []listed }
	if err := json.Unmarshal([]byte(body), &told); err != nil || status != http.StatusOK {
		t.Fatalf("%d %s (%v)", status, body, err)
	}
	if want := (listed{ID: "n3", Name: "nats-n3", Error: "it is gone"}); len(told.Servers) != 3 || told.Servers[2] != want || !told.Servers[0].Answered {
		t.Errorf("servers %+v", told.Servers)
	}
	if status, body := request(t, d, "Admin", http.MethodPost, "forget-server", `{"id":"n3"}`); status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	if _, body := request(t, d, "Admin", http.MethodGet, "servers", ""); strings.Contains(body, "n3") {
		t.Errorf("servers %s", body)
	}
	frame := ask(t, d, true, `{"queryType":"servers","view":"totals","metric":"answered","groupBy":["server"]}`).Responses["A"].Frames[0]
	if len(frame.Fields) != 2 {
		t.Errorf("%d servers are expected to answer, want 2", len(frame.Fields))
	}
	if got := stopsOf(t, d); got != 15 {
		t.Errorf("%d stops are known, want all 15", got)
	}
}

func TestWhatCannotBeForgottenSaysWhy(t *testing.T) {
	for name, test := range map[string]struct {
		role, body string
		named      bool
		status     int
		message    string
	}{
		"a viewer":                   {"Viewer", `{"id":"n3"}`, false, http.StatusForbidden, "administrator"},
		"an editor":                  {"Editor", `{"id":"n3"}`, false, http.StatusForbidden, "administrator"},
		"nobody":                     {"", `{"id":"n3"}`, false, http.StatusForbidden, "administrator"},
		"no server":                  {"Admin", `{}`, false, http.StatusBadRequest, "id must be"},
		"no JSON":                    {"Admin", `id=n3`, false, http.StatusBadRequest, "id must be"},
		"one that answers":           {"Admin", `{"id":"n1"}`, true, http.StatusConflict, "stop it first"},
		"one that the settings name": {"Admin", `{"id":"n3"}`, true, http.StatusConflict, "remove its URL"},
	} {
		t.Run(name, func(t *testing.T) {
			d, s := system(t)
			ask(t, d, false, anyStops)
			s.gone = []string{"n3"}
			if test.named {
				s.named = []string{"n1", "n3"}
			}
			status, body := request(t, d, test.role, http.MethodPost, "forget-server", test.body)
			if status != test.status || !strings.Contains(body, test.message) {
				t.Errorf("%d %s", status, body)
			}
			if len(s.forgotten) != 0 {
				t.Errorf("forgot %v", s.forgotten)
			}
		})
	}
}

func TestOtherRequestsAreRefused(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	d, _ := system(t)
	for _, one := range [][2]string{{http.MethodGet, "forget-server"}, {http.MethodPost, "servers"}, {http.MethodGet, ""}, {http.MethodGet, "../servers"}} {
		if status, body := request(t, d, "Admin", one[0], one[1], ""); status != http.StatusNotFound {
			t.Errorf("%v: %d %s", one, status, body)
		}
	}
}

func TestAFaultOfARequestIsToldByIt(t *testing.T) {
	status, body := request(t, datasource(t, faulted), "Admin", http.MethodGet, "servers", "")
	if status != http.StatusBadGateway || !strings.Contains(body, internal) {
		t.Errorf("%d %s", status, body)
	}
}
