package guard

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// ErrInternal is a fault of the plugin itself. Which one is in the log.
var ErrInternal = errors.New("this is an internal error of the plugin: see Grafana's log, and report what it says there")

// Run calls f. A panic becomes an error, and its stack a line of the log.
func Run(ctx context.Context, what string, f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			fault, passed := r.(fault)
			if !passed {
				fault = caught(r)
			}
			backend.Logger.FromContext(ctx).Error("Internal error", "in", what, "error", fault.told, "stack", fault.stack)
			err = fmt.Errorf("%s failed; %w", what, ErrInternal)
		}
	}()
	f()
	return nil
}

// fault is a panic with the stack of where it happened.
type fault struct{ told, stack string }

// caught keeps of a panic what may be logged: the Go runtime's own words, but of
// a value only its type, since it may quote what must not be told.
func caught(r any) fault {
	told := fmt.Sprintf("a panic with a %T", r)
	var own runtime.Error
	if err, is := r.(error); is && errors.As(err, &own) {
		told = own.Error()
	}
	return fault{told, string(debug.Stack())}
}
