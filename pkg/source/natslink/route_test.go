package natslink

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// TestRoute: the configured ones first, then by turns, so that each address
// that leads nowhere costs one attempt between two at a configured one.
func TestRoute(t *testing.T) {
	for name, c := range map[string]struct {
		servers, pool []string
		at            string
		hangs         bool
		want          []string
	}{
		"one": {
			servers: []string{"nats://a"}, pool: []string{"a:4222"}, at: "nats://a:4222",
			want: []string{"a:4222", "a:4222", "a:4222"},
		},
		"the others before the one that was lost": {
			servers: []string{"nats://a:1", "nats://b:1", "nats://c:1"}, pool: []string{"a:1", "b:1", "c:1"}, at: "nats://a:1",
			want: []string{"b:1", "c:1", "a:1", "b:1", "c:1", "a:1"},
		},
		"configured ones and those told of by turns": {
			servers: []string{"nats://a:1", "nats://b:1"}, pool: []string{"x:1", "a:1", "y:1", "b:1", "z:1"}, at: "nats://a:1",
			want: []string{"b:1", "a:1", "x:1", "b:1", "y:1", "a:1", "z:1", "b:1", "x:1"},
		},
		"one that hangs is left": {
			servers: []string{"nats://a:1"}, pool: []string{"a:1", "x:1"}, at: "nats://a:1", hangs: true,
			want: []string{"x:1", "a:1", "x:1"},
		},
		"one that hangs, and there is no other": {
			servers: []string{"nats://a:1"}, pool: []string{"a:1"}, at: "nats://a:1", hangs: true,
			want: []string{"a:1", "a:1"},
		},
		"web": {
			servers: []string{"wss://a", "ws://b"}, pool: []string{"a:443", "b:80", "x:443"}, at: "wss://a:443",
			want: []string{"b:80", "a:443", "x:443", "b:80"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoute(c.servers)
			r.found(c.at)
			if c.hangs {
				r.avoid()
			}
			now := time.Unix(0, 0)
			tried := map[string]time.Time{}
			var got []string
			for range c.want {
				address, wait := r.next(c.pool, now)
				if before, twice := tried[address]; wait < 0 || !twice && wait > 0 || twice && now.Add(wait).Sub(before) < reconnectIn {
					t.Errorf("%s after %s, tried before: %v", address, wait, twice)
				}
				now = now.Add(wait)
				tried[address] = now
				got = append(got, address)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestPaceOfDenials: whoever asks all the time is refused a few times in ten
// minutes.
func TestPaceOfDenials(t *testing.T) {
	var d denial
	var at []time.Duration
	start := time.Unix(0, 0)
	for now := start; now.Before(start.Add(10 * time.Minute)); now = d.until {
		d = d.again(fmt.Errorf("refused"), now)
		at = append(at, now.Sub(start))
	}
	want := []time.Duration{0, 30 * time.Second, 90 * time.Second, 210 * time.Second, 450 * time.Second}
	if !slices.Equal(at, want) {
		t.Errorf("refused at %s, want %s", at, want)
	}
}

func TestAllowance(t *testing.T) {
	r := newRoute([]string{"nats://a:1"})
	r.found("nats://a:1")
	var got []time.Duration
	for range 4 {
		r.next([]string{"a:1"}, time.Unix(0, 0))
		r.next([]string{"a:1", "x:1"}, time.Unix(0, 0))
		got = append(got, r.allowance("x:1", 3*time.Second), r.allowance("a:1", 3*time.Second))
	}
	want := []time.Duration{time.Second, 3 * time.Second, 2 * time.Second, 3 * time.Second, 3 * time.Second, 3 * time.Second, 3 * time.Second, 3 * time.Second}
	if !slices.Equal(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestPaceOfEndings: the same where every attempt is a new connection.
func TestPaceOfEndings(t *testing.T) {
	var d denial
	start := time.Unix(0, 0)
	count := 0
	for now := start; now.Before(start.Add(10 * time.Minute)); now = d.until {
		d = d.shutAgain(fmt.Errorf("ended"), now)
		count++
	}
	if count < 20 || count > 30 {
		t.Errorf("knocked %d times", count)
	}
}

// TestPaceOfKnocking: where somebody answers and does not let us in, we knock
// a few times in ten minutes; where nobody answers, every second or two.
func TestPaceOfKnocking(t *testing.T) {
	for name, c := range map[string]struct {
		opens    bool
		min, max int
	}{"answered": {true, 20, 30}, "not answered": {false, 400, 600}} {
		t.Run(name, func(t *testing.T) {
			r := newRoute([]string{"nats://a:1"})
			r.found("nats://a:1")
			start := time.Unix(0, 0)
			count := 0
			for now := start; now.Before(start.Add(10 * time.Minute)); count++ {
				address, wait := r.next([]string{"a:1"}, now)
				now = now.Add(wait + time.Millisecond)
				if c.opens {
					r.opened(address)
				}
			}
			if count < c.min || count > c.max {
				t.Errorf("knocked %d times", count)
			}
		})
	}
}
