package guard

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/log"
)

// logged keeps what is logged as errors.
type logged struct {
	log.Logger
	mu    sync.Mutex
	lines []string
}

func (l *logged) FromContext(context.Context) log.Logger { return l }

func (l *logged) Error(text string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	line := text
	for _, arg := range args {
		if word, is := arg.(string); is {
			line += " " + word
		}
	}
	l.lines = append(l.lines, line)
}

func listen(t *testing.T) *logged {
	t.Helper()
	before := backend.Logger
	l := &logged{Logger: before}
	backend.Logger = l
	t.Cleanup(func() { backend.Logger = before })
	return l
}

func planted() {
	var none []int
	_ = none[:len(none)+1]
}

func TestAPanicBecomesAnErrorAndALineOfTheLog(t *testing.T) {
	for name, run := range map[string]func(){
		"here": planted,
		"in a goroutine": func() {
			var g Group
			g.Go(planted)
			g.Go(func() {})
			g.Wait()
		},
		"in a goroutine of a goroutine": func() {
			var outer Group
			outer.Go(func() {
				var inner Group
				inner.Go(planted)
				inner.Wait()
			})
			outer.Wait()
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := listen(t)
			err := Run(t.Context(), "the test", run)
			if !errors.Is(err, ErrInternal) || !strings.HasPrefix(err.Error(), "the test failed; this is an internal error of the plugin") {
				t.Errorf("told as %v", err)
			}
			if len(l.lines) != 1 || !strings.Contains(l.lines[0], "slice bounds out of range") || !strings.Contains(l.lines[0], "guard.planted") {
				t.Errorf("logged %q, want the fault and where it is", l.lines)
			}
		})
	}
}

func TestWhatAPanicQuotesIsNotTold(t *testing.T) {
	l := listen(t)
	err := Run(t.Context(), "the test", func() { panic("password s3cret") })
	if err == nil || strings.Contains(err.Error(), "s3cret") || len(l.lines) != 1 || strings.Contains(l.lines[0], "s3cret") {
		t.Errorf("told %v, logged %q", err, l.lines)
	}
}

func TestWhatGoesWellIsNoError(t *testing.T) {
	var g Group
	done := 0
	g.Go(func() { done++ })
	if err := Run(t.Context(), "the test", g.Wait); err != nil || done != 1 {
		t.Errorf("%v, done %d", err, done)
	}
}
