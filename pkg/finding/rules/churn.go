package rules

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/finding/facts"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/strangers"
	"github.com/natsops/nats-connections-datasource/pkg/words"
)

const (
	clientClosed = "Client Closed"
	// churnMinutes is the span in which connections are counted.
	churnMinutes = 5
	// again is how often each client comes and goes in that span at least: jobs that
	// start each minute do less.
	again = 10
	// A storm has so many clients, and each of them comes back so often.
	stormClients, stormReturns = 10, 3
)

// churns are apps whose connections come and go by the second: for each request,
// or in a storm after a server went.
func churns(f *facts.Facts, t finding.Thresholds) []finding.Finding {
	most, least := t.Number(finding.Churn, "in_five_minutes"), t.Number(finding.Churn, "storm")
	restarted := slices.ContainsFunc(f.Lives, func(life ledger.Life) bool { return life.Former != "" })
	// Most apps have not that many at any time: nobody looks at whose these were.
	var busy []*facts.App
	for _, app := range f.Apps() {
		if app.Short >= most && mostIn(byNumber(app.Minutes), short) >= most || restarted && mostIn(byNumber(app.Minutes), stopped) >= least {
			busy = append(busy, app)
		}
	}
	var found []finding.Finding
	for i, crowd := range f.Crowds(busy, sentAwaySince(f)) {
		of := perRequests(busy[i], crowd, most)
		if len(of) == 0 && restarted {
			of = storms(f, busy[i], crowd, least)
		}
		found = append(found, of...)
	}
	return found
}

// sentAwaySince is since when each server process sent its clients away that did.
func sentAwaySince(f *facts.Facts) map[string]int64 {
	since := map[string]int64{}
	for _, event := range f.Restarts {
		for _, step := range event {
			if !step.Announced.IsZero() {
				since[step.Before.ServerID] = model.Nanos(step.Leaving())
			}
		}
	}
	return since
}

func short(m facts.Minute) int   { return int(m.Short) }
func stopped(m facts.Minute) int { return int(m.Stopped) }

// perRequests are the times in which each client of an app came and went often.
func perRequests(app *facts.App, crowd *facts.Crowd, most int) (found []finding.Finding) {
	often := func(sum int, from, to int64) bool { return sum >= again*requesting(crowd, from, to) }
	for _, span := range hot(byNumber(app.Minutes), most, short, often) {
		found = append(found, perRequest(app, span, requesting(crowd, span.from, span.to)))
	}
	return found
}

// storms are those after a restart in which many clients of an app did. That a server
// sends each of them away is told with its restart.
func storms(f *facts.Facts, app *facts.App, crowd *facts.Crowd, least int) (found []finding.Finding) {
	raging := func(sum int, from, to int64) bool {
		clients, sentAway := returning(crowd, from, to)
		return clients >= stormClients && sum-sentAway >= max(stormReturns*clients, least)
	}
	for _, span := range hot(byNumber(app.Minutes), least, stopped, raging) {
		if event, after := lastEvent(f, span.from); after {
			clients, sentAway := returning(crowd, span.from, span.to)
			span.count -= sentAway
			found = append(found, storm(app, span, clients, event))
		}
	}
	return found
}

// span is a busy time, in minutes after the Unix epoch.
type span struct {
	from, to int64
	count    int
}

// requesting is how many clients have the connections of a crowd, at the least.
func requesting(crowd *facts.Crowd, from, to int64) int {
	names, ips, _ := crowd.Between(from, to)
	if names == 1 {
		// A name that all share tells nobody apart.
		return ips
	}
	return min(names, ips)
}

// returning is how many they are at the most, and how many stops were because a server
// sent them away.
func returning(crowd *facts.Crowd, from, to int64) (clients, sentAway int) {
	names, ips, sentAway := crowd.Between(from, to)
	return max(names, ips), sentAway
}

// mostIn is the most that there is within five minutes.
func mostIn(minutes []facts.Minute, of func(facts.Minute) int) (most int) {
	from, sum := 0, 0
	for _, m := range minutes {
		sum += of(m)
		for m.Number-minutes[from].Number >= churnMinutes {
			sum -= of(minutes[from])
			from++
		}
		most = max(most, sum)
	}
	return most
}

// byNumber sums minutes of several servers. Those of one are as they shall be.
func byNumber(minutes []facts.Minute) []facts.Minute {
	order := func(a, b facts.Minute) int { return cmp.Compare(a.Number, b.Number) }
	if slices.IsSortedFunc(minutes, order) {
		return minutes
	}
	var sums []facts.Minute
	for _, m := range slices.SortedFunc(slices.Values(minutes), order) {
		if n := len(sums); n == 0 || sums[n-1].Number != m.Number {
			sums = append(sums, facts.Minute{Number: m.Number})
		}
		sum := &sums[len(sums)-1]
		sum.Last = max(sum.Last, m.Last)
		sum.Stopped, sum.Closed, sum.Short = sum.Stopped+m.Stopped, sum.Closed+m.Closed, sum.Short+m.Short
	}
	return sums
}

// hot are the spans in which so many stop within five minutes, joined where they touch,
// of which some five minutes are enough for a finding. Later ones do not take that back.
func hot(minutes []facts.Minute, most int, of func(facts.Minute) int, enough func(sum int, from, to int64) bool) []span {
	var spans []span
	var told []bool
	from, sum := 0, 0
	for to, m := range minutes {
		sum += of(m)
		for m.Number-minutes[from].Number >= churnMinutes {
			sum -= of(minutes[from])
			from++
		}
		if sum < most {
			continue
		}
		begin := minutes[from].Number
		last := len(spans) - 1
		if last >= 0 && begin-spans[last].to <= int64(finding.OverAfter/time.Minute) {
			for i := to; i >= 0 && minutes[i].Number > spans[last].to; i-- {
				spans[last].count += of(minutes[i])
			}
			spans[last].to = m.Number
		} else {
			last++
			spans, told = append(spans, span{begin, m.Number, sum}), append(told, false)
		}
		told[last] = told[last] || enough(sum, begin, m.Number)
	}
	kept := spans[:0]
	for i, one := range spans {
		if told[i] {
			kept = append(kept, one)
		}
	}
	return kept
}

func aboutChurn(app *facts.App, s span, clients int) finding.Finding {
	one := finding.Finding{
		Subject: model.Subject{
			Rule: finding.Churn, Severity: string(reason.Warning), Account: app.Account, App: app.Name,
		},
		Count: int64(s.count), Instances: int64(clients), Confidence: finding.Certain,
		First: time.Unix(s.from*60, 0).UTC(), Last: time.Unix((s.to+1)*60, -1).UTC(),
	}
	one = withEvidence(withEvidence(one, fields.KeyAccount, app.Account), fields.KeyApp, app.Name)
	if last := model.Moment(app.Last); last.Before(one.Last) {
		one.Last = last
	}
	return one
}

func perRequest(app *facts.App, s span, clients int) finding.Finding {
	one := withEvidence(aboutChurn(app, s, clients), fields.KeyReason, clientClosed)
	// Other connections of it live on, and some of these ended meanwhile.
	one.Shown = finding.InShortest
	one.Sentence = sentence(fmt.Sprintf("%s (account %s) opened and closed %s since %s from %s, each for less than 10 s: it connects for each request",
		strangers.Quoted(app.Name), strangers.Quoted(app.Account), words.Several(s.count, "connection"), words.Time(one.First), words.Several(clients, "client")))
	if !app.Identified {
		one = withEvidence(one, fields.KeyIdentified, "false")
		one.Severity, one.Confidence = string(reason.Info), finding.Likely
		one.Sentence = fmt.Sprintf("%s since %s never said who they are: health checks, which fill the servers' memory of stops.",
			words.Several(s.count, "connection"), words.Time(one.First))
	}
	return one
}

func storm(app *facts.App, s span, clients int, event string) finding.Finding {
	one := aboutChurn(app, s, clients)
	one.Confidence = finding.Likely
	one.Sentence = sentence(fmt.Sprintf("%s (account %s) reconnected again and again after %s restarted: %s of %s since %s",
		strangers.Quoted(app.Name), strangers.Quoted(app.Account), strangers.Quoted(event), words.Several(s.count, "stop"), words.Several(clients, "client"), words.Time(one.First)))
	return one
}

// lastEvent is the server that restarted shortly before a time, if one did.
func lastEvent(f *facts.Facts, minute int64) (server string, is bool) {
	from, to := time.Unix(minute*60, 0).Add(-finding.OverAfter), time.Unix(minute*60, 0).Add(finding.OverAfter)
	for _, life := range f.Lives {
		if life.Former != "" && life.Began.After(from) && life.Began.Before(to) {
			return life.Label, true
		}
	}
	return "", false
}
