package facts

import "github.com/natsops/nats-connections-datasource/pkg/guard"

// who is an app of an account, by numbers.
type who struct{ account, app uint32 }

// past is whose connections had got in. It is summed up while rules look at stops:
// whoever looks at it waits first.
type past struct {
	summing guard.Group
	apps    []*App
	byWho   map[who]*App
	// latest are the apps last met under each name, by number.
	latest []*App
	// users are when connections of each user, by number, had got in.
	users []presence
	// begun is when the newest connection under each name, by number, began.
	begun []int64
}

// App is what is known of the connections of an app that had got in, save for
// those that are open.
type App struct {
	Account, Name string
	// Identified: it said who it is.
	Identified bool
	// Minutes are those in which connections of it stopped, in the order in which
	// they were met: server by server.
	Minutes []Minute
	// First and Last are when one is first known to have been there, and when the
	// last one stopped, in nanoseconds.
	First, Last int64
	// Short is how many of all lived shortly.
	Short        int
	account, app uint32
	// newest is when the newest one began.
	newest int64
}

// Minute counts what stopped in one minute.
type Minute struct {
	// Number is how many minutes after the Unix epoch it was, Last when the last one
	// was, in nanoseconds.
	Number, Last int64
	// Closed were closed by their clients, Short of these lived shortly.
	Stopped, Closed, Short uint32
}

const (
	minute = int64(60e9)
	// short is a life that was for one request.
	short = int64(10e9)
)

// presence is when connections were in: the last known time, and when the newest
// one began; 0 where none is known.
type presence struct{ last, newest int64 }

func (p *presence) note(began, until int64) {
	p.last, p.newest = max(p.last, until), max(p.newest, began)
}

// until is when the app was last known to be in until a time.
func (a *App) until(at int64) int64 {
	if a.First > at {
		return 0
	}
	last := a.First
	for _, m := range a.Minutes {
		if m.Last <= at {
			last = max(last, m.Last)
		}
	}
	return last
}
