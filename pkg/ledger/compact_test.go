package ledger_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

func TestNamesOfDroppedStopsAreForgotten(t *testing.T) {
	l := testledger.New(t, ledger.Limits{Age: 240 * time.Hour, Count: 10})
	var s ledger.Snapshot
	for n := range uint64(3) {
		var batch []model.Stop
		for i := range uint64(ledger.SpareSymbols) {
			cid := n*ledger.SpareSymbols + i
			stop := testledger.Full(cid, testledger.Noon.Add(time.Duration(cid)*time.Second))
			stop.Name = fmt.Sprint("name", cid)
			batch = append(batch, stop)
		}
		s = testledger.Merged(t, l, batch...)
	}
	if got := len(s.Symbols.Names); got > 2*ledger.SpareSymbols {
		t.Fatalf("%d names are kept for 10 stops", got)
	}
	if newest := testledger.Everything(s); len(newest) != 10 || newest[0].Name != fmt.Sprint("name", 3*ledger.SpareSymbols-1) {
		t.Fatalf("got %d, the newest %+v", len(newest), newest[0])
	}
}
