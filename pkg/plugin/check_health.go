package plugin

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/natsops/nats-connections-datasource/pkg/guard"
	"github.com/natsops/nats-connections-datasource/pkg/health"
	"github.com/natsops/nats-connections-datasource/pkg/history"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
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
	checks := make([]check, len(ways))
	for i, w := range ways {
		checks[i] = check{w.name, func() health.Outcome {
			return health.Servers(w.source.Read(ctx, source.Request{Closed: true, Open: true, Patient: true}))
		}}
	}
	if len(d.recipe.settings.History.Servers) > 0 {
		checks = append(checks, check{"History", func() health.Outcome { return d.examine(ctx) }})
	}
	outcomes := outcomesOf(ctx, checks)
	result, told := &backend.CheckHealthResult{Status: backend.HealthStatusOk}, map[string]string{}
	var messages, lines []string
	var readings []model.Reading
	var recent []ledger.Standing
	for i, o := range outcomes {
		if len(outcomes) > 1 {
			o.Message = checks[i].name + ": " + o.Message
			o.Lines = append([]string{checks[i].name + ":"}, o.Lines...)
		}
		if o.Failed {
			result.Status = backend.HealthStatusError
			told["errorDetailsLink"] = cmp.Or(told["errorDetailsLink"], documentation+cmp.Or(o.Page, "troubleshoot.md"))
		}
		messages, lines = append(messages, o.Message), append(lines, o.Lines...)
		readings, recent = append(readings, o.Readings...), append(recent, o.Recent...)
	}
	odd := health.Oddities(readings)
	if text := health.Elsewhere(recent, readings); text != "" {
		odd = append(odd, text)
	}
	for _, warnings := range [][]string{odd, d.recipe.settings.Warnings} {
		messages, lines = append(messages, warnings...), append(lines, warnings...)
	}
	told["verboseMessage"] = strings.Join(lines, "\n")
	details, err := json.Marshal(told)
	if err != nil {
		return nil, fmt.Errorf("details of the health check: %w", err)
	}
	result.Message, result.JSONDetails = strings.Join(messages, " "), details
	return result, nil
}

// documentation is where the pages are that messages lead to.
const documentation = "https://github.com/natsops/nats-connections-datasource/blob/main/docs/"

// check is one thing to find out, and what people call it.
type check struct {
	name string
	run  func() health.Outcome
}

// outcomesOf runs the checks side by side.
func outcomesOf(ctx context.Context, checks []check) []health.Outcome {
	outcomes := make([]health.Outcome, len(checks))
	var wg sync.WaitGroup
	for i, one := range checks {
		wg.Go(func() {
			if fault := guard.Run(ctx, "the check", func() { outcomes[i] = one.run() }); fault != nil {
				outcomes[i] = health.Outcome{Message: sentenceCase(fault.Error()), Failed: true}
			}
		})
	}
	wg.Wait()
	return outcomes
}

// examine looks at the stream of the history over a connection of its own, as the
// settings say now.
func (d *Datasource) examine(ctx context.Context) health.Outcome {
	cfg := historyConfig(d.recipe.settings)
	facts, err := history.Examine(ctx, d.recipe.settings.History.Options(d.recipe.options), cfg)
	return health.History(cfg, facts, err)
}

func sentenceCase(text string) string {
	return strings.ToUpper(text[:1]) + text[1:] + "."
}
