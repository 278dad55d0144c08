package breaker

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// TestALoginThatWasRefusedRests: longer each time, and not at all after it was
// accepted.
func TestALoginThatWasRefusedRests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refused := &source.Error{Kind: source.KindAuth}
		var b Breaker
		asked := func() bool { return b.Open(t.Context(), func(context.Context) error { return nil }) == nil }
		for _, rest := range []time.Duration{30, 60, 120, 240, 240} {
			if !asked() {
				t.Fatalf("it is not asked again before it rests for %d s", rest)
			}
			b.Note(refused)
			<-time.After((rest - 1) * time.Second)
			if asked() {
				t.Errorf("it is asked before %d s", rest)
			}
			<-time.After(time.Second)
		}
		b.Note(nil)
		b.Note(refused)
		<-time.After(30 * time.Second)
		if !asked() {
			t.Error("it rests for longer though it was accepted in between")
		}
	})
}
