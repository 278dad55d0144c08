package comeback

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// scene is what two servers tell: what stopped, and what is open.
type scene struct {
	stops []model.Stop
	open  []model.Connection
	cid   uint64
}

func minute(m float64) time.Time {
	return testledger.Noon.Add(-time.Hour + time.Duration(m*float64(time.Minute)))
}

// was is a connection from one minute to another that ended for a reason.
func (s *scene) was(name, reason string, from, to float64, change ...func(*model.Connection)) {
	s.cid++
	stop := testledger.At("ID-n1", s.cid, reason, "orders", minute(to))
	stop.Name, stop.User, stop.Lang, stop.IP = name, "u", "go", "10.0.0.1"
	stop.Start, stop.LastActivity = minute(from), minute(to)
	for _, one := range change {
		one(&stop.Connection)
	}
	s.stops = append(s.stops, stop)
}

// is is a connection that is open since a minute.
func (s *scene) is(name string, from float64, change ...func(*model.Connection)) {
	s.was(name, "", from, 0, change...)
	s.open = append(s.open, s.stops[len(s.stops)-1].Connection)
	s.stops = s.stops[:len(s.stops)-1]
}

func idleSince(at float64) func(*model.Connection) {
	return func(c *model.Connection) { c.LastActivity = minute(at) }
}

func of(account string) func(*model.Connection) {
	return func(c *model.Connection) { c.Account, c.AccountID = account, account }
}

func (s *scene) read(t *testing.T, change ...func([]model.Reading)) ledger.Snapshot {
	t.Helper()
	n1 := testledger.Answered("n1", s.stops...)
	n1.Open, n1.OpenAt = s.open, testledger.Noon
	readings := []model.Reading{n1}
	for _, one := range change {
		one(readings)
	}
	return testledger.Snapshot(t, readings...)
}

var everything = engine.Limit{Most: 50, Size: func(g engine.Group) int64 { return g.Count }}

func (s *scene) told(t *testing.T, keys []fields.Key, where []fields.Condition, change ...func([]model.Reading)) string {
	t.Helper()
	snapshot := s.read(t, change...)
	return tell(groupsOf(snapshot, snapshot, keys, where))
}

func groupsOf(s, open ledger.Snapshot, keys []fields.Key, where []fields.Condition) []engine.Group {
	groups, _ := Groups(s, open, nil, engine.Selection{
		Range: model.TimeRange{From: minute(0), To: testledger.Noon}, Where: where, Classifier: reason.NewClassifier(nil),
	}, keys, everything)
	return groups
}

func tell(groups []engine.Group) string {
	text := ""
	for _, g := range groups {
		if g.Presence == nil {
			text += "[folded]"
			continue
		}
		p := g.Presence
		text += fmt.Sprintf("[%s %d: %d gone %d unclear %d open %d]", g.Labels[0].Value, g.Count, p.Instances, p.Gone, p.Unclear, p.Open)
	}
	return text
}

const slow = "Slow Consumer (Pending Bytes)"

var byApp = []fields.Key{fields.KeyApp}

func TestWhoIsBack(t *testing.T) {
	onlySlow := []fields.Condition{testledger.OneOf(fields.KeyReason, slow)}
	for name, test := range map[string]struct {
		play  func(*scene)
		where []fields.Condition
		want  string
	}{
		"one stopped and is open again": {func(s *scene) {
			s.was("feed", slow, 1, 10)
			s.is("feed", 10.1)
		}, nil, "[feed 1: 1 gone 0 unclear 0 open 1]"},
		"one stopped and is gone": {func(s *scene) { s.was("feed", slow, 1, 10) }, nil, "[feed 1: 1 gone 1 unclear 0 open 0]"},
		"another of its name that was there before is not it": {func(s *scene) {
			s.was("feed", slow, 1, 10)
			s.is("feed", 1)
		}, nil, "[feed 1: 1 gone 1 unclear 0 open 1]"},
		"one that stops again and again is one": {func(s *scene) {
			s.was("feed", slow, 1, 10)
			s.was("feed", slow, 10.1, 20)
			s.was("feed", slow, 20.1, 30)
			s.is("feed", 30.1)
		}, nil, "[feed 3: 1 gone 0 unclear 0 open 1]"},
		"and gone once it does not come back": {func(s *scene) {
			s.was("feed", slow, 1, 10)
			s.was("feed", slow, 10.1, 20)
		}, nil, "[feed 2: 1 gone 1 unclear 0 open 0]"},
		"three of five that share a name": {func(s *scene) {
			for range 5 {
				s.was("feed", slow, 1, 10)
			}
			for range 3 {
				s.is("feed", 10.1)
			}
		}, nil, "[feed 5: 5 gone 2 unclear 0 open 3]"},
		"what came back and left for good was seen again": {func(s *scene) {
			s.was("feed", slow, 1, 10)
			s.was("feed", "Client Closed", 10.1, 20)
		}, onlySlow, "[feed 1: 1 gone 0 unclear 0 open 0]"},
		"what is refused is not back": {func(s *scene) {
			s.was("feed", slow, 1, 10)
			s.was("feed", "Authentication Failure", 10.1, 10.1, of(model.GlobalAccount))
			s.was("feed", "Authentication Failure", 10.2, 10.2, of(model.GlobalAccount))
		}, onlySlow, "[feed 1: 1 gone 1 unclear 0 open 0]"},
		"who was refused after a stop is the same client": {func(s *scene) {
			s.was("feed", "Credentials Revoked", 1, 10)
			s.was("feed", "Authentication Failure", 10.1, 10.1, of(model.GlobalAccount))
			s.was("feed", "Authentication Failure", 10.2, 10.2, of(model.GlobalAccount))
		}, nil, "[feed 3: 1 gone 1 unclear 0 open 0]"},
		"who was refused is back in whatever account": {func(s *scene) {
			s.was("feed", "Authentication Failure", 10, 10, of(model.GlobalAccount))
			s.is("feed", 11)
		}, nil, "[feed 1: 1 gone 0 unclear 0 open 1]"},
		"a client of another account is another": {func(s *scene) {
			s.was("feed", slow, 1, 10)
			s.is("feed", 11, of("billing"))
		}, nil, "[feed 1: 1 gone 1 unclear 0 open 1]"},
		"a server notices late": {func(s *scene) {
			s.was("feed", "Stale Connection", 1, 10, func(c *model.Connection) { c.LastActivity = minute(5) })
			s.is("feed", 5.5)
		}, nil, "[feed 1: 1 gone 0 unclear 0 open 1]"},
		"another server's clock is two seconds behind": {func(s *scene) {
			s.was("feed", slow, 1, 10)
			s.is("feed", 10-2./60)
		}, nil, "[feed 1: 1 gone 0 unclear 0 open 1]"},
		"a new pod stands in for one that is gone": {func(s *scene) {
			s.was("feed-7d4b9c6f5d-x2x4z", slow, 1, 10)
			s.is("feed-7d4b9c6f5d-k8k9z", 11)
		}, nil, "[feed 1: 1 gone 0 unclear 0 open 1]"},
		"a pod that began while it was idle stands in for nobody": {func(s *scene) {
			s.was("feed-7d4b9c6f5d-x2x4z", "Server Shutdown", 1, 10, idleSince(2))
			s.is("feed-7d4b9c6f5d-k8k9z", 5)
		}, nil, "[feed 1: 1 gone 1 unclear 0 open 1]"},
		"one that began before it made way does": {func(s *scene) {
			s.was("feed-7d4b9c6f5d-x2x4z", "Client Closed", 1, 10, idleSince(2))
			s.is("feed-7d4b9c6f5d-k8k9z", 5)
		}, nil, "[feed 1: 1 gone 0 unclear 0 open 1]"},
		"and one that began before its server noticed": {func(s *scene) {
			s.was("feed-7d4b9c6f5d-x2x4z", "Stale Connection", 1, 10, idleSince(2))
			s.is("feed-7d4b9c6f5d-k8k9z", 5)
		}, nil, "[feed 1: 1 gone 0 unclear 0 open 1]"},
		"a pod that was there stands in for nobody": {func(s *scene) {
			s.was("feed-7d4b9c6f5d-x2x4z", slow, 1, 10)
			s.was("feed-7d4b9c6f5d-k8k9z", "Client Closed", 1, 10.5)
			s.is("feed-7d4b9c6f5d-k8k9z", 11)
		}, onlySlow, "[feed 1: 1 gone 1 unclear 0 open 1]"},
		"a new pod of another user is of another": {func(s *scene) {
			s.was("feed-7d4b9c6f5d-x2x4z", slow, 1, 10)
			s.is("feed-7d4b9c6f5d-k8k9z", 11, func(c *model.Connection) { c.User = "other" })
		}, nil, "[feed 1: 1 gone 1 unclear 0 open 1]"},
		"new pods that stopped, too, are the same instances": {func(s *scene) {
			s.was("feed-7d4b9c6f5d-x2x4z", slow, 1, 10)
			s.was("feed-7d4b9c6f5d-k8k9z", slow, 11, 20)
		}, nil, "[feed 2: 1 gone 1 unclear 0 open 0]"},
		"who gives no name is known by user and address": {func(s *scene) {
			s.was("", slow, 1, 10)
			s.is("", 11, func(c *model.Connection) { c.IP = "10.0.0.2" })
		}, nil, "[(unnamed) 1: 1 gone 1 unclear 0 open 1]"},
		"and back with both": {func(s *scene) {
			s.was("", slow, 1, 10)
			s.is("", 11)
		}, nil, "[(unnamed) 1: 1 gone 0 unclear 0 open 1]"},
		"what stopped before the range makes a row without clients": {func(s *scene) {
			s.was("feed", slow, -30, -20)
			s.is("feed", -10)
		}, nil, "[feed 0: 0 gone 0 unclear 0 open 1]"},
		"filters that a client keeps hold for open ones, others do not": {func(s *scene) {
			s.was("feed", slow, 1, 10)
			s.is("feed", 11)
			s.is("feed", 11, of("billing"))
		}, []fields.Condition{testledger.OneOf(fields.KeyServer, "n1"), testledger.OneOf(fields.KeyAccount, "orders"), onlySlow[0]},
			"[feed 1: 1 gone 0 unclear 0 open 1]"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &scene{}
			test.play(s)
			if got := s.told(t, byApp, test.where); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestRowsAreJudgedApart(t *testing.T) {
	s := &scene{}
	s.was("feed", slow, 1, 10)
	s.was("feed", "Read Error", 10.1, 20)
	s.is("other", 3)
	got := s.told(t, []fields.Key{fields.KeyReason, fields.KeyApp}, nil)
	if want := "[Read Error 1: 1 gone 1 unclear 0 open 0][Slow Consumer (Pending Bytes) 1: 1 gone 0 unclear 0 open 0]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestNobodyIsGoneUnlessAllTold: who is not listed may be where nobody looked.
func TestNobodyIsGoneUnlessAllTold(t *testing.T) {
	s := &scene{}
	s.was("feed", slow, 1, 10)
	s.was("feed", slow, 1, 10)
	s.is("feed", 11)
	silent := model.Reading{Endpoint: "n2:8222", Err: errors.New("down")}
	n1 := s.read(t)
	unreadable := s.read(t, func(r []model.Reading) { r[0].Flaws = []model.Flaw{{Count: 1}} })
	partial := testledger.Snapshot(t, testledger.Answered("n1", s.stops...), silent)
	partial.Open = n1.Open
	unlisted := s.read(t)
	unlisted.Servers[0].Unlisted = 1
	early := s.read(t, func(r []model.Reading) { r[0].OpenAt = minute(9) })
	early.Open = nil
	for name, test := range map[string]struct {
		open ledger.Snapshot
		want string
	}{
		"all told":             {n1, "[feed 2: 2 gone 1 unclear 0 open 1]"},
		"one is silent":        {partial, "[feed 2: 2 gone 0 unclear 1 open 1]"},
		"one cannot be read":   {unreadable, "[feed 2: 2 gone 0 unclear 1 open 1]"},
		"one is not read":      {unlisted, "[feed 2: 2 gone 0 unclear 1 open 1]"},
		"told before the stop": {early, "[feed 2: 2 gone 0 unclear 2 open 0]"},
		"nobody told":          {ledger.Snapshot{}, "[feed 2: 2 gone 0 unclear 2 open 0]"},
	} {
		if got := tell(groupsOf(n1, test.open, byApp, nil)); got != test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
	}
}

// TestWhatIsBeingClosedIsNotOpen: a server may list a slow consumer that it cuts.
func TestWhatIsBeingClosedIsNotOpen(t *testing.T) {
	s := &scene{}
	s.was("feed", slow, 1, 59.9)
	s.open = append(s.open, s.stops[0].Connection)
	if got, want := s.told(t, byApp, nil), "[feed 1: 1 gone 1 unclear 0 open 0]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestTimes(t *testing.T) {
	s := &scene{}
	s.was("feed", slow, 1, 10)
	s.was("feed", slow, 11, 20)
	s.is("feed", 12)
	s.is("feed", 21)
	snapshot := s.read(t)
	p := groupsOf(snapshot, snapshot, byApp, nil)[0].Presence
	if !p.First.Equal(minute(10)) || !p.Since.Equal(minute(21)) {
		t.Errorf("first seen %s, open since %s", p.First, p.Since)
	}
}

// TestGroupsBeyondTheLimitHaveNobody: they are of many clients.
func TestGroupsBeyondTheLimitHaveNobody(t *testing.T) {
	s := &scene{}
	s.was("feed", slow, 1, 10)
	s.was("feed", slow, 1, 10)
	s.was("web", slow, 1, 10)
	snapshot := s.read(t)
	limit := everything
	limit.Most = 1
	groups, folded := Groups(snapshot, snapshot, nil, engine.Selection{Range: testledger.Always, Classifier: reason.NewClassifier(nil)}, byApp, limit)
	if got := tell(groups); folded != 1 || got != "[feed 2: 2 gone 2 unclear 0 open 0][folded]" {
		t.Errorf("%d folded: %s", folded, got)
	}
}

// TestAppsAfterARestartOfAServer: five pods that were sent away and are open again
// are back, whether or not all of their stops were recorded, and in one hop or in
// two; who shares a pod's name and never came back is told beside the pod itself.
func TestAppsAfterARestartOfAServer(t *testing.T) {
	pod := func(i int) string { return fmt.Sprintf("svc-pod-a1b%d", i) }
	const shutdown = "Server Shutdown"
	hopped := func(lost int) *scene {
		s := &scene{}
		for i := range 5 {
			if i >= lost {
				s.was(pod(i), shutdown, 1, 30)
			}
			s.is(pod(i), 30.1)
		}
		return s
	}
	twice := &scene{}
	for i := range 5 {
		twice.was(pod(i), shutdown, 1, 30)
		if i%2 == 0 { // The other server's records went with its memory.
			twice.was(pod(i), shutdown, 30.1, 40)
		}
		twice.is(pod(i), 40.1)
	}
	shared := hopped(0)
	shared.was(pod(0), slow, 35, 36)
	for name, test := range map[string]struct {
		scene *scene
		want  string
	}{
		"all recorded":             {hopped(0), "[svc 5: 5 gone 0 unclear 0 open 5]"},
		"two went with the memory": {hopped(2), "[svc 3: 3 gone 0 unclear 0 open 5]"},
		"two restarts in turn":     {twice, "[svc 8: 5 gone 0 unclear 0 open 5]"},
		"another of a pod's name":  {shared, "[svc 6: 6 gone 1 unclear 0 open 5]"},
	} {
		if got := test.scene.told(t, byApp, nil); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
