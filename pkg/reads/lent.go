package reads

import "github.com/natsops/nats-connections-datasource/pkg/source"

// lent is a source, and how many reads use it; the lock of Shared guards it.
type lent struct {
	source source.Source
	reads  int
	// after is to be done once no read uses the source.
	after func(source.Source)
}

func (l *lent) retire(after func(source.Source)) {
	if l.reads == 0 {
		after(l.source)
		return
	}
	l.after = after
}

func (l *lent) returned() {
	if l.reads--; l.reads == 0 && l.after != nil {
		l.after(l.source)
		l.after = nil
	}
}
