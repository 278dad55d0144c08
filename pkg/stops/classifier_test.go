package stops_test

import (
	"strings"
	"testing"

	"github.com/natsops/nats-connections-datasource/pkg/stops"
)

func TestLookup(t *testing.T) {
	known := stops.Lookup("Stale Connection")
	if known.Category != stops.CategoryTimeout || known.Text != "Stale Connection" {
		t.Errorf("Stale Connection is %+v", known)
	}
	// The whole string counts: no trimming, no case folding, no prefixes.
	for _, text := range []string{"Warp Core Breach", "stale connection", "Slow Consumer", "", " Kicked"} {
		got := stops.Lookup(text)
		if got.Text != text || got.Category != stops.CategoryUnknown || got.Class != stops.Unexpected ||
			got.Severity != stops.Warning || !strings.HasSuffix(got.Meaning, ".") || got.Link == "" {
			t.Errorf("Lookup(%q) = %+v", text, got)
		}
	}
}

func TestClassifierOverridesTheClassAlone(t *testing.T) {
	classifier := stops.NewClassifier(map[string]stops.Class{
		"Authentication Expired": stops.Planned,
		"Client Closed":          stops.Unexpected,
		"Warp Core Breach":       stops.Planned,
	})
	for text, want := range map[string]stops.Class{
		"Authentication Expired": stops.Planned,
		"Client Closed":          stops.Unexpected,
		"Warp Core Breach":       stops.Planned,
		"Server Shutdown":        stops.Planned,
		"Write Error":            stops.Unexpected,
		"Another New One":        stops.Unexpected,
	} {
		got := classifier.Reason(text)
		plain := stops.Lookup(text)
		plain.Class = want
		if got != plain {
			t.Errorf("Reason(%q) = %+v, want %+v", text, got, plain)
		}
	}
	if stops.Lookup("Client Closed").Class != stops.Planned {
		t.Error("an override changed the catalogue")
	}
}

func TestClassifierDoesNotAllocate(t *testing.T) {
	classifier := stops.NewClassifier(map[string]stops.Class{"Kicked": stops.Unexpected})
	var sink stops.Reason
	allocations := testing.AllocsPerRun(100, func() {
		for _, text := range []string{"Kicked", "Client Closed", "Warp Core Breach"} {
			sink = classifier.Reason(text)
		}
	})
	if allocations != 0 || sink.Text == "" {
		t.Errorf("%v allocations", allocations)
	}
}
