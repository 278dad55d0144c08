package ledger_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// TestLongNamesAreBounded: whoever reaches the port may choose names of 4 kB.
func TestLongNamesAreBounded(t *testing.T) {
	const most = 1 << 20
	l := testledger.New(t, ledger.Limits{Age: 24 * time.Hour, Always: 100, Count: 20_000, Bytes: most})
	n1 := testledger.NewRing("ID1", "n1", 100)
	long := strings.Repeat("x", 3890)
	for range 20 {
		n1.Close(100)
		for i := range n1.Records {
			n1.Records[i].Name = fmt.Sprint(long, n1.Records[i].CID)
		}
		s := l.Merge([]model.Reading{n1.Read()})
		bytes := 0
		for _, name := range s.Symbols.Names {
			bytes += len(name)
		}
		if kept := testledger.Count(s); bytes > most || kept < 100 {
			t.Fatalf("%d bytes of names, %d stops", bytes, kept)
		}
		if c := s.Servers[0].Coverage; len(c.Gaps) != 0 || c.EvictedBefore != 0 {
			t.Fatalf("dropping records is no loss of the server's: %+v", c)
		}
	}
}
