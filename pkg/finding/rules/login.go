package rules

import (
	"cmp"
	"fmt"
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

// logins are refused logins: scans first, then each client that is left. Who
// never said who it is did not try to log in (see the rule protocol).
func logins(f *facts.Facts, t finding.Thresholds) []finding.Finding {
	refused := only(f.Stops[reason.CategoryAuth], func(s *facts.Stop) bool { return !f.GotIn(s) && f.Identified(s) })
	found, refused := expired(f, refused)
	scanned, rest := scans(f, t, refused)
	found = append(found, scanned...)
	for _, group := range grouped(rest, ofLogin(f)) {
		for _, stops := range episodes(group) {
			if most := busiest(hourBefore(group, stops), time.Hour); most >= t.Number(finding.LoginBroken, "per_hour") {
				found = append(found, brokenLogin(f, stops, most))
				continue
			}
			for _, one := range grouped(stops, func(s *facts.Stop) subject {
				if f.Unnamed(s) {
					return subject{ip: s.IP + 1}
				}
				return subject{}
			}) {
				found = append(found, typo(f, one))
			}
		}
	}
	return found
}

// ofLogin is who claims to be whom; who has no name is told apart by address.
func ofLogin(f *facts.Facts) func(*facts.Stop) subject {
	return func(s *facts.Stop) subject {
		key := subject{app: s.App, user: s.User}
		if f.Unnamed(s) && f.User(s) == "" {
			key.ip = s.IP + 1
		}
		return key
	}
}

// refusals has refused logins be the evidence.
func refusals(one finding.Finding) finding.Finding {
	one = withEvidence(ofCategory(one, reason.CategoryAuth), fields.KeyAccount, model.NotLoggedIn)
	return withEvidence(one, fields.KeyIdentified, "true")
}

// aboutLogin begins a finding about a client that is refused.
func aboutLogin(f *facts.Facts, rule string, stops []*facts.Stop) finding.Finding {
	one, s := about(f, rule, stops), stops[0]
	one.App, one.User = f.App(s), f.User(s)
	if f.Unnamed(s) && (rule == finding.LoginTypo || one.User == "") {
		one.IP = f.IP(s)
	}
	one = withEvidence(withEvidence(refusals(one), fields.KeyApp, one.App), fields.KeyUser, one.User)
	return among(f, one, fields.KeyIP, stops)
}

func typo(f *facts.Facts, stops []*facts.Stop) finding.Finding {
	one := aboutLogin(f, finding.LoginTypo, stops)
	one.Confidence = finding.Likely
	one.Sentence = sentence(fmt.Sprintf("%s was refused %s%s", claiming(f, stops[0]), often(len(stops)), from(f, stops)))
	return one
}

// claiming names who tried to log in, and as whom.
func claiming(f *facts.Facts, s *facts.Stop) string {
	name, user := f.App(s), f.User(s)
	text := client(name, user, f.IP(s))
	if user != "" && !f.Unnamed(s) {
		text += fmt.Sprintf(" (user %s)", strangers.Quoted(user))
	}
	return text
}

func from(f *facts.Facts, stops []*facts.Stop) string {
	if addresses := distinct(stops, byIP); addresses > 1 {
		return fmt.Sprintf(" from %s", words.Several(addresses, "address"))
	}
	return " from " + strangers.Quoted(f.IP(stops[0]))
}

func brokenLogin(f *facts.Facts, stops []*facts.Stop, perHour int) finding.Finding {
	one, s := aboutLogin(f, finding.LoginBroken, stops), stops[0]
	text := fmt.Sprintf("%s was refused %s since %s%s, up to %s an hour",
		claiming(f, s), often(len(stops)), words.Time(one.First), from(f, stops), words.Number(perHour))
	if one.Instances > 1 {
		text += ", " + words.Several(one.Instances, "instance")
	}
	why, sure := whyBroken(f, stops)
	one.Confidence = sure
	one.Sentence = sentence(text + ": " + why)
	return one
}

// whyBroken says what refused logins of an app most likely come from, and how sure
// that is: by who else of it is in, since when, and where.
func whyBroken(f *facts.Facts, stops []*facts.Stop) (why string, sure finding.Confidence) {
	s, last := stops[0], stops[len(stops)-1]
	in := f.LoggedIn(s, s.At)
	switch {
	case distinct(stops, instanceOf(f)) == 1 && f.Back(last, last.At):
		return "it gets in again", finding.Certain
	case in.Since && distinct(stops, byServer) == 1 && f.OtherServers(s, s.At):
		return fmt.Sprintf("%s refuses it, while it gets in at others: compare that server's users and accounts with theirs",
			strangers.Quoted(f.Server(s))), finding.Likely
	case in.Since:
		return "others of it get in, so new credentials have not reached all of it", finding.Likely
	case in.Still:
		return "others of it are connected since before, so either its own credentials are wrong, or all were changed and the others have not " +
			"reconnected yet", finding.Likely
	case in.Until > 0:
		return fmt.Sprintf("it had got in until %s, so its credentials were changed, expired or were revoked", words.Time(model.Moment(in.Until))), finding.Certain
	}
	return "it was never seen to get in, so its credentials are wrong from the start", finding.Likely
}

// renewal is how long after its end new credentials may take to be missed.
const renewal = time.Hour

// expired finds clients that were sent away because their credentials ended, and
// came back with the same ones. The rest is left for other rules.
func expired(f *facts.Facts, refused []*facts.Stop) (found []finding.Finding, rest []*facts.Stop) {
	told := map[*facts.Stop]bool{}
	for _, ended := range grouped(f.Because("Authentication Expired", "Credentials Revoked"), ofApp(f)) {
		for _, stops := range episodes(ended) {
			s := stops[0]
			tries := triesAfter(f, stops, refused, told)
			if len(tries) == 0 {
				continue
			}
			for _, try := range tries {
				told[try] = true
			}
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

// triesAfter are the refused logins of whom credentials ended, and that are not told
// yet: by one of the users whose they were or, where either is not told, by the app. They
// go on for as long as they come.
func triesAfter(f *facts.Facts, ended, refused []*facts.Stop, told map[*facts.Stop]bool) []*facts.Stop {
	s, until := ended[0], ended[len(ended)-1].At+int64(renewal)
	users, allTold := map[uint32]bool{}, true
	for _, one := range ended {
		users[one.User] = true
		allTold = allTold && f.User(one) != ""
	}
	same := func(r *facts.Stop) bool {
		if f.User(r) != "" && (allTold || users[r.User]) {
			return users[r.User]
		}
		return r.App == s.App && !f.Unnamed(s)
	}
	from, _ := slices.BinarySearchFunc(refused, s.At, func(r *facts.Stop, at int64) int { return cmp.Compare(r.At, at) })
	var tries []*facts.Stop
	for _, r := range refused[from:] {
		if r.At >= until {
			break
		}
		if same(r) && !told[r] {
			tries, until = append(tries, r), max(until, r.At+int64(finding.OverAfter))
		}
	}
	return tries
}

// fewTries is how often a scan tries one user under one name at most: what tries
// more often is a client that wants in.
const fewTries = 5

// scans finds addresses that try many users under one name, or many names as one
// user, of whom none ever got in. The rest is left for other rules.
func scans(f *facts.Facts, t finding.Thresholds, refused []*facts.Stop) (found []finding.Finding, rest []*facts.Stop) {
	most := int64(t.Number(finding.LoginScan, "names"))
	tries := map[subject]int{}
	for i := range refused {
		tries[ofTry(refused[i])]++
	}
	// Few addresses are many: only those are looked at.
	suspects := only(refused, func(s *facts.Stop) bool { return tries[ofTry(s)] <= fewTries && !f.UserGotIn(s) })
	scanned := map[subject]bool{}
	for _, group := range grouped(suspects, func(s *facts.Stop) subject { return subject{ip: s.IP} }) {
		for _, stops := range episodes(group) {
			byName := manyOf(stops, most, func(s *facts.Stop) (uint32, uint32) { return s.App, s.User })
			byUser := manyOf(stops, most, func(s *facts.Stop) (uint32, uint32) { return s.User, s.App })
			part := only(stops, func(s *facts.Stop) bool { return byName[s.App] || byUser[s.User] })
			if len(part) == 0 {
				continue
			}
			found = append(found, scan(f, part))
			for i := range part {
				scanned[ofTry(part[i])] = true
			}
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

func scan(f *facts.Facts, stops []*facts.Stop) finding.Finding {
	one := about(f, finding.LoginScan, stops)
	one.IP, one.Confidence = f.IP(stops[0]), finding.Likely
	users := distinct(stops, func(s *facts.Stop) uint32 { return s.User })
	apps := distinct(stops, func(s *facts.Stop) uint32 { return s.App })
	one.Instances = max(users, apps)
	one.Sentence = fmt.Sprintf("%s tried %s under %s, %s in all, and never got in.",
		strangers.Quoted(one.IP), words.Several(users, "user"), words.Several(apps, "name"), often(len(stops)))
	one = withEvidence(refusals(one), fields.KeyIP, one.IP)
	return among(f, among(f, one, fields.KeyApp, stops), fields.KeyUser, stops)
}
