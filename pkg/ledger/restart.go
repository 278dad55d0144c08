package ledger

import (
	"maps"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// meet begins what is known of a process that was not read before. One that
// began after the last read of its predecessor took the records in between with it.
func (l *Ledger) meet(reading model.Reading, answered map[string]bool) *process {
	former := l.predecessor(reading, answered)
	h := newProcess()
	h.endpoint = reading.Endpoint
	l.processes[reading.Server.ID] = h
	began := reading.Began()
	if former == nil || !began.After(former.server.Now) {
		return h
	}
	h.former = former
	h.gaps = append(h.gaps, Gap{From: former.server.Now, To: began, Restart: true})
	// Who moved is not missing where it was.
	maps.DeleteFunc(l.last, func(_ string, last model.Server) bool { return last.ID == former.server.ID })
	return h
}

// predecessor is the process in whose place the server runs, if any: the last
// of its name that answers no more, at whatever address, since a pod gets
// another with each start; where one of the two has no name, who was at its endpoint.
// It is looked up before anything is written about the server, which is never its own.
func (l *Ledger) predecessor(reading model.Reading, answered map[string]bool) *process {
	server := reading.Server
	var byName, byPlace *process
	for id, h := range l.processes {
		switch {
		case id == server.ID || answered[id]:
		case server.Named() && h.server.Name == server.Name:
			byName = later(byName, h)
		case h.endpoint == reading.Endpoint && (!server.Named() || !h.server.Named()):
			byPlace = later(byPlace, h)
		}
	}
	if byName != nil {
		return byName
	}
	return byPlace
}

// later is the one that was read last.
func later(a, b *process) *process {
	if a == nil || b.server.Now.After(a.server.Now) {
		return b
	}
	return a
}

func answeredIDs(readings []model.Reading) map[string]bool {
	ids := map[string]bool{}
	for _, reading := range readings {
		if reading.Err == nil {
			ids[reading.Server.ID] = true
		}
	}
	return ids
}
