package monitor

import (
	"context"
	"strconv"

	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz"
	"github.com/natsops/nats-connections-datasource/pkg/stops"
)

// reader reads one server once.
type reader struct {
	*endpoint
	ctx   context.Context
	asked *[]string
	bytes *int64
}

// maxRequests ends the read of a list that moves faster than it is read.
const maxRequests = 500

// maxLook is how many of the newest records are looked at for known ones at most.
const maxLook = 4096

// lists are the lists of /connz, in the order that [connz.Pager] needs.
var lists = map[source.Step]string{
	source.StepClosed: "state=closed&auth=1&sort=stop",
	source.StepOpen:   "state=open&auth=1&sort=cid",
}

func (r *reader) pager(server stops.Server) connz.Pager {
	return connz.Pager{Size: r.pageSize, MaxLook: maxLook, Ask: func(list source.Step, offset, limit int) (connz.Page, error) {
		return r.page(list, server, offset, limit)
	}}
}

func (r *reader) page(list source.Step, server stops.Server, offset, limit int) (connz.Page, error) {
	if len(*r.asked) >= maxRequests {
		return connz.Page{}, r.fail(list, source.KindProtocol, nil, "Its list changes faster than it can be read.",
			"Try again; if this stays so, see which clients connect so often.")
	}
	path := "/connz?" + lists[list] + "&limit=" + strconv.Itoa(limit)
	if offset > 0 {
		path += "&offset=" + strconv.Itoa(offset)
	}
	body, err := r.get(list, path)
	if err != nil {
		return connz.Page{}, err
	}
	result, err := connz.Decode(body, server)
	if err != nil {
		return connz.Page{}, r.undecodable(list, err)
	}
	if result.ServerID != "" && result.ServerID != server.ID {
		return connz.Page{}, r.fail(list, source.KindConfiguration, source.ErrServerChanged,
			"Its server changed while it was read, twice in a row.",
			"If the URL leads to a load balancer, list each server's own URL instead; if the server is restarting, try again.")
	}
	return result, nil
}
