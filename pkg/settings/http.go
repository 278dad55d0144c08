package settings

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
)

// HTTPOptions are the SDK's options for the HTTP client of a data source whose
// settings are s.
func HTTPOptions(ctx context.Context, instance backend.DataSourceInstanceSettings, s Settings) (httpclient.Options, error) {
	opts, err := instance.HTTPClientOptions(ctx)
	if err != nil {
		return httpclient.Options{}, fmt.Errorf("the HTTP settings cannot be read: %w", err)
	}
	opts.Timeouts.Timeout = s.Timeout
	opts.Timeouts.DialTimeout = min(opts.Timeouts.DialTimeout, s.Timeout)
	opts.Timeouts.TLSHandshakeTimeout = min(opts.Timeouts.TLSHandshakeTimeout, s.Timeout)
	return opts, nil
}

// http checks Grafana's standard HTTP keys and returns the timeout. The SDK
// panics on a text key of another type and takes a timeout that is not a
// number for none at all.
func (f jsonFields) http() (time.Duration, error) {
	for name := range f.textKeys {
		var text string
		if err := f.decode(name, "a text", &text); err != nil {
			return 0, err
		}
		if string(f[name]) == "null" {
			return 0, fmt.Errorf("%s must be a text; remove it if there is none", name)
		}
	}
	for _, name := range []string{"tlsAuth", "tlsAuthWithCACert", "tlsSkipVerify", "basicAuth"} {
		var on bool
		if err := f.decode(name, "true or false", &on); err != nil {
			return 0, err
		}
	}
	var seconds json.Number
	if raw := f["timeout"]; len(raw) > 0 && raw[0] == '"' {
		return 0, fmt.Errorf("timeout must be a number of seconds, without quotes")
	}
	if err := f.decode("timeout", "a number of seconds", &seconds); err != nil {
		return 0, err
	}
	if seconds == "" || seconds == "0" {
		return DefaultTimeout, nil
	}
	whole, err := strconv.Atoi(seconds.String())
	if err != nil || whole < 1 || whole > maxTimeoutSeconds {
		return 0, fmt.Errorf("timeout must be a whole number of seconds from 1 to %d", maxTimeoutSeconds)
	}
	return time.Duration(whole) * time.Second, nil
}

const maxTimeoutSeconds = 3600

// textKeys yields the names of the keys that the SDK takes for text.
func (f jsonFields) textKeys(yield func(string) bool) {
	for _, name := range []string{"access", "url", "serverName", "basicAuthUser"} {
		if !yield(name) {
			return
		}
	}
	for i := 1; ; i++ {
		name := "httpHeaderName" + strconv.Itoa(i)
		if _, present := f[name]; !present || !yield(name) {
			return
		}
	}
}
