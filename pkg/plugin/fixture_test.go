package plugin

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reads"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/telemetry"
)

// noon is when every fixture is read, by every server's clock.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// closedRead is what queries of stops must have read.
var closedRead = reads.Need{Lists: reads.Lists{Closed: true}}

// readings is a source that answers the same again and again.
type readings func(source.Request) []model.Reading

func (r readings) Read(_ context.Context, req source.Request) []model.Reading { return r(req) }
func (r readings) Forget(string)                                              {}
func (r readings) Rest()                                                      {}
func (r readings) Close()                                                     {}

// newProcess is a process that ends with the test.
func newProcess(t testing.TB) *Process {
	t.Helper()
	p := NewProcess(telemetry.New(prometheus.NewRegistry()), DefaultLeases())
	t.Cleanup(p.Close)
	return p
}

// datasource is one that reads r.
func datasource(t testing.TB, r readings) *Datasource {
	t.Helper()
	return reading(t, r)
}

// reading is a data source that reads from what is no server.
func reading(t testing.TB, r source.Source) *Datasource {
	t.Helper()
	d := made(t, newProcess(t), map[string]any{"urls": []string{"http://n1:8222"}, "syncEvery": "0s"})
	memoryOf(t, d).reads.ReadFrom(r)
	return d
}

// made is an instance as Grafana makes it, saved later than all before.
func made(t testing.TB, p *Process, jsonData map[string]any) *Datasource {
	t.Helper()
	raw, err := json.Marshal(jsonData)
	if err != nil {
		t.Fatal(err)
	}
	return saved(t, p, backend.PluginContext{}, backend.DataSourceInstanceSettings{UID: "uid1", Name: "NATS", JSONData: raw})
}

func saved(t testing.TB, p *Process, of backend.PluginContext, settings backend.DataSourceInstanceSettings) *Datasource {
	t.Helper()
	if settings.Updated.IsZero() {
		settings.Updated = time.Now()
	}
	instance, err := p.NewInstance(backend.WithPluginContext(t.Context(), of), settings)
	if err != nil {
		t.Fatal(err)
	}
	d, ok := instance.(*Datasource)
	if !ok {
		t.Fatalf("made a %T", instance)
	}
	return d
}

func memoryOf(t testing.TB, d *Datasource) *memory {
	t.Helper()
	m, err := d.ask(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func stop(cid uint64, reason, account, name string, before time.Duration) model.Stop {
	return model.Stop{
		Connection: model.Connection{
			ServerID: "ID1", CID: cid, Account: account, AccountID: account, Name: name,
			Profile: model.Profile{Kind: "Client", Type: "nats", Lang: "go", Version: "1.2.3"}, IP: "10.0.0.1", Port: 4000 + int(cid),
			User: "u-" + account, Start: noon.Add(-before - time.Minute), LastActivity: noon.Add(-before),
			RTT: 1500 * time.Microsecond, PendingBytes: 1000 * int64(cid), InMsgs: 1, OutMsgs: 2, InBytes: 3, OutBytes: 4,
		},
		Reason: reason,
		At:     noon.Add(-before),
	}
}

// fixture is two servers, of which the second does not answer.
func fixture(req source.Request) []model.Reading {
	n1 := model.Reading{
		Endpoint: "n1:8222",
		Server: model.Server{
			ID: "ID1", Name: "n1", Cluster: "c1", Version: "2.15.2",
			Start: noon.Add(-30 * time.Minute), Now: noon, Open: 1, Total: 6, Members: 2,
		},
		Asked: []string{"GET http://n1:8222/varz"},
	}
	if req.Closed {
		n1.Ring = model.RingRead
		n1.Closed = []model.Stop{
			stop(5, "Slow Consumer (Pending Bytes)", "orders", "billing-service-pod-3a7f", 2*time.Minute),
			stop(4, "Authentication Failure", model.GlobalAccount, "billing-service-pod-9c1e", 3*time.Minute),
			stop(3, "Client Closed", "orders", "web-7d4b9c6f5d-x2x4z", 4*time.Minute),
			stop(2, "Authentication Failure", model.GlobalAccount, "", 8*time.Minute),
			stop(1, "Brand New Reason", "billing", "", 20*time.Minute),
		}
	}
	if req.Open {
		n1.Open = []model.Connection{stop(6, "", "orders", "web-7d4b9c6f5d-k8k9z", 0).Connection}
	}
	n2 := model.Reading{Endpoint: "n2:8222", Err: &source.Error{
		Kind: source.KindNetwork, Step: source.StepIdentity, Endpoint: "n2:8222",
		Sentence: "Connection refused.", Hint: "Check that the server runs.", Cause: errors.New("refused"),
	}}
	return []model.Reading{n1, n2}
}

// ask runs queries over the ten minutes before noon.
func ask(t testing.TB, d *Datasource, alert bool, queries ...string) *backend.QueryDataResponse {
	t.Helper()
	req := &backend.QueryDataRequest{
		PluginContext: backend.PluginContext{
			DataSourceInstanceSettings: &backend.DataSourceInstanceSettings{UID: "uid1", Name: "NATS"},
		},
		Headers: map[string]string{},
	}
	if alert {
		req.Headers[backend.FromAlertHeaderName] = "true"
	}
	for i, q := range queries {
		req.Queries = append(req.Queries, backend.DataQuery{
			RefID:         string(rune('A' + i)),
			JSON:          json.RawMessage(q),
			TimeRange:     backend.TimeRange{From: noon.Add(-10 * time.Minute), To: noon},
			Interval:      2 * time.Minute,
			MaxDataPoints: 100,
		})
	}
	response, err := d.QueryData(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	return response
}
