package finding

import (
	"cmp"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// Finding is a pattern worth a person's time: what is wrong, whose it is, since
// when, how sure. It does not say whether it goes on: that depends on the time
// at which one asks, see [Finding.State].
type Finding struct {
	model.Subject
	// Sentence tells it with its numbers; what strangers chose is cleaned (decision D14).
	Sentence   string
	Confidence Confidence
	// Count is how much evidence there is, Instances how many clients or servers
	// are affected.
	Count, Instances int64
	// First and Last are when the first and the newest evidence was. First is zero
	// where nobody knows.
	First, Last time.Time
	// GoesOn: it is a state that lasts until it ends, not events.
	GoesOn bool
	// Regraded: it goes on with another severity, as another finding. It is over for
	// alerts, which go by severity, and told to people once.
	Regraded bool
	// Evidence are the conditions of the records that show it; those of stops and events
	// are from First to Last.
	Evidence []Condition
	Shown    Shown
}

// Shown is what the records are that show a finding.
type Shown int

// What they are.
const (
	// InStops is what most findings are shown by.
	InStops Shown = iota
	// InShortest are as many stops as Count, those of the connections that lived shortest.
	InShortest
	// InOpen are open connections.
	InOpen
	// InBacklog are as many open connections as Count, those for which most waits.
	InBacklog
	// InServers are servers as they are now, InEvents what happened to them.
	InServers
	InEvents
)

// Condition is a filter of the records that are evidence.
type Condition struct {
	Key    fields.Key
	Values []string
}

// Confidence is how sure a finding is.
type Confidence string

// The words for it.
const (
	// Certain: servers say so.
	Certain Confidence = "certain"
	// Likely: other explanations are far-fetched.
	Likely Confidence = "likely"
	// Possible: other explanations are at hand; the sentence says which.
	Possible Confidence = "possible"
)

// severities are by urgency.
var severities = []reason.Severity{reason.Info, reason.Warning, reason.Critical}

// Urgency grows with the severity.
func (f *Finding) Urgency() int { return slices.Index(severities, reason.Severity(f.Severity)) }

// Sort puts the most severe first, then the newest.
func Sort(all []Finding) {
	slices.SortStableFunc(all, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(b.Urgency(), a.Urgency()), b.Last.Compare(a.Last), cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(a.App, b.App), cmp.Compare(a.Account, b.Account), cmp.Compare(a.User, b.User),
			cmp.Compare(a.IP, b.IP), cmp.Compare(a.Server, b.Server), a.First.Compare(b.First),
		)
	})
}
