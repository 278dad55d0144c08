package query

// Policy is what whoever asks may get: a panel and an alert rule need different
// answers to one query.
type Policy struct {
	// View is that of queries that name none.
	View View
	// UnfinishedBucket shows the interval that is still running.
	UnfinishedBucket bool
	// MaxGroups is how many groups are kept apart, whatever the query's limit;
	// zero leaves it to the query.
	MaxGroups int
	// ZerosGiveWay leaves groups at zero out first where there are too many, so
	// that a flood of names hides no group that fires.
	ZerosGiveWay bool
	// OneNumber: further numbers of a row would be series of the same labels.
	OneNumber bool
	// Unknown shows that a number is not known; whoever evaluates it has none.
	Unknown bool
	// Whole: a number that not all is counted for yet is none (decision D15).
	Whole bool
	// Links lead on from what is shown.
	Links bool
	// Follows: whoever asks can be told what happens next.
	Follows bool
	// Nameless: nobody may know users' names and addresses.
	Nameless bool
	// FormerLabels: what was watched under a label that it does not have any more still
	// is: a series that vanishes ends an alert without saying why.
	FormerLabels bool
	// PlainLabels: labels end up in messages, which render markup and templates.
	PlainLabels bool
}

// ForPanels is the policy of dashboards and Explore.
var ForPanels = Policy{UnfinishedBucket: true, Unknown: true, Links: true, Follows: true}

// ForAlerts is the policy of alert rules, whose evaluation reads neither notices
// nor links and would take the newest point of a running interval for its value.
var ForAlerts = Policy{
	View: Totals, UnfinishedBucket: false, MaxGroups: MaxAlertGroups, ZerosGiveWay: true, OneNumber: true, Whole: true, FormerLabels: true, PlainLabels: true,
}
