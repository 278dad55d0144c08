package plugin

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"go.uber.org/goleak"

	"github.com/natsops/nats-connections-datasource/internal/testsource"
	"github.com/natsops/nats-connections-datasource/pkg/guard"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

const internal = "this is an internal error of the plugin: see Grafana's log"

// faulted is a source with a fault that the compiler does not see.
func faulted(source.Request) []model.Reading {
	var none []model.Reading
	return none[:len(none)+1]
}

func expectFault(t *testing.T, response backend.DataResponse) {
	t.Helper()
	if err := response.Error; err == nil || !strings.Contains(err.Error(), internal) ||
		response.Status != backend.StatusInternal || response.ErrorSource != backend.ErrorSourcePlugin {
		t.Errorf("answered %v with status %d from %s", err, response.Status, response.ErrorSource)
	}
}

func TestAFaultOfAReadIsToldToAllWhoWaitForIt(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	g := testsource.NewGate(fixture)
	d := reading(t, g)
	shared := memoryOf(t, d).reads
	shared.ReadFrom(breaking{g})
	var askers sync.WaitGroup
	for range 12 {
		askers.Go(func() {
			if _, err := shared.One(t.Context(), closedRead); !errors.Is(err, guard.ErrInternal) {
				t.Errorf("told %v", err)
			}
		})
	}
	<-g.Begun
	close(g.LetGo)
	askers.Wait()
	// Nobody has to wait for what will not come, and the next read is another one.
	shared.ReadFrom(readings(fixture))
	if snapshot, err := shared.One(t.Context(), closedRead); err != nil || !snapshot.AnsweredAny() {
		t.Errorf("after the fault: %v", err)
	}
}

// breaking fails once its gate opens.
type breaking struct{ *testsource.Gate }

func (b breaking) Read(ctx context.Context, req source.Request) []model.Reading {
	return faulted(source.Request{Closed: len(b.Gate.Read(ctx, req)) > 0})
}

func TestAFaultOfAReadIsAnErrorOfEachQuery(t *testing.T) {
	for refID, response := range ask(t, datasource(t, faulted), false, `{"queryType":"stops"}`, `{"queryType":"connections"}`).Responses {
		t.Run(refID, func(t *testing.T) { expectFault(t, response) })
	}
}

func TestAFaultOfOneAnswerIsAnErrorOfItsQuery(t *testing.T) {
	d := datasource(t, fixture)
	d.recipe.classifier = nil // What stopped cannot be classified.
	answers := ask(t, d, false, `{"queryType":"stops","view":"totals","groupBy":["class"]}`, `{"queryType":"connections","view":"totals"}`)
	expectFault(t, answers.Responses["A"])
	if err := answers.Responses["B"].Error; err != nil {
		t.Errorf("the other one: %v", err)
	}
}

func TestAFaultOfTheCheckIsToldByIt(t *testing.T) {
	d := datasource(t, nil)
	memoryOf(t, d).ways[0].source = readings(faulted)
	result, err := d.CheckHealth(t.Context(), &backend.CheckHealthRequest{})
	if err != nil || result.Status != backend.HealthStatusError || !strings.Contains(result.Message, internal) {
		t.Errorf("told %+v (%v)", result, err)
	}
}
