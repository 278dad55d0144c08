package block

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/books"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/clock"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz/decode"
)

var noon = testledger.Noon

// full has something in every field.
func full(offset time.Duration, cids ...uint64) *Block {
	b := &Block{Writer: "w1", Written: 1234, Standing: ledger.Standing{
		Server: model.Server{
			ID: "ID1", Name: "n1 \"<é>\"", Cluster: "c1", Version: "2.10.1", Start: noon, Now: noon.Add(time.Hour), Up: time.Minute,
			Open: 3, Total: 4, Counters: model.Counters{Total: 4, Open: 3, SlowRoutes: 1}, Members: 3, Uncounted: true,
			Limits: model.Limits{MaxConnections: 1, MaxPending: 2, MaxPayload: 3, MaxControlLine: 4},
		},
		Endpoint: "n1:8222", Place: "ID0", Former: "ID0",
		Clock:   clock.Clock{Offset: offset, Measured: offset + 1, Doubt: 2, Told: noon.Add(time.Hour + offset)},
		HeardAt: noon.Add(1), Touched: noon.Add(2), Since: noon.Add(3), Dropped: noon.Add(4), Clients: 5, Leafnodes: 8, Forgotten: 9, Evicted: 6, Doubts: 7,
		Gaps:        []books.Gap{{From: noon, To: noon.Add(1), Lost: 2}, {From: noon, To: noon.Add(2), Restart: true}, {From: noon, To: noon.Add(3), History: true}},
		Unsettled:   &books.Unsettled{Gap: books.Gap{From: noon, To: noon.Add(1), Lost: 2}, Leaves: true, Overrun: noon.Add(2), Since: noon, Reads: 3},
		FirstReadAt: noon.Add(5), OldestAtFirst: noon.Add(6), RingSize: -1,
	}}
	for _, cid := range cids {
		s := testledger.Full(cid, noon.Add(time.Duration(cid)*time.Millisecond+1))
		s.Account, s.ServerAt = "name of "+s.AccountID, s.At.Add(offset)
		// What is not the connection's own is not written with it.
		s.Server, s.Cluster, s.App = "", "", ""
		b.Stops = append(b.Stops, s)
	}
	return b
}

func encoded(t testing.TB, b *Block, private bool) []byte {
	t.Helper()
	data, err := Encode(nil, b, private)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestNothingIsLostInABlock(t *testing.T) {
	odd := full(0, 1)
	odd.Stops[0].Name, odd.Stops[0].MQTTClient = "a\"\\\n\x00é\u2028", ""
	bare := full(0, 1)
	bare.Stops[0].Connection = model.Connection{ServerID: "ID1", CID: 1, Account: "$G", AccountID: "$G"}
	mqtt := full(0, 1)
	mqtt.Stops[0].Name = mqtt.Stops[0].MQTTClient
	for name, b := range map[string]*Block{
		"full": full(0, 9, 8, 7), "by another clock": full(-time.Hour, 1, 2), "without records": full(0),
		"odd texts": odd, "bare": bare, "an MQTT client": mqtt,
		"hardly anything": {Standing: ledger.Standing{Server: model.Server{ID: "X", Now: noon}, Clock: clock.Clock{Told: noon}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Decode(encoded(t, b, false))
			if err != nil {
				t.Fatal(err)
			}
			if name == "an MQTT client" {
				// Whoever keeps it gives it that name.
				got.Stops[0].Name = got.Stops[0].Called()
			}
			if len(b.Stops) == 0 {
				got.Stops = nil
			}
			if !reflect.DeepEqual(got, *b) {
				t.Errorf("got\n%+v, want\n%+v", got, *b)
			}
		})
	}
}

// TestABlockIsAPageOfConnz: with what everybody has to read JSON.
func TestABlockIsAPageOfConnz(t *testing.T) {
	var page struct {
		ServerID    string    `json:"server_id"`
		Now         time.Time `json:"now"`
		Count       int       `json:"num_connections"`
		Connections []struct {
			CID    uint64    `json:"cid"`
			Stop   time.Time `json:"stop"`
			Reason string    `json:"reason"`
			User   string    `json:"authorized_user"`
			IP     string    `json:"ip"`
		} `json:"connections"`
	}
	if err := json.Unmarshal(encoded(t, full(time.Minute, 9), false), &page); err != nil {
		t.Fatal(err)
	}
	c := page.Connections[0]
	if page.ServerID != "ID1" || page.Count != 1 || c.CID != 9 || c.Reason != "Client Closed" || c.IP == "" ||
		!c.Stop.Equal(noon.Add(time.Minute+9*time.Millisecond+1)) || !page.Now.Equal(noon.Add(time.Hour+time.Minute)) {
		t.Errorf("%+v", page)
	}
}

func TestUsersAndAddressesAreKeptOut(t *testing.T) {
	b := full(0, 1, 2)
	data := encoded(t, b, true)
	for i := range b.Stops {
		for _, secret := range []string{b.Stops[i].User, b.Stops[i].IP, "65535"} {
			if bytes.Contains(data, []byte(secret)) {
				t.Errorf("%s is in the block", secret)
			}
		}
	}
	got, err := Decode(data)
	if err != nil || got.Stops[0].User != model.Hidden || got.Stops[0].IP != "" || got.Stops[0].Name != b.Stops[0].Name {
		t.Errorf("%v: %+v", err, got.Stops)
	}
}

func TestWhatIsNoWholeBlockIsNotRead(t *testing.T) {
	whole := string(encoded(t, full(0, 1, 2), false))
	for name, test := range map[string]struct {
		data string
		want error
	}{
		"nothing":                  {"", ErrUnreadable},
		"no block":                 {`{"connections":[]}`, ErrUnreadable},
		"a page, and no header":    {`{"history":{},"connections":[]}`, ErrUnreadable},
		"cut short":                {whole[:len(whole)-20], ErrUnreadable},
		"with a header cut short":  {whole[:40], ErrUnreadable},
		"with more after it":       {whole + "x", ErrUnreadable},
		"of a newer version":       {strings.Replace(whole, `"version":1`, `"version":2`, 1), ErrNewer},
		"newer, and quite another": {`{"history":{"version":3,"server":"ID1"}}`, ErrNewer},
		"a record is missing":      {strings.Replace(whole, `"total":2`, `"total":3`, 1), ErrUnreadable},
		"a record is of no client": {strings.Replace(whole, `{"cid":1,`, `{"cid":"?",`, 1), ErrUnreadable},
		"a time is none":           {strings.Replace(whole, `"stop":"2026`, `"stop":"zzzz`, 1), ErrUnreadable},
		"of another server":        {strings.Replace(whole, `"server_id":"ID1"`, `"server_id":"ID2"`, 1), ErrUnreadable},
	} {
		if _, err := Decode([]byte(test.data)); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
}

// FuzzDecode: whatever somebody writes to the stream, it is read or refused, and
// what was read is written as it was.
func FuzzDecode(f *testing.F) {
	for _, b := range []*Block{full(0, 1, 2), full(time.Hour, 3), full(0)} {
		f.Add(encoded(f, b, false))
	}
	f.Add([]byte(`{"history":{"version":1,"server":{"id":"X"},"coverage":{"until":"2026-01-01T00:00:00Z"}},"server_id":"X","connections":[]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := Decode(data)
		if err != nil {
			return
		}
		for i := range b.Stops {
			if s := &b.Stops[i]; len(s.Name) > decode.MaxText+11 || s.ServerID != b.Server.ID {
				t.Fatalf("kept %+v", s)
			}
		}
		once, err := Encode(nil, &b, false)
		if err != nil {
			// A time of another age cannot be written.
			return
		}
		again, err := Decode(once)
		if err != nil || len(again.Stops) != len(b.Stops) || again.Written != b.Written || len(again.Gaps) != len(b.Gaps) {
			t.Fatalf("%v: %s", err, once)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	var cids []uint64
	for cid := range uint64(MaxRecords) {
		cids = append(cids, cid+1)
	}
	data := encoded(b, full(0, cids...), false)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := Decode(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	var cids []uint64
	for cid := range uint64(MaxRecords) {
		cids = append(cids, cid+1)
	}
	one := full(0, cids...)
	var buffer []byte
	for b.Loop() {
		buffer, _ = Encode(buffer[:0], one, false)
	}
	b.SetBytes(int64(len(buffer)))
}

// TestWhatItsWriterNeverSaw is told by its gaps alone where these are counted.
func TestWhatItsWriterNeverSaw(t *testing.T) {
	counted := Block{Written: 10, Standing: ledger.Standing{Clients: 7}}
	uncounted, more := counted, counted
	uncounted.Server.Uncounted, more.Clients = true, 12
	for what, c := range map[string]struct {
		Block
		want int64
	}{"counted": {counted, 3}, "uncounted": {uncounted, 0}, "more than there were": {more, 0}} {
		if got := c.Unseen(); got != c.want {
			t.Errorf("%s: %d, want %d", what, got, c.want)
		}
	}
}
