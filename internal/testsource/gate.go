// Package testsource has sources for tests of those who share their reads.
package testsource

import (
	"context"
	"sync/atomic"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// Gate is a source whose reads wait until LetGo is closed.
type Gate struct {
	Reads, Rests atomic.Int32
	// Begun has a value for each read that began, up to a hundred.
	Begun  chan struct{}
	LetGo  chan struct{}
	Closed atomic.Bool
	answer func(source.Request) []model.Reading
}

// NewGate is shut; its reads end with what answer tells.
func NewGate(answer func(source.Request) []model.Reading) *Gate {
	return &Gate{Begun: make(chan struct{}, 100), LetGo: make(chan struct{}), answer: answer}
}

// Read implements [source.Source].
func (g *Gate) Read(ctx context.Context, req source.Request) []model.Reading {
	g.Reads.Add(1)
	select {
	case g.Begun <- struct{}{}:
	default: // Nobody waits for that many.
	}
	select {
	case <-g.LetGo:
		return g.answer(req)
	case <-ctx.Done():
		return []model.Reading{{Endpoint: "n1:8222", Err: ctx.Err()}}
	}
}

// Forget implements [source.Source].
func (g *Gate) Forget(string) {}

// Rest implements [source.Source].
func (g *Gate) Rest() { g.Rests.Add(1) }

// Close implements [source.Source].
func (g *Gate) Close() { g.Closed.Store(true) }
