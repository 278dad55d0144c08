package decode

import (
	"strconv"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// decoder reads the members that are kept.
type decoder struct {
	scanner
	rules rules
	known texts
	clock clock
	flaws Flaws

	serverID string
	now      time.Time
	expected uint64
	total    int64
	limit    int64
	rows     []model.Stop
	// listed is how many records there are, once isList.
	listed int
	isList bool
	// row is the record being read, previous the one before it: most of its
	// texts are the same.
	row, previous *model.Stop
	nameTag       string
	// unread are the members of what is being read that could not be.
	unread []string
	// layout is how the members of the last record followed each other.
	layout []member

	sender envelope
	counts counts
	limits model.Limits
	// up is how long it has been running, by a clock that nobody sets.
	up time.Duration
	// clusterSize is how many servers its cluster has, itself among them.
	clusterSize int64
	refusal     *Refusal
	advised     advisory
}

// counts are the counters of a server, as /varz and STATSZ name them
// (nats-server.md#who-a-server-is).
type counts struct {
	start  time.Time
	of     model.Counters
	active int64
}

// envelope is who answers (nats-server.md#requests-over-nats).
type envelope struct {
	id, name, cluster, version string
	time                       time.Time
}

// advisory is a record that was published, and what it says that it is.
type advisory struct {
	kind string
	stop model.Stop
}

// Refusal is what a server answers to a request that it does not take.
type Refusal struct{ Code int64 }

func (r *Refusal) Error() string {
	return "the server refused the request with code " + strconv.FormatInt(r.Code, 10)
}

func newDecoder(body []byte, server model.Server) *decoder {
	return &decoder{scanner: scanner{data: body}, rules: rulesFor(server), known: texts{}}
}

// field is a member that is kept, and how its value is read.
type field struct {
	name string
	read func(*decoder) error
}

// skipped stands for the members that are passed over: certificates, JWTs (which
// hold MQTT passwords before 2.11.15), issuer keys, tags, and what is new.
var skipped = &field{read: (*decoder).skip}

// table finds fields by name.
func table(fields []field) map[string]*field {
	byName := make(map[string]*field, len(fields))
	for i := range fields {
		byName[fields[i].name] = &fields[i]
	}
	return byName
}

// member is a member of a record: the bytes between the value before it and
// its own value, and what reads that.
type member struct {
	lead []byte
	*field
}

// value reads the value at the cursor. One that cannot be read costs itself
// alone, as long as it is JSON.
func (d *decoder) value(of *field) error {
	if d.peek() == 'n' {
		return d.literal("null")
	}
	start := d.pos
	if of.read(d) == nil {
		return nil
	}
	d.pos = start
	if err := d.skip(); err != nil {
		return err
	}
	d.unread = append(d.unread, of.name)
	return nil
}

// fieldOf reads the value of a member that is not a record's.
func (d *decoder) fieldOf(fields map[string]*field, key []byte) error {
	known := fields[string(key)]
	if known == nil {
		return d.skip()
	}
	d.unread = d.unread[:0]
	err := d.value(known)
	d.flaws.Add(0, d.unread...)
	return err
}

func (d *decoder) skip() error { return d.scanner.skip() }

func (d *decoder) unsigned(into *uint64) error {
	n, err := d.uint64()
	if err == nil {
		*into = n
	}
	return err
}

func (d *decoder) port(into *int) error {
	n, err := d.int64()
	if err == nil {
		*into = int(n)
	}
	return err
}

func (d *decoder) signed(into *int64) error {
	n, err := d.int64()
	if err == nil {
		*into = n
	}
	return err
}

// unique reads a text that is mostly another one in each record, so that
// looking for one that was read before costs more than a copy.
func (d *decoder) unique(into *string, before string) error {
	raw, err := d.text()
	if err != nil {
		return err
	}
	if string(raw) == before {
		*into = before
	} else {
		*into = Text(raw)
	}
	return nil
}

// string reads a text that may well be the same as before.
func (d *decoder) string(into *string, before string) error {
	raw, err := d.text()
	if err != nil {
		return err
	}
	if string(raw) == before {
		*into = before
	} else {
		*into = d.known.of(raw)
	}
	return nil
}

// time reads a time. Servers write it with their local offset and as many
// digits as it needs (nats-server.md#times-have-a-local-offset).
func (d *decoder) time(into *time.Time) error {
	if d.peek() == '"' {
		if t, size := d.clock.next(d.data[d.pos+1:]); size > 0 {
			*into = t
			d.pos += size + len(`""`)
			return nil
		}
	}
	raw, err := d.text()
	if err != nil {
		return err
	}
	t, err := d.clock.parse(raw)
	if err != nil {
		return err
	}
	*into = t
	return nil
}

// duration reads a round-trip time; servers that do not know it say nothing.
func (d *decoder) duration(into *time.Duration) error {
	raw, err := d.text()
	if err != nil || len(raw) == 0 {
		return err
	}
	n, err := parseDuration(raw)
	if err != nil {
		return err
	}
	*into = n
	return nil
}

// nanoseconds reads a duration that is a number.
func (d *decoder) nanoseconds(into *time.Duration) error {
	n, err := d.int64()
	if err == nil {
		*into = time.Duration(n)
	}
	return err
}

func (d *decoder) uptime(into *time.Duration) error {
	raw, err := d.text()
	if err == nil {
		*into, err = parseUptime(raw)
	}
	return err
}

// end is an error if something follows the answer.
func (d *decoder) end() error {
	if d.peek(); d.pos < len(d.data) {
		return d.unexpected("the end")
	}
	return nil
}
