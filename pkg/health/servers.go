package health

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/clock"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/notices"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/words"
)

// Outcome is what one way came to.
type Outcome struct {
	// Message is a sentence or several.
	Message string
	// Lines are the details, about one server each.
	Lines []string
	// Failed: something that was asked for is missing.
	Failed bool
	// Page of the documentation helps where it failed; empty is none in particular.
	Page string
	// Readings are what it was made of, without the lists.
	Readings []model.Reading
	// Recent are the servers of which the history has recent blocks.
	Recent []ledger.Standing
}

// Servers is what reading them came to.
func Servers(readings []model.Reading) Outcome {
	// What is repeated, nothing is missing without.
	servers := slices.DeleteFunc(slices.Clone(readings), func(r model.Reading) bool { return r.Repeated })
	o := Outcome{Message: summary(servers)}
	for _, reading := range servers {
		o.Lines = append(o.Lines, foundOn(reading))
		o.Failed = o.Failed || reading.Err != nil
	}
	if o.Failed {
		o.Message += " " + failure(servers)
	}
	for _, reading := range readings {
		reading.Open, reading.Closed = nil, nil
		o.Readings = append(o.Readings, reading)
	}
	return o
}

// Oddities are what a query would say in notices of what was read.
func Oddities(readings []model.Reading) []string {
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
		notices.UnlistedServers(servers), notices.ClocksBeyond(clock.Tolerance, servers), notices.RepeatedServers(repeated), notices.Unreadable(servers),
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
		return fmt.Sprintf("None of %s answered.", words.Several(len(readings), "server"))
	}
	slices.Sort(versions)
	text := fmt.Sprintf("%s of %s answered (NATS %s): %s open and %s closed connections%s",
		words.Number(answered), words.Several(len(readings), "server"), strings.Join(slices.Compact(versions), ", "), words.Number(open), words.Number(closed), of)
	if oldest.IsZero() {
		return text + "."
	}
	return text + fmt.Sprintf(", the oldest record from %s.", oldest.UTC().Format(time.RFC3339))
}

// failure is about the first server that did not answer.
func failure(readings []model.Reading) string {
	for _, reading := range readings {
		if reading.Err != nil {
			return failedStep(reading.Endpoint, reading.Err)
		}
	}
	return ""
}

func failedStep(endpoint string, err error) string {
	var typed *source.Error
	if errors.As(err, &typed) {
		return fmt.Sprintf("%s failed at the step %q: %s %s", endpoint, typed.Step, typed.Sentence, typed.Hint)
	}
	return fmt.Sprintf("%s failed: %v", endpoint, err)
}

// foundOn is a line about one server.
func foundOn(reading model.Reading) string {
	if reading.Err != nil {
		return failedStep(reading.Endpoint, reading.Err)
	}
	name := reading.Endpoint
	if name != reading.Server.Name {
		name += " is " + reading.Server.Name
	}
	line := fmt.Sprintf("%s (NATS %s): %s open, %s closed",
		name, reading.Server.Version, words.Number(len(reading.Open)), words.Number(len(reading.Closed)))
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
