package reason_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// moreThanAnyState is beyond the last state of any server for years to come.
const moreThanAnyState = 256

func TestCatalogueIsWhatTheServerSays(t *testing.T) {
	said := map[string]bool{}
	for state := range moreThanAnyState {
		said[server.ClosedState(state).String()] = true
	}
	known := map[string]bool{}
	for _, one := range reason.Catalogue() {
		if known[one.Text] {
			t.Errorf("%q is listed twice", one.Text)
		}
		known[one.Text] = true
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
	for _, one := range reason.Catalogue() {
		switch one.Class {
		case reason.Planned:
			got = append(got, one.Text)
		case reason.Unexpected:
		default:
			t.Errorf("%s: class %q", one.Text, one.Class)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, planned) {
		t.Errorf("planned are %q, want %q", got, planned)
	}
}

func TestEntriesAreComplete(t *testing.T) {
	categories := []reason.Category{
		reason.CategorySlowConsumer, reason.CategoryAuth, reason.CategoryTLS, reason.CategoryNetwork, reason.CategoryTimeout,
		reason.CategoryLimits, reason.CategoryProtocol, reason.CategoryShutdown, reason.CategoryAdmin, reason.CategoryConfig,
		reason.CategoryCluster, reason.CategoryClient, reason.CategoryUnknown,
	}
	severities := []reason.Severity{reason.Info, reason.Warning, reason.Error, reason.Critical}
	losses := []reason.Loss{reason.LossYes, reason.LossIfPending, reason.LossMaybe, reason.LossPublishes, reason.LossNo}
	links := map[string]string{}
	for _, one := range reason.Catalogue() {
		if !slices.Contains(categories, one.Category) || !slices.Contains(severities, one.Severity) ||
			!slices.Contains(losses, one.Loss) {
			t.Errorf("%s: category %q, severity %q or loss %q does not exist",
				one.Text, one.Category, one.Severity, one.Loss)
		}
		if (one.Category == reason.CategoryUnknown) != (one.Since == "") {
			t.Errorf("%s: since %q", one.Text, one.Since)
		}
		for _, sentence := range []string{one.Meaning, one.Remedy} {
			if !strings.HasSuffix(sentence, ".") || strings.TrimSpace(sentence) != sentence {
				t.Errorf("%s: not a sentence: %q", one.Text, sentence)
			}
		}
		if strings.Contains(one.Meaning, ". ") {
			t.Errorf("%s: the meaning is more than one sentence: %q", one.Text, one.Meaning)
		}
		if other, taken := links[one.Link]; taken {
			t.Errorf("%s and %s share the link %s", one.Text, other, one.Link)
		}
		links[one.Link] = one.Text
	}
}

func TestWhichReasonsMeanLoss(t *testing.T) {
	pendingIsLoss := map[string]reason.Loss{}
	var unlisted []string
	for _, one := range reason.Catalogue() {
		if one.PendingIsLoss {
			pendingIsLoss[one.Text] = one.Loss
		}
		if !one.Listed {
			unlisted = append(unlisted, one.Text)
		}
	}
	want := map[string]reason.Loss{
		"Slow Consumer (Pending Bytes)":  reason.LossYes,
		"Slow Consumer (Write Deadline)": reason.LossYes,
		"Write Error":                    reason.LossIfPending,
		"Read Error":                     reason.LossIfPending,
		"Stale Connection":               reason.LossMaybe,
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
	reason.Catalogue()[0].Text = "changed"
	if got := reason.Catalogue()[0].Text; got == "changed" {
		t.Error("a caller changed the catalogue")
	}
}

func TestAnchor(t *testing.T) {
	for text, want := range map[string]string{
		"Client Closed":                        "client-closed",
		"Slow Consumer (Pending Bytes)":        "slow-consumer-pending-bytes",
		"Duplicate Remote LeafNode Connection": "duplicate-remote-leafnode-connection",
	} {
		if got := reason.Anchor(text); got != want {
			t.Errorf("Anchor(%q) = %q, want %q", text, got, want)
		}
	}
}
