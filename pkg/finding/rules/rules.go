package rules

import (
	"fmt"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/finding/facts"
	"github.com/natsops/nats-connections-datasource/pkg/guard"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/strangers"
	"github.com/natsops/nats-connections-datasource/pkg/words"
)

// rule finds by facts that do not change as time goes by.
type rule struct {
	// ids are the rules of the catalogue that it finds.
	ids  []string
	find func(*facts.Facts, finding.Thresholds) []finding.Finding
}

// rules are in the order of the catalogue.
var rules = []rule{
	{[]string{finding.SlowConsumer}, slowConsumers},
	{[]string{finding.FallingBehind}, fallingBehind},
	{[]string{finding.FabricSlow}, slowFabric},
	{[]string{finding.LoginBroken, finding.LoginTypo, finding.LoginScan, finding.CredentialsExpiringOut}, logins},
	{[]string{finding.TLSFailing}, handshakes},
	{[]string{finding.Stale}, stales},
	{[]string{finding.Flapping}, flaps},
	{[]string{finding.Churn}, churns},
	{[]string{finding.LimitHit}, limits},
	{[]string{finding.Protocol}, foreign},
	{[]string{finding.DuplicateClient}, twins},
	{[]string{finding.Unnamed}, unnamed},
	{[]string{finding.OldLibrary}, oldLibraries},
	{[]string{finding.ServerRestart}, restarts},
	{[]string{finding.NotBack}, notBack},
}

// sees reports whether rules that are looked for together can be: all of them need
// to see the same.
func sees(tenant bool, ids []string) bool { return finding.Sees(tenant, ids[0]) }

// Find is all that the rules find that can be looked for, whether it is over or not,
// the most severe first.
func Find(f *facts.Facts, t finding.Thresholds, tenant bool) []finding.Finding {
	found := make([][]finding.Finding, len(rules))
	var each guard.Group
	for i, r := range rules {
		if sees(tenant, r.ids) {
			each.Go(func() { found[i] = r.find(f, t) })
		}
	}
	each.Wait()
	all := slices.Concat(found...)
	finding.Sort(all)
	return all
}

// ofServers are the rules of the catalogue that look at the servers as they are now.
var ofServers = []struct {
	ids  []string
	find func([]ledger.ServerState, finding.Thresholds, time.Time) []finding.Finding
}{
	{[]string{finding.ServerSilent}, silent},
	{[]string{finding.RecordsLost}, recordsLost},
	{[]string{finding.ClockOff}, clocksOff},
	{[]string{finding.ServerUnlisted}, unlisted},
}

// FindNow is what the servers' states say at a time.
func FindNow(servers []ledger.ServerState, t finding.Thresholds, tenant bool, now time.Time) []finding.Finding {
	var all []finding.Finding
	for _, r := range ofServers {
		if sees(tenant, r.ids) {
			all = append(all, r.find(servers, t, now)...)
		}
	}
	return all
}

// ofServer begins a finding about a server.
func ofServer(rule string, s ledger.ServerState) finding.Finding {
	one := finding.Finding{
		Subject: model.Subject{Rule: rule, Severity: string(finding.Lookup(rule).Severity), Server: s.Label},
		Count:   1, Instances: 1, Confidence: finding.Certain, Shown: finding.InServers,
	}
	return withEvidence(one, fields.KeyServer, s.Label)
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
func lostTogether(gaps []ledger.Gap) [][]ledger.Gap {
	var parts [][]ledger.Gap
	for _, gap := range gaps {
		if gap.Lost == 0 || gap.Restart || gap.History {
			continue
		}
		if n := len(parts); n > 0 && gap.From.Sub(parts[n-1][len(parts[n-1])-1].To) <= finding.OverAfter {
			parts[n-1] = append(parts[n-1], gap)
			continue
		}
		parts = append(parts, []ledger.Gap{gap})
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
