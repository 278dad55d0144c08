package rules

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/comeback"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/finding/facts"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/strangers"
	"github.com/natsops/nats-connections-datasource/pkg/words"
)

// renewal is how long after its end new credentials may take to be missed.
const renewal = time.Hour

// expired finds clients that were sent away because their credentials ended, and
// came back with the same ones. The rest is left for other rules.
func expired(f *facts.Facts, refused []*facts.Stop) (found []finding.Finding, rest []*facts.Stop) {
	groups := grouped(f.Because("Authentication Expired", "Credentials Revoked"), ofApp(f))
	if len(groups) == 0 {
		return nil, refused
	}
	told, by := map[*facts.Stop]bool{}, refusedBy(f, refused)
	for _, ended := range groups {
		for _, stops := range episodes(ended) {
			tries := triesAfter(f, stops, by, told)
			if len(tries) == 0 {
				continue
			}
			for _, try := range tries {
				told[try] = true
			}
			stops, tries = stillRefused(f, stops, tries)
			if len(tries) == 0 {
				continue
			}
			s := stops[0]
			one := aboutApp(f, finding.CredentialsExpiringOut, stops)
			one.User, one.Count, one.Last = f.User(s), int64(len(stops)+len(tries)), model.Moment(tries[len(tries)-1].At)
			one.Sentence = sentence(fmt.Sprintf("%s: %s at %s, and then it was refused %s: its credentials were not renewed in time",
				whoIs(f, s), reasonsOf(f, stops), words.Time(one.First), often(len(tries))))
			if f.LoggedIn(s, tries[0].At).Since {
				one.Severity = string(reason.Warning)
			}
			one.Evidence = nil
			for _, key := range []fields.Key{fields.KeyReason, fields.KeyApp, fields.KeyUser} {
				one = among(f, one, key, slices.Concat(stops, tries))
			}
			found = append(found, one)
		}
	}
	return found, only(refused, func(s *facts.Stop) bool { return !told[s] })
}

// atFirst is for how long a client may be refused that gets new credentials just then.
const atFirst = time.Minute

// stillRefused are of those whose credentials ended, and of their tries, those of clients
// that were not renewed at first: who is refused a few times then, and gets in, was.
func stillRefused(f *facts.Facts, ended, tries []*facts.Stop) (stillEnded, still []*facts.Stop) {
	of, renewed := instanceOf(f), map[instance]bool{}
	for _, one := range grouped(tries, func(s *facts.Stop) subject { i := of(s); return subject{user: i.name, ip: i.ip} }) {
		last := one[len(one)-1]
		renewed[of(last)] = len(one) <= fewTries && last.At-one[0].At <= int64(atFirst) && f.Returned(last, last.At)
	}
	waits := func(s *facts.Stop) bool { return !renewed[of(s)] }
	if stillEnded = only(ended, waits); len(stillEnded) == 0 {
		stillEnded = ended
	}
	return stillEnded, only(tries, waits)
}

// refusedLogins are those of each user that is told, and of each app.
type refusedLogins struct{ users, apps map[uint32][]*facts.Stop }

func refusedBy(f *facts.Facts, refused []*facts.Stop) refusedLogins {
	by := refusedLogins{map[uint32][]*facts.Stop{}, map[uint32][]*facts.Stop{}}
	for _, s := range refused {
		if f.User(s) != "" {
			by.users[s.User] = append(by.users[s.User], s)
		}
		by.apps[s.App] = append(by.apps[s.App], s)
	}
	return by
}

// triesAfter are the refused logins of whom credentials ended, and that are not told
// yet: by one of the users whose they were or, where either is not told, by the app. They
// go on for as long as they come.
func triesAfter(f *facts.Facts, ended []*facts.Stop, by refusedLogins, told map[*facts.Stop]bool) []*facts.Stop {
	s, until := ended[0], ended[len(ended)-1].At+int64(renewal)
	since := func(refused []*facts.Stop) []*facts.Stop {
		from, _ := slices.BinarySearchFunc(refused, s.At, func(r *facts.Stop, at int64) int { return cmp.Compare(r.At, at) })
		return refused[from:]
	}
	users, allTold := map[uint32]bool{}, true
	var lists [][]*facts.Stop
	for _, one := range ended {
		if !users[one.User] {
			users[one.User] = true
			lists = append(lists, since(by.users[one.User]))
		}
		allTold = allTold && f.User(one) != ""
	}
	if !f.Unnamed(s) {
		lists = append(lists, only(since(by.apps[s.App]), func(r *facts.Stop) bool { return f.User(r) == "" || !allTold && !users[r.User] }))
	}
	var tries []*facts.Stop
	for _, r := range facts.Merged(lists...) {
		if r.At >= until {
			break
		}
		if !told[r] {
			tries, until = append(tries, r), max(until, r.At+int64(finding.OverAfter))
		}
	}
	return tries
}

// fewTries is how often a scan tries one user under one name at most: what tries
// more often is a client that wants in.
const fewTries = 5

// scans finds addresses that try many users under one name, or many names as one
// user, of whom none ever got in, and from which fewer clients do. The rest is left
// for other rules.
func scans(f *facts.Facts, t finding.Thresholds, refused []*facts.Stop) (found []finding.Finding, rest []*facts.Stop) {
	most := int64(t.Number(finding.LoginScan, "names"))
	tries := map[subject]int{}
	for i := range refused {
		tries[ofTry(refused[i])]++
	}
	// Few addresses are many: only those are looked at.
	suspects := only(refused, func(s *facts.Stop) bool { return tries[ofTry(s)] <= fewTries && !f.UserGotIn(s) })
	var parts [][]*facts.Stop
	var ips []uint32
	for _, group := range grouped(suspects, func(s *facts.Stop) subject { return subject{ip: s.IP} }) {
		for _, stops := range episodes(group) {
			byName := manyOf(stops, most, func(s *facts.Stop) (uint32, uint32) { return s.App, s.User })
			byUser := manyOf(stops, most, func(s *facts.Stop) (uint32, uint32) { return s.User, s.App })
			generated := generatedNames(f, stops)
			if part := only(stops, func(s *facts.Stop) bool { return byName[s.App] || byUser[s.User] && !generated[s.User] }); len(part) > 0 {
				parts, ips = append(parts, part), append(ips, part[0].IP)
			}
		}
	}
	origins, scanned := f.Origins(ips), map[subject]bool{}
	for _, part := range parts {
		// Many share the address of a carrier, and most of those get in.
		in := origins[part[0].IP].Clients
		if one := scan(f, part, in); in < one.Instances {
			found = append(found, one)
			for i := range part {
				scanned[ofTry(part[i])] = true
			}
		}
	}
	unnamed := only(suspects, func(s *facts.Stop) bool { return f.Unnamed(s) && f.User(s) != "" && !scanned[ofTry(s)] })
	for _, stops := range episodes(unnamed) {
		// Who wants in has tried more often by then.
		if stops[len(stops)-1].At-stops[0].At < int64(nearby) || distinct(stops, byIP) < most {
			continue
		}
		found = append(found, scanOfMany(f, stops))
		for i := range stops {
			scanned[ofTry(stops[i])] = true
		}
	}
	return found, only(refused, func(s *facts.Stop) bool { return !scanned[ofTry(s)] })
}

func ofTry(s *facts.Stop) subject { return subject{ip: s.IP, user: s.User, app: s.App} }

// manyOf are the values of which each has at least so many others.
func manyOf(stops []*facts.Stop, most int64, of func(*facts.Stop) (one, other uint32)) map[uint32]bool {
	type pair struct{ one, other uint32 }
	seen, others := map[pair]bool{}, map[uint32]int64{}
	for i := range stops {
		one, other := of(stops[i])
		if p := (pair{one, other}); !seen[p] {
			seen[p] = true
			others[one]++
		}
	}
	many := map[uint32]bool{}
	for one, count := range others {
		many[one] = count >= most
	}
	return many
}

func scan(f *facts.Facts, stops []*facts.Stop, in int64) finding.Finding {
	one := about(f, finding.LoginScan, stops)
	one.IP, one.Confidence = f.IP(stops[0]), finding.Likely
	users := distinct(stops, func(s *facts.Stop) uint32 { return s.User })
	apps := distinct(stops, func(s *facts.Stop) uint32 { return s.App })
	one.Instances = max(users, apps)
	others := ""
	if in > 0 {
		others = fmt.Sprintf("; %s there did", words.Several(in, "other client"))
	}
	one.Sentence = fmt.Sprintf("%s tried %s under %s, %s in all, and never got in%s.",
		strangers.Quoted(one.IP), words.Several(users, "user"), words.Several(apps, "name"), often(len(stops)), others)
	one = withEvidence(refusals(one), fields.KeyIP, one.IP)
	return among(f, among(f, one, fields.KeyApp, stops), fields.KeyUser, stops)
}

// scanOfMany is of many addresses that try a few users each.
func scanOfMany(f *facts.Facts, stops []*facts.Stop) finding.Finding {
	one := about(f, finding.LoginScan, stops)
	one.Confidence, one.Instances = finding.Likely, distinct(stops, byIP)
	one.Sentence = fmt.Sprintf("%s tried %s, %s in all, and never got in.",
		addresses(f, stops), words.Several(distinct(stops, func(s *facts.Stop) uint32 { return s.User }), "user"), often(len(stops)))
	return among(f, among(f, withEvidence(refusals(one), fields.KeyApp, app.Unnamed), fields.KeyUser, stops), fields.KeyIP, stops)
}

// generatedNames are the users whose names are all of one length, as a client makes them
// up that calls itself something else each time: words that somebody tries are not.
func generatedNames(f *facts.Facts, stops []*facts.Stop) map[uint32]bool {
	lengths, alike := map[uint32]int{}, map[uint32]bool{}
	for _, s := range stops {
		length := len(f.Name(s))
		before, met := lengths[s.User]
		lengths[s.User] = length
		alike[s.User] = length >= comeback.LeastGenerated && (!met || alike[s.User] && length == before)
	}
	return alike
}

// refusals has refused logins be the evidence.
func refusals(one finding.Finding) finding.Finding {
	one = withEvidence(ofCategory(one, reason.CategoryAuth), fields.KeyAccount, model.NotLoggedIn)
	return withEvidence(one, fields.KeyIdentified, "true")
}
