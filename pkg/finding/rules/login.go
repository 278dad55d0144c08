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
	broken, few := brokenLogins(f, t, rest, claims(f, rest, t))
	return slices.Concat(found, broken, typos(f, few))
}

// attempts are refused logins of one claim.
type attempts struct {
	claim
	stops []*facts.Stop
}

// brokenLogins are the claims that are refused often. Several apps that have one user
// are refused together: what each of them is too rarely, their user may be.
func brokenLogins(f *facts.Facts, t finding.Thresholds, refused []*facts.Stop, of func(*facts.Stop) claim) (found []finding.Finding, few []attempts) {
	often := func(refused []*facts.Stop, of func(*facts.Stop) claim) (left []attempts) {
		for _, group := range grouped(refused, func(s *facts.Stop) subject { return of(s).subject(s) }) {
			for _, stops := range episodes(group) {
				one := attempts{of(stops[0]), stops}
				if most := busiest(hourBefore(group, stops), time.Hour); most >= t.Number(finding.LoginBroken, "per_hour") {
					found = append(found, brokenLogin(f, one, most))
				} else {
					left = append(left, one)
				}
			}
		}
		return left
	}
	shared := map[*facts.Stop]bool{}
	few = often(refused, of)
	var rest []*facts.Stop
	for _, one := range few {
		if one.claim == byAppAndUser && f.User(one.stops[0]) != "" {
			rest = append(rest, one.stops...)
		}
	}
	inOrder(rest)
	for _, one := range often(rest, func(*facts.Stop) claim { return wholeUser }) {
		for _, s := range one.stops {
			shared[s] = true
		}
	}
	return found, slices.DeleteFunc(few, func(one attempts) bool {
		return one.claim == byAppAndUser && f.User(one.stops[0]) != "" && !shared[one.stops[0]]
	})
}

// mostTypos is how many clients are told one by one: strangers choose their names.
const mostTypos = 200

// typos are the clients that are refused now and then, the newest one by one.
func typos(f *facts.Facts, few []attempts) (found []finding.Finding) {
	var clients []attempts
	for _, one := range few {
		for _, stops := range grouped(one.stops, func(s *facts.Stop) subject {
			if f.Unnamed(s) && one.claim == byAppAndUser {
				return subject{ip: s.IP + 1}
			}
			return subject{}
		}) {
			clients = append(clients, attempts{one.claim, stops})
		}
	}
	last := func(a attempts) int64 { return a.stops[len(a.stops)-1].At }
	slices.SortStableFunc(clients, func(a, b attempts) int { return cmp.Compare(last(b), last(a)) })
	shown := clients[:min(len(clients), mostTypos)]
	for _, one := range shown {
		found = append(found, typo(f, one))
	}
	if rest := clients[len(shown):]; len(rest) > 0 {
		found = append(found, moreTypos(f, rest))
	}
	return found
}

// moreTypos are many clients that are refused now and then.
func moreTypos(f *facts.Facts, rest []attempts) finding.Finding {
	var stops []*facts.Stop
	for _, one := range rest {
		stops = append(stops, one.stops...)
	}
	inOrder(stops)
	one := refusals(about(f, finding.LoginTypo, stops))
	one.Confidence, one.Instances = finding.Possible, int64(len(rest))
	one.Sentence = fmt.Sprintf("%s more were refused %s in all%s, each of them now and then.",
		words.Several(one.Instances, "client"), often(len(stops)), from(f, stops))
	return one
}

// claim is by what refused logins are told apart.
type claim int

const (
	byAppAndUser claim = iota
	// byAddress: neither is told.
	byAddress
	// wholeUser: its clients call themselves something else each time, or are of several apps.
	wholeUser
	// wholeApp: each of its clients has a user of its own.
	wholeApp
	// nobodys: none of many clients says anything of itself.
	nobodys
)

// subject is whose a refused login is.
func (c claim) subject(s *facts.Stop) subject {
	return [...]subject{
		byAppAndUser: {app: s.App, user: s.User},
		byAddress:    {app: s.App, user: s.User, ip: s.IP + 1},
		wholeUser:    {account: 1, user: s.User},
		wholeApp:     {account: 2, app: s.App},
		nobodys:      {account: 3},
	}[c]
}

// claims is by what each login is told apart: not by what has many values.
func claims(f *facts.Facts, refused []*facts.Stop, t finding.Thresholds) func(*facts.Stop) claim {
	most := int64(t.Number(finding.LoginScan, "names"))
	users := manyOf(refused, most, func(s *facts.Stop) (uint32, uint32) { return s.User, s.App })
	apps := manyOf(refused, most, func(s *facts.Stop) (uint32, uint32) { return s.App, s.User })
	unsaid := only(refused, func(s *facts.Stop) bool { return f.Unnamed(s) && f.User(s) == "" })
	many := distinct(unsaid, byIP) >= most
	return func(s *facts.Stop) claim {
		switch {
		case f.Unnamed(s) && f.User(s) == "" && many:
			return nobodys
		case f.Unnamed(s) && f.User(s) == "":
			return byAddress
		case f.User(s) != "" && users[s.User]:
			return wholeUser
		case !f.Unnamed(s) && apps[s.App]:
			return wholeApp
		}
		return byAppAndUser
	}
}

// aboutLogin begins a finding about a client that is refused.
func aboutLogin(f *facts.Facts, rule string, of attempts) finding.Finding {
	one, s := refusals(about(f, rule, of.stops)), of.stops[0]
	if of.claim == wholeUser {
		one = among(f, one, fields.KeyApp, of.stops)
	} else {
		one.App = f.App(s)
		one = withEvidence(one, fields.KeyApp, one.App)
	}
	if of.claim == wholeApp {
		one = among(f, one, fields.KeyUser, of.stops)
	} else {
		one.User = f.User(s)
		one = withEvidence(one, fields.KeyUser, one.User)
	}
	if of.claim == byAddress || of.claim == byAppAndUser && f.Unnamed(s) && rule == finding.LoginTypo {
		one.IP = f.IP(s)
	}
	return among(f, one, fields.KeyIP, of.stops)
}

func typo(f *facts.Facts, of attempts) finding.Finding {
	one := aboutLogin(f, finding.LoginTypo, of)
	one.Confidence = finding.Likely
	one.Sentence = sentence(fmt.Sprintf("%s refused %s%s", claiming(f, of), often(len(of.stops)), from(f, of.stops)))
	return one
}

// claiming names who tried to log in, as whom, and begins to say what became of it.
func claiming(f *facts.Facts, of attempts) string {
	s := of.stops[0]
	name, user := f.App(s), f.User(s)
	switch {
	case of.claim == nobodys:
		return "Clients without name and user were"
	case of.claim == wholeUser:
		names := distinct(of.stops, func(s *facts.Stop) uint32 { return s.Name })
		return fmt.Sprintf("User %s, under %s, was", strangers.Quoted(user), words.Several(names, "name"))
	case of.claim == wholeApp:
		users := distinct(of.stops, func(s *facts.Stop) uint32 { return s.User })
		return fmt.Sprintf("%s (%s) was", strangers.Quoted(name), words.Several(users, "user"))
	case user != "" && !f.Unnamed(s):
		return fmt.Sprintf("%s (user %s) was", strangers.Quoted(name), strangers.Quoted(user))
	}
	return client(name, user, f.IP(s)) + " was"
}

func brokenLogin(f *facts.Facts, of attempts, perHour int) finding.Finding {
	one := aboutLogin(f, finding.LoginBroken, of)
	text := fmt.Sprintf("%s refused %s since %s%s, up to %s an hour",
		claiming(f, of), often(len(of.stops)), words.Time(one.First), from(f, of.stops), words.Number(perHour))
	if one.Instances > 1 && of.claim != wholeUser {
		text += ", " + words.Several(one.Instances, "instance")
	}
	why, sure := whyBroken(f, of)
	one.Confidence = sure
	one.Sentence = sentence(text + ": " + why)
	return one
}

// whyBroken says what refused logins of an app most likely come from, and how sure
// that is: by who else of it is in, since when, and where.
func whyBroken(f *facts.Facts, of attempts) (why string, sure finding.Confidence) {
	s, last := of.stops[0], of.stops[len(of.stops)-1]
	in := f.LoggedIn(s, s.At)
	if of.claim == wholeUser {
		in = f.UserLoggedIn(s, s.At)
	}
	switch {
	case of.claim != wholeUser && distinct(of.stops, instanceOf(f)) == 1 && f.Back(last, last.At):
		return "it gets in again", finding.Certain
	case in.Since && of.claim != wholeUser && distinct(of.stops, byServer) == 1 && f.OtherServers(s, s.At):
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
