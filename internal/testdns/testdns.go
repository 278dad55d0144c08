// Package testdns is a DNS server for tests, which know what it says.
package testdns

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// Server answers over TCP on loopback.
type Server struct {
	listener net.Listener
	done     sync.WaitGroup

	mu      sync.Mutex
	zone    map[string][]netip.Addr // by name, with its final dot
	broken  bool
	queries int
	open    map[net.Conn]struct{}
}

// Start runs a server without names until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{listener: listener, zone: map[string][]netip.Addr{}, open: map[net.Conn]struct{}{}}
	s.done.Go(s.serve)
	t.Cleanup(s.close)
	return s
}

// Resolver asks this server and nobody else.
func (s *Server) Resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", s.listener.Addr().String())
	}}
}

// Set says which addresses the name has from now on.
func (s *Server) Set(name string, addresses ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.zone[name+"."] = nil
	for _, address := range addresses {
		s.zone[name+"."] = append(s.zone[name+"."], netip.MustParseAddr(address))
	}
}

// Break makes the server fail until it is mended.
func (s *Server) Break(broken bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = broken
}

// Queries is how often it was asked for IPv4 addresses.
func (s *Server) Queries() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queries
}

func (s *Server) serve() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.open[conn] = struct{}{}
		s.mu.Unlock()
		s.done.Go(func() {
			for s.answer(conn) == nil {
			}
			_ = conn.Close()
		})
	}
}

// answer reads one question; over TCP each message follows its length.
func (s *Server) answer(conn net.Conn) error {
	var length [2]byte
	if _, err := io.ReadFull(conn, length[:]); err != nil {
		return err
	}
	raw := make([]byte, binary.BigEndian.Uint16(length[:]))
	if _, err := io.ReadFull(conn, raw); err != nil {
		return err
	}
	var message dnsmessage.Message
	if err := message.Unpack(raw); err != nil {
		return err
	}
	s.fill(&message)
	packed, err := message.AppendPack(make([]byte, 2, 512))
	if err != nil {
		return err
	}
	binary.BigEndian.PutUint16(packed, uint16(len(packed)-2))
	_, err = conn.Write(packed)
	return err
}

func (s *Server) fill(message *dnsmessage.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	question := message.Questions[0]
	name := question.Name.String()
	addresses, known := s.zone[name]
	message.Response, message.Authoritative, message.Additionals = true, true, nil
	if question.Type == dnsmessage.TypeA {
		s.queries++
	}
	switch {
	case s.broken:
		message.RCode = dnsmessage.RCodeServerFailure
	case !known:
		message.RCode = dnsmessage.RCodeNameError
	}
	if message.RCode != dnsmessage.RCodeSuccess {
		return
	}
	for _, address := range addresses {
		header := dnsmessage.ResourceHeader{Name: question.Name, Type: question.Type, Class: question.Class, TTL: 1}
		switch {
		case question.Type == dnsmessage.TypeA && address.Is4():
			message.Answers = append(message.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AResource{A: address.As4()}})
		case question.Type == dnsmessage.TypeAAAA && address.Is6():
			message.Answers = append(message.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AAAAResource{AAAA: address.As16()}})
		}
	}
}

func (s *Server) close() {
	_ = s.listener.Close()
	s.mu.Lock()
	for conn := range s.open {
		_ = conn.Close()
	}
	s.mu.Unlock()
	s.done.Wait()
}
