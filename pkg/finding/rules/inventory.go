package rules

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/finding/facts"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/strangers"
	"github.com/natsops/nats-connections-datasource/pkg/words"
)

// owner is whose open connections are.
type owner struct{ account, app, ip, lang, version string }

// crowd are open connections with the same owner, of those that a rule looks at.
type crowd struct {
	owner
	count int64
	// pending is the most that waits for one of them, server where that is.
	pending       int64
	server        string
	oldest, newer time.Time
}

// crowds puts those of some open connections together that a condition admits.
func crowds(some iter.Seq[*model.Connection], of func(*model.Connection) owner, admits func(*model.Connection) bool) []*crowd {
	places := map[owner]*crowd{}
	var all []*crowd
	for c := range some {
		if !admits(c) {
			continue
		}
		key := of(c)
		one := places[key]
		if one == nil {
			one = &crowd{owner: key}
			places[key], all = one, append(all, one)
		}
		one.count++
		if c.PendingBytes >= one.pending {
			one.pending, one.server = c.PendingBytes, c.Server
		}
		if one.oldest.IsZero() || c.Start.Before(one.oldest) {
			one.oldest = c.Start
		}
		if c.Start.After(one.newer) {
			one.newer = c.Start
		}
	}
	return all
}

// clients are the open connections that are not leafnodes.
func clients(f *facts.Facts) iter.Seq[*model.Connection] {
	return func(yield func(*model.Connection) bool) {
		for i := range f.Open.Connections {
			if c := &f.Open.Connections[i]; c.Kind != model.KindLeafnode && !yield(c) {
				return
			}
		}
	}
}

// goesOn begins a finding about connections that are open.
func (c *crowd) goesOn(rule string) finding.Finding {
	one := finding.Finding{
		Subject: model.Subject{
			Rule: rule, Severity: string(finding.Lookup(rule).Severity), Account: c.account, App: c.app, IP: c.ip,
		},
		Count: c.count, Instances: c.count, First: c.oldest, Last: c.newer, GoesOn: true, Confidence: finding.Certain, Shown: finding.InOpen,
	}
	one = withEvidence(one, fields.KeyAccount, c.account)
	for _, part := range []struct {
		key   fields.Key
		value string
	}{{fields.KeyApp, c.app}, {fields.KeyIP, c.ip}, {fields.KeyLang, c.lang}, {fields.KeyVersion, c.version}} {
		if part.value != "" {
			one = withEvidence(one, part.key, part.value)
		}
	}
	return one
}

func unnamed(f *facts.Facts, t finding.Thresholds) []finding.Finding {
	byAddress := func(c *model.Connection) owner { return owner{account: c.Account, ip: c.IP} }
	nameless := crowds(slices.Values(f.Open.Nameless), byAddress, func(c *model.Connection) bool { return c.Account != model.NotLoggedIn })
	if len(nameless) == 0 {
		return nil
	}
	all := map[owner]int64{}
	for c := range clients(f) {
		all[byAddress(c)]++
	}
	var found []finding.Finding
	for _, c := range nameless {
		all := all[c.owner]
		if c.count < int64(t.Number(finding.Unnamed, "connections")) || 100*c.count < int64(t.Number(finding.Unnamed, "percent"))*all {
			continue
		}
		one := withEvidence(c.goesOn(finding.Unnamed), fields.KeyApp, app.Unnamed)
		one.Sentence = fmt.Sprintf("%s of %s of account %s from %s have no name.",
			words.Number(c.count), words.Several(all, "open connection"), strangers.Quoted(c.account), strangers.Quoted(c.ip))
		found = append(found, one)
	}
	return found
}

func fallingBehind(f *facts.Facts, t finding.Thresholds) []finding.Finding {
	most := map[string]int64{}
	for i := range f.Snapshot.Servers {
		s := &f.Snapshot.Servers[i]
		most[s.Label] = int64(t.Of(finding.FallingBehind, "megabytes") * 1e6)
		if limit := s.Server.Limits.MaxPending; limit > 0 {
			most[s.Label] = int64(float64(limit) * t.Of(finding.FallingBehind, "percent") / 100)
		}
	}
	// Who was cut off is told by that, and is listed until its server has torn it down.
	cut, since := map[owner]bool{}, int64(0)
	for i := range f.Snapshot.Servers {
		since = max(since, model.Nanos(f.Snapshot.Servers[i].HeardAt)-int64(finding.OverAfter))
	}
	for _, s := range f.Stops[reason.CategorySlowConsumer] {
		if s.At >= since {
			cut[owner{account: f.Account(s), app: f.App(s)}] = true
		}
	}
	grew := map[owner]bool{}
	// A burst is over by the next look; who falls behind is behind then, too.
	behind := func(c *model.Connection) bool {
		least, listed := most[c.Server]
		if !listed || c.PendingBytes < least || cut[byApp(c)] {
			return false
		}
		waited := f.Beside.Waited[c.ServerID][c.CID]
		if c.PendingBytes > waited {
			grew[byApp(c)] = true
		}
		return waited >= least/2
	}
	var found []finding.Finding
	for _, c := range crowds(slices.Values(f.Open.Waiting), byApp, behind) {
		one := c.goesOn(finding.FallingBehind)
		one.Shown = finding.InBacklog
		one.First = time.Time{}
		rest := ""
		if grew[c.owner] {
			rest = ", more than before"
		}
		limit := "max_pending"
		if bytes := f.Limits(c.server).MaxPending; bytes > 0 {
			limit += " of " + words.Size(bytes)
		}
		one.Sentence = sentence(fmt.Sprintf("%s of %s (account %s) read more slowly than messages come: up to %s wait for one of them%s, which %s cuts off at %s",
			words.Several(c.count, "open connection"), strangers.Quoted(c.app), strangers.Quoted(c.account), words.Size(c.pending), rest, strangers.Quoted(c.server), limit))
		found = append(found, one)
	}
	return found
}

func byApp(c *model.Connection) owner { return owner{account: c.Account, app: c.App} }

// release is a version of a library.
type release struct{ major, minor int }

func releaseOf(text string) (r release, ok bool) {
	parts := strings.SplitN(strings.TrimPrefix(text, "v"), ".", 3)
	if len(parts) < 2 {
		return r, false
	}
	major, err1 := strconv.Atoi(parts[0])
	minor, err2 := strconv.Atoi(parts[1])
	return release{major, minor}, err1 == nil && err2 == nil
}

func (r release) before(other release) bool {
	return cmp.Or(cmp.Compare(r.major, other.major), cmp.Compare(r.minor, other.minor)) < 0
}

// releases are those of the libraries of open connections that tell theirs.
func releases(f *facts.Facts) map[facts.Library]release {
	told := map[facts.Library]release{}
	for _, of := range f.Open.Libraries {
		if r, ok := releaseOf(of.Version); ok && of.Lang != "" {
			told[of] = r
		}
	}
	return told
}

// oldLibraries are apps that are far behind the newest of their language here.
func oldLibraries(f *facts.Facts, t finding.Thresholds) []finding.Finding {
	told, newest := releases(f), map[string]release{}
	for of, r := range told {
		if newest[of.Lang].before(r) {
			newest[of.Lang] = r
		}
	}
	minors, behind := t.Number(finding.OldLibrary, "minors"), map[facts.Library]bool{}
	for of, r := range told {
		best := newest[of.Lang]
		if r.major < best.major || r.major == best.major && best.minor-r.minor >= minors {
			behind[of] = true
		}
	}
	if len(behind) == 0 {
		return nil
	}
	var found []finding.Finding
	byLibrary := func(c *model.Connection) owner {
		return owner{account: c.Account, app: c.App, lang: c.Lang, version: c.Version}
	}
	for _, c := range crowds(clients(f), byLibrary, func(c *model.Connection) bool { return behind[facts.LibraryOf(c)] }) {
		one := c.goesOn(finding.OldLibrary)
		best := newest[c.lang]
		one.Sentence = sentence(fmt.Sprintf("%s (account %s) uses %s in %s, while others here use %d.%d",
			strangers.Quoted(c.app), strangers.Quoted(c.account), strangers.Quoted(c.lang+" "+c.version), words.Several(c.count, "open connection"), best.major, best.minor))
		found = append(found, one)
	}
	slices.SortStableFunc(found, func(a, b finding.Finding) int { return cmp.Compare(a.Sentence, b.Sentence) })
	return found
}
