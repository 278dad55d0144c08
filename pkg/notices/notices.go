package notices

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/books"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/words"
)

// namedGaps is how many gaps of a server one notice names, the newest, before it
// counts the rest.
const namedGaps = 3

// namedServers is how many servers one notice names before it counts the rest.
const namedServers = 5

// MissingServers says which servers the answer is without, and why.
func MissingServers(servers []ledger.ServerState) []data.Notice {
	sentences := sentencesOf(servers, func(s ledger.ServerState) string {
		if s.Answered {
			return ""
		}
		if s.Label == s.Endpoint {
			return fmt.Sprintf("No answer from %v", s.Err)
		}
		return fmt.Sprintf("No answer from %s at %v", s.Label, s.Err)
	})
	return join(data.NoticeSeverityWarning, sentences)
}

// AgedConnections says how old the open connections of an answer are.
func AgedConnections(age time.Duration, open int) []data.Notice {
	return []data.Notice{{Severity: data.NoticeSeverityInfo, Text: fmt.Sprintf(
		"Open connections as they were %s ago: all %s are read for this, so one read serves for up to a minute.",
		age.Truncate(time.Second), words.Number(open))}}
}

// OfServers says what else of the servers an answer is to be read with.
func OfServers(snapshot ledger.Snapshot) []data.Notice {
	return slices.Concat(
		MissingServers(snapshot.Servers), UnlistedServers(snapshot.Servers), SharedAddresses(snapshot.Servers),
		WrongClocks(snapshot.Servers), RepeatedServers(snapshot.Repeated), Unreadable(snapshot.Servers))
}

// Dropped says how much a stream is without.
func Dropped(stops int) []data.Notice {
	if stops == 0 {
		return nil
	}
	return join(data.NoticeSeverityWarning, []string{fmt.Sprintf(
		"%s came faster than they could be sent, and are not in the stream: the panel asks for them again.", words.Several(stops, "stop"))})
}

// Unseen names what an ordinary account's login cannot look for.
func Unseen(rules []string) []data.Notice {
	if len(rules) == 0 {
		return nil
	}
	return join(data.NoticeSeverityInfo, []string{fmt.Sprintf(
		"The login of an ordinary account does not see what these rules need, so they are not looked for: %s.", strings.Join(rules, ", "))})
}

// RepeatedServers says which endpoints lead to one server.
func RepeatedServers(repeated []error) []data.Notice {
	sentences := make([]string, len(repeated))
	for i, err := range repeated {
		sentences[i] = err.Error()
	}
	return join(data.NoticeSeverityInfo, sentences)
}

// UnlistedServers says of which members of their clusters nothing is seen.
func UnlistedServers(servers []ledger.ServerState) []data.Notice {
	var sentences []string
	for _, cluster := range ledger.Clusters(servers) {
		if unlisted := cluster.Unlisted(); unlisted > 0 {
			sentences = append(sentences, fmt.Sprintf(
				"Cluster %s has %s, of which the settings list only %s: add the URLs of the others, or what stops there is not seen.",
				cluster.Name, words.Several(cluster.Members, "server"), words.Number(cluster.Read)))
		}
	}
	return join(data.NoticeSeverityWarning, sentences)
}

// SharedAddresses says where several servers answer by turns.
func SharedAddresses(servers []ledger.ServerState) []data.Notice {
	return join(data.NoticeSeverityWarning, sentencesOf(servers, func(s ledger.ServerState) string {
		if len(s.Beside) == 0 {
			return ""
		}
		return fmt.Sprintf("At %s not only %s answers but also %s, and only one of them is read at a time: list each server's own URL.",
			s.Endpoint, s.Label, listed(s.Beside))
	}))
}

// listed are the first of several names, and how many more there are.
func listed(names []string) string {
	text := strings.Join(names[:min(len(names), namedServers)], ", ")
	if more := len(names) - namedServers; more > 0 {
		text += " and " + words.Number(more) + " more"
	}
	return text
}

// Unreadable says what the answer is without because a server's own cannot be read.
func Unreadable(servers []ledger.ServerState) []data.Notice {
	return join(data.NoticeSeverityWarning, sentencesOf(servers, func(s ledger.ServerState) string {
		var parts []string
		for _, flaw := range s.Flaws {
			what := flaw.Field
			if what == "" {
				what = "whole records"
			}
			parts = append(parts, fmt.Sprintf("%s (%s)", what, words.Number(flaw.Count)))
		}
		if len(parts) == 0 {
			return ""
		}
		return fmt.Sprintf("Of what %s answered, this cannot be read and is left out: %s.", s.Label, strings.Join(parts, ", "))
	}))
}

// IncompleteRecords says where the range reaches outside what is known
// (decision D2): before the records begin, into gaps, past the last read.
func IncompleteRecords(servers []ledger.ServerState, r model.TimeRange) []data.Notice {
	return append(MissedRecords(servers, r), BeforeRecords(servers, r)...)
}

// MissedRecords says where the range reaches outside what is known after the
// records begin.
func MissedRecords(servers []ledger.ServerState, r model.TimeRange) []data.Notice {
	return append(
		join(data.NoticeSeverityWarning, sentencesOf(servers, gaps(r))),
		join(data.NoticeSeverityInfo, sentencesOf(servers, afterRecords(r)))...)
}

// afterRecords says which servers were last read before the range begins; a
// range that begins now is none.
func afterRecords(r model.TimeRange) func(ledger.ServerState) string {
	return func(s ledger.ServerState) string {
		until := s.Coverage.Until
		if !s.Answered || until.IsZero() || r.From.Before(until.Add(time.Minute)) {
			return ""
		}
		return fmt.Sprintf("The time range begins after %s was last read, at %s.", s.Label, words.Time(until))
	}
}

// BeforeRecords says where the range begins before the records do.
func BeforeRecords(servers []ledger.ServerState, r model.TimeRange) []data.Notice {
	notices := join(data.NoticeSeverityWarning, sentencesOf(servers, evicted(r)))
	return append(notices, join(data.NoticeSeverityInfo, sentencesOf(servers, startedLate(r)))...)
}

func gaps(r model.TimeRange) func(ledger.ServerState) string {
	return func(s ledger.ServerState) string {
		var parts []string
		gaps := s.Coverage.GapsIn(r)
		if more := len(gaps) - namedGaps; more > 0 {
			parts = append(parts, fmt.Sprintf("%s has %s before these.", s.Label, words.Several(more, "more gap")))
			gaps = gaps[more:]
		}
		for _, gap := range gaps {
			switch {
			case gap.Restart && s.Server.Uncounted:
				parts = append(parts, fmt.Sprintf("%s restarted between %s and %s: what stopped in between may have gone with its memory.",
					s.Label, words.Time(gap.From), words.Time(gap.To)))
			case gap.Restart:
				parts = append(parts, fmt.Sprintf("%s restarted at %s: what stopped after %s went with its memory.",
					s.Label, words.Time(gap.To), words.Time(gap.From)))
			case gap.History && gap.Lost == 0:
				parts = append(parts, fmt.Sprintf("The history may lack records of %s between %s and %s.", s.Label, words.Time(gap.From), words.Time(gap.To)))
			case gap.History:
				parts = append(parts, fmt.Sprintf("The history lacks %s of %s between %s and %s.",
					words.Several(gap.Lost, "record"), s.Label, words.Time(gap.From), words.Time(gap.To)))
			case gap.Lost > 0:
				parts = append(parts, fmt.Sprintf("%s lost the records of %s between %s and %s: more stopped than its ring holds.",
					s.Label, words.Several(gap.Lost, "stop"), words.Time(gap.From), words.Time(gap.To)))
			default:
				parts = append(parts, fmt.Sprintf("%s may have lost records of stops between %s and %s.",
					s.Label, words.Time(gap.From), words.Time(gap.To)))
			}
		}
		return strings.Join(parts, " ")
	}
}

func evicted(r model.TimeRange) func(ledger.ServerState) string {
	return func(s ledger.ServerState) string {
		c := s.Coverage
		if c.EvictedBefore == 0 || !r.From.Before(c.Since) {
			return ""
		}
		return fmt.Sprintf("%s is complete only since %s: %s had already left its ring.",
			s.Label, words.Time(c.Since), words.Several(c.EvictedBefore, "older stop"))
	}
}

func startedLate(r model.TimeRange) func(ledger.ServerState) string {
	return func(s ledger.ServerState) string {
		c := s.Coverage
		restarted := slices.ContainsFunc(c.Gaps, func(gap books.Gap) bool { return gap.Restart })
		if c.EvictedBefore > 0 || c.Since.IsZero() || restarted || !r.From.Before(c.Since) {
			return ""
		}
		if c.Since.Equal(s.Server.Start) {
			return fmt.Sprintf("%s started at %s; what stopped there before is unknown.", s.Label, words.Time(c.Since))
		}
		if s.Server.Uncounted {
			return fmt.Sprintf("What stopped on %s before %s may have left its ring.", s.Label, words.Time(c.Since))
		}
		return fmt.Sprintf("%s is kept only since %s.", s.Label, words.Time(c.Since))
	}
}

// tellClock is how far a server's clock may be off before that is worth a notice.
const tellClock = 10 * time.Second

// WrongClocks says whose clocks are far from Grafana's (decision D11).
func WrongClocks(servers []ledger.ServerState) []data.Notice { return ClocksBeyond(tellClock, servers) }

// ClocksBeyond says whose clocks are further from Grafana's than that.
func ClocksBeyond(tolerance time.Duration, servers []ledger.ServerState) []data.Notice {
	return join(data.NoticeSeverityWarning, sentencesOf(servers, func(s ledger.ServerState) string {
		ahead := "ahead of"
		if s.ClockOffset < 0 {
			ahead = "behind"
		}
		if !s.Answered || s.ClockOffset.Abs() <= tolerance {
			return ""
		}
		return fmt.Sprintf("%s's clock is %s %s Grafana's; times are corrected by that.", s.Label, s.ClockOffset.Abs().Round(time.Second), ahead)
	}))
}

// Truncated says that rows were left out by the limit.
func Truncated(severity data.NoticeSeverity, shown, total int, what string) []data.Notice {
	if shown >= total {
		return nil
	}
	return []data.Notice{{
		Severity: severity,
		Text:     fmt.Sprintf("Showing %s of %s %s; raise limit or narrow the filters to see the rest.", words.Number(shown), words.Number(total), what),
	}}
}

// Folded says that groups were summed as other by the limit.
func Folded(limit, folded int) []data.Notice {
	if folded == 0 {
		return nil
	}
	return []data.Notice{{
		Severity: data.NoticeSeverityInfo,
		Text: fmt.Sprintf("Showing the %s largest of %s groups; the rest is summed as %q. Raise limit to see them.",
			words.Number(limit), words.Number(limit+folded), engine.Other),
	}}
}

func sentencesOf(servers []ledger.ServerState, tell func(ledger.ServerState) string) []string {
	var sentences []string
	for _, server := range servers {
		if text := tell(server); text != "" {
			sentences = append(sentences, text)
		}
	}
	return sentences
}

// join makes one notice of sentences of the same kind.
func join(severity data.NoticeSeverity, sentences []string) []data.Notice {
	if len(sentences) == 0 {
		return nil
	}
	text := strings.Join(sentences[:min(len(sentences), namedServers)], " ")
	switch more := len(sentences) - namedServers; {
	case more == 1:
		text += " The same holds for another server."
	case more > 1:
		text += fmt.Sprintf(" The same holds for %s more servers.", words.Number(more))
	}
	return []data.Notice{{Severity: severity, Text: text}}
}
