// Package simulate draws situations at random: for a moment whenever tests run,
// and for as long as one likes by hand.
//
//	SIMULATE=10m go test ./pkg/ledger -run Random -timeout 0
//	SEED=4711 go test ./pkg/ledger -run Random
package simulate

import (
	"os"
	"strconv"
	"testing"
	"time"
)

// For is how long to go on: as SIMULATE says, or else as usual.
func For(t *testing.T, usual time.Duration) time.Duration {
	t.Helper()
	asked := os.Getenv("SIMULATE")
	if asked == "" {
		return usual
	}
	long, err := time.ParseDuration(asked)
	if err != nil {
		t.Fatalf("SIMULATE: %v", err)
	}
	return long
}

// Seed is what SEED says, or else the usual one; a test that fails tells it.
func Seed(t *testing.T, usual uint64) uint64 {
	t.Helper()
	seed := usual
	if asked := os.Getenv("SEED"); asked != "" {
		var err error
		if seed, err = strconv.ParseUint(asked, 10, 64); err != nil {
			t.Fatalf("SEED: %v", err)
		}
	}
	return seed
}

// Rounds makes one round for each seed until the time is over or one fails; with
// SEED that one alone.
func Rounds(t *testing.T, usual time.Duration, round func(seed uint64)) {
	t.Helper()
	first, end := Seed(t, 1), time.Now().Add(For(t, usual))
	seed := first
	defer func() {
		if t.Failed() {
			t.Logf("SEED=%d finds it again", seed)
			return
		}
		t.Logf("%d rounds", seed-first+1)
	}()
	for round(seed); os.Getenv("SEED") == "" && !t.Failed() && time.Now().Before(end); {
		seed++
		round(seed)
	}
}
