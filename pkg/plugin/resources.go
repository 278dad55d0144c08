package plugin

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/natsops/nats-connections-datasource/pkg/guard"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/reads"
)

// resource answers a request of the settings page: a status, and what is sent
// as JSON.
type resource func(ctx context.Context, d *Datasource, req *backend.CallResourceRequest) (int, any)

// resources are what the settings page may ask for, by method and path.
var resources = map[string]resource{
	http.MethodGet + " servers":        listServers,
	http.MethodPost + " forget-server": forgetServer,
}

// CallResource answers what the settings page asks.
func (d *Datasource) CallResource(ctx context.Context, req *backend.CallResourceRequest, sender backend.CallResourceResponseSender) error {
	status, answer := http.StatusNotFound, any(refusal{"There is nothing of that name."})
	if handle, is := resources[req.Method+" "+req.Path]; is {
		if fault := guard.Run(ctx, "the request", func() { status, answer = handle(ctx, d, req) }); fault != nil {
			status, answer = http.StatusInternalServerError, refusal{sentenceCase(fault.Error())}
		}
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return fmt.Errorf("the answer to %s: %w", req.Path, err)
	}
	return sender.Send(&backend.CallResourceResponse{
		Status: status, Body: body, Headers: map[string][]string{"Content-Type": {"application/json"}},
	})
}

// refusal is why a request is not met.
type refusal struct {
	Message string `json:"message"`
}

// listed is a server as the settings page shows it.
type listed struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Answered bool   `json:"answered"`
	Error    string `json:"error,omitempty"`
}

func listServers(ctx context.Context, d *Datasource, _ *backend.CallResourceRequest) (int, any) {
	m, err := d.ask(ctx)
	if err != nil {
		return http.StatusBadRequest, refusal{err.Error()}
	}
	snapshot, err := m.reads.One(ctx, reads.Need{})
	if err != nil {
		return http.StatusBadGateway, refusal{err.Error()}
	}
	servers := []listed{}
	for _, state := range snapshot.Servers {
		one := listed{ID: state.Server.ID, Name: state.Label, Answered: state.Answered}
		if state.Err != nil {
			one.Error = state.Err.Error()
		}
		servers = append(servers, one)
	}
	return http.StatusOK, map[string]any{"servers": servers}
}

// forgetServer has a server that was removed on purpose not be missing any
// more. What it told is kept as long as any record.
func forgetServer(ctx context.Context, d *Datasource, req *backend.CallResourceRequest) (int, any) {
	if user := req.PluginContext.User; user == nil || user.Role != "Admin" {
		return http.StatusForbidden, refusal{"Only who may edit data sources, an administrator of the organisation, can have a server forgotten."}
	}
	var asked struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(req.Body, &asked); err != nil || asked.ID == "" {
		return http.StatusBadRequest, refusal{"id must be the id of a server."}
	}
	m, err := d.ask(ctx)
	if err != nil {
		return http.StatusBadRequest, refusal{err.Error()}
	}
	expected := func(s ledger.ServerState) bool { return s.Server.ID == asked.ID }
	// Forgotten first, a server that answers late would seem to be gone.
	snapshot, err := m.reads.One(ctx, reads.Need{})
	if err != nil {
		return http.StatusBadGateway, refusal{err.Error()}
	}
	if i := slices.IndexFunc(snapshot.Servers, expected); i >= 0 && snapshot.Servers[i].Answered {
		return http.StatusConflict, refusal{"It answers, so it is not missing; stop it first."}
	}
	m.reads.Forget(asked.ID)
	if snapshot, err = m.reads.One(ctx, reads.Need{}); err != nil {
		return http.StatusBadGateway, refusal{err.Error()}
	}
	if slices.ContainsFunc(snapshot.Servers, expected) {
		return http.StatusConflict, refusal{"The settings name it: remove its URL there."}
	}
	return http.StatusOK, struct{}{}
}
