package testnats

import (
	"context"
	"errors"
	"io"
	"net"
	"time"
)

// VisitMQTT connects to addr as an MQTT 3.1.1 client with a password, and
// leaves once it is let in.
func VisitMQTT(ctx context.Context, addr, clientID, user, password string) error {
	conn, err := dial(ctx, addr)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(answerWithin)); err != nil {
		return err
	}
	const cleanSessionWithUserAndPassword = 0xc2
	body := append(field("MQTT"), 4, cleanSessionWithUserAndPassword, 0, 60)
	body = append(body, field(clientID)...)
	body = append(body, field(user)...)
	body = append(body, field(password)...)
	if len(body) > 127 {
		return errors.New("names of more than 127 bytes together")
	}
	if _, err := conn.Write(append([]byte{0x10, byte(len(body))}, body...)); err != nil {
		return err
	}
	var acknowledged [4]byte
	if _, err := io.ReadFull(conn, acknowledged[:]); err != nil {
		return err
	}
	if acknowledged[3] != 0 {
		return errors.New("the server refused the MQTT client")
	}
	return nil
}

func field(text string) []byte { return append([]byte{0, byte(len(text))}, text...) }

// FreePort is a port of loopback that nobody listens to.
func FreePort(ctx context.Context) (int, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	addr, ok := listener.Addr().(*net.TCPAddr)
	if !ok {
		return 0, errors.Join(errors.New("no TCP address"), listener.Close())
	}
	return addr.Port, listener.Close()
}
