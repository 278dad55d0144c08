package settings

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"strings"
)

// secretsOf are the secrets as they are meant: without line breaks at the end.
func secretsOf(secure map[string]string) map[string]string {
	meant := make(map[string]string, len(secure))
	for name, text := range secure {
		text = unbroken(text)
		if key, known := keyNamed(name); known && key.Kind == Lines {
			text = linesOf(text)
		}
		meant[name] = text
	}
	return meant
}

// unbroken is text without the line breaks at its end, which files and
// variables have there and nobody means.
func unbroken(text string) string { return strings.TrimRight(text, "\r\n") }

// linesOf is a text of several lines, whichever way a tool wrote it: with \n
// for each line break, in quotes, or indented.
func linesOf(text string) string {
	text = strings.Trim(strings.TrimSpace(text), `"'`)
	if !strings.Contains(text, "\n") {
		text = strings.NewReplacer(`\r\n`, "\n", `\n`, "\n").Replace(text)
	}
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
	}
	return strings.Join(lines, "\n")
}

// checkAuthority and checkPair say which setting is wrong: what uses the
// certificates later does not know where they come from.
func checkAuthority(secure map[string]string, name string) error {
	if text := secure[name]; text != "" && !x509.NewCertPool().AppendCertsFromPEM([]byte(text)) {
		return fmt.Errorf("%s is not a certificate as PEM text: give all of it, from -----BEGIN CERTIFICATE----- on", called(name))
	}
	return nil
}

func checkPair(secure map[string]string, cert, key string) error {
	if secure[cert] == "" || secure[key] == "" {
		return nil
	}
	if !x509.NewCertPool().AppendCertsFromPEM([]byte(secure[cert])) {
		return fmt.Errorf("%s is not a certificate as PEM text: give all of it, from -----BEGIN CERTIFICATE----- on", called(cert))
	}
	// The error of the library may repeat what is in the key.
	if _, err := tls.X509KeyPair([]byte(secure[cert]), []byte(secure[key])); err != nil {
		return fmt.Errorf("%s is not the key of %s as PEM text: give all of it, from -----BEGIN on, without passphrase", called(key), called(cert))
	}
	return nil
}
