package rules

import (
	"fmt"
	"slices"
	"strings"

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
