package membership

import (
	"strconv"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
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
	for after, want := range map[time.Duration]struct{ named, nameless bool }{
		5 * time.Minute: {false, false}, 6 * time.Minute: {false, true}, 24 * time.Hour: {false, true}, 25 * time.Hour: {true, true},
	} {
		if named.Gone(noon.Add(after)) != want.named || nameless.Gone(noon.Add(after)) != want.nameless {
			t.Errorf("after %s: %t, %t", after, named.Gone(noon.Add(after)), nameless.Gone(noon.Add(after)))
		}
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
