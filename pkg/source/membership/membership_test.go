package membership

import (
	"strconv"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func server(id string, started time.Duration) model.Server {
	return model.Server{ID: id, Name: "n1", Cluster: "eu", Start: noon.Add(started)}
}

func TestWhoTookWhosePlace(t *testing.T) {
	former, beside := server("A", 0), server("B", time.Hour)
	elsewhere := server("C", time.Hour)
	elsewhere.Cluster = "us"
	m := NewRound([]model.Server{former, beside, former}).Member(former, "n1", noon)
	for name, c := range map[string]struct {
		answers []model.Server
		want    bool
	}{
		"nobody":                                   {nil, false},
		"itself":                                   {[]model.Server{former}, false},
		"a later process in its place":             {[]model.Server{server("C", time.Hour)}, true},
		"an earlier process in its place":          {[]model.Server{server("C", -time.Hour)}, false},
		"one of its name elsewhere":                {[]model.Server{elsewhere}, false},
		"one of its name that was there beside it": {[]model.Server{beside}, false},
		"that one, and who took its place":         {[]model.Server{beside, server("C", 2*time.Hour)}, true},
	} {
		if got := NewRound(c.answers).Replaced(m); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
		if later := m.Again(former, noon.Add(time.Hour)); NewRound(c.answers).Replaced(later) != c.want || !later.Heard.After(m.Heard) {
			t.Errorf("%s: forgotten once it was heard again", name)
		}
	}
}

func TestHowLongOneIsMissing(t *testing.T) {
	named := NewRound(nil).Member(server("A", 0), "n1", noon)
	nameless := NewRound(nil).Member(model.Server{ID: "A", Name: "A"}, "n1", noon)
	ended := named.Uncounted(noon.Add(time.Minute))
	const day = 24 * time.Hour
	for what, c := range map[string]struct {
		member  *Member
		counted bool
		limit   time.Duration
	}{
		"a silent one":                       {named, false, day},
		"one without a name":                 {nameless, false, 5 * time.Minute},
		"one that ended in order":            {ended, false, 5 * time.Minute},
		"one that ended in order but counts": {ended, true, day},
		"one that came back":                 {ended.Again(ended.Server, noon), false, day},
	} {
		if c.member.Gone(noon.Add(c.limit), c.counted) || !c.member.Gone(noon.Add(c.limit+1), c.counted) {
			t.Errorf("%s is not missing for %s", what, c.limit)
		}
	}
}

// TestWhoEndedInOrder: others go on counting one that died without a word.
func TestWhoEndedInOrder(t *testing.T) {
	m := NewRound(nil).Member(server("A", 0), "n1", noon)
	for after, want := range map[time.Duration]bool{time.Second: true, 90 * time.Second: true, 2 * time.Minute: false, time.Hour: false} {
		if got := m.Uncounted(noon.Add(after)).Ended; got != want {
			t.Errorf("not counted %s after it was heard: %t", after, got)
		}
	}
	if later := m.Uncounted(noon.Add(time.Second)).Uncounted(noon.Add(time.Hour)); !later.Ended || m.Ended {
		t.Error("once known, it stays known of that member alone")
	}
}

// TestAServersRingTellsThatItEnds: by the word that the reasons have for it.
func TestAServersRingTellsThatItEnds(t *testing.T) {
	if reason.Lookup(shutdown).Category != reason.CategoryShutdown {
		t.Errorf("%q is no reason of servers that end", shutdown)
	}
	one := func(why string) model.Reading {
		return model.Reading{Closed: []model.Stop{{Reason: "Client Closed"}, {Reason: why}}}
	}
	if !Tells(one(shutdown)) || Tells(one("Stale Connection")) || Tells(model.Reading{}) {
		t.Error("only a client that the server itself let go tells")
	}
}

func TestWhoAnswered(t *testing.T) {
	r := NewRound([]model.Server{server("A", 0)})
	if !r.Answered("A") || r.Answered("B") {
		t.Error("only A answered")
	}
}

func TestMembersAreBounded(t *testing.T) {
	now := time.Now()
	members := map[string]*Member{}
	for i := range Most + 10 {
		members[strconv.Itoa(i)] = &Member{Heard: now.Add(time.Duration(i) * time.Second)}
	}
	Bound(members, func(m *Member) time.Time { return m.Heard })
	if len(members) != Most || members["9"] != nil || members["10"] == nil {
		t.Errorf("%d members; the longest unheard that is kept is not the eleventh", len(members))
	}
}
