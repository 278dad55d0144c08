package source

import (
	"context"
	"slices"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// nameless reads what another source does, without users' names and addresses.
type nameless struct{ Source }

// Nameless reads as another source does, and tells nobody who users are, or where.
func Nameless(of Source) Source { return nameless{of} }

// Read implements [Source]. The lists may be somebody else's as well, so they stay.
func (n nameless) Read(ctx context.Context, req Request) []model.Reading {
	readings := n.Source.Read(ctx, req)
	for i := range readings {
		r := &readings[i]
		r.Closed, r.Open = slices.Clone(r.Closed), slices.Clone(r.Open)
		for j := range r.Closed {
			r.Closed[j].HidePeople()
		}
		for j := range r.Open {
			r.Open[j].HidePeople()
		}
	}
	return readings
}
