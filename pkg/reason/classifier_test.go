package reason_test

import (
	"strings"
	"testing"

	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

func TestLookup(t *testing.T) {
	known := reason.Lookup("Stale Connection")
	if known.Category != reason.CategoryTimeout || known.Text != "Stale Connection" {
		t.Errorf("Stale Connection is %+v", known)
	}
	// The whole string counts: no trimming, no case folding, no prefixes.
	for _, text := range []string{"Warp Core Breach", "stale connection", "Slow Consumer", "", " Kicked"} {
		got := reason.Lookup(text)
		if got.Text != text || got.Category != reason.CategoryUnknown || got.Class != reason.Unexpected ||
			got.Severity != reason.Warning || !strings.HasSuffix(got.Meaning, ".") || got.Link == "" {
			t.Errorf("Lookup(%q) = %+v", text, got)
		}
	}
}

func TestClassifierOverridesTheClassAlone(t *testing.T) {
	classifier := reason.NewClassifier(map[string]reason.Class{
		"Authentication Expired": reason.Planned,
		"Client Closed":          reason.Unexpected,
		"Warp Core Breach":       reason.Planned,
	})
	for text, want := range map[string]reason.Class{
		"Authentication Expired": reason.Planned,
		"Client Closed":          reason.Unexpected,
		"Warp Core Breach":       reason.Planned,
		"Server Shutdown":        reason.Planned,
		"Write Error":            reason.Unexpected,
		"Another New One":        reason.Unexpected,
	} {
		got := classifier.Reason(text)
		plain := reason.Lookup(text)
		plain.Class = want
		if got != plain {
			t.Errorf("Reason(%q) = %+v, want %+v", text, got, plain)
		}
	}
	if reason.Lookup("Client Closed").Class != reason.Planned {
		t.Error("an override changed the catalogue")
	}
}

func TestClassifierDoesNotAllocate(t *testing.T) {
	classifier := reason.NewClassifier(map[string]reason.Class{"Kicked": reason.Unexpected})
	var sink reason.Reason
	allocations := testing.AllocsPerRun(100, func() {
		for _, text := range []string{"Kicked", "Client Closed", "Warp Core Breach"} {
			sink = classifier.Reason(text)
		}
	})
	if allocations != 0 || sink.Text == "" {
		t.Errorf("%v allocations", allocations)
	}
}
