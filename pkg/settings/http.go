package settings

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
)

// HTTPOptions are the SDK's options for the HTTP client of a data source whose
// settings are s. The SDK panics on a text of another type and takes a number
// as text for none, so it is given what this package understood, and no more.
func HTTPOptions(ctx context.Context, instance backend.DataSourceInstanceSettings, s Settings) (httpclient.Options, error) {
	fields, err := object(instance.JSONData)
	if err != nil {
		return httpclient.Options{}, err
	}
	understood, err := fields.forSDK()
	if err != nil {
		return httpclient.Options{}, err
	}
	understood["timeout"] = s.Timeout.Seconds()
	instance.DecryptedSecureJSONData = secretsOf(instance.DecryptedSecureJSONData)
	closeRanks(understood, instance.DecryptedSecureJSONData)
	if instance.JSONData, err = json.Marshal(understood); err != nil {
		return httpclient.Options{}, fmt.Errorf("the HTTP settings cannot be written: %w", err)
	}
	instance.BasicAuthUser, instance.User = unbroken(instance.BasicAuthUser), unbroken(instance.User)
	opts, err := instance.HTTPClientOptions(ctx)
	if err != nil {
		return httpclient.Options{}, fmt.Errorf("the HTTP settings cannot be read: %w", err)
	}
	opts.Timeouts.Timeout = s.Timeout
	opts.Timeouts.DialTimeout = min(opts.Timeouts.DialTimeout, s.Timeout)
	opts.Timeouts.TLSHandshakeTimeout = min(opts.Timeouts.TLSHandshakeTimeout, s.Timeout)
	return opts, nil
}

const (
	maxTimeoutSeconds = 3600
	headerName        = "httpHeaderName"
	headerValue       = "httpHeaderValue"
)

// http checks Grafana's standard HTTP keys and finds the timeout.
func (f jsonFields) http(s *Settings, secure map[string]string) error {
	seconds := DefaultTimeout.Seconds()
	if err := f.decode("timeout", &seconds); err != nil {
		return err
	}
	if seconds == 0 {
		seconds = DefaultTimeout.Seconds()
	}
	if seconds != math.Trunc(seconds) || seconds < 1 || seconds > maxTimeoutSeconds {
		return fmt.Errorf("timeout must be a whole number of seconds from 1 to %d", maxTimeoutSeconds)
	}
	s.Timeout = time.Duration(seconds) * time.Second
	understood, err := f.forSDK()
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(understood)) {
		if err := checkHeader(name, understood[name], secure); err != nil {
			return err
		}
	}
	if understood["tlsAuth"] != true && understood["tlsAuthWithCACert"] != true {
		return nil
	}
	if err := checkAuthority(secure, "tlsCACert"); err != nil {
		return err
	}
	return checkPair(secure, "tlsClientCert", "tlsClientKey")
}

// checkHeader refuses what would make every request fail without a word on why.
func checkHeader(field string, name any, secure map[string]string) error {
	number, isName := strings.CutPrefix(field, headerName)
	if !isName {
		return nil
	}
	if strings.ContainsAny(fmt.Sprint(name), " \t\r\n:") {
		return fmt.Errorf("%s is not the name of a header: write it without spaces and colon", field)
	}
	if strings.ContainsAny(secure[headerValue+number], "\r\n\x00") {
		return fmt.Errorf("httpHeaderValue%s has a line break inside; a header is one line", number)
	}
	return nil
}

// closeRanks numbers the headers from 1 on: the SDK stops at the first number
// that has no name.
func closeRanks(understood map[string]any, secure map[string]string) {
	type header struct {
		number int
		name   any
		value  string
	}
	var headers []header
	for field, name := range understood {
		text, isName := strings.CutPrefix(field, headerName)
		if number, err := strconv.Atoi(text); isName && err == nil {
			headers = append(headers, header{number, name, secure[headerValue+text]})
			delete(understood, field)
		}
	}
	slices.SortFunc(headers, func(a, b header) int { return cmp.Compare(a.number, b.number) })
	for i, h := range headers {
		understood[headerName+strconv.Itoa(i+1)] = h.name
		secure[headerValue+strconv.Itoa(i+1)] = h.value
	}
}

// forSDK is what the SDK may see of jsonData, each as the type that it expects.
func (f jsonFields) forSDK() (map[string]any, error) {
	understood := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(f)) {
		key, known := keyNamed(name)
		var err error
		switch {
		case isSDKNumber(name):
			err = f.number(name, understood)
		case !known || key.Place == InSecure || key.Name == "url":
		case key.Kind == Switch:
			var on bool
			err = f.decode(name, &on)
			understood[name] = on
		case key.Kind == Text:
			var text string
			if err = f.decode(name, &text); text != "" {
				understood[name] = text
			}
		}
		if err != nil {
			return nil, err
		}
	}
	return understood, nil
}

func (f jsonFields) number(name string, into map[string]any) error {
	var number float64
	text, ok := scalar(f[name])
	if !ok || text != "" && json.Unmarshal([]byte(text), &number) != nil {
		return fmt.Errorf("%s must be a number", name)
	}
	if text != "" {
		into[name] = number
	}
	return nil
}
