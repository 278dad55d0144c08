package watch

import (
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/finding/groups"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func state(rule, server string, since time.Duration) finding.Finding {
	return finding.Finding{Subject: model.Subject{Rule: rule, Server: server}, First: noon.Add(since), GoesOn: true}
}

// TestWhatWentOnIsOver: a minute after the other somebody looks, and finds a state or not.
func TestWhatWentOnIsOver(t *testing.T) {
	clock := state(finding.ClockOff, "n1", 0)
	quiet := state(finding.ServerSilent, "n2", 0)
	none, dead := map[string]bool{}, map[string]bool{"n2": true}
	type look struct {
		found  []finding.Finding
		silent map[string]bool
	}
	for name, test := range map[string]struct {
		looks []look
		at    time.Duration
		want  finding.State
	}{
		"it goes on":                     {[]look{{[]finding.Finding{clock}, none}, {[]finding.Finding{clock}, none}}, time.Minute, finding.Firing},
		"it is no more":                  {[]look{{[]finding.Finding{clock}, none}, {nil, none}}, 6 * time.Minute, finding.Ending},
		"it is over":                     {[]look{{[]finding.Finding{clock}, none}, {nil, none}}, 16 * time.Minute, finding.Over},
		"a server is silent":             {[]look{{[]finding.Finding{clock}, none}, {nil, dead}}, 20 * time.Minute, finding.Firing},
		"it was silent, and answers":     {[]look{{[]finding.Finding{quiet}, dead}, {nil, none}}, 20 * time.Minute, finding.Over},
		"it answers, another is silent":  {[]look{{[]finding.Finding{quiet}, dead}, {nil, map[string]bool{"n3": true}}}, 20 * time.Minute, finding.Over},
		"it is there again":              {[]look{{[]finding.Finding{clock}, none}, {nil, none}, {[]finding.Finding{state(finding.ClockOff, "n1", 2*time.Minute)}, none}}, 20 * time.Minute, finding.Firing},
		"somebody looks at another time": {[]look{{[]finding.Finding{clock}, none}, {nil, none}}, 0, finding.Firing},
	} {
		t.Run(name, func(t *testing.T) {
			var g going
			var found []finding.Finding
			for i, one := range test.looks {
				found = g.update(one.found, "settings", noon.Add(time.Duration(i)*time.Minute), one.silent)
			}
			if len(found) != 1 || !found[0].First.Equal(noon) {
				t.Fatalf("found %+v", found)
			}
			if got, _ := found[0].State(noon.Add(test.at)); got != test.want {
				t.Errorf("is %s, want %s", got, test.want)
			}
		})
	}
}

// TestAnotherSeverityTakesTheFormersPlace: people see one finding, and an alert about the
// former severity is over at once.
func TestAnotherSeverityTakesTheFormersPlace(t *testing.T) {
	graded := func(severity string) []finding.Finding {
		one := state(finding.NotBack, "", 0)
		one.App, one.Severity = "billing", severity
		return []finding.Finding{one}
	}
	var g going
	g.update(graded("warning"), "settings", noon, nil)
	all := g.update(graded("info"), "settings", noon.Add(time.Minute), nil)
	at := noon.Add(time.Minute)
	if shown := groups.In(all, model.TimeRange{From: noon.Add(-time.Hour), To: at}); len(shown) != 1 || shown[0].Severity != "info" {
		t.Errorf("shown are %+v", shown)
	}
	for _, group := range groups.Of(all, []fields.Key{fields.KeySeverity}, nil, ledger.Snapshot{}, at) {
		severity, _ := group.Value(fields.KeySeverity)
		if want := map[string]int64{"warning": 0, "info": 1}[severity]; group.Sums["active"] != want {
			t.Errorf("%s is %d", severity, group.Sums["active"])
		}
	}
	if all = g.update(graded("warning"), "settings", noon.Add(2*time.Minute), nil); len(all) != 2 {
		t.Fatalf("%d findings: %+v", len(all), all)
	}
	if shown := groups.In(all, model.TimeRange{From: noon, To: at}); len(shown) != 1 || shown[0].Severity != "warning" || !shown[0].GoesOn {
		t.Errorf("back again, shown are %+v", shown)
	}
}

func TestWhatBeganNobodyKnowsWhenGoesOnSinceItWasSeen(t *testing.T) {
	var g going
	for i := range 3 {
		one := state(finding.ClockOff, "n1", 0)
		one.First = time.Time{}
		found := g.update([]finding.Finding{one}, "settings", noon.Add(time.Duration(i)*time.Minute), nil)
		if len(found) != 1 || !found[0].First.Equal(noon) {
			t.Errorf("found %+v", found)
		}
	}
}

// TestAllWhoLookAtOneMomentSeeTheSame: alert rules are evaluated for the same moment.
func TestAllWhoLookAtOneMomentSeeTheSame(t *testing.T) {
	var g going
	for _, at := range []time.Duration{0, time.Minute, time.Minute, 30 * time.Second} {
		one := state(finding.ClockOff, "n1", 0)
		one.First = time.Time{}
		found := g.update([]finding.Finding{one}, "settings", noon.Add(at), nil)
		if len(found) != 1 || !found[0].First.Equal(noon) {
			t.Errorf("after %s: %+v", at, found)
		}
	}
}

func TestOtherSettingsBeginAnew(t *testing.T) {
	var g going
	g.update([]finding.Finding{state(finding.ClockOff, "n1", 0)}, "some", noon, nil)
	if found := g.update(nil, "others", noon.Add(time.Minute), nil); len(found) != 0 {
		t.Errorf("found %+v", found)
	}
}

func TestAnEarlierLookChangesNothing(t *testing.T) {
	var g going
	clock := []finding.Finding{state(finding.ClockOff, "n1", 0)}
	g.update(clock, "settings", noon.Add(time.Minute), nil)
	g.update(nil, "settings", noon, nil)
	if found := g.update(clock, "settings", noon.Add(2*time.Minute), nil); len(found) != 1 {
		t.Errorf("found %+v", found)
	}
}

// TestWhatGoesOnLasts until now, also where its newest evidence is older: who falls
// behind does so on a connection of three days ago.
func TestWhatGoesOnLasts(t *testing.T) {
	var g going
	behind := finding.Finding{Subject: model.Subject{Rule: finding.FallingBehind, App: "web"}, Last: noon.Add(-72 * time.Hour), GoesOn: true}
	for minute := range 31 {
		now := noon.Add(time.Duration(minute) * time.Minute)
		found := g.update([]finding.Finding{behind}, "settings", now, nil)
		sums := groups.Of(found, []fields.Key{fields.KeyFinding}, nil, ledger.Snapshot{}, now)
		if got := sums[0].Sums["lasting"]; got != int64(minute)*60 {
			t.Errorf("after %d minutes it lasts %d s", minute, got)
		}
	}
}
