package rules

import (
	"fmt"
	"strings"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/strangers"
)

// several is so many of a thing, in words that fit the number.
func several[N ~int | ~int64](n N, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	if strings.HasSuffix(thing, "s") || strings.HasSuffix(thing, "h") {
		return fmt.Sprintf("%d %ses", n, thing)
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// often is how many times something happened.
func often[N ~int | ~int64](n N) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// client names an app, or who has none by what else is known.
func client(name, user, ip string) string {
	switch {
	case name != app.Unnamed:
		return strangers.Quoted(name)
	case user != "":
		return "an unnamed client with user " + strangers.Quoted(user)
	}
	return "an unnamed client at " + strangers.Quoted(ip)
}

// sentence begins with a capital letter, unless a name does, and ends with a period.
func sentence(text string) string {
	if rest, unnamed := strings.CutPrefix(text, "an unnamed"); unnamed {
		text = "An unnamed" + rest
	}
	return text + "."
}
