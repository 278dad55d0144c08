package rules

import (
	"fmt"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/finding/facts"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/strangers"
	"github.com/natsops/nats-connections-datasource/pkg/words"
)

// handshakes are TLS handshakes that fail: those of probes, of all hosts of a
// server, of single addresses.
func handshakes(f *facts.Facts, t finding.Thresholds) []finding.Finding {
	foreign := speaking(f, t)
	rows := only(f.Stops[reason.CategoryTLS], func(s *facts.Stop) bool { return !foreign[s.IP] })
	var found []finding.Finding
	told := map[uint32]bool{}
	for _, stops := range grouped(rows, func(s *facts.Stop) subject { return subject{ip: s.IP} }) {
		if clockwork(stops) {
			told[stops[0].IP] = true
			one := handshake(f, stops, "at regular intervals, as probes do that never speak TLS")
			one.Severity, one.IP, one.Confidence = string(reason.Info), f.IP(stops[0]), finding.Possible
			found = append(found, withEvidence(one, fields.KeyIP, one.IP))
		}
	}
	rows = only(rows, func(s *facts.Stop) bool { return !told[s.IP] })
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
	one.Sentence = fmt.Sprintf("%s%s failed since %s, %s.", words.Several(one.Count, "TLS handshake"), from(f, stops), words.Time(one.First), why)
	return ofCategory(one, reason.CategoryTLS)
}

// clockwork reports whether stops of an address are regular at each server that has
// enough of them to tell.
func clockwork(stops []*facts.Stop) bool {
	some := false
	for _, one := range grouped(stops, func(s *facts.Stop) subject { return subject{app: s.Server} }) {
		if len(one) <= enough {
			continue
		}
		if !regular(one) {
			return false
		}
		some = true
	}
	return some
}

// enough is how many intervals tell whether they are alike.
const enough = 6

// regular reports whether stops come like clockwork: at intervals of seconds or
// more that differ by less than a tenth.
func regular(stops []*facts.Stop) bool {
	n := len(stops) - 1
	if n < enough {
		return false
	}
	between := make([]int64, n)
	for i := range n {
		between[i] = stops[i+1].At - stops[i].At
	}
	slices.Sort(between)
	middle := between[n/2]
	odd := 0
	for _, d := range between {
		if max(d-middle, middle-d) > middle/10 {
			odd++
		}
	}
	return middle >= int64(4*time.Second) && 10*odd <= n
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

// foreign are clients that do not speak NATS properly: apps, or addresses that
// never said who they are.
func foreign(f *facts.Facts, t finding.Thresholds) []finding.Finding {
	unsaid := only(f.Stops[reason.CategoryAuth], func(s *facts.Stop) bool { return !f.Identified(s) && f.Reason(s).BeforeLogin })
	speak := speaking(f, t)
	tried := only(f.Stops[reason.CategoryTLS], func(s *facts.Stop) bool { return speak[s.IP] && !f.Identified(s) })
	var found []finding.Finding
	groups := grouped(facts.Merged(f.Stops[reason.CategoryProtocol], unsaid, tried), func(s *facts.Stop) subject {
		if !f.Identified(s) {
			return subject{ip: s.IP + 1}
		}
		return subject{account: s.Account + 1, app: s.App}
	})
	for _, group := range groups {
		for _, stops := range episodes(group) {
			if len(stops) < t.Number(finding.Protocol, "stops") {
				continue
			}
			found = append(found, stranger(f, stops))
		}
	}
	return found
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
	why := "it speaks something else: a scan, or a client with a wrong port"
	if !slices.ContainsFunc(stops, func(s *facts.Stop) bool { return f.Reason(s).Text != "Authentication Timeout" }) {
		one.Severity, why = string(reason.Info), "it never says a word: a probe"
	}
	one.Sentence = fmt.Sprintf("%s was cut off %s by %s since %s without saying who it is: %s.",
		strangers.Quoted(one.IP), often(len(stops)), words.Several(distinct(stops, byServer), "server"), words.Time(one.First), why)
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
