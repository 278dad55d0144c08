package backend_test

import (
	"context"
	"net"
	"sync"
	"testing"
)

// network is what lies between the plugin and the servers. While it is cut,
// nothing passes and nobody is told; what was sent arrives when it is mended.
type network struct {
	mu      sync.Mutex
	carries chan struct{} // closed while it does
}

func newNetwork() *network {
	n := &network{carries: make(chan struct{})}
	close(n.carries)
	return n
}

func (n *network) cut() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.carries = make(chan struct{})
}

func (n *network) mend() {
	n.mu.Lock()
	defer n.mu.Unlock()
	close(n.carries)
}

// pass returns once the network carries.
func (n *network) pass(ctx context.Context) {
	n.mu.Lock()
	carries := n.carries
	n.mu.Unlock()
	select {
	case <-carries:
	case <-ctx.Done():
	}
}

// to is the address on this side of what listens at address on the other.
func (n *network) to(t *testing.T, address string) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	context.AfterFunc(ctx, func() { _ = listener.Close() })
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			go n.connect(ctx, near, address)
		}
	}()
	return listener.Addr().String()
}

func (n *network) connect(ctx context.Context, near net.Conn, address string) {
	n.pass(ctx)
	far, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		_ = near.Close()
		return
	}
	context.AfterFunc(ctx, func() {
		_ = near.Close()
		_ = far.Close()
	})
	go n.carry(ctx, near, far)
	n.carry(ctx, far, near)
}

// carry passes on what from says, and its end.
func (n *network) carry(ctx context.Context, from, to net.Conn) {
	defer func() { _ = to.Close() }()
	buffer := make([]byte, 64<<10)
	for {
		length, err := from.Read(buffer)
		n.pass(ctx)
		if err != nil {
			return
		}
		if _, err := to.Write(buffer[:length]); err != nil {
			return
		}
	}
}
