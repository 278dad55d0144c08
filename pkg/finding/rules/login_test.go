package rules

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

const refused = "Authentication Failure"

func TestLogins(t *testing.T) {
	billing := who{name: "billing-pod-1a", user: "billing"}
	broken := model.Subject{Rule: "login_broken", Severity: "critical", App: "billing", User: "billing"}
	typo := model.Subject{Rule: "login_typo", Severity: "info", App: "billing", User: "billing"}
	many := func(w *world, count int, over time.Duration, p who) {
		for i := range count {
			w.stop(over*time.Duration(i)/time.Duration(count), refused, p)
		}
	}
	for name, test := range map[string]struct {
		happen func(*world)
		want   []model.Subject
		says   string
	}{
		"nothing":       {func(*world) {}, nil, ""},
		"once":          {func(w *world) { many(w, 1, time.Minute, billing) }, []model.Subject{typo}, "refused once"},
		"49 in an hour": {func(w *world) { many(w, 49, time.Hour, billing) }, []model.Subject{typo}, "49 times"},
		"50 in an hour": {func(w *world) { many(w, 50, time.Hour, billing) }, []model.Subject{broken}, "wrong from the start"},
		"it had worked": {func(w *world) {
			w.stop(-time.Minute, "Client Closed", billing)
			many(w, 60, 10*time.Minute, billing)
		}, []model.Subject{broken}, "had got in until 2026-03-01 11:59:00 UTC"},
		"its login was taken back": {func(w *world) {
			w.stop(0, refused, who{name: "billing-pod-1a", user: "billing", account: "orders"})
			many(w, 60, 10*time.Minute, billing)
		}, []model.Subject{broken}, "changed, expired or were revoked"},
		"some of it gets in": {func(w *world) {
			many(w, 60, 10*time.Minute, billing)
			w.stay(time.Minute, who{name: "billing-pod-2b", user: "billing"})
		}, []model.Subject{broken}, "have not reached all of it"},
		"two instances": {func(w *world) {
			many(w, 30, 10*time.Minute, billing)
			many(w, 30, 10*time.Minute, who{name: "billing-pod-2b", user: "billing"})
		}, []model.Subject{broken}, "2 instances"},
		"two that are told apart by address": {func(w *world) {
			many(w, 2, time.Minute, who{user: "billing", ip: "10.0.0.7"})
			many(w, 2, time.Minute, who{user: "billing", ip: "10.0.0.8"})
		}, []model.Subject{
			{Rule: "login_typo", Severity: "info", App: "(unnamed)", User: "billing", IP: "10.0.0.7"},
			{Rule: "login_typo", Severity: "info", App: "(unnamed)", User: "billing", IP: "10.0.0.8"},
		}, ""},
		"ten users of one address": {func(w *world) {
			for i := range 10 {
				many(w, 2, time.Minute, who{user: fmt.Sprint("guess", i), ip: "6.6.6.6"})
			}
		}, []model.Subject{{Rule: "login_scan", Severity: "warning", IP: "6.6.6.6"}}, "10 users"},
		"nine users of one address": {func(w *world) {
			for i := range 9 {
				many(w, 1, time.Minute, who{user: "guess", name: fmt.Sprint("n", string(rune('a'+i))), ip: "6.6.6.6"})
			}
		}, names(9), ""},
		"users that got in before do not scan": {func(w *world) {
			for i := range 12 {
				device := who{user: fmt.Sprint("device", i), name: "device-" + string(rune('a'+i)), ip: "6.6.6.6"}
				w.stop(-time.Hour, "Client Closed", device)
				many(w, 1, time.Minute, device)
			}
		}, devices(12), ""},
		"who never said who it is did not log in": {func(w *world) { many(w, 60, time.Minute, who{silent: true, ip: "6.6.6.6"}) },
			[]model.Subject{{Rule: "protocol", Severity: "warning", IP: "6.6.6.6"}}, ""},
		"an expired token that nobody renews": {func(w *world) {
			w.stop(-time.Minute, "Authentication Expired", billing)
			many(w, 60, 10*time.Minute, billing)
		}, []model.Subject{{Rule: "credentials_expiring_out", Severity: "critical", Account: "orders", App: "billing", User: "billing"}}, "not renewed in time"},
		"tokens that are renewed": {func(w *world) {
			for i := range 5 {
				w.stop(time.Duration(i)*10*time.Minute, "Authentication Expired", billing)
			}
		}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			test.happen(w)
			found := w.expect(test.want...)
			if test.says != "" && (len(found) == 0 || !strings.Contains(found[0].Sentence, test.says)) {
				t.Errorf("says %+v, not %q", found, test.says)
			}
		})
	}
}

func names(count int) (all []model.Subject) {
	for i := range count {
		all = append(all, model.Subject{Rule: "login_typo", Severity: "info", App: fmt.Sprint("n", string(rune('a'+i))), User: "guess"})
	}
	return all
}

func devices(count int) (all []model.Subject) {
	for i := range count {
		all = append(all, model.Subject{Rule: "login_typo", Severity: "info", App: "device-" + string(rune('a'+i)), User: fmt.Sprint("device", i)})
	}
	return all
}

// TestNamesThatNobodyEndsAreNotToldOneByOne: whoever reaches a server can call itself
// something else each time.
func TestNamesThatNobodyEndsAreNotToldOneByOne(t *testing.T) {
	w := newWorld(t)
	w.read(0)
	for i := range mostTypos + 100 {
		name := fmt.Sprintf("app%c%c", 'a'+i%26, 'a'+i/26)
		w.stop(time.Duration(i)*time.Second, refused, who{name: name, user: name, ip: fmt.Sprint("10.0.0.", i%100)})
	}
	w.read(10 * time.Minute)
	var rest []finding.Finding
	found := w.found()
	for _, one := range found {
		if one.App == "" {
			rest = append(rest, one)
		}
	}
	if len(found) != mostTypos+1 || len(rest) != 1 || rest[0].Instances != 100 || rest[0].Count != 100 {
		t.Errorf("%d findings, of which without an app are %+v", len(found), rest)
	}
}
