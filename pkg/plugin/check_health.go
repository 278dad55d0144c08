package plugin

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/natsops/nats-connections-datasource/pkg/guard"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/notices"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// CheckHealth walks the path of a query (identity, open connections, closed
// connections) on every server, along each way that is configured, and tells
// what it found or which step failed. What is odd and fails nothing is told, too.
func (d *Datasource) CheckHealth(ctx context.Context, _ *backend.CheckHealthRequest) (*backend.CheckHealthResult, error) {
	if err := d.recipe.settings.Usable(); err != nil {
		messages := append([]string{sentenceCase(err.Error())}, d.recipe.settings.Warnings...)
		return &backend.CheckHealthResult{Status: backend.HealthStatusError, Message: strings.Join(messages, " ")}, nil
	}
	ways, err := d.process.waysOf(ctx, d.recipe)
	if err != nil {
		return &backend.CheckHealthResult{Status: backend.HealthStatusError, Message: sentenceCase(err.Error())}, nil
	}
	outcomes := make([]outcome, len(ways))
	var wg sync.WaitGroup
	for i, w := range ways {
		wg.Go(func() {
			fault := guard.Run(ctx, "the check", func() {
				outcomes[i] = found(w.source.Read(ctx, source.Request{Closed: true, Open: true, Patient: true}))
			})
			if fault != nil {
				outcomes[i] = outcome{message: sentenceCase(fault.Error()), failed: true}
			}
		})
	}
	wg.Wait()
	result := &backend.CheckHealthResult{Status: backend.HealthStatusOk}
	var messages, lines []string
	var readings []model.Reading
	for i, o := range outcomes {
		if len(outcomes) > 1 {
			o.message = ways[i].name + ": " + o.message
			o.lines = append([]string{ways[i].name + ":"}, o.lines...)
		}
		if o.failed {
			result.Status = backend.HealthStatusError
		}
		messages, lines = append(messages, o.message), append(lines, o.lines...)
		readings = append(readings, o.readings...)
	}
	for _, warnings := range [][]string{oddities(readings), d.recipe.settings.Warnings} {
		messages, lines = append(messages, warnings...), append(lines, warnings...)
	}
	details, err := json.Marshal(map[string]string{"verboseMessage": strings.Join(lines, "\n")})
	if err != nil {
		return nil, fmt.Errorf("details of the health check: %w", err)
	}
	result.Message, result.JSONDetails = strings.Join(messages, " "), details
	return result, nil
}

// outcome is what one way came to.
type outcome struct {
	message string
	// lines are about one server each.
	lines  []string
	failed bool
	// readings are what it was made of, without the lists.
	readings []model.Reading
}

func found(readings []model.Reading) outcome {
	// What is repeated, nothing is missing without.
	servers := slices.DeleteFunc(slices.Clone(readings), func(r model.Reading) bool { return r.Repeated })
	o := outcome{message: summary(servers)}
	for _, reading := range servers {
		o.lines = append(o.lines, foundOn(reading))
		o.failed = o.failed || reading.Err != nil
	}
	if o.failed {
		o.message += " " + failure(servers)
	}
	for _, reading := range readings {
		reading.Open, reading.Closed = nil, nil
		o.readings = append(o.readings, reading)
	}
	return o
}

// oddities are what a query would say in notices of what was read.
func oddities(readings []model.Reading) []string {
	var servers []ledger.ServerState
	var repeated []error
	told := map[string]bool{}
	for _, r := range readings {
		switch {
		case r.Repeated:
			repeated = append(repeated, r.Err)
		case !told[r.Server.ID]:
			// A server that answers along both ways is told of once.
			told[r.Server.ID] = r.Err == nil
			servers = append(servers, ledger.ServerState{
				Label: cmp.Or(r.Server.Name, r.Endpoint), Server: r.Server, Answered: r.Err == nil, ClockOffset: r.ClockOffset, Flaws: r.Flaws,
			})
		}
	}
	var texts []string
	for _, notice := range slices.Concat(
		notices.UnlistedServers(servers), notices.ClocksBeyond(ledger.ClockTolerance, servers), notices.RepeatedServers(repeated), notices.Unreadable(servers),
	) {
		texts = append(texts, notice.Text)
	}
	return texts
}

// summary is one sentence about the servers that answered.
func summary(readings []model.Reading) string {
	var versions []string
	var oldest time.Time
	of := ""
	answered, open, closed := 0, 0, 0
	for _, reading := range readings {
		if reading.Err != nil {
			continue
		}
		answered++
		open += len(reading.Open)
		closed += len(reading.Closed)
		versions = append(versions, reading.Server.Version)
		if reading.Account != "" {
			of = " of account " + reading.Account
		}
		if first := oldestOf(reading); !first.IsZero() && (oldest.IsZero() || first.Before(oldest)) {
			oldest = first
		}
	}
	if len(readings) == 1 && answered == 0 {
		return "The server did not answer."
	}
	if answered == 0 {
		return fmt.Sprintf("None of %s answered.", servers(len(readings)))
	}
	slices.Sort(versions)
	text := fmt.Sprintf("%d of %s answered (NATS %s): %d open and %d closed connections%s",
		answered, servers(len(readings)), strings.Join(slices.Compact(versions), ", "), open, closed, of)
	if oldest.IsZero() {
		return text + "."
	}
	return text + fmt.Sprintf(", the oldest record from %s.", oldest.UTC().Format(time.RFC3339))
}

// failure is about the first server that did not answer.
func failure(readings []model.Reading) string {
	for _, reading := range readings {
		if reading.Err != nil {
			return failedStep(reading)
		}
	}
	return ""
}

func failedStep(reading model.Reading) string {
	var typed *source.Error
	if errors.As(reading.Err, &typed) {
		return fmt.Sprintf("%s failed at the step %q: %s %s", reading.Endpoint, typed.Step, typed.Sentence, typed.Hint)
	}
	return fmt.Sprintf("%s failed: %v", reading.Endpoint, reading.Err)
}

// foundOn is a line about one server.
func foundOn(reading model.Reading) string {
	if reading.Err != nil {
		return failedStep(reading)
	}
	name := reading.Endpoint
	if name != reading.Server.Name {
		name += " is " + reading.Server.Name
	}
	line := fmt.Sprintf("%s (NATS %s): %d open, %d closed", name, reading.Server.Version, len(reading.Open), len(reading.Closed))
	if oldest := oldestOf(reading); !oldest.IsZero() {
		line += ", oldest record " + oldest.UTC().Format(time.RFC3339)
	}
	return line
}

// oldestOf is when the oldest record is from, by our clock.
func oldestOf(reading model.Reading) time.Time {
	if len(reading.Closed) == 0 {
		return time.Time{}
	}
	return reading.Closed[len(reading.Closed)-1].At.Add(-reading.ClockOffset)
}

func servers(n int) string {
	if n == 1 {
		return "1 server"
	}
	return fmt.Sprintf("%d servers", n)
}

func sentenceCase(text string) string {
	return strings.ToUpper(text[:1]) + text[1:] + "."
}
