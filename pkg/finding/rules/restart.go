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

// byThemselves are the stops that are not part of a restart that was announced,
// which is told once.
func byThemselves(f *facts.Facts, stops []*facts.Stop) []*facts.Stop {
	announced := map[string]restart.Event{}
	for _, e := range f.Restarts {
		for _, step := range e {
			if label := step.After.Label; !step.Announced.IsZero() {
				announced[label] = append(announced[label], step)
			}
		}
	}
	if len(announced) == 0 {
		return stops
	}
	// A server is looked up once, since there are many stops of each.
	of := map[uint32]restart.Event{}
	return only(stops, func(s *facts.Stop) bool {
		steps, known := of[s.Server]
		if !known {
			steps = announced[f.Server(s)]
			of[s.Server] = steps
		}
		return len(steps) == 0 || !steps.HasAt(f.Server(s), model.Moment(s.At))
	})
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
		if one.Name == "" {
			key.user, key.ip = one.User, one.IP
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
		found = append(found, absent(f, f.Restarts[group[0].Event], group))
	}
	return found
}

func absent(f *facts.Facts, event restart.Event, gone []comeback.Absence) finding.Finding {
	s, n := &gone[0], int64(len(gone))
	one := finding.Finding{
		Subject: model.Subject{
			Rule: finding.NotBack, Severity: string(finding.Lookup(finding.NotBack).Severity), Account: s.Account, App: s.App,
		},
		Count: n, Instances: n, First: s.Left, Last: f.Beside.Open.Servers[0].OpenAt, GoesOn: true, Confidence: finding.Likely,
	}
	if s.Name == "" {
		one.User, one.IP = s.User, s.IP
	}
	names := named(gone)
	rest := "none of it is open"
	switch many := f.Open.Of(s.Account, s.App).Connections; many {
	case 0:
	case 1:
		rest = "1 connection of it is open now"
	default:
		rest = words.Several(many, "connection") + " of it are open now"
	}
	one.Sentence = sentence(fmt.Sprintf("%s of %s (account %s) went with %s at %s and did not come back%s; %s",
		words.Several(n, "client"), client(s.App, s.User, s.IP), strangers.Quoted(s.Account), went(event), words.Time(one.First), names, rest))
	return shownBy(one, gone)
}

// shownBy has the records of who is missing be the evidence: of those whose stops were
// kept, and else what of the app is open.
func shownBy(one finding.Finding, gone []comeback.Absence) finding.Finding {
	one = withEvidence(withEvidence(one, fields.KeyAccount, one.Account), fields.KeyApp, one.App)
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
		if name := gone[i].Name; name != "" && name != gone[i].App && !slices.Contains(names, name) {
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
