package settings

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// baseURLs returns the URLs as [Settings] keeps them.
func baseURLs(field string, given []string) ([]string, error) {
	var kept []string
	for i, raw := range given {
		raw = strings.TrimSpace(raw)
		if raw == "" {
			continue
		}
		base, err := baseURL(member(field, i), raw)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(kept, base) {
			kept = append(kept, base)
		}
	}
	return kept, nil
}

// member is what an element of a list is called; url is none.
func member(field string, i int) string {
	if field == "url" {
		return field
	}
	return calledAt(field, i)
}

// baseURL never repeats raw in an error: it may hold a password.
func baseURL(field, raw string) (string, error) {
	if !strings.Contains(raw, "://") {
		return "", fmt.Errorf("%s has no scheme; put http:// or https:// in front", field)
	}
	u, err := url.Parse(raw)
	if err != nil {
		return "", fmt.Errorf("%s is not a URL; write it like http://nats-1:8222", field)
	}
	switch {
	case u.User != nil && u.User.Username() != "":
		return "", fmt.Errorf("%s holds a user name; use Basic authentication instead", field)
	case u.User != nil:
		return "", fmt.Errorf("%s holds a password; use Basic authentication instead", field)
	case u.Scheme == "nats", u.Scheme == "tls", u.Scheme == "ws", u.Scheme == "wss":
		return "", fmt.Errorf("%s is a URL for NATS clients; use the server's monitoring URL, like http://nats-1:8222", field)
	case u.Scheme != "http" && u.Scheme != "https":
		return "", fmt.Errorf("%s must begin with http:// or https://", field)
	case u.Hostname() == "":
		return "", fmt.Errorf("%s has no host; write it like http://nats-1:8222", field)
	case u.RawQuery != "" || u.ForceQuery:
		return "", fmt.Errorf("%s has a query; remove everything from the ? on", field)
	case strings.Contains(raw, "#"):
		return "", fmt.Errorf("%s has a fragment; remove everything from the # on", field)
	}
	if port := u.Port(); port != "" {
		if number, err := strconv.Atoi(port); err != nil || number < 1 || number > 65535 {
			return "", fmt.Errorf("%s has a port that does not exist; use one from 1 to 65535, commonly 8222", field)
		}
	}
	base := url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host), Path: strings.TrimRight(u.Path, "/")}
	return base.String(), nil
}
