package rules

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/chronicle"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/finding/facts"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/strangers"
	"github.com/natsops/nats-connections-datasource/pkg/words"
)

const pendingBytes = "Slow Consumer (Pending Bytes)"

// slowConsumers are apps that were cut off. Unnamed clients are told apart by
// their address.
func slowConsumers(f *facts.Facts, t finding.Thresholds) []finding.Finding {
	var found []finding.Finding
	clients := f.Stops[reason.CategorySlowConsumer]
	if len(f.Beside.Slow) > 0 {
		clients = only(clients, func(s *facts.Stop) bool { return !ofFabric(f, s) })
	}
	var cuts, hours [][]*facts.Stop
	for _, group := range grouped(clients, ofApp(f)) {
		for _, stops := range episodes(group) {
			cuts, hours = append(cuts, stops), append(hours, hourBefore(group, stops))
		}
	}
	stall := stalled(f, t.Number(finding.SlowConsumer, "stalled"), hours)
	for i, stops := range cuts {
		found = append(found, slowConsumer(f, stops, stall[i]))
	}
	return found
}

// ofApp is the app of an account; who has no name is told apart by address.
func ofApp(f *facts.Facts) func(*facts.Stop) subject {
	return func(s *facts.Stop) subject {
		key := subject{account: s.Account, app: s.App}
		if f.Unnamed(s) {
			key.ip = s.IP + 1
		}
		return key
	}
}

func slowConsumer(f *facts.Facts, stops []*facts.Stop, stalled bool) finding.Finding {
	one := aboutApp(f, finding.SlowConsumer, stops)
	var lost int64
	queued := 0
	for i := range stops {
		lost += stops[i].Pending
		if f.Reason(stops[i]).Text == pendingBytes {
			queued++
		}
	}
	why := "more was queued for it than max_pending"
	switch {
	case queued == 0 && !stalled:
		one.Severity, one.Confidence = string(reason.Info), finding.Possible
		why = "nothing could be written to it before write_deadline; it may as well have vanished, such as a laptop that fell asleep"
	case queued == 0:
		why = "nothing could be written to it before write_deadline"
	case queued < len(stops):
		why = "more was queued for it than max_pending, or nothing could be written to it before write_deadline"
	}
	parts := []string{
		fmt.Sprintf("%s was cut off as slow consumer %s", whoIs(f, stops[0]), often(len(stops))),
		fmt.Sprintf("at least %s lost", words.Size(lost)),
	}
	if one.Instances > 1 {
		parts = append(parts, words.Several(one.Instances, "instance"))
	}
	if servers := distinct(stops, byServer); servers > 1 {
		parts = append(parts, "by "+words.Several(servers, "server"))
	} else {
		parts = append(parts, "by "+strangers.Quoted(f.Server(stops[0])))
	}
	text := strings.Join(parts, ", ") + ": " + why
	if open := f.Open.Of(f.Account(stops[0]), f.App(stops[0])); open.Pending > stillBehind {
		text += fmt.Sprintf("; %s wait for its open connections now", words.Size(open.Pending))
	}
	one.Sentence = sentence(text)
	return ofCategory(one, reason.CategorySlowConsumer)
}

// stalled reports of the stops of each app within an hour whether they are more than
// peers that vanished: one client has several, or a good part of the app has that was
// there then.
func stalled(f *facts.Facts, least int, hours [][]*facts.Stop) []bool {
	of, stall := instanceOf(f), make([]bool, len(hours))
	var places []int
	var moments []facts.Moment
	for i, stops := range hours {
		if busiest(stops, time.Hour) < least {
			continue
		}
		for _, one := range grouped(stops, func(s *facts.Stop) subject { i := of(s); return subject{user: i.name, ip: i.ip} }) {
			stall[i] = stall[i] || busiest(one, time.Hour) >= least
		}
		if !stall[i] {
			places, moments = append(places, i), append(moments, facts.Moment{Of: stops[0].OfApp(), At: stops[0].At, Most: mostThere(distinct(stops, of))})
		}
	}
	for n, more := range f.MoreThere(facts.OfApp, moments) {
		stall[places[n]] = !more
	}
	return stall
}

// ofFabric reports whether a stop is one of those that slowFabric tells of.
func ofFabric(f *facts.Facts, s *facts.Stop) bool {
	return f.Leafnode(s) && slices.ContainsFunc(f.Beside.Slow, func(e chronicle.Event) bool {
		return e.Slow.Leafnodes > 0 && e.Label == f.Server(s) && s.At >= model.Nanos(e.From)-int64(teardown) && s.At <= model.Nanos(e.To)+int64(teardown)
	})
}

// teardown is how far apart a counter and the record of the same stop are at most:
// a slow consumer is torn down for as long as write_deadline.
const teardown = 15 * time.Second

// slowFabric are servers whose connections to others are slow consumers.
func slowFabric(f *facts.Facts, t finding.Thresholds) []finding.Finding {
	var found []finding.Finding
	places := map[string]int{}
	var spells [][]chronicle.Event
	for _, e := range f.Beside.Slow {
		place, known := places[e.Label]
		if !known || e.From.Sub(spells[place][len(spells[place])-1].To) > finding.OverAfter {
			place = len(spells)
			places[e.Label], spells = place, append(spells, nil)
		}
		spells[place] = append(spells[place], e)
	}
	for _, spell := range spells {
		found = append(found, slowSpell(spell, t))
	}
	return found
}

func slowSpell(spell []chronicle.Event, t finding.Thresholds) finding.Finding {
	var sum chronicle.Fabric
	for _, e := range spell {
		sum.Routes += e.Slow.Routes
		sum.Gateways += e.Slow.Gateways
		sum.Leafnodes += e.Slow.Leafnodes
	}
	one := finding.Finding{
		Subject: model.Subject{Rule: finding.FabricSlow, Severity: string(reason.Warning), Server: spell[0].Label},
		Count:   sum.Sum(), Instances: 1, First: spell[0].From, Last: spell[len(spell)-1].To, Confidence: finding.Certain, Shown: finding.InEvents,
	}
	one = withEvidence(one, fields.KeyServer, one.Server)
	if len(spell) >= t.Number(finding.FabricSlow, "reads") {
		one.Severity = string(reason.Critical)
	}
	var parts []string
	for _, kind := range []struct {
		count int64
		thing string
	}{{sum.Routes, "route"}, {sum.Gateways, "gateway"}, {sum.Leafnodes, "leafnode"}} {
		if kind.count > 0 {
			parts = append(parts, words.Several(kind.count, kind.thing))
		}
	}
	one.Sentence = fmt.Sprintf("%s cut off %s to other servers as slow consumers since %s: what was queued for them was lost, of whatever account.",
		strangers.Quoted(one.Server), strings.Join(parts, ", "), words.Time(one.First))
	return one
}

// stillBehind is how much waits for an app that has not caught up.
const stillBehind = 1 << 20

// aboutApp begins a finding about an app of an account, and its evidence.
func aboutApp(f *facts.Facts, rule string, stops []*facts.Stop) finding.Finding {
	one, s := about(f, rule, stops), stops[0]
	one.Account, one.App = f.Account(s), f.App(s)
	one = withEvidence(withEvidence(one, fields.KeyAccount, one.Account), fields.KeyApp, one.App)
	if f.Unnamed(s) && distinct(stops, byIP) == 1 {
		one.IP = f.IP(s)
		one = withEvidence(one, fields.KeyIP, one.IP)
	}
	return one
}

// whose names the app of stops, which may be clients without a name at many addresses.
func whose(f *facts.Facts, stops []*facts.Stop) string {
	if addresses := distinct(stops, byIP); f.Unnamed(stops[0]) && addresses > 1 {
		return fmt.Sprintf("unnamed clients at %s (account %s)", words.Several(addresses, "address"), strangers.Quoted(f.Account(stops[0])))
	}
	return whoIs(f, stops[0])
}

// whoIs names the app of a stop, and whose it is.
func whoIs(f *facts.Facts, s *facts.Stop) string {
	return fmt.Sprintf("%s (account %s)", client(f.App(s), f.User(s), f.IP(s)), strangers.Quoted(f.Account(s)))
}
