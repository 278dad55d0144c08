package source

import (
	"errors"
	"testing"

	"github.com/natsops/nats-connections-datasource/pkg/guard"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

func TestAPanicCostsTheReadingOfOneServer(t *testing.T) {
	var servers []model.Server
	r := Guarded(t.Context(), "n1:8222", func() model.Reading { return model.Reading{Server: servers[0]} })
	var typed *Error
	if r.Endpoint != "n1:8222" || !errors.As(r.Err, &typed) || typed.Kind != KindInternal || !errors.Is(r.Err, guard.ErrInternal) {
		t.Errorf("read %+v", r)
	}
	if r := Guarded(t.Context(), "n1:8222", func() model.Reading { return model.Reading{Bytes: 7} }); r.Bytes != 7 || r.Err != nil {
		t.Errorf("read %+v", r)
	}
}
