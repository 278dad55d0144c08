package httpmonitor_test

import (
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
	"github.com/grafana/grafana-plugin-sdk-go/backend/proxy"
	"github.com/nats-io/nats-server/v2/server"

	"github.com/natsops/nats-connections-datasource/internal/testdns"
	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/httpmonitor"
)

const headless = "nats-headless.example"

// pods are servers that share a port, each at an address of its own, and a
// name for them all.
type pods struct {
	dns  *testdns.Server
	port int
}

func newPods(t *testing.T) *pods {
	t.Helper()
	testnats.NeedAddresses(t)
	free, err := net.Listen("tcp", "127.0.0.9:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = free.Close() }()
	return &pods{dns: testdns.Start(t), port: free.Addr().(*net.TCPAddr).Port}
}

func (p *pods) start(t *testing.T, name, address string) *testnats.Server {
	t.Helper()
	return testnats.Start(t, &server.Options{ServerName: name, HTTPHost: address, HTTPPort: p.port})
}

func (p *pods) url() string { return "http://" + net.JoinHostPort(headless, strconv.Itoa(p.port)) }

// source asks DNS anew for each read.
func (p *pods) source(t *testing.T, urls ...string) *httpmonitor.Source {
	t.Helper()
	return newSource(t, urls, httpmonitor.WithResolver(p.dns.Resolver(), 0))
}

// told is a line for each reading: endpoint, server, outcome.
func (p *pods) told(t *testing.T, s *httpmonitor.Source) []string {
	t.Helper()
	var lines []string
	for _, r := range s.Read(t.Context(), source.Request{Closed: true}) {
		outcome := "answered"
		var failure *source.Error
		if errors.As(r.Err, &failure) {
			outcome = failure.Sentence
		}
		endpoint := strings.ReplaceAll(r.Endpoint, ":"+strconv.Itoa(p.port), "")
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s, %s: %s", endpoint, r.Server.Name, outcome)))
	}
	return lines
}

func (p *pods) expect(t *testing.T, s *httpmonitor.Source, want ...string) {
	t.Helper()
	if got := p.told(t, s); !slices.Equal(got, want) {
		t.Fatalf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func at(address, server, outcome string) string {
	return fmt.Sprintf("%s of %s, %s: %s", address, headless, server, outcome)
}

const (
	here    = "answered"
	refused = "It refused the connection."
	left    = "It does not answer any more, and its host name does not lead to it any more."
)

// TestNameOnTheWire: each request goes to an address, its host and the
// certificate are the name's, and each address keeps a connection of its own.
func TestNameOnTheWire(t *testing.T) {
	// The certificate of httptest is for this name, and for no address used here.
	const name, count = "example.com", 120
	testnats.NeedAddresses(t)
	var addresses []string
	for i := range count {
		addresses = append(addresses, fmt.Sprintf("127.0.1.%d", i+1))
	}
	dns := testdns.Start(t)
	dns.Set(name, addresses...)
	var mu sync.Mutex
	clients := map[string]map[string]bool{} // of each address
	hosts := map[string]bool{}
	pods := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		local := fmt.Sprint(r.Context().Value(http.LocalAddrContextKey))
		if clients[local] == nil {
			clients[local] = map[string]bool{}
		}
		clients[local][r.RemoteAddr] = true
		user, password, _ := r.BasicAuth()
		hosts[fmt.Sprint(r.Host, " ", r.TLS.ServerName, " ", user, password)] = true
		_, _ = fmt.Fprintf(w, `{"server_id":%q,"server_name":%q}`, local, local)
	}))
	_ = pods.Listener.Close()
	listener, err := net.Listen("tcp4", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	pods.Listener, pods.Config.ErrorLog = listener, discard
	pods.StartTLS()
	defer pods.Close()
	host := fmt.Sprintf("%s:%d", name, listener.Addr().(*net.TCPAddr).Port)
	opts := httpclient.Options{
		TLS:       &httpclient.TLSOptions{CACertificate: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pods.Certificate().Raw}))},
		BasicAuth: &httpclient.BasicAuthOptions{User: "grafana", Password: secret},
		Timeouts:  &httpclient.TimeoutOptions{Timeout: time.Minute},
	}
	s, err := httpmonitor.New(opts, []string{"https://" + host}, httpmonitor.WithResolver(dns.Resolver(), 0))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for range 3 {
		for _, r := range s.Read(t.Context(), source.Request{}) {
			if r.Err != nil || r.Endpoint != r.Server.Name+" of "+name {
				t.Fatalf("%s: %v", r.Endpoint, r.Err)
			}
		}
	}
	if want := host + " " + name + " grafana" + secret; len(hosts) != 1 || !hosts[want] {
		t.Errorf("got %v, want %s", hosts, want)
	}
	connections := 0
	for _, of := range clients {
		connections += len(of)
	}
	// On a busy machine net/http does not keep every connection that it could.
	if len(clients) != count || connections > count+count/10 {
		t.Errorf("%d connections to %d addresses for three reads", connections, len(clients))
	}
	opts.TLS.ServerName = "another.org"
	check(t, readError(t, opts, "https://"+host, httpmonitor.WithResolver(dns.Resolver(), 0)), source.KindTLS, source.StepIdentity,
		"Its certificate is for another host name.")
}

// TestHungAddressIsWaitedForOnce: that it hangs outlives the next look at DNS.
func TestHungAddressIsWaitedForOnce(t *testing.T) {
	p := newPods(t)
	hung := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(hung.Close)
	p.dns.Set(headless, "127.0.0.1")
	opts := httpclient.Options{Timeouts: &httpclient.TimeoutOptions{Timeout: 2 * time.Second}}
	url := strings.Replace(hung.URL, "127.0.0.1", headless, 1)
	s, err := httpmonitor.New(opts, []string{url}, httpmonitor.WithResolver(p.dns.Resolver(), 0))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for i, want := range []int{1, 0, 0} {
		if r := s.Read(t.Context(), source.Request{})[0]; r.Err == nil || len(r.Asked) != want {
			t.Errorf("read %d: %d requests, %v", i, len(r.Asked), r.Err)
		}
	}
	if p.dns.Queries() != 3 {
		t.Errorf("DNS was asked %d times", p.dns.Queries())
	}
}

func TestAddressesAreAskedWithoutAProxy(t *testing.T) {
	var transports []*http.Transport
	opts := httpclient.Options{ConfigureTransport: func(_ httpclient.Options, transport *http.Transport) {
		transports = append(transports, transport)
	}}
	s, err := httpmonitor.New(opts, []string{"http://n1:8222", "http://127.0.0.1:8222"}, httpmonitor.WithAllAddresses())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if transports[0].Proxy != nil || transports[1].Proxy == nil {
		t.Error("the name is asked through a proxy, or the address is not")
	}
	opts.ProxyOptions = &proxy.Options{Enabled: true, ClientCfg: &proxy.ClientCfg{ProxyAddress: "127.0.0.1:1", AllowInsecure: true}}
	if _, err := httpmonitor.New(opts, []string{"http://n1:8222"}, httpmonitor.WithAllAddresses()); err == nil ||
		!strings.HasPrefix(err.Error(), "resolveAll and the secure socks proxy exclude each other") {
		t.Errorf("got %v", err)
	}
}

func TestDNSIsAskedNowAndThen(t *testing.T) {
	p := newPods(t)
	p.dns.Set(headless, "127.0.0.1")
	p.start(t, "n1", "127.0.0.1")
	s := newSource(t, []string{p.url()}, httpmonitor.WithResolver(p.dns.Resolver(), time.Hour))
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { readOne(t, s, source.Request{}) })
	}
	wg.Wait()
	if got := p.dns.Queries(); got != 1 {
		t.Errorf("DNS was asked %d times for twenty reads", got)
	}
}

func TestLabelsOfAddresses(t *testing.T) {
	p := newPods(t)
	p.dns.Set("six.example", "::1", "::ffff:127.0.0.1")
	for url, want := range map[string][]string{
		"http://six.example:1/mon/": {"127.0.0.1:1/mon of six.example", "[::1]:1/mon of six.example"},
		"http://six.example":        {"127.0.0.1 of six.example", "[::1] of six.example"},
		"http://[::1]:1":            {"[::1]:1"},
	} {
		s := p.source(t, url)
		var got []string
		for _, r := range s.Read(t.Context(), source.Request{}) {
			got = append(got, r.Endpoint)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", url, got, want)
		}
	}
}
