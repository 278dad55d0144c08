package rules

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/finding/facts"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/strangers"
	"github.com/natsops/nats-connections-datasource/pkg/words"
)

const (
	staleConnection = "Stale Connection"
	readError       = "Read Error"
	writeError      = "Write Error"
	// nearby is how near in time what has one cause is.
	nearby = 10 * time.Minute
	// atOnce is how near what happened at the same time is.
	atOnce = time.Second
	// affected is the share of a server's connections that a cut network takes, in percent.
	affected = 20
)

// firsts are the first stops of each address.
func firsts(stops []*facts.Stop) []*facts.Stop {
	seen := map[uint32]bool{}
	return only(stops, func(s *facts.Stop) bool {
		first := !seen[s.IP]
		seen[s.IP] = true
		return first
	})
}

// stales are peers that vanished: many hosts of one server, or all of one host.
func stales(f *facts.Facts, t finding.Thresholds) []finding.Finding {
	rows := byThemselves(f, f.Because(staleConnection))
	var found []finding.Finding
	var rest [][]*facts.Stop
	for _, group := range grouped(rows, func(s *facts.Stop) subject { return subject{app: s.Server} }) {
		for _, stops := range episodes(group) {
			open := f.Open.OnServer(f.Server(stops[0]))
			hosts := firsts(stops)
			together := busiest(hosts, nearby)
			// Laptops that are closed in the evening are many, but one after the other.
			if together < t.Number(finding.Stale, "hosts") || 2*together < len(hosts) || 100*len(stops) < affected*(len(stops)+int(open)) {
				rest = append(rest, stops)
				continue
			}
			one := about(f, finding.Stale, stops)
			one.Server, one.Confidence = f.Server(stops[0]), finding.Likely
			one.Sentence = fmt.Sprintf("%s no longer heard from %s of %s since %s: the network between them was cut.",
				strangers.Quoted(one.Server), words.Several(one.Count, "connection"), words.Several(distinct(stops, byIP), "host"), words.Time(one.First))
			one = withEvidence(withEvidence(one, fields.KeyReason, staleConnection), fields.KeyServer, one.Server)
			found = append(found, one)
		}
	}
	var spread [][]*facts.Stop
	for _, group := range grouped(facts.Merged(rest...), func(s *facts.Stop) subject { return subject{ip: s.IP} }) {
		for _, stops := range episodes(group) {
			if busiest(stops, nearby) < t.Number(finding.Stale, "clients") {
				spread = append(spread, stops)
				continue
			}
			one := about(f, finding.Stale, stops)
			one.IP, one.Confidence = f.IP(stops[0]), finding.Likely
			one.Sentence = fmt.Sprintf("%s of %s vanished since %s without a word: the host died, or was cut off.",
				words.Several(one.Count, "connection"), strangers.Quoted(one.IP), words.Time(one.First))
			one = withEvidence(withEvidence(one, fields.KeyReason, staleConnection), fields.KeyIP, one.IP)
			found = append(found, one)
		}
	}
	for _, stops := range grouped(facts.Merged(spread...), ofApp(f)) {
		if len(stops) < t.Number(finding.Stale, "clients") {
			continue
		}
		if lived, alike := lifetime(f, stops); alike {
			one := aboutApp(f, finding.Stale, stops)
			one.Severity, one.Confidence = string(reason.Info), finding.Possible
			one.Sentence = sentence(fmt.Sprintf("%s of %s vanished since %s after up to %s each: something on the way, such as a proxy, forgets connections after so long",
				words.Several(one.Count, "connection"), whoIs(f, stops[0]), words.Time(one.First), lived.Round(time.Second)))
			found = append(found, withEvidence(one, fields.KeyReason, staleConnection))
		}
	}
	return found
}

// lifetime is how long connections lived, if that was alike for all of them though
// they ended at different times: within a twentieth of the longest.
func lifetime(f *facts.Facts, stops []*facts.Stop) (longest time.Duration, alike bool) {
	if stops[len(stops)-1].At-stops[0].At <= int64(nearby) {
		return 0, false
	}
	shortest := time.Duration(math.MaxInt64)
	for _, s := range stops {
		lived := f.Lived(s)
		shortest, longest = min(shortest, lived), max(longest, lived)
		if shortest < time.Minute || longest-shortest > longest/20 {
			return 0, false
		}
	}
	return longest, true
}

// flaps are clients that lose their connection again and again.
func flaps(f *facts.Facts, t finding.Thresholds) []finding.Finding {
	var found []finding.Finding
	most := t.Number(finding.Flapping, "per_hour")
	of := instanceOf(f)
	for _, group := range grouped(byThemselves(f, f.Because(staleConnection, readError, writeError)), ofApp(f)) {
		// Who never got in lost nothing: so do probes that reset their connections.
		if f.Account(group[0]) == model.NotLoggedIn {
			continue
		}
		for _, stops := range episodes(group) {
			var part []*facts.Stop
			var period time.Duration
			for _, one := range grouped(stops, func(s *facts.Stop) subject { i := of(s); return subject{user: i.name, ip: i.ip} }) {
				if times := apart(one); busiest(times, time.Hour) >= most {
					part = append(part, one...)
					period = time.Duration((times[len(times)-1].At - times[0].At) / int64(len(times)-1))
				}
			}
			if len(part) == 0 {
				continue
			}
			inOrder(part)
			one := aboutApp(f, finding.Flapping, part)
			one.Sentence = fmt.Sprintf("%s: %s lost connections %s since %s, about every %s each: %s.", whoIs(f, part[0]),
				words.Several(one.Instances, "instance"), often(len(part)), words.Time(one.First), period.Round(100*time.Millisecond), reasonsOf(f, part))
			found = append(found, among(f, among(f, among(f, one, fields.KeyReason, part), fields.KeyName, part), fields.KeyIP, part))
		}
	}
	return found
}

// apart are stops without those that were at once with the one before: who has several
// connections loses all of them together, and that is once.
func apart(stops []*facts.Stop) []*facts.Stop {
	last := int64(math.MinInt64)
	return only(stops, func(s *facts.Stop) bool {
		again := last == math.MinInt64 || s.At-last >= int64(atOnce)
		if again {
			last = s.At
		}
		return again
	})
}

// reasonsOf are the reasons of stops, the first first.
func reasonsOf(f *facts.Facts, stops []*facts.Stop) string {
	var seen []uint32
	text := ""
	for _, s := range stops {
		if slices.Contains(seen, s.Reason) {
			continue
		}
		if len(seen) > 0 {
			text += ", "
		}
		seen = append(seen, s.Reason)
		text += strangers.Quoted(f.Reason(s).Text)
	}
	return text
}
