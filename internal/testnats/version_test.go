package testnats_test

import (
	"testing"

	"github.com/natsops/nats-connections-datasource/internal/testnats"
)

func TestWhichReleasesHaveAChange(t *testing.T) {
	for version, want := range map[string]bool{
		"2.9.25": false, "2.10.25": false, "2.10.26": true, "2.11.0": true, "2.12.12": true, "2.15.2": true,
	} {
		if got := testnats.Has(version, "2.10.26", "2.11.0"); got != want {
			t.Errorf("%s has a change of 2.10.26 and 2.11.0: %t", version, got)
		}
	}
	if testnats.Has("2.11.14", "2.11.15", "2.12.6") || testnats.Has("2.10.29", "2.11.15", "2.12.6") || !testnats.Has("2.14.9", "2.11.15", "2.12.6") {
		t.Error("a change in two lines of three")
	}
}
