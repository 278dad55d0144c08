package knowledge

import (
	"fmt"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/books"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/strangers"
	"github.com/natsops/nats-connections-datasource/pkg/words"
)

// rules are in the order of the catalogue.
var rules = []struct {
	id   string
	find func([]ledger.ServerState, finding.Thresholds, time.Time) []finding.Finding
}{
	{finding.ServerSilent, silent},
	{finding.RecordsLost, recordsLost},
	{finding.ClockOff, clocksOff},
	{finding.ServerUnlisted, unlisted},
}

// IDs are the rules of the catalogue that are looked for here.
func IDs() []string {
	ids := make([]string, len(rules))
	for i, r := range rules {
		ids[i] = r.id
	}
	return ids
}

// Find is what the servers' states say at a time.
func Find(servers []ledger.ServerState, t finding.Thresholds, tenant bool, now time.Time) []finding.Finding {
	var all []finding.Finding
	for _, r := range rules {
		if finding.Sees(tenant, r.id) {
			all = append(all, r.find(servers, t, now)...)
		}
	}
	return all
}

// ofServer begins a finding about a server.
func ofServer(rule string, s ledger.ServerState) finding.Finding {
	return finding.Finding{
		Subject: model.Subject{Rule: rule, Severity: string(finding.Lookup(rule).Severity), Server: s.Label},
		Count:   1, Instances: 1, Confidence: finding.Certain, Shown: finding.InServers,
		Evidence: []finding.Condition{{Key: fields.KeyServer, Values: []string{s.Label}}},
	}
}

func silent(servers []ledger.ServerState, t finding.Thresholds, now time.Time) []finding.Finding {
	patience := time.Duration(t.Of(finding.ServerSilent, "minutes") * float64(time.Minute))
	var found []finding.Finding
	for _, s := range servers {
		if s.Answered || !s.HeardAt.IsZero() && now.Sub(s.HeardAt) < patience {
			continue
		}
		one := ofServer(finding.ServerSilent, s)
		one.First, one.Last, one.GoesOn = s.HeardAt, now, true
		since := "has not answered yet"
		if !s.HeardAt.IsZero() {
			since = "has not answered since " + words.Time(s.HeardAt)
		}
		one.Sentence = fmt.Sprintf("%s %s: %s", strangers.Quoted(s.Label), since, s.Err)
		found = append(found, one)
	}
	return found
}

func recordsLost(servers []ledger.ServerState, t finding.Thresholds, _ time.Time) []finding.Finding {
	var found []finding.Finding
	for _, s := range servers {
		for _, gaps := range lostTogether(s.Coverage.Gaps) {
			one := ofServer(finding.RecordsLost, s)
			one.Shown = finding.InEvents
			one.First, one.Last, one.Count = gaps[0].From, gaps[len(gaps)-1].To, 0
			for _, gap := range gaps {
				one.Count += gap.Lost
			}
			if one.Count < int64(t.Number(finding.RecordsLost, "stops")) {
				continue
			}
			one.Sentence = fmt.Sprintf("%s dropped the records of %s between %s and %s before they were read.",
				strangers.Quoted(s.Label), words.Several(one.Count, "stop"), words.Time(one.First), words.Time(one.Last))
			found = append(found, one)
		}
	}
	return found
}

// lostTogether parts the gaps that lost records as episodes do stops.
func lostTogether(gaps []books.Gap) [][]books.Gap {
	var parts [][]books.Gap
	for _, gap := range gaps {
		if gap.Lost == 0 || gap.Restart || gap.History {
			continue
		}
		if n := len(parts); n > 0 && gap.From.Sub(parts[n-1][len(parts[n-1])-1].To) <= finding.OverAfter {
			parts[n-1] = append(parts[n-1], gap)
			continue
		}
		parts = append(parts, []books.Gap{gap})
	}
	return parts
}

func clocksOff(servers []ledger.ServerState, t finding.Thresholds, now time.Time) []finding.Finding {
	most := time.Duration(t.Of(finding.ClockOff, "seconds") * float64(time.Second))
	var found []finding.Finding
	for _, s := range servers {
		if !s.Answered || s.ClockOffset.Abs() < most {
			continue
		}
		one := ofServer(finding.ClockOff, s)
		one.Last, one.GoesOn = now, true
		direction := "ahead of"
		if s.ClockOffset < 0 {
			direction = "behind"
		}
		one.Sentence = fmt.Sprintf("The clock of %s is %s %s Grafana's.", strangers.Quoted(s.Label), s.ClockOffset.Abs().Round(time.Second), direction)
		found = append(found, one)
	}
	return found
}

func unlisted(servers []ledger.ServerState, _ finding.Thresholds, now time.Time) []finding.Finding {
	told := map[string]bool{}
	var found []finding.Finding
	for _, s := range servers {
		if s.Unlisted == 0 || !s.Answered || told[s.Server.Cluster] {
			continue
		}
		told[s.Server.Cluster] = true
		one := ofServer(finding.ServerUnlisted, s)
		one.Server, one.Count, one.Instances = "", s.Unlisted, s.Unlisted
		one.Evidence = []finding.Condition{{Key: fields.KeyCluster, Values: []string{s.Server.Cluster}}}
		one.Last, one.GoesOn = now, true
		verb := "are"
		if s.Unlisted == 1 {
			verb = "is"
		}
		one.Sentence = fmt.Sprintf("%s of cluster %s %s read by nobody: nothing is known of the connections there.",
			words.Several(s.Unlisted, "server"), strangers.Quoted(s.Server.Cluster), verb)
		found = append(found, one)
	}
	return found
}
