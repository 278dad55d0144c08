package ledger

import (
	"maps"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// noteRestart remembers who answers at an endpoint; a process that began
// after the last read of its predecessor took the records in between with it.
func (l *Ledger) noteRestart(reading model.Reading, answered map[string]bool) {
	server, before := reading.Server, l.last[reading.Endpoint]
	l.last[reading.Endpoint] = server
	if l.processes[server.ID] != nil {
		return
	}
	h := l.process(server.ID)
	former := l.predecessor(server, before, answered)
	began := reading.Began()
	if former == nil || !began.After(former.server.Now) {
		return
	}
	h.former = former
	h.gaps = append(h.gaps, Gap{From: former.server.Now, To: began, Restart: true})
	// Who moved is not missing where it was.
	maps.DeleteFunc(l.last, func(_ string, last model.Server) bool { return last.ID == former.server.ID })
}

// predecessor is the process in whose place the server runs, if any: the last
// of its name that answers no more, at whatever address, since a pod gets
// another with each start; for servers without a name, who was at its endpoint.
func (l *Ledger) predecessor(server, before model.Server, answered map[string]bool) *process {
	var former *process
	if server.Named() {
		for id, h := range l.processes {
			if h.server.Name == server.Name && !answered[id] && (former == nil || h.server.Now.After(former.server.Now)) {
				former = h
			}
		}
	}
	if former != nil || before.Named() && server.Named() {
		return former
	}
	return l.processes[before.ID]
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
