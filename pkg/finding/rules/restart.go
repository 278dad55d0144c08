package rules

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/comeback"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/finding/facts"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/restart"
	"github.com/natsops/nats-connections-datasource/pkg/strangers"
	"github.com/natsops/nats-connections-datasource/pkg/words"
)

// restarts are servers that went and came back: those that belong together as one.
func restarts(f *facts.Facts, _ finding.Thresholds) []finding.Finding {
	var found []finding.Finding
	for _, e := range f.Restarts {
		found = append(found, restarted(f, e))
	}
	return found
}

func restarted(f *facts.Facts, c restart.Event) finding.Finding {
	servers := c.Servers()
	one := finding.Finding{
		Subject: model.Subject{Rule: finding.ServerRestart, Severity: string(reason.Info)},
		Count:   int64(len(c)), Instances: int64(len(servers)), Confidence: finding.Certain,
		First: c.Began(), Last: c.Ended(), Shown: finding.InEvents,
	}
	one = withEvidence(one, fields.KeyServer, servers...)
	who := strangers.Quoted(servers[0])
	if len(servers) == 1 {
		one.Server = servers[0]
	} else {
		cluster := c[0].After.Cluster
		who = fmt.Sprintf("%d of %s of cluster %s", len(servers), words.Several(sizeOf(f, cluster), "server"), strangers.Quoted(cluster))
	}
	switch {
	case !c.Planned() && c.Together():
		one.Severity, one.Confidence = string(reason.Critical), finding.Likely
		one.Sentence = fmt.Sprintf("%s went at once and were back at %s, unannounced and as they were before.", who, words.Time(one.Last))
	case !c.Planned():
		one.Severity, one.Confidence = string(reason.Warning), finding.Possible
		one.Sentence = fmt.Sprintf("%s restarted %s, was last back at %s, and this data source saw no announcement: it crashed, was killed, or somebody restarted it.",
			who, often(len(c)), words.Time(one.Last))
	default:
		how := "restarted as planned"
		if len(servers) > 1 {
			how += ", one after the other"
		}
		if !c.Explained() {
			one.Confidence = finding.Likely
		}
		one.Sentence = fmt.Sprintf("%s %s: %s, between %s and %s.", who, how, versions(c), words.Time(one.First), words.Time(one.Last))
	}
	return one
}

// versions tells from which version the servers went to which.
func versions(c restart.Event) string {
	var from, to []string
	for _, r := range c {
		if !slices.Contains(from, r.Before.Version) {
			from = append(from, r.Before.Version)
		}
		if !slices.Contains(to, r.After.Version) {
			to = append(to, r.After.Version)
		}
	}
	if slices.Equal(from, to) {
		return "version " + strangers.Quoted(strings.Join(to, ", ")) + " as before"
	}
	return "version " + strangers.Quoted(strings.Join(from, ", ")) + " became " + strangers.Quoted(strings.Join(to, ", "))
}

// sizeOf is how many servers of a cluster are known.
func sizeOf(f *facts.Facts, cluster string) int {
	labels := map[string]bool{}
	for _, life := range f.Lives {
		if life.Cluster == cluster {
			labels[life.Label] = true
		}
	}
	return len(labels)
}

// notBack are apps of which clients left with a server and were not seen since.
func notBack(f *facts.Facts, t finding.Thresholds) []finding.Finding {
	patience := time.Duration(t.Of(finding.NotBack, "minutes") * float64(time.Minute))
	missing := comeback.Absent(f.Snapshot, f.Beside.Open, f.Beside.Ended, f.Restarts, patience)
	type whose struct {
		event                  int
		account, app, user, ip string
	}
	places := map[whose]int{}
	var groups [][]comeback.Absence
	for _, one := range missing {
		key := whose{event: one.Event, account: one.Account, app: one.App}
		switch {
		case one.Name == "":
			key.user, key.ip = one.User, one.IP
		case one.MadeUp:
			key.user, key.app = one.User, ""
		}
		place, known := places[key]
		if !known {
			place = len(groups)
			places[key], groups = place, append(groups, nil)
		}
		groups[place] = append(groups[place], one)
	}
	found := make([]finding.Finding, 0, len(groups))
	for _, group := range groups {
		lost, removed := apartRemoved(f, group)
		if len(lost) > 0 {
			found = append(found, absent(f, f.Restarts[group[0].Event], lost))
		}
		if len(removed) > 0 {
			found = append(found, taken(f, f.Restarts[group[0].Event], removed))
		}
	}
	return found
}

// several is from how many on those who close their connections, and are most of an app
// that left with a server, gave up together rather than were removed.
const several = 3

// apartRemoved are those of an app who did not return, and those who were most likely
// removed: they closed their connections while others of it are there, or when nobody
// asked them to. Where some were removed, so were a few that a server had just sent away.
func apartRemoved(f *facts.Facts, gone []comeback.Absence) (lost, removed []comeback.Absence) {
	bidden := 0
	for i := range gone {
		switch {
		case !gone[i].Closed:
			lost = append(lost, gone[i])
			continue
		case !gone[i].Unbidden:
			bidden++
		}
		removed = append(removed, gone[i])
	}
	together := bidden >= several && 2*bidden > gone[0].Of
	alone := bidden > 0 && f.Open.Of(gone[0].Account, gone[0].App).Connections == 0
	switch {
	case len(removed) == 0, together, alone:
		return gone, nil
	case len(lost) <= len(removed) && !slices.ContainsFunc(lost, func(a comeback.Absence) bool { return !a.Recorded }):
		return nil, gone
	}
	return lost, removed
}

func absent(f *facts.Facts, event restart.Event, gone []comeback.Absence) finding.Finding {
	one, who := aboutGone(f, gone)
	one.Sentence = sentence(fmt.Sprintf("%s went with %s at %s and did not come back%s; %s",
		who, went(event), words.Time(one.First), named(gone), openOf(f, &gone[0])))
	return shownBy(one, gone)
}

// taken are clients that were most likely removed while servers restarted.
func taken(f *facts.Facts, event restart.Event, gone []comeback.Absence) finding.Finding {
	one, who := aboutGone(f, gone)
	one.Severity, one.Confidence = string(reason.Info), finding.Possible
	they := "closed its connection during %s at %s, and did not come back%s: it was removed, unless somebody misses it; %s"
	if len(gone) > 1 {
		they = "closed their connections during %s, first at %s, and did not come back%s: they were removed, unless somebody misses them; %s"
	}
	one.Sentence = sentence(who + " " + fmt.Sprintf(they, went(event), words.Time(one.First), named(gone), openOf(f, &gone[0])))
	return shownBy(one, gone)
}

// aboutGone begins a finding about clients that are missing, and says who they are.
func aboutGone(f *facts.Facts, gone []comeback.Absence) (one finding.Finding, who string) {
	s, n := &gone[0], int64(len(gone))
	one = finding.Finding{
		Subject: model.Subject{
			Rule: finding.NotBack, Severity: string(finding.Lookup(finding.NotBack).Severity), Account: s.Account, App: s.App,
		},
		Count: n, Instances: n, First: s.Left, Last: f.Beside.Open.Servers[0].OpenAt, GoesOn: true, Confidence: finding.Likely,
	}
	switch {
	case s.Name == "":
		one.User, one.IP = s.User, s.IP
	case s.MadeUp:
		one.App, one.User = "", s.User
		return one, fmt.Sprintf("%s of user %s (account %s)", words.Several(n, "client"), strangers.Quoted(s.User), strangers.Quoted(s.Account))
	}
	return one, fmt.Sprintf("%s of %s (account %s)", words.Several(n, "client"), client(s.App, s.User, s.IP), strangers.Quoted(s.Account))
}

// openOf says what is open of the app of who is missing.
func openOf(f *facts.Facts, s *comeback.Absence) string {
	if s.MadeUp {
		return "their names are of no app, unless appPatterns in the settings say so"
	}
	switch many := f.Open.Of(s.Account, s.App).Connections; many {
	case 0:
		return "none of it is open"
	case 1:
		return "1 connection of it is open now"
	default:
		return words.Several(many, "connection") + " of it are open now"
	}
}

// shownBy has the records of who is missing be the evidence: of those whose stops were
// kept, and else what of the app is open.
func shownBy(one finding.Finding, gone []comeback.Absence) finding.Finding {
	one = withEvidence(one, fields.KeyAccount, one.Account)
	if one.App != "" {
		one = withEvidence(one, fields.KeyApp, one.App)
	} else {
		one = withEvidence(one, fields.KeyUser, one.User)
	}
	recorded := slices.DeleteFunc(slices.Clone(gone), func(a comeback.Absence) bool { return !a.Recorded })
	switch {
	case len(recorded) == 0:
		one.Shown = finding.InOpen
	case one.IP != "":
		one = withEvidence(withEvidence(one, fields.KeyUser, one.User), fields.KeyIP, one.IP)
	case len(recorded) <= mostValues:
		var names []string
		for _, a := range recorded {
			if !slices.Contains(names, a.Name) {
				names = append(names, a.Name)
			}
		}
		one = withEvidence(one, fields.KeyName, names...)
	}
	return one
}

// went says what happened to the servers.
func went(event restart.Event) string {
	servers := event.Servers()
	if len(servers) == 1 {
		return "the restart of " + strangers.Quoted(servers[0])
	}
	return fmt.Sprintf("the restarts of %s of cluster %s", words.Several(len(servers), "server"), strangers.Quoted(event[0].After.Cluster))
}

// named are the names of some of those who are missing.
func named(gone []comeback.Absence) string {
	var names []string
	for i := range gone {
		if name := gone[i].Name; name != "" && (name != gone[i].App || gone[i].MadeUp) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	more := ""
	if len(names) > mostNamed {
		more = ", …"
		names = names[:mostNamed]
	}
	for i, name := range names {
		names[i] = strangers.Quoted(name)
	}
	return ": " + strings.Join(names, ", ") + more
}
