package rules

import (
	"strings"

	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/strangers"
	"github.com/natsops/nats-connections-datasource/pkg/words"
)

// mostNamed is how many clients or addresses a sentence names.
const mostNamed = 3

// often is how many times something happened.
func often[N ~int | ~int64](n N) string {
	if n == 1 {
		return "once"
	}
	return words.Number(n) + " times"
}

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
	for _, begin := range []string{"an unnamed", "unnamed clients"} {
		if rest, unnamed := strings.CutPrefix(text, begin); unnamed {
			text = strings.ToUpper(begin[:1]) + begin[1:] + rest
		}
	}
	return text + "."
}
