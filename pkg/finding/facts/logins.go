package facts

import (
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/store"
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
	f.past.summing.Wait()
	return f.past.users[s.User].last > 0 || of(f.Open.users, f.User(s)).Connections > 0
}

// Lived is how long the stop's connection was there; 0 if nobody told when it began.
// It looks for the record, so it is for few stops.
func (f *Facts) Lived(s *Stop) time.Duration {
	for _, k := range f.kept {
		for i := k.Table.Search(s.At); i < k.Table.Len() && k.Table.At(i) == s.At; i++ {
			one := k.Table.Get(i)
			if one.ID(store.ColumnName) != s.Name || one.ID(store.ColumnProfile) != s.profile || one.ID(store.ColumnIP) != s.IP {
				continue
			}
			if start, _ := one.Lifetime(); !start.IsZero() {
				return time.Duration(s.At - model.Nanos(start))
			}
		}
	}
	return 0
}

// Login is when an app is known to have been in.
type Login struct {
	// Until is when it was last known to be in before a time, in nanoseconds; 0: never.
	Until int64
	// Still: connections of before that time are open now. Since: some got in after it.
	Still, Since bool
}

// LoggedIn is when the stop's app was in, before and after a time. Who has no name is
// known by its user.
func (f *Facts) LoggedIn(s *Stop, at int64) Login {
	if f.Unnamed(s) {
		return f.UserLoggedIn(s, at)
	}
	f.past.summing.Wait()
	var in Login
	for _, app := range f.past.apps {
		if app.app == s.App && app.Account != model.NotLoggedIn {
			in.Until, in.Since = max(in.Until, app.until(at)), in.Since || app.newest > at
		}
	}
	return in.also(of(f.Open.byApp, f.App(s)), at)
}

// UserLoggedIn is when the user that the stop's client claimed to be was.
func (f *Facts) UserLoggedIn(s *Stop, at int64) Login {
	f.past.summing.Wait()
	seen := f.past.users[s.User]
	return Login{Until: min(seen.last, at), Since: seen.newest > at}.also(of(f.Open.users, f.User(s)), at)
}

// also is the same with what is open.
func (l Login) also(open Many, at int64) Login {
	if open.Connections > 0 {
		l.Still = model.Nanos(open.Oldest) <= at
		l.Since = l.Since || model.Nanos(open.Newest) > at
	}
	return l
}

// Back reports whether the stop's client itself has got in after a time: one of its
// name that is no other's, or of its name, or none, with its user at its address.
func (f *Facts) Back(s *Stop, at int64) bool {
	known := !f.Unnamed(s) && !f.NameShared(s)
	for _, c := range f.Open.byName()[f.Name(s)] {
		same := known || c.IP == f.IP(s) && c.User == f.User(s)
		if same && model.Nanos(c.Start) > at && c.Account != model.NotLoggedIn {
			return true
		}
	}
	return false
}

// Returned reports whether the stop's client has got in after a time, even if it stopped
// again. Of names that others may have, only what is open tells.
func (f *Facts) Returned(s *Stop, at int64) bool {
	f.past.summing.Wait()
	return !f.Unnamed(s) && !f.NameShared(s) && f.past.begun[s.Name] > at || f.Back(s, at)
}

// OtherServers reports whether the stop's app, or the user of who has no name, got in
// after a time at servers other than the stop's, and is not in at that one.
func (f *Facts) OtherServers(s *Stop, at int64) bool {
	where := f.Open.where().apps[f.App(s)]
	if f.Unnamed(s) {
		where = f.Open.where().users[f.User(s)]
	}
	elsewhere := false
	for server, newest := range where {
		if newest <= at {
			continue
		}
		if server == f.Server(s) {
			return false
		}
		elsewhere = true
	}
	return elsewhere
}
