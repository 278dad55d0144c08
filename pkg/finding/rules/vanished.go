package rules

import (
	"fmt"
	"math"
	"slices"
	"strings"
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
)

// firsts are the first stops of each address.
func firsts(stops []*facts.Stop) []*facts.Stop {
	var seen numbered
	return only(stops, func(s *facts.Stop) bool { return seen.first(subject{ip: s.IP}) })
}

// addresses are how many stops are from, and some of them.
func addresses(f *facts.Facts, stops []*facts.Stop) string {
	hosts := firsts(stops)
	if len(hosts) == 1 {
		return strangers.Quoted(f.IP(hosts[0]))
	}
	var some []string
	for _, s := range hosts[:min(len(hosts), mostNamed)] {
		some = append(some, strangers.Quoted(f.IP(s)))
	}
	if len(hosts) > mostNamed {
		some = append(some, "…")
	}
	return fmt.Sprintf("%s (%s)", words.Several(len(hosts), "address"), strings.Join(some, ", "))
}

// from is the same, without examples.
func from(f *facts.Facts, stops []*facts.Stop) string {
	if addresses := distinct(stops, byIP); addresses > 1 {
		return fmt.Sprintf(" from %s", words.Several(addresses, "address"))
	}
	return " from " + strangers.Quoted(f.IP(stops[0]))
}

// together are the stops of the ten minutes in which most addresses are met first.
// Laptops that are closed in the evening are many, but one after the other.
func together(stops []*facts.Stop) []*facts.Stop {
	hosts := firsts(stops)
	begin, most, from := 0, 0, 0
	for to := range hosts {
		for hosts[to].At-hosts[from].At >= int64(nearby) {
			from++
		}
		if to-from+1 > most {
			begin, most = from, to-from+1
		}
	}
	first := hosts[begin].At
	return only(stops, func(s *facts.Stop) bool { return s.At >= first && s.At < first+int64(nearby) })
}

// goodParts are the parts that were a good part of the connections that were there when
// they began. What has happened since does not change that.
func goodParts(f *facts.Facts, where facts.Whereabouts, of func(*facts.Stop) uint32, parts [][]*facts.Stop) (good [][]*facts.Stop) {
	moments := make([]facts.Moment, len(parts))
	for i, part := range parts {
		moments[i] = facts.Moment{Of: uint64(of(part[0])), At: part[0].At, Most: mostThere(int64(len(part)))}
	}
	for i, more := range f.MoreThere(where, moments) {
		if !more {
			good = append(good, parts[i])
		}
	}
	return good
}

// stales are peers that vanished: many hosts of one server, all of one host, or many
// hosts of several servers, of which it takes more.
func stales(f *facts.Facts, t finding.Thresholds) []finding.Finding {
	hosts := t.Number(finding.Stale, "hosts")
	cut, rest := cuts(f, facts.AtServer, byServer, hosts, byThemselves(f, f.Because(staleConnection)))
	died, rest := deaths(f, t, rest)
	more, rest := cuts(f, facts.Anywhere, func(*facts.Stop) uint32 { return 0 }, 2*hosts, rest)
	found := died
	for _, stops := range slices.Concat(cut, more) {
		found = append(found, cutOff(f, stops))
	}
	for _, stops := range grouped(rest, ofApp(f)) {
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

// onceMore is how often the connections of a host that dies vanish at most: it may die
// again once it is back.
const onceMore = 2

// atMost are the parts of addresses that are at most so many times the connections that
// were there when they began: more come back, and vanish again.
func atMost(f *facts.Facts, times int64, parts [][]*facts.Stop) (kept [][]*facts.Stop) {
	moments := make([]facts.Moment, len(parts))
	for i, part := range parts {
		moments[i] = facts.Moment{Of: uint64(part[0].IP), At: part[0].At, Most: (int64(len(part)) - 1) / times}
	}
	for i, enough := range f.MoreThere(facts.FromAddress, moments) {
		if enough {
			kept = append(kept, parts[i])
		}
	}
	return kept
}

// deaths are hosts of which a good part of the connections vanished; left are the other
// stops, in the order of time.
func deaths(f *facts.Facts, t finding.Thresholds, stops []*facts.Stop) (found []finding.Finding, left []*facts.Stop) {
	var vanished [][]*facts.Stop
	for _, group := range grouped(stops, func(s *facts.Stop) subject { return subject{ip: s.IP} }) {
		for _, episode := range episodes(group) {
			if busiest(episode, nearby) >= t.Number(finding.Stale, "clients") {
				vanished = append(vanished, episode)
			}
		}
	}
	died := atMost(f, onceMore, goodParts(f, facts.FromAddress, byIP, vanished))
	for _, part := range died {
		one := about(f, finding.Stale, part)
		one.IP, one.Confidence = f.IP(part[0]), finding.Likely
		one.Sentence = fmt.Sprintf("%s of %s vanished since %s without a word: the host died, or was cut off.",
			words.Several(one.Count, "connection"), strangers.Quoted(one.IP), words.Time(one.First))
		one = withEvidence(withEvidence(one, fields.KeyReason, staleConnection), fields.KeyIP, one.IP)
		found = append(found, one)
	}
	return found, outside(died, byIP, stops)
}

// cuts are stops of many hosts at once, a good part of the connections of those
// whereabouts; left are the others, in the order of time.
func cuts(f *facts.Facts, where facts.Whereabouts, of func(*facts.Stop) uint32, hosts int, stops []*facts.Stop) (cut [][]*facts.Stop, left []*facts.Stop) {
	var parts [][]*facts.Stop
	for _, group := range grouped(stops, func(s *facts.Stop) subject { return subject{app: of(s)} }) {
		for _, episode := range episodes(group) {
			if part := together(episode); len(firsts(part)) >= hosts {
				parts = append(parts, part)
			}
		}
	}
	cut = goodParts(f, where, of, parts)
	return cut, outside(cut, of, stops)
}

// outside are the stops that are in none of the parts, each of which has all stops of one
// number from its first to its last.
func outside(parts [][]*facts.Stop, of func(*facts.Stop) uint32, stops []*facts.Stop) []*facts.Stop {
	if len(parts) == 0 {
		return stops
	}
	byNumber := map[uint32][][]*facts.Stop{}
	for _, part := range parts {
		byNumber[of(part[0])] = append(byNumber[of(part[0])], part)
	}
	return only(stops, func(s *facts.Stop) bool {
		return !slices.ContainsFunc(byNumber[of(s)], func(part []*facts.Stop) bool { return s.At >= part[0].At && s.At <= part[len(part)-1].At })
	})
}

func cutOff(f *facts.Facts, stops []*facts.Stop) finding.Finding {
	one := about(f, finding.Stale, stops)
	one.Confidence = finding.Likely
	one = withEvidence(one, fields.KeyReason, staleConnection)
	who := words.Several(distinct(stops, byServer), "server")
	if distinct(stops, byServer) == 1 {
		one.Server = f.Server(stops[0])
		who = strangers.Quoted(one.Server)
		one = withEvidence(one, fields.KeyServer, one.Server)
	}
	one.Sentence = fmt.Sprintf("%s no longer heard from %s of %s since %s: the network between them was cut.",
		who, words.Several(one.Count, "connection"), words.Several(distinct(stops, byIP), "host"), words.Time(one.First))
	return one
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
			one.Sentence = sentence(fmt.Sprintf("%s: %s lost connections %s since %s, about every %s each: %s", whoIs(f, part[0]),
				words.Several(one.Instances, "instance"), often(len(part)), words.Time(one.First), period.Round(100*time.Millisecond), reasonsOf(f, part)))
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
