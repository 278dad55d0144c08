package httpmonitor

import (
	"context"
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source/membership"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// world is what a name leads to, as a site hears of it.
type world struct {
	site *site
	now  time.Time
	// servers are who answers, by address.
	servers map[string]model.Server
}

func newWorld() *world {
	return &world{now: noon, servers: map[string]model.Server{},
		site: &site{base: url.URL{Host: "nats"}, places: map[netip.Addr]*place{}, members: map[string]*membership.Member{}}}
}

// start makes a server of that name answer at the address.
func (w *world) start(address, name, id string) {
	w.servers[address] = model.Server{Name: name, ID: id, Start: w.now}
}

func (w *world) list(addresses ...string) {
	var found []netip.Addr
	for _, address := range addresses {
		found = append(found, netip.MustParseAddr(address))
	}
	w.site.list(found)
}

// read returns who answered and who is missing, and how many were asked.
func (w *world) read(t *testing.T, after time.Duration) (answered, missing []string, asked int) {
	t.Helper()
	w.now = w.now.Add(after)
	answers := w.site.worthAsking(w.now)
	for i, a := range answers {
		server, found := w.servers[strings.TrimSuffix(a.label, " of nats")]
		answers[i].reading = model.Reading{Endpoint: a.label, Server: server}
		if !found {
			answers[i].reading.Err = errors.New("refused")
		}
	}
	asked = len(answers)
	for _, r := range w.site.account(t.Context(), answers, newRound([][]answer{answers}, w.now, w.now)) {
		switch {
		case r.Err == nil:
			answered = append(answered, r.Server.Name)
		case r.Server.Name != "":
			missing = append(missing, r.Server.Name)
		default:
			missing = append(missing, r.Endpoint)
		}
	}
	return answered, missing, asked
}

func (w *world) expect(t *testing.T, after time.Duration, answered, missing []string) {
	t.Helper()
	if a, m, _ := w.read(t, after); !slices.Equal(a, answered) || !slices.Equal(m, missing) {
		t.Fatalf("%s after noon %q answered and %q are missing, want %q and %q", w.now.Sub(noon), a, m, answered, missing)
	}
}

// TestMissingForADay: after that nobody can expect an answer any more.
func TestMissingForADay(t *testing.T) {
	w := newWorld()
	w.list("10.0.0.1", "10.0.0.2")
	w.start("10.0.0.1", "n1", "ID1")
	w.start("10.0.0.2", "n2", "ID2")
	w.expect(t, 0, []string{"n1", "n2"}, nil)
	w.list("10.0.0.2")
	delete(w.servers, "10.0.0.1")
	w.expect(t, time.Minute, []string{"n2"}, []string{"n1"})
	w.expect(t, 23*time.Hour, []string{"n2"}, []string{"n1"})
	w.expect(t, time.Hour, []string{"n2"}, nil)
	if len(w.site.places) != 1 || len(w.site.members) != 1 {
		t.Errorf("%d places and %d members are kept of one server", len(w.site.places), len(w.site.members))
	}
}

// TestListedServerIsMissingForGood: DNS says that it should be there.
func TestListedServerIsMissingForGood(t *testing.T) {
	w := newWorld()
	w.list("10.0.0.1")
	w.start("10.0.0.1", "n1", "ID1")
	w.expect(t, 0, []string{"n1"}, nil)
	delete(w.servers, "10.0.0.1")
	w.expect(t, time.Hour, nil, []string{"n1"})
	w.expect(t, 48*time.Hour, nil, []string{"10.0.0.1 of nats"})
}

func TestServerWithoutANameIsMissingForMinutes(t *testing.T) {
	w := newWorld()
	w.list("10.0.0.1", "10.0.0.2")
	w.start("10.0.0.1", "ID1", "ID1")
	w.start("10.0.0.2", "ID2", "ID2")
	w.expect(t, 0, []string{"ID1", "ID2"}, nil)
	w.start("10.0.0.2", "ID3", "ID3") // in its container
	w.expect(t, time.Minute, []string{"ID1", "ID3"}, nil)
	delete(w.servers, "10.0.0.1")
	w.list("10.0.0.2")
	w.expect(t, 4*time.Minute, []string{"ID3"}, []string{"ID1"})
	w.expect(t, 2*time.Minute, []string{"ID3"}, nil)
}

// TestAddressOutsideDNSIsNotAskedForLong: it may be anybody's by then.
func TestAddressOutsideDNSIsNotAskedForLong(t *testing.T) {
	w := newWorld()
	w.list("10.0.0.1")
	w.start("10.0.0.1", "n1", "ID1")
	w.expect(t, 0, []string{"n1"}, nil)
	w.list()
	w.expect(t, time.Hour, []string{"n1"}, nil)
	delete(w.servers, "10.0.0.1")
	for after, want := range []int{1, 1, 1, 0, 0} {
		if _, missing, asked := w.read(t, time.Minute); asked != want || !slices.Equal(missing, []string{"n1"}) {
			t.Fatalf("after %d minutes %d asked and %q missing", after, asked, missing)
		}
	}
	w.start("10.0.0.1", "n1", "ID2")
	w.list("10.0.0.1")
	w.expect(t, time.Minute, []string{"n1"}, nil)
	w.list()
	delete(w.servers, "10.0.0.1")
	for range 2 {
		if _, _, asked := w.read(t, time.Minute); asked != 1 {
			t.Fatal("its last silence is held against it")
		}
	}
}

// TestOneOfTwoAddressesOfAServer may fail: nobody is missing.
func TestOneOfTwoAddressesOfAServer(t *testing.T) {
	w := newWorld()
	w.list("10.0.0.1", "fd00::1")
	w.start("10.0.0.1", "n1", "ID1")
	w.servers["[fd00::1]"] = w.servers["10.0.0.1"]
	w.expect(t, 0, []string{"n1"}, nil)
	delete(w.servers, "10.0.0.1")
	w.expect(t, time.Hour, []string{"n1"}, nil)
	w.start("10.0.0.1", "n1", "ID1")
	delete(w.servers, "[fd00::1]")
	w.expect(t, time.Hour, []string{"n1"}, nil)
}

// TestAddressOfAMovedServerStaysListed: DNS may be late, but not for ever.
func TestAddressOfAMovedServerStaysListed(t *testing.T) {
	w := newWorld()
	w.list("10.0.0.1", "10.0.0.2")
	w.start("10.0.0.1", "n1", "ID1")
	delete(w.servers, "10.0.0.2")
	w.expect(t, 0, []string{"n1"}, []string{"10.0.0.2 of nats"})
	delete(w.servers, "10.0.0.1")
	w.now = w.now.Add(time.Second)
	w.start("10.0.0.2", "n1", "ID2")
	w.expect(t, 0, []string{"n1"}, nil)
	w.expect(t, 59*time.Second, []string{"n1"}, nil)
	w.expect(t, time.Second, []string{"n1"}, []string{"10.0.0.1 of nats"})
}

// TestTwinsDoNotReplaceEachOther: two clusters may each have a server of that name.
func TestTwinsDoNotReplaceEachOther(t *testing.T) {
	w := newWorld()
	w.list("10.0.0.1", "10.0.0.2")
	w.start("10.0.0.1", "n1", "ID1")
	w.now = w.now.Add(time.Minute)
	w.start("10.0.0.2", "n1", "ID2")
	w.expect(t, 0, []string{"n1", "n1"}, nil)
	w.list("10.0.0.2")
	w.expect(t, time.Minute, []string{"n1", "n1"}, nil)
	delete(w.servers, "10.0.0.1")
	w.expect(t, time.Minute, []string{"n1"}, []string{"n1"})
	w.now = w.now.Add(time.Minute)
	w.start("10.0.0.3", "n1", "ID3")
	w.list("10.0.0.2", "10.0.0.3")
	w.expect(t, time.Minute, []string{"n1", "n1"}, nil)
}

// TestFormerProcessOutsideDNS: while it ends, its successor may answer already.
func TestFormerProcessOutsideDNS(t *testing.T) {
	w := newWorld()
	w.list("10.0.0.1")
	w.start("10.0.0.1", "n1", "ID1")
	w.expect(t, 0, []string{"n1"}, nil)
	w.now = w.now.Add(time.Second)
	w.start("10.0.0.2", "n1", "ID2")
	w.list("10.0.0.2")
	w.expect(t, 0, []string{"n1"}, nil)
	delete(w.servers, "10.0.0.1")
	w.expect(t, time.Second, []string{"n1"}, nil)
}

// TestReadsOverlap: who joined while a slow read was under way is not missing in it.
func TestReadsOverlap(t *testing.T) {
	w := newWorld()
	w.list("10.0.0.1")
	w.start("10.0.0.1", "n1", "ID1")
	slow := w.site.worthAsking(noon)
	slow[0].reading = model.Reading{Server: w.servers["10.0.0.1"]}
	w.list("10.0.0.1", "10.0.0.2")
	w.start("10.0.0.2", "n2", "ID2")
	w.expect(t, time.Second, []string{"n1", "n2"}, nil)
	if got := w.site.account(t.Context(), slow, newRound([][]answer{slow}, noon, noon.Add(time.Minute))); len(got) != 1 {
		t.Errorf("got %+v", got)
	}
}

// TestCancelledReadTeachesNothing: it may have waited for nobody.
func TestCancelledReadTeachesNothing(t *testing.T) {
	w := newWorld()
	w.list("10.0.0.1")
	w.start("10.0.0.1", "n1", "ID1")
	w.expect(t, 0, []string{"n1"}, nil)
	w.list()
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	answers := w.site.worthAsking(noon)
	answers[0].reading.Err = context.Canceled
	w.site.account(cancelled, answers, newRound([][]answer{answers}, noon, noon))
	if _, missing, asked := w.read(t, time.Hour); asked != 1 || missing != nil {
		t.Errorf("%d asked, %q missing", asked, missing)
	}
}
