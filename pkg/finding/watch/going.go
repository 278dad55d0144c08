package watch

import (
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

const (
	// rememberedFor is how long what went on is remembered after it ended, mostEnded
	// how much of it.
	rememberedFor = 24 * time.Hour
	mostEnded     = 1_000
)

// going remembers findings that are a state: once that is no more, nothing else
// tells that it was, and what is over would be missing rather than over.
type going struct {
	by any
	// at is when somebody looked last.
	at time.Time
	// now are those that went on then, ended those that no more do.
	now, ended []finding.Finding
}

// update is all that is found, with what went on before. What does not tell since
// when it is went on since somebody saw it. Who looks at an earlier
// time learns what ended, and changes nothing. While servers are silent,
// nobody knows what is no more.
func (g *going) update(found []finding.Finding, by any, now time.Time, silent map[string]bool) []finding.Finding {
	if g.by != by {
		*g = going{by: by}
	}
	for i := range found {
		if found[i].GoesOn && found[i].Last.Before(now) {
			// Somebody sees it now.
			found[i].Last = now
		}
	}
	left := map[model.Subject]finding.Finding{}
	for _, one := range g.now {
		left[one.Subject] = one
	}
	if !now.After(g.at) {
		for i := range found {
			if before, known := left[found[i].Subject]; known && found[i].GoesOn {
				found[i].First = before.First
			}
		}
		return slices.Concat(found, g.ended)
	}
	g.now = nil
	goOn := map[model.Subject]bool{}
	for i := range found {
		if !found[i].GoesOn {
			continue
		}
		goOn[ungraded(found[i].Subject)] = true
		if before, known := left[found[i].Subject]; found[i].First.IsZero() {
			found[i].First = now
			if known {
				found[i].First = before.First
			}
		}
		g.resume(&found[i], now)
		delete(left, found[i].Subject)
		g.now = append(g.now, found[i])
	}
	for _, one := range left {
		if len(silent) > 0 && (one.Rule != finding.ServerSilent || silent[one.Server]) {
			found, g.now = append(found, one), append(g.now, one)
			continue
		}
		one.GoesOn, one.Last, one.Regraded = false, g.at, goOn[ungraded(one.Subject)]
		g.ended = append(g.ended, one)
	}
	g.at = now
	g.ended = slices.DeleteFunc(g.ended, func(one finding.Finding) bool { return now.Sub(one.Last) > rememberedFor })
	g.ended = g.ended[max(len(g.ended)-mostEnded, 0):]
	return slices.Concat(found, g.ended)
}

// ungraded is whom a finding is about, however severe it is.
func ungraded(s model.Subject) model.Subject {
	s.Severity = ""
	return s
}

// resume has what comes back before it was over be what it was before.
func (g *going) resume(one *finding.Finding, now time.Time) {
	g.ended = slices.DeleteFunc(g.ended, func(before finding.Finding) bool {
		if before.Subject != one.Subject || now.Sub(before.Last) > finding.OverAfter {
			return false
		}
		if before.First.Before(one.First) && !before.First.IsZero() {
			one.First = before.First
		}
		return true
	})
}

// silent are the servers of which nobody knows what is no more.
func silent(snapshots ...ledger.Snapshot) map[string]bool {
	labels := map[string]bool{}
	for _, s := range snapshots {
		for label := range s.Dead() {
			labels[label] = true
		}
	}
	return labels
}
