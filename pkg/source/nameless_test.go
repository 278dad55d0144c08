package source_test

import (
	"context"
	"testing"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// of is a source that answers with the same lists again and again.
type of []model.Reading

func (s of) Read(context.Context, source.Request) []model.Reading {
	return append([]model.Reading(nil), s...)
}
func (of) Forget(string) {}
func (of) Rest()         {}
func (of) Close()        {}

func TestNameless(t *testing.T) {
	known := model.Connection{CID: 1, User: "alice", IP: "10.0.0.1", Port: 4711, Name: "web-0"}
	from := of{{Closed: []model.Stop{{Connection: known}}, Open: []model.Connection{known, {CID: 2}}}}
	read := source.Nameless(from).Read(t.Context(), source.Request{})
	hidden := model.Connection{CID: 1, User: "(hidden)", Name: "web-0"}
	if got := read[0]; got.Closed[0].Connection != hidden || got.Open[0] != hidden || got.Open[1] != (model.Connection{CID: 2}) {
		t.Errorf("told %+v", got)
	}
	if from[0].Closed[0].User != "alice" || from[0].Open[0].User != "alice" {
		t.Error("the lists of the source were changed")
	}
}
