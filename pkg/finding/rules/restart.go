package rules

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/finding/facts"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/strangers"
)

// restart is one server that went and came back.
type restart struct {
	before, after ledger.Life
	// announced: it told its clients to go before it went.
	announced bool
}

// upgraded reports whether another version came back.
func (r restart) upgraded() bool { return r.before.Version != r.after.Version }

// chain is restarts that belong together: of one server, or of several in turn.
type chain []restart

// atOnce is how near begins of several servers are that went together.
const atOnce = 5 * time.Second

func restarts(f *facts.Facts, t finding.Thresholds) []finding.Finding {
	var found []finding.Finding
	for _, c := range chains(f, t) {
		found = append(found, restarted(f, c))
	}
	return found
}

// chains parts all restarts into what is told as one.
func chains(f *facts.Facts, t finding.Thresholds) []chain {
	inTurn := time.Duration(t.Of(finding.ServerRestart, "in_turn") * float64(time.Minute))
	lives := map[string]ledger.Life{}
	for _, life := range f.Lives {
		lives[life.ServerID] = life
	}
	var all []chain
	latest := map[string]int{}
	for _, life := range f.Lives {
		before, known := lives[life.Former]
		if !known {
			continue
		}
		one := restart{before, life, announced(f, before, life)}
		where := life.Cluster
		if where == "" {
			where = "server " + life.Label
		}
		if at, begun := latest[where]; begun && all[at].takes(one, inTurn) {
			all[at] = append(all[at], one)
			continue
		}
		latest[where] = len(all)
		all = append(all, chain{one})
	}
	return all
}

// takes reports whether a restart goes on with the chain: it is of a server that
// it does not have yet, or of the one server that it is about.
func (c chain) takes(next restart, inTurn time.Duration) bool {
	last := c[len(c)-1]
	if next.after.Began.Sub(last.after.Began) > inTurn {
		return false
	}
	servers := c.servers()
	return !slices.Contains(servers, next.after.Label) || len(servers) == 1
}

func (c chain) servers() []string {
	var labels []string
	for _, r := range c {
		if !slices.Contains(labels, r.after.Label) {
			labels = append(labels, r.after.Label)
		}
	}
	return labels
}

// announced reports whether the server's records show that it sent clients away.
func announced(f *facts.Facts, before, after ledger.Life) bool {
	from := model.Nanos(before.HeardUntil.Add(-finding.OverAfter))
	for _, s := range f.Stops[reason.CategoryShutdown] {
		if s.At >= from && s.At <= model.Nanos(after.Began) && f.Server(s) == after.Label {
			return true
		}
	}
	return false
}

// together reports whether several servers went at once rather than in turn.
func (c chain) together() bool {
	return len(c.servers()) > 1 && c[len(c)-1].after.Began.Sub(c[0].after.Began) < atOnce
}

// planned reports whether somebody meant it.
func (c chain) planned() bool {
	explained := func(r restart) bool { return r.announced || r.upgraded() }
	return slices.ContainsFunc(c, explained) || len(c.servers()) > 1 && !c.together()
}

func restarted(f *facts.Facts, c chain) finding.Finding {
	servers := c.servers()
	one := finding.Finding{
		Subject: model.Subject{Rule: finding.ServerRestart, Severity: string(reason.Info)},
		Count:   int64(len(c)), Instances: int64(len(servers)), Confidence: finding.Certain,
		First: c[0].before.HeardUntil, Last: c[len(c)-1].after.Began,
	}
	who := strangers.Quoted(servers[0])
	if len(servers) == 1 {
		one.Server = servers[0]
	} else {
		cluster := c[0].after.Cluster
		who = fmt.Sprintf("%d of %s of cluster %s", len(servers), several(sizeOf(f, cluster), "server"), strangers.Quoted(cluster))
	}
	switch {
	case !c.planned() && c.together():
		one.Severity, one.Confidence = string(reason.Critical), finding.Likely
		one.Sentence = fmt.Sprintf("%s went at once and were back at %s, unannounced and as they were before.", who, clock(one.Last))
	case !c.planned():
		one.Severity, one.Confidence = string(reason.Warning), finding.Possible
		one.Sentence = fmt.Sprintf("%s restarted %s, was last back at %s, and this data source saw no announcement: it crashed, was killed, or somebody restarted it.",
			who, often(len(c)), clock(one.Last))
	default:
		how := "restarted as planned"
		if len(servers) > 1 {
			how += ", one after the other"
		}
		one.Sentence = fmt.Sprintf("%s %s: %s, between %s and %s.", who, how, c.versions(), clock(one.First), clock(one.Last))
	}
	return one
}

// versions tells from which version the servers went to which.
func (c chain) versions() string {
	var from, to []string
	for _, r := range c {
		if !slices.Contains(from, r.before.Version) {
			from = append(from, r.before.Version)
		}
		if !slices.Contains(to, r.after.Version) {
			to = append(to, r.after.Version)
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
