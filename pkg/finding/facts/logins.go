package facts

import (
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// GotIn reports whether the stop's client had logged in. Servers end those whose
// login is taken back with the reason of a refusal; they have an account, though.
func (f *Facts) GotIn(s *Stop) bool { return f.gotIn(&f.reasons[s.Reason], s.Account) }

func (f *Facts) gotIn(why *reason.Reason, account uint32) bool {
	return !why.BeforeLogin || f.account.values[account] != model.NotLoggedIn
}

// UserGotIn reports whether the user that the stop's client claimed to be is
// known to have got in, be it with another client.
func (f *Facts) UserGotIn(s *Stop) bool {
	return f.users[s.User].last > 0 || f.Open.users[f.User(s)].Connections > 0
}

// LoggedIn is when the stop's app was last known to be in until a time (0: never),
// and whether any of it got in after that. Who has no name is known by its user.
func (f *Facts) LoggedIn(s *Stop, at int64) (before int64, after bool) {
	open := f.Open.byApp[f.App(s)]
	if f.Unnamed(s) {
		seen := f.users[s.User]
		open = f.Open.users[f.User(s)]
		before, after = min(seen.last, at), seen.newest > at
	} else {
		for _, app := range f.Apps {
			if app.app == s.App && app.Account != model.NotLoggedIn {
				before, after = max(before, app.until(at)), after || app.newest > at
			}
		}
	}
	if open.Connections > 0 {
		newest := model.Nanos(open.Newest)
		before, after = max(before, min(newest, at)), after || newest > at
	}
	return before, after
}
