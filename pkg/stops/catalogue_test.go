package stops_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/natsops/nats-connections-datasource/pkg/stops"
)

// moreThanAnyState is beyond the last state of any server for years to come.
const moreThanAnyState = 256

func TestCatalogueIsWhatTheServerSays(t *testing.T) {
	said := map[string]bool{}
	for state := range moreThanAnyState {
		said[server.ClosedState(state).String()] = true
	}
	known := map[string]bool{}
	for _, reason := range stops.Catalogue() {
		if known[reason.Text] {
			t.Errorf("%q is listed twice", reason.Text)
		}
		known[reason.Text] = true
	}
	for text := range said {
		if !known[text] {
			t.Errorf("the server says %q, which the catalogue lacks", text)
		}
	}
	for text := range known {
		if !said[text] {
			t.Errorf("the catalogue has %q, which the server never says", text)
		}
	}
	if len(known) != 38 {
		t.Errorf("%d reasons, want 37 named ones and Unknown State", len(known))
	}
}

func TestPlannedIsExactlyTheAgreedList(t *testing.T) {
	planned := []string{
		"Client Closed", "Credentials Revoked", "Duplicate Route", "Duplicate Server Name",
		"Internal Client", "Kicked", "Route Removed", "Server Shutdown",
	}
	var got []string
	for _, reason := range stops.Catalogue() {
		switch reason.Class {
		case stops.Planned:
			got = append(got, reason.Text)
		case stops.Unexpected:
		default:
			t.Errorf("%s: class %q", reason.Text, reason.Class)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, planned) {
		t.Errorf("planned are %q, want %q", got, planned)
	}
}

func TestEntriesAreComplete(t *testing.T) {
	categories := []stops.Category{
		stops.CategorySlowConsumer, stops.CategoryAuth, stops.CategoryTLS, stops.CategoryNetwork, stops.CategoryTimeout,
		stops.CategoryLimits, stops.CategoryProtocol, stops.CategoryShutdown, stops.CategoryAdmin, stops.CategoryConfig,
		stops.CategoryCluster, stops.CategoryClient, stops.CategoryUnknown,
	}
	severities := []stops.Severity{stops.Info, stops.Warning, stops.Error, stops.Critical}
	losses := []stops.Loss{stops.LossYes, stops.LossIfPending, stops.LossMaybe, stops.LossPublishes, stops.LossNo}
	links := map[string]string{}
	for _, reason := range stops.Catalogue() {
		if !slices.Contains(categories, reason.Category) || !slices.Contains(severities, reason.Severity) ||
			!slices.Contains(losses, reason.Loss) {
			t.Errorf("%s: category %q, severity %q or loss %q does not exist",
				reason.Text, reason.Category, reason.Severity, reason.Loss)
		}
		if (reason.Category == stops.CategoryUnknown) != (reason.Since == "") {
			t.Errorf("%s: since %q", reason.Text, reason.Since)
		}
		for _, sentence := range []string{reason.Meaning, reason.Remedy} {
			if !strings.HasSuffix(sentence, ".") || strings.TrimSpace(sentence) != sentence {
				t.Errorf("%s: not a sentence: %q", reason.Text, sentence)
			}
		}
		if strings.Contains(reason.Meaning, ". ") {
			t.Errorf("%s: the meaning is more than one sentence: %q", reason.Text, reason.Meaning)
		}
		if other, taken := links[reason.Link]; taken {
			t.Errorf("%s and %s share the link %s", reason.Text, other, reason.Link)
		}
		links[reason.Link] = reason.Text
	}
}

func TestWhichReasonsMeanLoss(t *testing.T) {
	pendingIsLoss := map[string]stops.Loss{}
	var unlisted []string
	for _, reason := range stops.Catalogue() {
		if reason.PendingIsLoss {
			pendingIsLoss[reason.Text] = reason.Loss
		}
		if !reason.Listed {
			unlisted = append(unlisted, reason.Text)
		}
	}
	want := map[string]stops.Loss{
		"Slow Consumer (Pending Bytes)":  stops.LossYes,
		"Slow Consumer (Write Deadline)": stops.LossYes,
		"Write Error":                    stops.LossIfPending,
		"Read Error":                     stops.LossIfPending,
		"Stale Connection":               stops.LossMaybe,
	}
	if !maps.Equal(pendingIsLoss, want) {
		t.Errorf("pending bytes mean loss for %v, want %v", pendingIsLoss, want)
	}
	neverListed := []string{
		"Duplicate Route", "Duplicate Server Name", "Internal Client", "Message Header Violation", "Route Removed",
	}
	slices.Sort(unlisted)
	if !slices.Equal(unlisted, neverListed) {
		t.Errorf("never listed are %q, want %q", unlisted, neverListed)
	}
}

func TestCatalogueIsACopy(t *testing.T) {
	stops.Catalogue()[0].Text = "changed"
	if got := stops.Catalogue()[0].Text; got == "changed" {
		t.Error("a caller changed the catalogue")
	}
}

func TestAnchor(t *testing.T) {
	for text, want := range map[string]string{
		"Client Closed":                        "client-closed",
		"Slow Consumer (Pending Bytes)":        "slow-consumer-pending-bytes",
		"Duplicate Remote LeafNode Connection": "duplicate-remote-leafnode-connection",
	} {
		if got := stops.Anchor(text); got != want {
			t.Errorf("Anchor(%q) = %q, want %q", text, got, want)
		}
	}
}
