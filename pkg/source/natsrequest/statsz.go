package natsrequest

import (
	"time"

	"github.com/nats-io/nats.go"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz/decode"
)

// statszPing asks for counters (nats-server.md#who-a-server-is).
var statszPing = ping{
	subject: "$SYS.REQ.SERVER.PING.STATSZ",
	decode:  func(msg *nats.Msg) (answer, error) { return decodeStatsz(msg.Data) },
}

// answer is what one server told of itself.
type answer struct {
	server model.Server
	// asked and came are when it was asked for and when it was here.
	asked, came time.Time
	// active is how many servers it counts, itself among them.
	active int
	// flaws are what could not be read of it, save those of the page.
	flaws decode.Flaws
	// page is what it sent along.
	page decode.Page
	// bytes is how long the answer was, and what else its server sent.
	bytes int64
}

func decodeStatsz(body []byte) (answer, error) {
	server, active, flaws, err := decode.Statsz(body)
	if err != nil {
		return answer{}, err
	}
	return answer{server: server, active: active, flaws: flaws, bytes: int64(len(body))}, nil
}
