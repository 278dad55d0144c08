package rules

import (
	"cmp"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/finding/facts"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/restart"
)

// subject is whom stops have in common, by the numbers of facts; what does not
// matter is the same for all.
type subject struct{ account, app, user, ip uint32 }

// grouped puts stops of the same subject together, in the order of the first.
func grouped(stops []*facts.Stop, of func(*facts.Stop) subject) [][]*facts.Stop {
	var subjects numbered
	var sizes []int
	groupOf := make([]int32, len(stops))
	var last subject
	number := -1
	for i, s := range stops {
		// Stops of one subject often come together.
		if who := of(s); number < 0 || who != last {
			number, last = subjects.number(who), who
		}
		if number == len(sizes) {
			sizes = append(sizes, 0)
		}
		groupOf[i] = int32(number)
		sizes[number]++
	}
	// All groups lie in one list, so that none has to grow.
	room := make([]*facts.Stop, len(stops))
	groups := make([][]*facts.Stop, len(sizes))
	for number, size := range sizes {
		groups[number], room = room[:0:size], room[size:]
	}
	for i, s := range stops {
		groups[groupOf[i]] = append(groups[groupOf[i]], s)
	}
	return groups
}

// numbered gives subjects numbers, in the order in which they are met. A million
// stops are grouped several times, of which Go's own map would take half the time.
type numbered struct {
	subjects []subject
	// slots have the number after that of the subject whose hash leads there, or 0.
	// There are a power of two, and at most half of them are taken.
	slots []uint32
}

const fewestSlots = 16

func (n *numbered) number(s subject) int {
	if 2*len(n.subjects) >= len(n.slots) {
		n.grow()
	}
	slot := n.find(s)
	if *slot == 0 {
		n.subjects = append(n.subjects, s)
		*slot = uint32(len(n.subjects))
	}
	return int(*slot) - 1
}

// first reports whether a subject is met for the first time.
func (n *numbered) first(s subject) bool {
	before := len(n.subjects)
	return n.number(s) == before
}

// find is the slot of a subject, or the one where it belongs.
func (n *numbered) find(s subject) *uint32 {
	mask := uint64(len(n.slots) - 1)
	for place := s.hash() & mask; ; place = (place + 1) & mask {
		if slot := &n.slots[place]; *slot == 0 || n.subjects[*slot-1] == s {
			return slot
		}
	}
}

func (n *numbered) grow() {
	n.slots = make([]uint32, max(fewestSlots, 4*len(n.slots)))
	for i, s := range n.subjects {
		*n.find(s) = uint32(i + 1)
	}
}

// hash spreads numbers that are near each other.
func (s subject) hash() uint64 {
	const odd = 0x9e3779b97f4a7c15
	h := (uint64(s.account)<<32 | uint64(s.app)) * odd
	h = (h ^ h>>32 ^ uint64(s.user)<<32 ^ uint64(s.ip)) * odd
	return h >> 32
}

// episodes parts stops where there was none for so long that a finding is over.
func episodes(stops []*facts.Stop) [][]*facts.Stop {
	var parts [][]*facts.Stop
	begin := 0
	for i := 1; i <= len(stops); i++ {
		if i == len(stops) || stops[i].At-stops[i-1].At > int64(finding.OverAfter) {
			parts = append(parts, stops[begin:i])
			begin = i
		}
	}
	return parts
}

// hourBefore are the stops of an episode and those of its group within the hour before it.
func hourBefore(group, episode []*facts.Stop) []*facts.Stop {
	upTo := func(at int64) int {
		end, _ := slices.BinarySearchFunc(group, at+1, func(s *facts.Stop, at int64) int { return cmp.Compare(s.At, at) })
		return end
	}
	return group[upTo(episode[0].At-int64(time.Hour)):upTo(episode[len(episode)-1].At)]
}

// goodPart is the share of what was there, in percent, that does not vanish by chance.
const goodPart = 20

// mostThere is of how many connections so many are a good part.
func mostThere(part int64) int64 { return part * 100 / goodPart }

// busiest is the most stops within any span of a length.
func busiest(stops []*facts.Stop, within time.Duration) int {
	most, from := 0, 0
	for to := range stops {
		for stops[to].At-stops[from].At >= int64(within) {
			from++
		}
		most = max(most, to-from+1)
	}
	return most
}

// distinct counts the values that stops have.
func distinct[V comparable](stops []*facts.Stop, of func(*facts.Stop) V) int64 {
	seen := map[V]struct{}{}
	var last V
	for i, s := range stops {
		if value := of(s); i == 0 || value != last {
			seen[value], last = struct{}{}, value
		}
	}
	return int64(len(seen))
}

// instance is one client of an app, by its name and, where that does not tell it from
// others, its address.
type instance struct{ name, ip uint32 }

func instanceOf(f *facts.Facts) func(*facts.Stop) instance {
	return func(s *facts.Stop) instance {
		switch {
		case f.Unnamed(s):
			return instance{ip: s.IP + 1}
		case f.NameShared(s):
			return instance{name: s.Name + 1, ip: s.IP + 1}
		}
		return instance{name: s.Name + 1}
	}
}

func byServer(s *facts.Stop) uint32 { return s.Server }
func byIP(s *facts.Stop) uint32     { return s.IP }

// inOrder puts stops in the order of time.
func inOrder(stops []*facts.Stop) {
	earlier := func(a, b *facts.Stop) int { return cmp.Compare(a.At, b.At) }
	if !slices.IsSortedFunc(stops, earlier) {
		slices.SortStableFunc(stops, earlier)
	}
}

// only are the stops that a condition admits, in the same order. Mostly that is all
// of them, in the same memory.
func only(stops []*facts.Stop, admits func(*facts.Stop) bool) []*facts.Stop {
	first := slices.IndexFunc(stops, func(s *facts.Stop) bool { return !admits(s) })
	if first < 0 {
		return stops
	}
	kept := slices.Clone(stops[:first])
	for _, s := range stops[first+1:] {
		if admits(s) {
			kept = append(kept, s)
		}
	}
	return kept
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

// about begins a finding with the numbers that its stops tell.
func about(f *facts.Facts, rule string, stops []*facts.Stop) finding.Finding {
	return finding.Finding{
		Subject: model.Subject{Rule: rule, Severity: string(finding.Lookup(rule).Severity)},
		Count:   int64(len(stops)), Instances: distinct(stops, instanceOf(f)),
		First: model.Moment(stops[0].At), Last: model.Moment(stops[len(stops)-1].At),
		Confidence: finding.Certain,
	}
}

// mostValues is how many values of a key a condition has: it becomes an address.
const mostValues = 100

// withEvidence narrows the records that are evidence to some values of a key.
func withEvidence(one finding.Finding, key fields.Key, values ...string) finding.Finding {
	one.Evidence = append(one.Evidence, finding.Condition{Key: key, Values: values})
	return one
}

// ofCategory narrows them to reasons of a category.
func ofCategory(one finding.Finding, category reason.Category) finding.Finding {
	return withEvidence(one, fields.KeyCategory, string(category))
}

// among narrows them to the values of a key that stops have, unless these are too
// many to say.
func among(f *facts.Facts, one finding.Finding, key fields.Key, stops []*facts.Stop) finding.Finding {
	column := columns[key]
	var seen numbered
	var values []string
	var last uint32
	for i, s := range stops {
		number := column.number(s)
		if i > 0 && number == last || !seen.first(subject{app: number}) {
			continue
		}
		last = number
		if len(values) == mostValues {
			return one
		}
		values = append(values, column.text(f, s))
	}
	return withEvidence(one, key, values...)
}

// columns are the keys by which evidence is told apart.
var columns = map[fields.Key]struct {
	number func(*facts.Stop) uint32
	text   func(*facts.Facts, *facts.Stop) string
}{
	fields.KeyReason: {
		func(s *facts.Stop) uint32 { return s.Reason },
		func(f *facts.Facts, s *facts.Stop) string { return f.Reason(s).Text },
	},
	fields.KeyApp:  {func(s *facts.Stop) uint32 { return s.App }, (*facts.Facts).App},
	fields.KeyName: {func(s *facts.Stop) uint32 { return s.Name }, (*facts.Facts).Name},
	fields.KeyUser: {func(s *facts.Stop) uint32 { return s.User }, (*facts.Facts).User},
	fields.KeyIP:   {byIP, (*facts.Facts).IP},
}
