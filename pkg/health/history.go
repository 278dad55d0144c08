package health

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/history"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/words"
)

// historyPage is where the documentation has the stream and its permissions.
const historyPage = "history.md"

// History is what examining the stream came to.
func History(cfg history.Config, facts history.Facts, err error) Outcome {
	if err != nil {
		endpoint := cfg.Stream
		var typed *source.Error
		if errors.As(err, &typed) {
			endpoint = typed.Endpoint
		}
		text := failedStep(endpoint, err)
		return Outcome{Message: text, Lines: []string{text}, Failed: true, Page: historyPage}
	}
	adding := "nothing is added here"
	if cfg.Write {
		adding = "what is read here is added"
	}
	text := holding(cfg.Stream, facts, limits(facts), adding)
	if cfg.Captured != "" {
		text += captured(cfg.Captured, facts)
	}
	if len(facts.Writers) > 0 {
		text += " It is also written by " + strings.Join(facts.Writers, ", ") + "."
	}
	return Outcome{Message: text, Lines: []string{text}, Recent: facts.Recent}
}

const (
	// mostNamed is how many servers are named.
	mostNamed = 3
	// about is how far the clocks of servers may be apart where one follows another.
	about = time.Minute
)

// Elsewhere is what is odd about servers of which the history has recent blocks and
// which are not read here; empty if there are none, or if it is not known who is read,
// since somebody does not answer.
func Elsewhere(recent []ledger.Standing, readings []model.Reading) string {
	names, answered := map[string]bool{}, map[string]bool{}
	for _, r := range readings {
		if r.Err != nil && !r.Repeated {
			return ""
		}
		names[r.Server.Name], answered[r.Server.ID] = true, true
	}
	var others []string
	for i := range recent {
		s := &recent[i]
		if answered[s.Server.ID] || slices.ContainsFunc(readings, func(r model.Reading) bool { return follows(r, s) }) {
			continue
		}
		name := s.Server.Name
		if names[name] {
			name += " at " + s.Endpoint
		}
		others = append(others, name)
	}
	if len(readings) == 0 || len(others) == 0 {
		return ""
	}
	slices.Sort(others)
	others = slices.Compact(others)
	named := strings.Join(others[:min(len(others), mostNamed)], ", ")
	if n := len(others) - mostNamed; n > 0 {
		named += fmt.Sprintf(" and %s more", words.Number(n))
	}
	return fmt.Sprintf("Within the last 10 minutes the history got blocks of servers that are not read here (%s), which are counted here, too. "+
		"Unless they were shut down, another data source reads them: give it a prefix of its own (history.prefix).", named)
}

// follows reports whether who was read runs in the place of a server that had ended.
func follows(r model.Reading, s *ledger.Standing) bool {
	return r.Server.Succeeds(s.Server, r.Endpoint == s.Endpoint) && s.Server.Now.Before(r.Began().Add(about))
}

// captured is what others captured.
func captured(stream string, facts history.Facts) string {
	switch facts.Captured {
	case 0:
		return fmt.Sprintf(" The stream %s, which others capture, is empty: see that its account imports the advisories.", stream)
	case 1:
		return fmt.Sprintf(" The stream %s, which others capture, has 1 message, from %s.", stream, facts.OldestCaptured.UTC().Format(time.RFC3339))
	}
	return fmt.Sprintf(" The stream %s, which others capture, has %s messages, the first from %s.",
		stream, words.Number(facts.Captured), facts.OldestCaptured.UTC().Format(time.RFC3339))
}

// holding is what the stream has, what it may keep, and what is done with it.
func holding(stream string, facts history.Facts, limits, adding string) string {
	when := func(t time.Time) string { return t.UTC().Format(time.RFC3339) }
	switch {
	case facts.Created:
		return fmt.Sprintf("The stream %s was not there and was made; it keeps blocks %s; %s.", stream, limits, adding)
	case facts.Blocks == 0:
		return fmt.Sprintf("The stream %s is empty; it keeps blocks %s; %s.", stream, limits, adding)
	case facts.Blocks == 1:
		return fmt.Sprintf("The stream %s has 1 block (%s), from %s; it keeps blocks %s; %s.",
			stream, size(facts.Bytes), when(facts.Oldest), limits, adding)
	}
	return fmt.Sprintf("The stream %s has %s blocks (%s), the first from %s, the last from %s; it keeps blocks %s; %s.",
		stream, words.Number(facts.Blocks), size(facts.Bytes), when(facts.Oldest), when(facts.Newest), limits, adding)
}

// limits are what the stream may keep, and where.
func limits(facts history.Facts) string {
	var parts []string
	if facts.MaxAge > 0 {
		parts = append(parts, "for "+span(facts.MaxAge))
	}
	if facts.MaxBytes > 0 {
		parts = append(parts, "up to "+size(uint64(facts.MaxBytes)))
	}
	if facts.MaxBlocks > 0 {
		parts = append(parts, fmt.Sprintf("up to %s of them", words.Number(facts.MaxBlocks)))
	}
	if parts == nil {
		parts = []string{"without limit"}
	}
	if facts.Replicas > 0 {
		parts = append(parts, "on "+words.Several(facts.Replicas, "server"))
	}
	return strings.Join(parts, ", ")
}

// span is a duration in days if it has whole ones, as streams are set up.
func span(d time.Duration) string {
	const day = 24 * time.Hour
	if days := d / day; days > 1 && d%day == 0 {
		return fmt.Sprintf("%d days", days)
	}
	return strings.TrimSuffix(strings.TrimSuffix(d.String(), "0s"), "0m")
}

// size is a number of bytes as people say it.
func size(of uint64) string {
	const step = 1000
	bytes := float64(of)
	for _, unit := range []string{"bytes", "kB", "MB", "GB"} {
		if bytes < step {
			return strings.TrimSuffix(fmt.Sprintf("%.1f", bytes), ".0") + " " + unit
		}
		bytes /= step
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", bytes), ".0") + " TB"
}
