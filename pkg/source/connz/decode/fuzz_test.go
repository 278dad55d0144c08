package decode

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// oddNumbers are records as they were met, each with something that a server
// should not have written.
var oddNumbers = []string{
	`{"connections":[{"cid":1,"stop":"2026-11-25T18:02:21.687610000Z","in_bytes":18446744073709551615},{"cid":2}]}`,
	`{"connections":[{"cid":1,"in_bytes":1000000000000000.0,"out_bytes":1e+15},{"cid":2,"out_msgs":1.5}]}`,
	`{"connections":[{"cid":1,"port":"4222","rtt":"soon","stop":"","name":7},{"cid":-1},{"cid":"3"},7,null]}`,
	`{"connections":[{"cid":1,"in_bytes":-9223372036854775808},{"cid":2,"in_bytes":-9223372036854775809}]}`,
	`{"connections":[{"cid":1,"stop":"2026-02-29T23:59:60Z","start":"2026-11-22T07:57:46-25:00"}],"server_id":7,"now":"soon"}`,
}

// FuzzDecodeList compares with encoding/json whatever a reader may rely on,
// member by member, and what could not be read.
func FuzzDecodeList(f *testing.F) {
	for _, seed := range append(oddNumbers,
		fullRecord, `{"server_id":"","connections":null}`, `{"connections":[{"cid":1},{"cid":2,"name":"\ud83d\ude00 \ud800"}]}`,
		`{"connections":[{"cid":1,"stop":"2026-11-22T07:57:46.9Z"},{"cid":2,"stop":"2026-11-22T07:57:59+05:30"}]}`,
		`{"connections":[{"cid":1,"n\u0061me":"x","rtt":"1m2.5s"},{"rtt":"\u0031s","cid":2,"name":"`+"\xff"+`"}]}`,
		`{"a":{"b":[[[[]]]]},"connections" : [ { "cid" : 1 , "name":"\\" } , {"cid":2, "name":"n"} ] }  `,
	) {
		f.Add([]byte(seed))
	}
	f.Fuzz(compare)
}

// oddValues are what may stand where something else is expected.
var oddValues = []string{
	`null`, `true`, `{}`, `[]`, `""`, `"4222"`, `"2026-11-25T18:02:21.6Z"`, `"1ms"`, `"\u003c"`, `[{"a":"]"}]`, `"` + strings.Repeat("é", MaxText) + `"`,
	`0`, `-0`, `-1`, `1.5`, `1e3`, `1E400`, `9223372036854775807`, `9223372036854775808`, `-9223372036854775808`,
	`18446744073709551615`, `18446744073709551616`, `1000000000000000000000000e-10`, `1000000000000000.0`,
}

// TestOddValuesAnywhere is what the fuzzer does, for a moment, with values
// instead of bytes.
func TestOddValuesAnywhere(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	names := slices.Sorted(maps.Keys(recordFields))
	for range 5_000 {
		var records []string
		for cid := range 1 + random.IntN(3) {
			members := []string{fmt.Sprintf(`"cid":%d`, cid+1)}
			for _, name := range names {
				if name != "cid" && random.IntN(3) == 0 {
					members = append(members, fmt.Sprintf("%q:%s", name, oddValues[random.IntN(len(oddValues))]))
				}
			}
			records = append(records, "{"+strings.Join(members, ",")+"}")
		}
		if random.IntN(4) == 0 {
			records = append(records, oddValues[random.IntN(len(oddValues))])
		}
		compare(t, fmt.Appendf(nil, `{"server_id":%s,"now":%s,"num_connections":%s,"connections":[%s]}`, oddValues[random.IntN(len(oddValues))],
			oddValues[random.IntN(len(oddValues))], oddValues[random.IntN(len(oddValues))], strings.Join(records, ", ")))
	}
}

// used is a reader that read other lists before, room is where their records were.
var (
	used Reader
	room []model.Stop
)

// compare checks that body is read as encoding/json would, also by who read others.
func compare(t *testing.T, body []byte) {
	t.Helper()
	got, err := List(bytes.Clone(body), modern)
	again, errAgain := used.List(bytes.Clone(body), modern, room)
	if room = again.Rows; !reflect.DeepEqual(again, got) || !reflect.DeepEqual(errAgain, err) {
		t.Fatalf("alone        %+v (%v)\nafter others %+v (%v)", got, err, again, errAgain)
	}
	_, _ = Reply(body, modern)
	_, _, _ = ReplyOf(body)
	_, _, _ = Varz(body)
	_, _, _, _ = Statsz(body)
	if !json.Valid(body) || repeatsKeys(body) {
		return
	}
	want, reference := plainly(body)
	got.Flaws, want.Flaws = sorted(got.Flaws), sorted(want.Flaws)
	switch {
	case reference != nil && err == nil:
		t.Fatalf("accepted, encoding/json says: %v", reference)
	case reference != nil || errors.Is(err, errDepth):
	case err != nil:
		t.Fatalf("refused: %v", err)
	case !reflect.DeepEqual(got, want):
		t.Fatalf("got  %+v\nwant %+v", got, want)
	}
}

// plainly is List by way of maps, which match keys exactly.
func plainly(body []byte) (Page, error) {
	var top map[string]json.RawMessage
	var list []json.RawMessage
	if err := json.Unmarshal(body, &top); err != nil {
		return Page{}, err
	}
	raw, listed := top["connections"]
	if !listed {
		return Page{}, errNoList
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		return Page{}, err
	}
	page := Page{Rows: []model.Stop{}, Listed: len(list)}
	all := plain{members: top}
	all.text("server_id", &page.ServerID)
	all.time("now", &page.Now)
	all.whole("num_connections", func(uint64) {}, nil)
	all.whole("total", nil, func(n int64) { page.Total = n })
	all.whole("limit", nil, func(n int64) { page.Limit = n })
	page.Flaws.Add(0, all.flaws...)
	for _, raw := range list {
		row, one := plainRecord(raw)
		if row.CID == 0 {
			page.Flaws.Add(0, Record)
			continue
		}
		page.Flaws.Add(row.CID, one.flaws...)
		page.Rows = append(page.Rows, row)
	}
	if len(list) > 0 && len(page.Rows) == 0 {
		return Page{}, errNoRecord
	}
	return page, nil
}

func plainRecord(raw json.RawMessage) (row model.Stop, p plain) {
	if json.Unmarshal(raw, &p.members) != nil || p.members == nil {
		return row, p
	}
	p.whole("cid", func(n uint64) { row.CID = n }, nil)
	var nameTag string
	for name, into := range map[string]*string{
		"kind": &row.Kind, "type": &row.Type, "ip": &row.IP, "reason": &row.Reason, "name": &row.Name, "lang": &row.Lang,
		"version": &row.Version, "authorized_user": &row.User, "account": &row.Account, "name_tag": &nameTag,
		"tls_version": &row.TLSVersion, "tls_cipher_suite": &row.TLSCipher, "mqtt_client": &row.MQTTClient,
	} {
		p.text(name, into)
	}
	for name, into := range map[string]*time.Time{"start": &row.Start, "last_activity": &row.LastActivity, "stop": &row.At} {
		p.time(name, into)
	}
	for name, into := range map[string]*int64{
		"pending_bytes": &row.PendingBytes, "in_msgs": &row.InMsgs, "out_msgs": &row.OutMsgs, "in_bytes": &row.InBytes,
		"out_bytes": &row.OutBytes, "subscriptions": &row.Subscriptions,
	} {
		p.whole(name, nil, func(n int64) { *into = n })
	}
	p.whole("port", nil, func(n int64) { row.Port = int(n) })
	var rtt string
	if p.text("rtt", &rtt); rtt != "" {
		d, err := time.ParseDuration(rtt)
		if row.RTT = d; err != nil {
			p.flaws = append(p.flaws, "rtt")
		}
	}
	rulesFor(modern).apply(&row.Connection, nameTag)
	return row, p
}

// plain reads the members of one object.
type plain struct {
	members map[string]json.RawMessage
	flaws   []string
}

func (p *plain) read(name string, into func(raw json.RawMessage) error) {
	raw, present := p.members[name]
	if present && string(raw) != "null" && into(raw) != nil {
		p.flaws = append(p.flaws, name)
	}
}

func (p *plain) text(name string, into *string) {
	p.read(name, func(raw json.RawMessage) error {
		var text string
		err := json.Unmarshal(raw, &text)
		if err == nil {
			*into = Text([]byte(text))
		}
		return err
	})
}

func (p *plain) time(name string, into *time.Time) {
	p.read(name, func(raw json.RawMessage) error {
		var text string
		var at time.Time
		err := json.Unmarshal(raw, &text)
		if err == nil {
			err = at.UnmarshalText([]byte(text))
		}
		if err == nil {
			*into = at.UTC()
		}
		return err
	})
}

// whole reads a whole number, however it is written.
func (p *plain) whole(name string, unsigned func(uint64), signed func(int64)) {
	p.read(name, func(raw json.RawMessage) error {
		if unsigned != nil {
			if n, err := strconv.ParseUint(string(raw), 10, 64); err == nil {
				unsigned(n)
				return nil
			}
		} else if n, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
			signed(n)
			return nil
		}
		n, err := strconv.ParseFloat(string(raw), 64)
		plainDigits := !bytes.ContainsAny(raw, ".eE")
		switch {
		case err != nil || plainDigits || n != math.Trunc(n) || math.Abs(n) >= math.MaxInt64 || unsigned != nil && raw[0] == '-':
			return errNoList
		case unsigned != nil:
			unsigned(uint64(n))
		default:
			signed(int64(n))
		}
		return nil
	})
}

// sorted: the reference reads members in any order.
func sorted(f Flaws) Flaws {
	for _, names := range f {
		slices.Sort(names)
	}
	return f
}

// repeatsKeys reports whether an object has a key twice, which nothing says how
// to read.
func repeatsKeys(body []byte) bool {
	type object struct {
		keys  map[string]bool
		isKey bool
	}
	var open []*object // nil for lists
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	for {
		token, err := decoder.Token()
		if err != nil {
			return false
		}
		if len(open) > 0 && open[len(open)-1] != nil {
			inside := open[len(open)-1]
			if key, is := token.(string); is && inside.isKey {
				if inside.keys[key] {
					return true
				}
				inside.keys[key] = true
			}
			inside.isKey = !inside.isKey
		}
		switch token {
		case json.Delim('{'):
			open = append(open, &object{keys: map[string]bool{}, isKey: true})
		case json.Delim('['):
			open = append(open, nil)
		case json.Delim('}'), json.Delim(']'):
			open = open[:len(open)-1]
		}
	}
}
