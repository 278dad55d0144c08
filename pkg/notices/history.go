package notices

import (
	"fmt"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/beyond"
	"github.com/natsops/nats-connections-datasource/pkg/history"
	"github.com/natsops/nats-connections-datasource/pkg/words"
)

// tellFailure is how long nothing can be written before that is told: a stream has no
// leader for a moment now and then.
const tellFailure = 10 * time.Second

// Unfinished says what is not counted yet of the time before memory begins.
func Unfinished(s beyond.State) []data.Notice {
	var told []data.Notice
	say := func(text string, args ...any) {
		told = append(told, data.Notice{Severity: data.NoticeSeverityWarning, Text: fmt.Sprintf(text, args...)})
	}
	switch {
	case s.Err != nil:
		say("What is no longer in memory could not be read from the history, and is missing here. %v", s.Err)
	case !s.Back.IsZero():
		say("The history is loaded back to %s of %s: what stopped before is not all counted yet. Ask again in a moment.", words.Time(s.Back), words.Time(s.To))
	}
	if s.Waiting > 0 {
		say("Of what is no longer in memory, %s to be written to the history and not counted yet.", waiting(s.Waiting))
	}
	return told
}

// OfHistory says what an answer is without because of the history, of which so much was
// read beyond memory.
func OfHistory(s history.State, further beyond.State, now time.Time) []data.Notice {
	s.Unreadable, s.Newer = max(s.Unreadable, further.Unreadable), max(s.Newer, further.Newer)
	var told []data.Notice
	say := func(severity data.NoticeSeverity, text string, args ...any) {
		told = append(told, data.Notice{Severity: severity, Text: fmt.Sprintf(text, args...)})
	}
	switch {
	case s.Unread && s.Err != nil:
		say(data.NoticeSeverityWarning, "The history could not be read, which is tried again: so far this is what the servers still hold. %v", s.Err)
	case s.Unread:
		say(data.NoticeSeverityWarning, "The history is still being read: %s of %s so far. Until then this is what the servers still hold.",
			words.Number(s.Blocks), words.Several(s.Total, "block"))
	case s.Err != nil && now.Sub(s.Since) >= tellFailure:
		say(data.NoticeSeverityWarning, "Nothing could be written to the history since %s, and %s now. %v",
			words.Time(s.Since), waiting(s.Waiting), s.Err)
	}
	if s.Captured != nil {
		say(data.NoticeSeverityWarning, "What others captured could not be read, which is tried again: what advisories alone told since is not shown. %v", s.Captured)
	}
	if s.Unreadable > 0 {
		say(data.NoticeSeverityWarning, "Of the history, %s left out, which cannot be read.", isOrAre(s.Unreadable, "block"))
	}
	if s.Newer > 0 {
		say(data.NoticeSeverityWarning, "Of the history, %s left out, which a newer release of this plugin wrote: update it here, too.", isOrAre(s.Newer, "block"))
	}
	return append(told, Unfinished(further)...)
}

func isOrAre(n int, thing string) string {
	if n == 1 {
		return "1 " + thing + " is"
	}
	return words.Several(n, thing) + " are"
}

func waiting(records int) string {
	if records == 1 {
		return "1 record waits"
	}
	return words.Several(records, "record") + " wait"
}
