package plugin

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// errInternal is a fault of the plugin itself. Which one is in the log.
var errInternal = errors.New("internal error of the plugin: see Grafana's log, and report what it says there")

// guard calls f. A panic becomes an error, and its stack a line of the log, so
// that a fault costs one answer and not the process, which all data sources share.
func guard(ctx context.Context, what string, f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			backend.Logger.FromContext(ctx).Error("Internal error", "in", what, "error", toldOf(r), "stack", string(debug.Stack()))
			err = fmt.Errorf("%s failed: %w", what, errInternal)
		}
	}()
	f()
	return nil
}

// toldOf is what may be logged of a panic: the Go runtime's own words, but of a
// value only its type, since it may quote what must not be told.
func toldOf(r any) string {
	var fault runtime.Error
	if err, is := r.(error); is && errors.As(err, &fault) {
		return fault.Error()
	}
	return fmt.Sprintf("a panic with a %T", r)
}
