package ledger

import (
	"maps"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// meet begins what is known of a process that was not read before. One that
// began after the last read of its predecessor took the records in between with it.
func (l *Ledger) meet(reading model.Reading, answered map[string]bool) *process {
	server := reading.Server
	former, began := l.predecessor(server, reading.Endpoint, answered), reading.Began()
	h := newProcess()
	h.endpoint = reading.Endpoint
	l.processes[server.ID] = h
	after := former != nil && began.After(former.server.Now)
	if former == nil || !after && former.endpoint != reading.Endpoint {
		// Nobody was there, or somebody else of its name who ran at the same time.
		l.places++
		h.place = l.places
		return h
	}
	h.place = former.place
	if !after {
		return h
	}
	h.former = former
	h.gaps = append(h.gaps, Gap{From: former.server.Now, To: began, Restart: true})
	// Who moved is not missing where it was.
	maps.DeleteFunc(l.last, func(_ string, last model.Server) bool { return last.ID == former.server.ID })
	return h
}

// predecessor is the process in whose place the server runs, if any: the last
// that it succeeds and that answers no more, at whatever address, since a pod
// gets another with each start. It is looked up before anything is written about
// the server.
func (l *Ledger) predecessor(server model.Server, endpoint string, answered map[string]bool) *process {
	// Over NATS there are no addresses: who answers there is called by its name.
	addressed := endpoint != server.Name
	var byName, byAddress *process
	for id, h := range l.processes {
		switch {
		case answered[id]:
		case server.Succeeds(h.server, false):
			byName = later(byName, h)
		case addressed && h.endpoint == endpoint && server.Succeeds(h.server, true):
			byAddress = later(byAddress, h)
		}
	}
	if byName != nil {
		return byName
	}
	return byAddress
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
