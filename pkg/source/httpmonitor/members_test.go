package httpmonitor_test

import (
	"context"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"

	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/httpmonitor"
)

func TestEachAddressIsAServer(t *testing.T) {
	p := newPods(t)
	p.dns.Set(headless, "127.0.0.2", "127.0.0.1", "127.0.0.3")
	p.start(t, "n1", "127.0.0.1")
	n2 := p.start(t, "n2", "127.0.0.2")
	s := p.source(t, p.url())
	p.expect(t, s, at("127.0.0.1", "n1", here), at("127.0.0.2", "n2", here), at("127.0.0.3", "", refused))
	visit(t, n2, "a")
	testnats.Until(t, "the record", func() bool {
		return len(s.Read(t.Context(), source.Request{Closed: true})[1].Closed) == 1
	})
	p.start(t, "n3", "127.0.0.3")
	p.start(t, "n4", "127.0.0.4")
	p.dns.Set(headless, "127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4")
	p.expect(t, s, at("127.0.0.1", "n1", here), at("127.0.0.2", "n2", here), at("127.0.0.3", "n3", here), at("127.0.0.4", "n4", here))
}

// TestServerThatMoves: a pod that starts again has another address. Nobody is
// missing, and what stopped in between is told.
func TestServerThatMoves(t *testing.T) {
	p := newPods(t)
	p.dns.Set(headless, "127.0.0.1", "127.0.0.2")
	n1 := p.start(t, "n1", "127.0.0.1")
	p.start(t, "n2", "127.0.0.2")
	s := p.source(t, p.url())
	p.expect(t, s, at("127.0.0.1", "n1", here), at("127.0.0.2", "n2", here))
	n1.Close()
	p.expect(t, s, at("127.0.0.1", "n1", refused), at("127.0.0.2", "n2", here))
	p.dns.Set(headless, "127.0.0.2")
	p.expect(t, s, at("127.0.0.1", "n1", left), at("127.0.0.2", "n2", here))
	p.start(t, "n1", "127.0.0.3")
	p.dns.Set(headless, "127.0.0.2", "127.0.0.3")
	p.expect(t, s, at("127.0.0.2", "n2", here), at("127.0.0.3", "n1", here))
	// DNS may still know the former address, as caches do.
	p.dns.Set(headless, "127.0.0.1", "127.0.0.2", "127.0.0.3")
	p.expect(t, s, at("127.0.0.1", "", refused), at("127.0.0.2", "n2", here), at("127.0.0.3", "n1", here))
}

// TestCachedAddressOfAMovedServer: for a moment DNS lists both.
func TestCachedAddressOfAMovedServer(t *testing.T) {
	p := newPods(t)
	p.dns.Set(headless, "127.0.0.1")
	n1 := p.start(t, "n1", "127.0.0.1")
	s := p.source(t, p.url())
	p.expect(t, s, at("127.0.0.1", "n1", here))
	n1.Close()
	p.start(t, "n1", "127.0.0.2")
	p.dns.Set(headless, "127.0.0.1", "127.0.0.2")
	p.expect(t, s, at("127.0.0.2", "n1", here))
}

// TestServerThatLeavesDNS is asked on: DNS drops servers that are not ready.
func TestServerThatLeavesDNS(t *testing.T) {
	p := newPods(t)
	p.dns.Set(headless, "127.0.0.1", "127.0.0.2")
	n1 := p.start(t, "n1", "127.0.0.1")
	p.start(t, "n2", "127.0.0.2")
	s := p.source(t, p.url())
	p.expect(t, s, at("127.0.0.1", "n1", here), at("127.0.0.2", "n2", here))
	p.dns.Set(headless, "127.0.0.2")
	p.expect(t, s, at("127.0.0.1", "n1", here), at("127.0.0.2", "n2", here))
	readings := s.Read(t.Context(), source.Request{Closed: true})
	if outside, inside := readings[0], readings[1]; len(outside.Asked) != len(inside.Asked)+1 || outside.Bytes < inside.Bytes+500 {
		t.Errorf("%q in %d bytes: it is asked whether it is there, and that is told", outside.Asked, outside.Bytes)
	}
	n1.Close()
	for range 3 {
		p.expect(t, s, at("127.0.0.1", "n1", left), at("127.0.0.2", "n2", here))
	}
	// Its container starts again: the same pod, not ready yet.
	p.start(t, "n1", "127.0.0.1")
	p.expect(t, s, at("127.0.0.1", "n1", here), at("127.0.0.2", "n2", here))
}

// TestAddressThatAnotherServerGets: whose it was is missing all the same.
func TestAddressThatAnotherServerGets(t *testing.T) {
	p := newPods(t)
	p.dns.Set(headless, "127.0.0.1", "127.0.0.2")
	n1 := p.start(t, "n1", "127.0.0.1")
	n2 := p.start(t, "n2", "127.0.0.2")
	s := p.source(t, p.url())
	p.expect(t, s, at("127.0.0.1", "n1", here), at("127.0.0.2", "n2", here))
	n1.Close()
	n2.Close()
	p.start(t, "n2", "127.0.0.1")
	p.dns.Set(headless, "127.0.0.1")
	p.expect(t, s, at("127.0.0.1", "n2", here), at("127.0.0.1", "n1", left))
	p.start(t, "n1", "127.0.0.2")
	p.dns.Set(headless, "127.0.0.1", "127.0.0.2")
	p.expect(t, s, at("127.0.0.1", "n2", here), at("127.0.0.2", "n1", here))
}

// TestAddressThatBecomesAStrangers: what DNS does not list is asked only while
// it is who it was.
func TestAddressThatBecomesAStrangers(t *testing.T) {
	p := newPods(t)
	p.dns.Set(headless, "127.0.0.1", "127.0.0.2")
	p.start(t, "n1", "127.0.0.1")
	n2 := p.start(t, "n2", "127.0.0.2")
	s := p.source(t, p.url())
	p.expect(t, s, at("127.0.0.1", "n1", here), at("127.0.0.2", "n2", here))
	n2.Close()
	p.dns.Set(headless, "127.0.0.1")
	p.start(t, "stranger", "127.0.0.2")
	for range 2 {
		p.expect(t, s, at("127.0.0.1", "n1", here), at("127.0.0.2", "n2", left))
	}
}

func TestNameThatCannotBeResolved(t *testing.T) {
	p := newPods(t)
	const unresolved = headless + ", : Its host name could not be resolved."
	s := p.source(t, p.url())
	p.expect(t, s, unresolved)
	n1 := p.start(t, "n1", "127.0.0.1")
	p.dns.Set(headless, "127.0.0.1")
	p.expect(t, s, at("127.0.0.1", "n1", here))
	p.dns.Break(true)
	p.expect(t, s, at("127.0.0.1", "n1", here), unresolved)
	n1.Close()
	p.expect(t, s, at("127.0.0.1", "n1", refused), unresolved)
}

// TestDNSHangs: who is known is asked all the same.
func TestDNSHangs(t *testing.T) {
	p := newPods(t)
	var hangs atomic.Bool
	resolver := p.dns.Resolver()
	dial := resolver.Dial
	resolver.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		if hangs.Load() {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		return dial(ctx, network, address)
	}
	p.start(t, "n1", "127.0.0.1")
	p.dns.Set(headless, "127.0.0.1")
	opts := httpclient.Options{Timeouts: &httpclient.TimeoutOptions{Timeout: time.Second}}
	s, err := httpmonitor.New(opts, []string{p.url()}, httpmonitor.WithResolver(resolver, 0))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	p.expect(t, s, at("127.0.0.1", "n1", here))
	hangs.Store(true)
	p.expect(t, s, at("127.0.0.1", "n1", here), headless+", : Its host name could not be resolved.")
}

// TestServerWithTwoAddresses counts once, and is there while one of them answers.
func TestServerWithTwoAddresses(t *testing.T) {
	p := newPods(t)
	p.dns.Set(headless, "127.0.0.1", "127.0.0.2")
	first := p.start(t, "n1", "0.0.0.0")
	s := p.source(t, p.url(), strings.Replace(p.url(), headless, "127.0.0.1", 1))
	const again = "127.0.0.1, n1: This is the same server as "
	got := p.told(t, s)
	if len(got) != 2 || got[0] != at("127.0.0.1", "n1", here) || !strings.HasPrefix(got[1], again) {
		t.Fatalf("got %q", got)
	}
	first.Close()
	p.start(t, "n1", "127.0.0.2")
	p.expect(t, s, at("127.0.0.2", "n1", here), "127.0.0.1, : "+refused)
}
