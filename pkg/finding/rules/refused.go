package rules

import (
	"fmt"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/finding/facts"
	"github.com/natsops/nats-connections-datasource/pkg/finding/rhythm"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/strangers"
	"github.com/natsops/nats-connections-datasource/pkg/words"
)

// handshakes are TLS handshakes that fail: those of probes, of all hosts of a
// server, of single addresses.
func handshakes(f *facts.Facts, t finding.Thresholds) []finding.Finding {
	foreign := speaking(f, t)
	probes, rows := probing(f, only(f.Stops[reason.CategoryTLS], func(s *facts.Stop) bool { return !foreign[s.IP] }))
	var found []finding.Finding
	for _, stops := range episodes(probes) {
		one := handshake(f, stops, "at regular intervals, as probes do that never speak TLS")
		one.Severity, one.Confidence = string(reason.Info), finding.Possible
		found = append(found, among(f, one, fields.KeyIP, stops))
	}
	told := map[uint32]bool{}
	for _, group := range grouped(rows, func(s *facts.Stop) subject { return subject{app: s.Server} }) {
		for _, stops := range episodes(group) {
			if busiest(firsts(stops), nearby) < t.Number(finding.TLSFailing, "hosts") {
				continue
			}
			one := handshake(f, stops, fmt.Sprintf("with %s: its certificate changed, expired, or is from an authority that clients do not trust",
				strangers.Quoted(f.Server(stops[0]))))
			one.Server, one.Severity = f.Server(stops[0]), string(reason.Critical)
			found = append(found, among(f, withEvidence(one, fields.KeyServer, one.Server), fields.KeyIP, stops))
			for i := range stops {
				told[stops[i].IP] = true
			}
		}
	}
	rest := only(rows, func(s *facts.Stop) bool { return !told[s.IP] })
	for _, group := range grouped(rest, func(s *facts.Stop) subject { return subject{ip: s.IP} }) {
		for _, stops := range episodes(group) {
			if len(stops) < t.Number(finding.TLSFailing, "handshakes") {
				continue
			}
			one := handshake(f, stops, "of one host: look at what it trusts, and which protocols it speaks")
			one.IP, one.Severity, one.Confidence = f.IP(stops[0]), string(reason.Warning), finding.Likely
			found = append(found, withEvidence(one, fields.KeyIP, one.IP))
		}
	}
	return found
}

// probing are the stops of addresses that come like clockwork, in the order of time,
// apart from the rest. Whose clients had got in, and are not in since, are no probes.
// Those of whom neither can be told yet are left out.
func probing(f *facts.Facts, stops []*facts.Stop) (probes, rest []*facts.Stop) {
	groups := grouped(stops, func(s *facts.Stop) subject { return subject{ip: s.IP} })
	ips := make([]uint32, len(groups))
	for i, group := range groups {
		ips[i] = group[0].IP
	}
	origins, paces := f.Origins(ips), map[uint32]rhythm.Pace{}
	for _, group := range groups {
		var times [][]int64
		for _, one := range grouped(group, func(s *facts.Stop) subject { return subject{app: s.Server} }) {
			times = append(times, moments(one))
		}
		pace, origin := rhythm.Together(times), origins[group[0].IP]
		left := origin.Clients > 0 && !origin.Open && origin.Newest < group[0].At
		if left || pace == rhythm.Undecided && origin.Clients > 0 {
			pace = rhythm.Uneven
		}
		paces[group[0].IP] = pace
	}
	of := func(pace rhythm.Pace) []*facts.Stop {
		return only(stops, func(s *facts.Stop) bool { return paces[s.IP] == pace })
	}
	return of(rhythm.Regular), of(rhythm.Uneven)
}

func moments(stops []*facts.Stop) []int64 {
	times := make([]int64, len(stops))
	for i, s := range stops {
		times[i] = s.At
	}
	return times
}

// speaking are addresses that say what is not NATS: who scans tries TLS, too, and
// is told once, by the rule about foreign protocols. Probes that say nothing are
// no scan.
func speaking(f *facts.Facts, t finding.Thresholds) map[uint32]bool {
	times := map[uint32]int{}
	for _, category := range []reason.Category{reason.CategoryProtocol, reason.CategoryAuth} {
		for _, s := range f.Stops[category] {
			if !f.Identified(s) && f.Reason(s).Text != "Authentication Timeout" {
				times[s.IP]++
			}
		}
	}
	speak := map[uint32]bool{}
	for ip, n := range times {
		speak[ip] = n >= t.Number(finding.Protocol, "stops")
	}
	return speak
}

func handshake(f *facts.Facts, stops []*facts.Stop, why string) finding.Finding {
	one := about(f, finding.TLSFailing, stops)
	one.Instances = distinct(stops, byIP)
	one.Sentence = fmt.Sprintf("%s%s failed since %s, %s.", words.Several(one.Count, "TLS handshake"), " from "+addresses(f, stops), words.Time(one.First), why)
	return ofCategory(one, reason.CategoryTLS)
}

// limits are limits that clients hit. Who was refused before it said who it is
// is told by server.
func limits(f *facts.Facts, t finding.Thresholds) []finding.Finding {
	var found []finding.Finding
	groups := grouped(f.Stops[reason.CategoryLimits], func(s *facts.Stop) subject {
		if !f.Identified(s) {
			return subject{ip: s.Server + 1}
		}
		return subject{account: s.Account + 1, app: s.App, user: s.Reason}
	})
	for _, group := range groups {
		for _, stops := range episodes(group) {
			if len(stops) < t.Number(finding.LimitHit, "stops") {
				continue
			}
			s := stops[0]
			one, who := about(f, finding.LimitHit, stops), ""
			if f.Identified(s) {
				one, who = aboutApp(f, finding.LimitHit, stops), whose(f, stops)
				one.IP = ""
				one = among(f, one, fields.KeyReason, stops)
			} else {
				one.Server, who = f.Server(s), "Clients of "+strangers.Quoted(f.Server(s))
				one = ofCategory(withEvidence(withEvidence(one, fields.KeyServer, one.Server), fields.KeyIdentified, "false"), reason.CategoryLimits)
			}
			one.Sentence = sentence(fmt.Sprintf("%s hit a limit %s since %s: %s%s", who, often(len(stops)), words.Time(one.First), reasonsOf(f, stops), limitOf(f, s)))
			found = append(found, one)
		}
	}
	return found
}

// limitOf tells the setting that a stop is because of and its value, where the server
// tells that.
func limitOf(f *facts.Facts, s *facts.Stop) string {
	is, server := f.Limits(f.Server(s)), strangers.Quoted(f.Server(s))
	switch why := f.Reason(s).Text; {
	case why == "Maximum Connections Exceeded" && is.MaxConnections > 0:
		return fmt.Sprintf("; max_connections of %s is %s", server, words.Number(is.MaxConnections))
	case why == "Maximum Message Payload Exceeded" && is.MaxPayload > 0:
		return fmt.Sprintf("; max_payload of %s is %s", server, words.Size(is.MaxPayload))
	case why == "Maximum Control Line Exceeded" && is.MaxControlLine > 0:
		return fmt.Sprintf("; max_control_line of %s is %s", server, words.Size(is.MaxControlLine))
	}
	return ""
}

// foreign are clients that do not speak NATS properly: apps, addresses that never said
// who they are, and probes of whatever many addresses.
func foreign(f *facts.Facts, t finding.Thresholds) []finding.Finding {
	unsaid := only(f.Stops[reason.CategoryAuth], func(s *facts.Stop) bool { return !f.Identified(s) && f.Reason(s).BeforeLogin })
	speak := speaking(f, t)
	tried := only(f.Stops[reason.CategoryTLS], func(s *facts.Stop) bool { return speak[s.IP] && !f.Identified(s) })
	all := facts.Merged(f.Stops[reason.CategoryProtocol], unsaid, tried)
	regular, rest := probing(f, only(all, func(s *facts.Stop) bool { return !f.Identified(s) }))
	probes := [][]*facts.Stop{regular}
	var found []finding.Finding
	groups := grouped(facts.Merged(rest, only(all, f.Identified)), func(s *facts.Stop) subject {
		if !f.Identified(s) {
			return subject{ip: s.IP + 1}
		}
		return subject{account: s.Account + 1, app: s.App}
	})
	for _, group := range groups {
		for _, stops := range episodes(group) {
			switch {
			case len(stops) < t.Number(finding.Protocol, "stops"):
			case !f.Identified(stops[0]) && silently(f, stops):
				probes = append(probes, stops)
			default:
				found = append(found, stranger(f, stops))
			}
		}
	}
	for _, stops := range episodes(facts.Merged(probes...)) {
		found = append(found, probe(f, stops))
	}
	return found
}

// silently reports whether nothing was said at all, for as long as servers wait.
func silently(f *facts.Facts, stops []*facts.Stop) bool {
	return !slices.ContainsFunc(stops, func(s *facts.Stop) bool { return f.Reason(s).Text != "Authentication Timeout" })
}

func probe(f *facts.Facts, stops []*facts.Stop) finding.Finding {
	one, who, why := about(f, finding.Protocol, stops), addresses(f, stops), "at regular intervals: probes, or clients with a wrong port"
	one.Severity, one.Confidence, one.Instances = string(reason.Info), finding.Likely, distinct(stops, byIP)
	if silently(f, stops) {
		why = "never saying a word: probes"
	}
	verb := "were"
	if one.Instances == 1 {
		verb = "was"
	}
	one.Sentence = fmt.Sprintf("%s %s cut off %s by %s since %s, %s.",
		who, verb, often(len(stops)), words.Several(distinct(stops, byServer), "server"), words.Time(one.First), why)
	return among(f, among(f, withEvidence(one, fields.KeyIdentified, "false"), fields.KeyIP, stops), fields.KeyReason, stops)
}

func stranger(f *facts.Facts, stops []*facts.Stop) finding.Finding {
	s := stops[0]
	if f.Identified(s) {
		one := aboutApp(f, finding.Protocol, stops)
		// More addresses may come, and labels are to stay.
		one.IP = ""
		one.Sentence = sentence(fmt.Sprintf("%s broke the protocol %s since %s: %s; an old or broken library, or what it sends is not NATS",
			whose(f, stops), often(len(stops)), words.Time(one.First), reasonsOf(f, stops)))
		return withEvidence(ofCategory(one, reason.CategoryProtocol), fields.KeyIdentified, "true")
	}
	one := about(f, finding.Protocol, stops)
	one.IP, one.Confidence = f.IP(s), finding.Likely
	one.Sentence = fmt.Sprintf("%s was cut off %s by %s since %s without saying who it is: it speaks something else: a scan, or a client with a wrong port.",
		strangers.Quoted(one.IP), often(len(stops)), words.Several(distinct(stops, byServer), "server"), words.Time(one.First))
	one = withEvidence(withEvidence(one, fields.KeyIP, one.IP), fields.KeyIdentified, "false")
	return among(f, one, fields.KeyReason, stops)
}

// twins are MQTT clients that take each other's place.
func twins(f *facts.Facts, t finding.Thresholds) []finding.Finding {
	var found []finding.Finding
	groups := grouped(f.Because("Duplicate Client ID"), func(s *facts.Stop) subject { return subject{account: s.Account, user: s.MQTT, app: s.App} })
	for _, group := range groups {
		for _, stops := range episodes(group) {
			if busiest(stops, time.Hour) < t.Number(finding.DuplicateClient, "per_hour") {
				continue
			}
			one := aboutApp(f, finding.DuplicateClient, stops)
			one.IP = ""
			one.Sentence = sentence(fmt.Sprintf("%s was replaced %s since %s by another connection with its client id%s: two devices have the same",
				whoIs(f, stops[0]), often(len(stops)), words.Time(one.First), from(f, stops)))
			found = append(found, withEvidence(one, fields.KeyReason, "Duplicate Client ID"))
		}
	}
	return found
}
