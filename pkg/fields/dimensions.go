package fields

import (
	"slices"
	"strconv"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// Key is a dimension that stops and connections are grouped and filtered by.
// Keys are also label names and column names, so their spelling is stable.
type Key string

// The keys; [Dimensions] says what each is.
const (
	KeyReason     Key = "reason"
	KeyClass      Key = "class"
	KeyCategory   Key = "category"
	KeySeverity   Key = "severity"
	KeyAccount    Key = "account"
	KeyAccountID  Key = "account_id"
	KeyServer     Key = "server"
	KeyCluster    Key = "cluster"
	KeyUser       Key = "user"
	KeyName       Key = "name"
	KeyApp        Key = "app"
	KeyMQTTClient Key = "mqtt_client"
	KeyKind       Key = "kind"
	KeyType       Key = "type"
	KeyLang       Key = "lang"
	KeyVersion    Key = "version"
	KeyIP         Key = "ip"
	KeyIdentified Key = "identified"
	KeyFinding    Key = "finding"
)

// Dimension is what is known of one key. A missing accessor means that what it
// looks at does not have the key. Accessors of symbols run once per distinct
// value, never per record.
type Dimension struct {
	Key Key
	// Group is the question that the key answers: keys are listed under it.
	Group string
	Help  string
	// Column is where records have it, Values what its ids stand for.
	Column store.Column
	Values func(*store.Symbols, *reason.Classifier) Vocabulary
	Stop   func(*model.Stop, *reason.Classifier) string
	// Open is the value of an open connection.
	Open func(*model.Connection) string
	// Lasting: a client that comes back has the same value again, wherever to.
	Lasting bool
	// Server is the value of a server; ServerHelp says what it means there, if
	// that is something else.
	Server     func(label string, server model.Server) string
	ServerHelp string
	// Finding is the value of a finding; empty where its rule does not tell it.
	Finding func(*model.Subject) string
}

// Vocabulary tells what the ids of a column stand for, by codes: small numbers
// that are the same exactly when the values are. Without codes, ids are codes.
type Vocabulary struct {
	Codes  []uint32
	Values []string
}

// Dimensions has every key once, in the order in which editors list them.
var Dimensions = [...]Dimension{
	{Key: KeyReason, Group: "Why", Help: "What the server says about the end", Column: store.ColumnReason,
		Values: words(func(s *store.Symbols) []string { return s.Reasons }),
		Stop:   func(s *model.Stop, _ *reason.Classifier) string { return s.Reason }},
	ofReason(KeyClass, "planned or unexpected", func(r reason.Reason) string { return string(r.Class) }),
	ofReason(KeyCategory, "Reasons that are investigated alike", func(r reason.Reason) string { return string(r.Category) }),
	ofFinding(ofReason(KeySeverity, "info, warning, error or critical", func(r reason.Reason) string { return string(r.Severity) }),
		func(s *model.Subject) string { return s.Severity }),
	{Key: KeyFinding, Group: "Why", Help: "Rule that tells the finding",
		Finding: func(s *model.Subject) string { return s.Rule }},

	ofFinding(lasting(KeyAccount, "Where", "NATS account", store.ColumnAccount,
		shared(func(s *store.Symbols) []string { return s.AccountNames }, itself),
		func(c *model.Connection) string { return c.Account }),
		func(s *model.Subject) string { return s.Account }),
	lasting(KeyAccountID, "Where", "What servers call the account by: its key in operator mode", store.ColumnAccount,
		shared(func(s *store.Symbols) []store.Account { return s.Accounts }, func(a *store.Account) string { return a.ID }),
		func(c *model.Connection) string { return c.AccountID }),
	{Key: KeyServer, Group: "Where", Help: "NATS server", Column: store.ColumnProfile,
		Values:  shared(func(s *store.Symbols) []string { return s.ServerLabels }, itself),
		Stop:    func(s *model.Stop, _ *reason.Classifier) string { return s.Server },
		Open:    func(c *model.Connection) string { return c.Server },
		Server:  func(label string, _ model.Server) string { return label },
		Finding: func(s *model.Subject) string { return s.Server }},
	{Key: KeyCluster, Group: "Where", Help: "Cluster of the server", Column: store.ColumnProfile,
		Values: profile(func(p *store.Profile) string { return p.Cluster }),
		Stop:   func(s *model.Stop, _ *reason.Classifier) string { return s.Cluster },
		Open:   func(c *model.Connection) string { return c.Cluster },
		Server: func(_ string, server model.Server) string { return server.Cluster }},

	ofFinding(lasting(KeyUser, "Who", "User that the client claimed to be", store.ColumnUser,
		words(func(s *store.Symbols) []string { return s.Users }),
		func(c *model.Connection) string { return c.User }),
		func(s *model.Subject) string { return s.User }),
	lasting(KeyName, "Who", "Name the client gave itself", store.ColumnName,
		words(func(s *store.Symbols) []string { return s.Names }),
		func(c *model.Connection) string { return c.Name }),
	ofFinding(lasting(KeyApp, "Who", "Client name without its instance suffix", store.ColumnName,
		func(s *store.Symbols, _ *reason.Classifier) Vocabulary {
			codes, apps := s.Apps.All(s.Names)
			return Vocabulary{codes, apps}
		},
		func(c *model.Connection) string { return c.App }),
		func(s *model.Subject) string { return s.App }),
	lasting(KeyMQTTClient, "Who", "Client id of an MQTT client", store.ColumnMQTT,
		words(func(s *store.Symbols) []string { return s.MQTTClients }),
		func(c *model.Connection) string { return c.MQTTClient }),
	lasting(KeyKind, "Who", "Client or leafnode", store.ColumnProfile,
		profile(func(p *store.Profile) string { return p.Kind }),
		func(c *model.Connection) string { return c.Kind }),
	lasting(KeyType, "Who", "nats, websocket or mqtt", store.ColumnProfile,
		profile(func(p *store.Profile) string { return p.Type }),
		func(c *model.Connection) string { return c.Type }),
	ofConnection(KeyLang, "Who", "Client library", store.ColumnProfile,
		profile(func(p *store.Profile) string { return p.Lang }),
		func(c *model.Connection) string { return c.Lang }),
	{Key: KeyVersion, Group: "Who", Help: "Version of the client library", Column: store.ColumnProfile,
		Values: profile(func(p *store.Profile) string { return p.Version }),
		Stop:   func(s *model.Stop, _ *reason.Classifier) string { return s.Version },
		Open:   func(c *model.Connection) string { return c.Version },
		Server: func(_ string, server model.Server) string { return server.Version }, ServerHelp: "Version of the server"},
	ofFinding(ofConnection(KeyIP, "Who", "Address the client came from", store.ColumnIP,
		words(func(s *store.Symbols) []string { return s.IPs }),
		func(c *model.Connection) string { return c.IP }),
		func(s *model.Subject) string { return s.IP }),
	ofConnection(KeyIdentified, "Who", "false for probes and scans that never said who they are", store.ColumnProfile,
		profile(func(p *store.Profile) string { return strconv.FormatBool(p.Identified) }),
		func(c *model.Connection) string { return strconv.FormatBool(c.Identified()) }),
}

// ofReason is a key that the catalogue has for each reason.
func ofReason(key Key, help string, value func(reason.Reason) string) Dimension {
	return Dimension{Key: key, Group: "Why", Help: help, Column: store.ColumnReason,
		Values: func(s *store.Symbols, c *reason.Classifier) Vocabulary {
			return distinct(s.Reasons, func(text *string) string { return value(c.Reason(*text)) })
		},
		Stop: func(s *model.Stop, c *reason.Classifier) string { return value(c.Reason(s.Reason)) },
	}
}

// ofConnection is a key of connections, whether they stopped or not.
func ofConnection(
	key Key, group, help string, column store.Column,
	values func(*store.Symbols, *reason.Classifier) Vocabulary, value func(*model.Connection) string,
) Dimension {
	return Dimension{Key: key, Group: group, Help: help, Column: column, Values: values, Open: value,
		Stop: func(s *model.Stop, _ *reason.Classifier) string { return value(&s.Connection) }}
}

// lasting is a key of connections that a client keeps.
func lasting(
	key Key, group, help string, column store.Column,
	values func(*store.Symbols, *reason.Classifier) Vocabulary, value func(*model.Connection) string,
) Dimension {
	d := ofConnection(key, group, help, column, values, value)
	d.Lasting = true
	return d
}

// ofFinding is a key that findings have, too.
func ofFinding(d Dimension, value func(*model.Subject) string) Dimension {
	d.Finding = value
	return d
}

// words are the values of a column that has each once.
func words(of func(*store.Symbols) []string) func(*store.Symbols, *reason.Classifier) Vocabulary {
	return func(s *store.Symbols, _ *reason.Classifier) Vocabulary { return Vocabulary{nil, of(s)} }
}

// shared are values that several ids of a column may have.
func shared[T any](of func(*store.Symbols) []T, value func(*T) string) func(*store.Symbols, *reason.Classifier) Vocabulary {
	return func(s *store.Symbols, _ *reason.Classifier) Vocabulary { return distinct(of(s), value) }
}

func profile(value func(*store.Profile) string) func(*store.Symbols, *reason.Classifier) Vocabulary {
	return shared(func(s *store.Symbols) []store.Profile { return s.Profiles }, value)
}

func itself(text *string) string { return *text }

func distinct[T any](from []T, value func(*T) string) Vocabulary {
	v := Vocabulary{Codes: make([]uint32, len(from))}
	known := map[string]uint32{}
	for id := range from {
		text := value(&from[id])
		code, ok := known[text]
		if !ok {
			code = uint32(len(v.Values))
			known[text] = code
			v.Values = append(v.Values, text)
		}
		v.Codes[id] = code
	}
	return v
}

// Of is the dimension of a key. Keys are validated where queries are decoded, so
// one that the table does not have is a mistake of ours.
func Of(key Key) *Dimension {
	for i := range Dimensions {
		if Dimensions[i].Key == key {
			return &Dimensions[i]
		}
	}
	panic("no dimension has the key " + string(key))
}

// OfConnection returns an open connection's value of a key; empty where there is none.
func OfConnection(c *model.Connection, key Key) string {
	if d := Of(key); d.Open != nil {
		return d.Open(c)
	}
	return ""
}

// OfStop returns the stop's value of a key; the classifier decides what its
// reason means here.
func OfStop(s *model.Stop, key Key, classifier *reason.Classifier) string {
	return Of(key).Stop(s, classifier)
}

// OfFinding returns a finding's value of a key; empty where there is none.
func OfFinding(s *model.Subject, key Key) string {
	if d := Of(key); d.Finding != nil {
		return d.Finding(s)
	}
	return ""
}

// KeyCount is how many keys there are.
const KeyCount = len(Dimensions)

// StopKeys are the keys of stops, in the order in which editors list them.
func StopKeys() []Key { return keysWith(func(d *Dimension) bool { return d.Stop != nil }) }

// ConnectionKeys are the keys of open connections.
func ConnectionKeys() []Key { return keysWith(func(d *Dimension) bool { return d.Open != nil }) }

// ServerKeys are the keys of servers.
func ServerKeys() []Key { return keysWith(func(d *Dimension) bool { return d.Server != nil }) }

// FindingKeys are the keys of findings.
func FindingKeys() []Key { return keysWith(func(d *Dimension) bool { return d.Finding != nil }) }

// Keys lists every key.
func Keys() []Key { return keysWith(func(*Dimension) bool { return true }) }

func keysWith(has func(*Dimension) bool) []Key {
	var keys []Key
	for i := range Dimensions {
		if has(&Dimensions[i]) {
			keys = append(keys, Dimensions[i].Key)
		}
	}
	return slices.Clip(keys)
}
