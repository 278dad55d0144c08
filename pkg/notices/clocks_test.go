package notices_test

import (
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/notices"
)

func TestWrongClocksAreTold(t *testing.T) {
	for offset, want := range map[time.Duration]string{
		15 * time.Minute:         "n1's clock is 15m0s ahead of Grafana's; times are corrected by that.",
		-90500 * time.Hour:       "n1's clock is 90500h0m0s behind Grafana's; times are corrected by that.",
		10 * time.Second:         "",
		-1500 * time.Microsecond: "",
	} {
		var told string
		for _, notice := range notices.WrongClocks([]ledger.ServerState{{Label: "n1", Answered: true, ClockOffset: offset}}) {
			told += notice.Text
		}
		if told != want {
			t.Errorf("%s: got %q, want %q", offset, told, want)
		}
	}
	if told := notices.WrongClocks([]ledger.ServerState{{Label: "n1", ClockOffset: time.Hour}}); len(told) != 0 {
		t.Errorf("a server that does not answer has no clock: %+v", told)
	}
}
