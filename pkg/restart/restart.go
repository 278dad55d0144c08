package restart

import (
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

const (
	// serverShutdown is the reason of stops while a server sends its clients away
	// (nats-server.md#lame-duck-silences-the-system-account).
	serverShutdown = "Server Shutdown"
	// heeding is how long before the first is sent away clients leave that heed the
	// notice: lame_duck_grace_period, 10 s unless servers say otherwise.
	heeding = 15 * time.Second
	// atOnce is how near begins of several servers are that went together.
	atOnce = 5 * time.Second
)

// Step is one server that went and came back.
type Step struct {
	Before, After ledger.Life
	// Announced is when it began to send its clients away; zero if nobody saw that.
	Announced time.Time
}

// Upgraded reports whether another version came back.
func (s Step) Upgraded() bool { return s.Before.Version != s.After.Version }

// Leaving is since when who left the server left because of it: shortly before it
// sent the first away or, if nobody saw that, before it was last heard.
func (s Step) Leaving() time.Time {
	if s.Announced.IsZero() {
		return s.Before.HeardUntil.Add(-heeding)
	}
	return s.Announced.Add(-heeding)
}

// Event is restarts that belong together: of one server, or of several in turn.
type Event []Step

// Find parts all restarts that the snapshot knows of into events, in the order in
// which these began. Two of a cluster belong together if the second is at most
// inTurn later.
func Find(s ledger.Snapshot, inTurn time.Duration) []Event {
	lives := make(map[string]ledger.Life, len(s.Lives))
	for _, life := range s.Lives {
		lives[life.ServerID] = life
	}
	var all []Event
	latest := map[string]int{}
	for _, life := range s.Lives {
		before, known := lives[life.Former]
		if !known {
			continue
		}
		one := Step{before, life, announced(s, before.ServerID)}
		alone, where := "server "+life.Label, life.Cluster
		if at, begun := latest[alone]; begun && all[at].again(one, inTurn) {
			all[at] = append(all[at], one)
			continue
		}
		if at, begun := latest[where]; where != "" && begun && all[at].takes(one, inTurn) {
			all[at], latest[alone] = append(all[at], one), at
			continue
		}
		latest[alone], latest[where] = len(all), len(all)
		all = append(all, Event{one})
	}
	return all
}

// announced is when a process began to send its clients away, by its records.
func announced(s ledger.Snapshot, process string) time.Time {
	reason := slices.Index(s.Symbols.Reasons, serverShutdown)
	if reason < 0 {
		return time.Time{}
	}
	for _, k := range s.Kept {
		if k.ServerID != process {
			continue
		}
		for part := range k.Table.Spans(0, k.Table.Len()) {
			if i := slices.Index(part.IDs[store.ColumnReason][part.From:part.To], uint32(reason)); i >= 0 {
				return model.Moment(part.At[part.From+i])
			}
		}
	}
	return time.Time{}
}

// takes reports whether a restart goes on with the event: it is of a server that
// it does not have yet, or of the one server that it is about.
func (e Event) takes(next Step, inTurn time.Duration) bool {
	if next.After.Began.Sub(e.Ended()) > inTurn {
		return false
	}
	servers := e.Servers()
	return !slices.Contains(servers, next.After.Label) && len(servers) == len(e)
}

// again reports whether a restart is of the one server that the event is about, which
// goes again and again, and nobody said why.
func (e Event) again(next Step, inTurn time.Duration) bool {
	return len(e.Servers()) == 1 && !e.Planned() && !next.explained() && next.After.Began.Sub(e.Ended()) <= inTurn
}

func (s Step) explained() bool { return !s.Announced.IsZero() || s.Upgraded() }

// Servers are the labels of those that restarted, each once.
func (e Event) Servers() []string {
	var labels []string
	for _, step := range e {
		if !slices.Contains(labels, step.After.Label) {
			labels = append(labels, step.After.Label)
		}
	}
	return labels
}

// Began is when the first of the servers is last known to have run as before.
func (e Event) Began() time.Time { return e[0].Before.HeardUntil }

// Ended is when the last of them was back.
func (e Event) Ended() time.Time { return e[len(e)-1].After.Began }

// Together reports whether several servers went at once rather than in turn.
func (e Event) Together() bool {
	return len(e.Servers()) > 1 && e.Ended().Sub(e[0].After.Began) < atOnce
}

// Explained reports whether a server said that it would go, or came back with another
// version: nobody does that by accident.
func (e Event) Explained() bool { return slices.ContainsFunc(e, Step.explained) }

// Planned reports whether somebody meant it.
func (e Event) Planned() bool {
	return e.Explained() || len(e.Servers()) > 1 && !e.Together()
}

// Has reports whether what stopped on a process at a time is part of the event.
func (e Event) Has(process string, at time.Time) bool {
	return slices.ContainsFunc(e, func(s Step) bool { return s.Before.ServerID == process && s.takes(at) })
}

// Heeds reports whether who left a process at a time may have done so because of the
// event: clients that heed the notice of a lame duck leave at once, before the others are
// sent away.
func (e Event) Heeds(process string, at time.Time) bool {
	return slices.ContainsFunc(e, func(s Step) bool {
		return s.Before.ServerID == process && (s.Announced.IsZero() || !at.After(s.Announced.Add(atOnce)))
	})
}

// HasAt is Has of whatever process ran at a label.
func (e Event) HasAt(label string, at time.Time) bool {
	return slices.ContainsFunc(e, func(s Step) bool { return s.After.Label == label && s.takes(at) && at.Before(s.After.Began) })
}

func (s Step) takes(at time.Time) bool { return !s.Announced.IsZero() && !at.Before(s.Leaving()) }

// Title names the event in a few words.
func (e Event) Title() string {
	servers, last := e.Servers(), e[len(e)-1]
	who := servers[0]
	if len(servers) > 1 {
		who = "cluster " + last.After.Cluster
	}
	what := "restart of " + who
	if slices.ContainsFunc(e, Step.Upgraded) {
		what = "upgrade of " + who + " to " + last.After.Version
	}
	if len(servers) > 1 {
		what = "rolling " + what
	}
	return what
}
