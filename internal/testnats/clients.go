package testnats

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

// answerWithin is how long a server may take to answer a client.
const answerWithin = 30 * time.Second

// Raw is a client without a library: it sends what it is told to.
type Raw struct {
	net.Conn
	// Info is how the server introduced itself: a JSON object.
	Info  string
	lines *bufio.Reader
}

// Dial connects to addr and reads the server's INFO line.
func Dial(ctx context.Context, addr string) (*Raw, error) {
	conn, err := dial(ctx, addr)
	if err != nil {
		return nil, err
	}
	raw := &Raw{Conn: conn, lines: bufio.NewReader(conn)}
	greeting, err := raw.Line()
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	raw.Info = strings.TrimPrefix(greeting, "INFO ")
	return raw, nil
}

func dial(ctx context.Context, addr string) (net.Conn, error) {
	return (&net.Dialer{Timeout: answerWithin}).DialContext(ctx, "tcp", addr)
}

// Line reads one line.
func (r *Raw) Line() (string, error) {
	if err := r.SetReadDeadline(time.Now().Add(answerWithin)); err != nil {
		return "", err
	}
	line, err := r.lines.ReadString('\n')
	return strings.TrimSpace(line), err
}

// Hello sends CONNECT with options, a JSON object, and returns the answer. A
// busy server may ask first whether we are still there.
func (r *Raw) Hello(options string) (string, error) {
	if _, err := fmt.Fprintf(r, "CONNECT %s\r\nPING\r\n", options); err != nil {
		return "", err
	}
	for {
		if line, err := r.Line(); err != nil || line != "PING" {
			return line, err
		}
	}
}

// Visit connects as a client of that name and leaves again, which gives one
// record of a closed connection.
func Visit(ctx context.Context, addr, name string) error {
	raw, err := Dial(ctx, addr)
	if err != nil {
		return err
	}
	defer func() { _ = raw.Close() }()
	answer, err := raw.Hello(fmt.Sprintf(`{"verbose":false,"name":%q,"lang":"go","version":"1.55.0"}`, name))
	if err != nil {
		return err
	}
	if answer != "PONG" {
		return fmt.Errorf("the server answered %q", answer)
	}
	return nil
}

// Until polls done until it holds, or fails the test.
func Until(t testing.TB, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(answerWithin); !done(); {
		if time.Now().After(deadline) {
			t.Fatalf("gave up waiting for %s", what)
		}
		<-time.After(5 * time.Millisecond)
	}
}
