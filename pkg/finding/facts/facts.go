package facts

import (
	"github.com/natsops/nats-connections-datasource/pkg/chronicle"
	"github.com/natsops/nats-connections-datasource/pkg/comeback"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/restart"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// Facts are what rules look at. They do not change.
type Facts struct {
	// Stops are all but those of clients that closed their connection, by the
	// category of their reason, in the order of time.
	Stops map[reason.Category][]*Stop
	Open  Open
	// Lives are the runs of servers, in the order in which they began.
	Lives []ledger.Life
	// Snapshot is what all of it was taken from.
	Snapshot ledger.Snapshot
	// Restarts are those of servers, by what belongs together.
	Restarts []restart.Event
	Beside   Beside

	kept    []ledger.Kept
	symbols *store.Symbols
	servers names
	account names
	app     names
	// reasons are by number; listed are those whose stops are listed.
	reasons []reason.Reason
	listed  []bool
	// counts are how many are listed of each reason.
	counts []int
	// shared are the names, by number, that several instances may have: those that say
	// nothing but the app.
	shared []bool
	// nameless is the number of no name.
	nameless int
	past     past
}

// Beside is what was read apart from the snapshot.
type Beside struct {
	// Open is of the moment at which open connections were listed last.
	Open ledger.Snapshot
	// Slow are when connections between servers were slow consumers, oldest first.
	Slow []chronicle.Event
	// Waited is what was queued for connections one list before, by server process and
	// their ids there.
	Waited map[string]map[uint64]int64
	// Ended are the clients of server processes that ended.
	Ended map[string]comeback.Present
}

// Limits are those of a server, by its label.
func (f *Facts) Limits(label string) model.Limits {
	for i := range f.Snapshot.Servers {
		if s := &f.Snapshot.Servers[i]; s.Label == label {
			return s.Server.Limits
		}
	}
	return model.Limits{}
}

// Stop is a kept stop. What it refers to by number has the same number exactly
// when it is the same; the methods of [Facts] say what it is.
type Stop struct {
	// At is in nanoseconds since the Unix epoch.
	At, Pending                              int64
	Reason, Account, App, Server, Name, User uint32
	IP, MQTT, profile                        uint32
}

// names are what the numbers of a key stand for.
type names struct {
	// codes are by id; nil where ids are codes themselves.
	codes  []uint32
	values []string
}

func (n *names) code(id uint32) uint32 {
	if n.codes == nil {
		return id
	}
	return n.codes[id]
}

// Reason is why the stop was.
func (f *Facts) Reason(s *Stop) *reason.Reason { return &f.reasons[s.Reason] }

// Account is what people call the stop's account.
func (f *Facts) Account(s *Stop) string { return f.account.values[s.Account] }

// App is the stop's app.
func (f *Facts) App(s *Stop) string { return f.app.values[s.App] }

// Server is the label of the stop's server.
func (f *Facts) Server(s *Stop) string { return f.servers.values[s.Server] }

// Name is what the stop's client called itself.
func (f *Facts) Name(s *Stop) string { return f.symbols.Names[s.Name] }

// User is the user that the stop's client claimed to be.
func (f *Facts) User(s *Stop) string { return f.symbols.Users[s.User] }

// IP is where the stop's client came from.
func (f *Facts) IP(s *Stop) string { return f.symbols.IPs[s.IP] }

// Identified reports whether the stop's client ever said who it is.
func (f *Facts) Identified(s *Stop) bool { return f.symbols.Profiles[s.profile].Identified }

// Leafnode reports whether the stop was of a server that had connected as a leafnode.
func (f *Facts) Leafnode(s *Stop) bool {
	return f.symbols.Profiles[s.profile].Kind == model.KindLeafnode
}

// NameShared reports whether the stop's client is called as its app is, as others of
// it may be, too.
func (f *Facts) NameShared(s *Stop) bool { return f.shared[s.Name] }

// Unnamed reports whether the stop's client gave no name.
func (f *Facts) Unnamed(s *Stop) bool { return int(s.Name) == f.nameless }
