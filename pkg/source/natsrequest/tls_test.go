package natsrequest_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"

	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/natslink"
	"github.com/natsops/nats-connections-datasource/pkg/source/natsrequest"
)

// authority signs certificates for one host name.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  string
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "lab"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &authority{t: t, cert: cert, key: key, pem: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))}
}

// issue makes a certificate for name, as PEM.
func (a *authority) issue(name string) (cert, key string) {
	a.t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &private.PublicKey, a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		a.t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}))
}

// serverTLS is a server's side, which asks for a client certificate if mutual.
func (a *authority) serverTLS(mutual bool) *tls.Config {
	a.t.Helper()
	cert, key := a.issue("nats.test")
	pair, err := tls.X509KeyPair([]byte(cert), []byte(key))
	if err != nil {
		a.t.Fatal(err)
	}
	pair.Certificate = append(pair.Certificate, a.cert.Raw)
	config := &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	if mutual {
		config.ClientAuth, config.ClientCAs = tls.RequireAndVerifyClientCert, x509.NewCertPool()
		config.ClientCAs.AddCert(a.cert)
	}
	return config
}

func TestTLS(t *testing.T) {
	a, stranger := newAuthority(t), newAuthority(t)
	clientCert, clientKey := a.issue("grafana")
	type served struct{ mutual, first, plain bool }
	for name, c := range map[string]struct {
		server   served
		tls      httpclient.TLSOptions
		first    bool
		sentence string
	}{
		"authority and server name":      {served{}, httpclient.TLSOptions{CACertificate: a.pem, ServerName: "nats.test"}, false, ""},
		"every certificate accepted":     {served{}, httpclient.TLSOptions{InsecureSkipVerify: true}, false, ""},
		"client certificate":             {served{mutual: true}, httpclient.TLSOptions{CACertificate: a.pem, ServerName: "nats.test", ClientCertificate: clientCert, ClientKey: clientKey}, false, ""},
		"handshake first":                {served{first: true}, httpclient.TLSOptions{CACertificate: a.pem, ServerName: "nats.test"}, true, ""},
		"unknown authority":              {served{}, httpclient.TLSOptions{CACertificate: stranger.pem, ServerName: "nats.test"}, false, "Its certificate is signed by an authority that is not trusted here."},
		"another name":                   {served{}, httpclient.TLSOptions{CACertificate: a.pem, ServerName: "other.test"}, false, "Its certificate is for another host name."},
		"no client certificate":          {served{mutual: true}, httpclient.TLSOptions{CACertificate: a.pem, ServerName: "nats.test"}, false, "It ended the TLS handshake."},
		"no TLS there":                   {served{plain: true}, httpclient.TLSOptions{InsecureSkipVerify: true}, false, "It does not speak TLS as the settings ask for."},
		"handshake first only here":      {served{}, httpclient.TLSOptions{InsecureSkipVerify: true}, true, "It does not speak TLS as the settings ask for."},
		"handshake first only on server": {served{first: true}, httpclient.TLSOptions{InsecureSkipVerify: true}, false, "NATS did not let us in, in time."},
	} {
		t.Run(name, func(t *testing.T) {
			if c.server.first && !testnats.Has(testnats.Version(), "2.10.4") {
				// Releases before that know one order alone: theirs.
				c.server.first = false
				c.sentence = map[bool]string{true: "It does not speak TLS as the settings ask for.", false: ""}[c.first]
			}
			opts := accounts()
			if !c.server.plain {
				opts.TLSConfig, opts.TLSTimeout, opts.TLSHandshakeFirst = a.serverTLS(c.server.mutual), 5, c.server.first
			}
			ns := testnats.Start(t, opts)
			options := within(2 * time.Second)
			options.TLS = &c.tls
			cfg := natslink.Config{Servers: []string{"nats://" + ns.Addr}, User: "reader", Password: secret, TLS: true, TLSFirst: c.first}
			s := newSource(t, options, cfg)
			if c.sentence == "" {
				read(t, s, source.Request{Closed: true})
				return
			}
			kind := source.KindTLS
			if c.server.first {
				kind = source.KindTimeout
			}
			check(t, readError(t, s, source.Request{}), kind, source.StepConnect, c.sentence)
		})
	}
}

func TestUnusableCA(t *testing.T) {
	opts := httpclient.Options{TLS: &httpclient.TLSOptions{CACertificate: "no PEM"}}
	if _, err := natsrequest.New(t.Context(), opts, natslink.Config{TLS: true}); err == nil {
		t.Error("accepted")
	}
}
