package settings_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"reflect"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"

	"github.com/natsops/nats-connections-datasource/pkg/settings"
)

// certificate is one of its own, and its key, without line breaks at the end.
func certificate(t *testing.T) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"n1"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	block := func(kind string, content []byte) string {
		return strings.TrimSpace(string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content})))
	}
	return block("CERTIFICATE", der), block("PRIVATE KEY", raw)
}

// asWritten are the ways in which tools write a text of several lines.
var asWritten = map[string]func(string) string{
	"as it is":        func(text string) string { return text },
	"a line break":    func(text string) string { return text + "\n" },
	"of Windows":      func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") + "\r\n" },
	`\n`:              func(text string) string { return strings.ReplaceAll(text, "\n", `\n`) },
	`\n at the end`:   func(text string) string { return strings.ReplaceAll(text+"\n", "\n", `\n`) },
	`\r\n`:            func(text string) string { return strings.ReplaceAll(text+"\n", "\n", `\r\n`) },
	"in quotes":       func(text string) string { return `"` + strings.ReplaceAll(text+"\n", "\n", `\n`) + "\"\n" },
	"indented":        func(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") + "\n" },
	`\n and line end`: func(text string) string { return strings.ReplaceAll(text, "\n", `\n`) + "\n" },
}

// TestSecretsAsToolsWriteThem: every way gives what the plain one gives, over
// HTTP and over NATS.
func TestSecretsAsToolsWriteThem(t *testing.T) {
	cert, key := certificate(t)
	for name, write := range asWritten {
		t.Run(name, func(t *testing.T) {
			instance := backend.DataSourceInstanceSettings{
				JSONData: []byte(`{"urls":["http://n1:8222"],"tlsAuth":true,"tlsAuthWithCACert":"true","nats":{"servers":["nats://n1"],"auth":"credentials"}}`),
				DecryptedSecureJSONData: map[string]string{
					"tlsCACert": write(cert), "tlsClientCert": write(cert), "tlsClientKey": write(key),
					"natsTlsCaCert": write(cert), "natsTlsClientCert": write(cert), "natsTlsClientKey": write(key),
					"natsCredentials": write("-----BEGIN NATS USER JWT-----\ne30\n------END NATS USER JWT------"),
				},
			}
			s, err := settings.Parse(instance)
			if err != nil {
				t.Fatal(err)
			}
			overHTTP, err := settings.HTTPOptions(t.Context(), instance, s)
			if err != nil {
				t.Fatal(err)
			}
			want := httpclient.TLSOptions{CACertificate: cert, ClientCertificate: cert, ClientKey: key}
			for way, got := range map[string]httpclient.TLSOptions{"HTTP": *overHTTP.TLS, "NATS": *s.NATS.Options(overHTTP).TLS} {
				if !reflect.DeepEqual(got, want) {
					t.Errorf("over %s: %+v", way, got)
				}
			}
			if login := string(s.NATS.Login); login != "-----BEGIN NATS USER JWT-----\ne30\n------END NATS USER JWT------" {
				t.Errorf("credentials %q", login)
			}
		})
	}
}

func TestLineBreaksBehindSecrets(t *testing.T) {
	for name, end := range map[string]string{"none": "", "Unix": "\n", "Windows": "\r\n", "two": "\n\n"} {
		t.Run(name, func(t *testing.T) {
			instance := backend.DataSourceInstanceSettings{
				JSONData:         []byte(`{"httpHeaderName1":"","httpHeaderName2":"Authorization","nats":{"servers":["nats://n1"],"auth":"user","user":"sys\n"}}`),
				BasicAuthEnabled: true, BasicAuthUser: "grafana" + end,
				DecryptedSecureJSONData: map[string]string{
					"basicAuthPassword": "s3cret " + end, "httpHeaderValue1": "", "httpHeaderValue2": "Bearer abc" + end, "natsPassword": `s3\ncret` + end,
				},
			}
			s, err := settings.Parse(instance)
			if err != nil {
				t.Fatal(err)
			}
			opts, err := settings.HTTPOptions(t.Context(), instance, s)
			if err != nil {
				t.Fatal(err)
			}
			if *opts.BasicAuth != (httpclient.BasicAuthOptions{User: "grafana", Password: "s3cret "}) {
				t.Errorf("basic authentication %+v", *opts.BasicAuth)
			}
			if got := opts.Header; len(got) != 1 || got.Get("Authorization") != "Bearer abc" {
				t.Errorf("headers %q", got)
			}
			if s.NATS.User != "sys" || s.NATS.Login != `s3\ncret` {
				t.Errorf("NATS: %q %q", s.NATS.User, string(s.NATS.Login))
			}
		})
	}
}

func TestWrongSecretsAreNamed(t *testing.T) {
	cert, key := certificate(t)
	_, other := certificate(t)
	const (
		noCert = " is not a certificate as PEM text: give all of it, from -----BEGIN CERTIFICATE----- on"
		noKey  = " as PEM text: give all of it, from -----BEGIN on, without passphrase"
	)
	for name, c := range map[string]struct {
		secure map[string]string
		want   string
	}{
		"authority of HTTP": {map[string]string{"tlsCACert": "/etc/ssl/s3cret.pem"}, "the CA certificate (tlsCACert)" + noCert},
		"client of HTTP":    {map[string]string{"tlsClientCert": "s3cret", "tlsClientKey": key}, "the client certificate (tlsClientCert)" + noCert},
		"key of HTTP":       {map[string]string{"tlsClientCert": cert, "tlsClientKey": "s3cret"}, "the client key (tlsClientKey) is not the key of the client certificate (tlsClientCert)" + noKey},
		"authority of NATS": {map[string]string{"natsTlsCaCert": key}, "the CA certificate (natsTlsCaCert)" + noCert},
		"client of NATS":    {map[string]string{"natsTlsClientCert": "s3cret", "natsTlsClientKey": key}, "the client certificate (natsTlsClientCert)" + noCert},
		"other key of NATS": {map[string]string{"natsTlsClientCert": cert, "natsTlsClientKey": other}, "the client key (natsTlsClientKey) is not the key of the client certificate (natsTlsClientCert)" + noKey},
		"header":            {map[string]string{"httpHeaderValue1": "s3cret\nX-Other: y"}, "httpHeaderValue1 has a line break inside; a header is one line"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := settings.Parse(backend.DataSourceInstanceSettings{
				JSONData:                []byte(`{"tlsAuth":true,"tlsAuthWithCACert":true,"httpHeaderName1":"X","nats":{"servers":["nats://n1"]}}`),
				DecryptedSecureJSONData: c.secure,
			})
			if err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}
