package natsrequest_test

import (
	"context"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/proxy"

	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/natsrequest"
)

// relay connects conn with address until one of them ends; while hung is set,
// what it reads goes nowhere.
func relay(ctx context.Context, conn net.Conn, address string, hung *atomic.Bool) {
	defer func() { _ = conn.Close() }()
	target, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return
	}
	defer func() { _ = target.Close() }()
	var wg sync.WaitGroup
	pass := func(to, from net.Conn) {
		defer func() { _ = to.Close() }()
		buffer := make([]byte, 4096)
		for {
			n, err := from.Read(buffer)
			if err != nil {
				return
			}
			if hung.Load() {
				continue
			}
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
	}
	wg.Go(func() { pass(target, conn) })
	wg.Go(func() { pass(conn, target) })
	wg.Wait()
}

// TestServerThatHangs: if nobody answers, it may be our server that hangs, so
// another one is asked within the same read.
func TestServerThatHangs(t *testing.T) {
	ns := testnats.Start(t, accounts())
	var hung atomic.Bool
	var accepted atomic.Int32
	address := listen(t, func(conn net.Conn) {
		accepted.Add(1)
		go relay(t.Context(), conn, ns.Addr, &hung)
	})
	cfg := as("reader", ns)
	cfg.Servers = []string{"nats://" + address}
	s := newSource(t, within(time.Second), cfg, natsrequest.WithPatience(10*time.Second))
	read(t, s, source.Request{Closed: true})
	hung.Store(true)
	done := make(chan struct{})
	go func() {
		defer close(done)
		testnats.Until(t, "another connection", func() bool { return accepted.Load() > 1 })
		hung.Store(false)
	}()
	testnats.Until(t, "an answer", func() bool { return s.Read(t.Context(), source.Request{Closed: true})[0].Err == nil })
	<-done
}

// TestThroughTheSecureSocksProxy: the name is resolved at its far end.
func TestThroughTheSecureSocksProxy(t *testing.T) {
	ns := testnats.Start(t, accounts())
	asked := make(chan string, 10)
	var never atomic.Bool
	address := listen(t, func(conn net.Conn) {
		go func() {
			host, err := socks(conn)
			if err != nil {
				_ = conn.Close()
				return
			}
			asked <- host
			relay(t.Context(), conn, ns.Addr, &never)
		}()
	})
	opts := within(2 * time.Second)
	opts.ProxyOptions = &proxy.Options{
		Enabled:   true,
		Timeouts:  &proxy.DefaultTimeoutOptions,
		ClientCfg: &proxy.ClientCfg{ProxyAddress: address, AllowInsecure: true},
	}
	cfg := as("reader", ns)
	cfg.Servers = []string{"nats://localhost:4222"}
	read(t, newSource(t, opts, cfg), source.Request{Closed: true})
	if host := <-asked; host != "localhost" {
		t.Errorf("the proxy was asked for %q", host)
	}
}

// socks is the server's side of SOCKS 5 (RFC 1928), as far as a name is asked
// for without login.
func socks(conn net.Conn) (host string, err error) {
	head := make([]byte, 2)
	if _, err := io.ReadFull(conn, head); err != nil {
		return "", err
	}
	if _, err := io.ReadFull(conn, make([]byte, head[1])); err != nil {
		return "", err
	}
	if _, err := conn.Write([]byte{5, 0}); err != nil {
		return "", err
	}
	request := make([]byte, 5)
	if _, err := io.ReadFull(conn, request); err != nil {
		return "", err
	}
	name := make([]byte, int(request[4])+2)
	if _, err := io.ReadFull(conn, name); err != nil {
		return "", err
	}
	_, err = conn.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	return string(name[:len(name)-2]), err
}
