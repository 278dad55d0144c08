package testnats

import (
	"context"
	"fmt"
	"sync"

	"github.com/nats-io/nats-server/v2/server"
)

// defaultRing is how many records a server keeps if it is not told otherwise
// (nats-server.md#the-ring-of-closed-connections).
const defaultRing = 10_000

// LimitRing makes a server of [Version] keep size records, if it can be told;
// it returns how many it keeps.
func LimitRing(opts *server.Options, size int) int {
	if !Has(Version(), "2.10.26", "2.11.0") {
		return defaultRing
	}
	opts.MaxClosedClients = size
	return size
}

// crowd is how many clients come and go side by side.
const crowd = 32

// FillRing lets count clients come and go, each of which leaves one record of
// a closed connection. name gives the name of each.
func FillRing(ctx context.Context, addr string, count int, name func(int) string) error {
	var wg sync.WaitGroup
	errs := make(chan error, crowd)
	for worker := range crowd {
		wg.Go(func() {
			for i := worker; i < count; i += crowd {
				if err := Visit(ctx, addr, name(i)); err != nil {
					errs <- fmt.Errorf("client %d: %w", i, err)
					return
				}
			}
		})
	}
	wg.Wait()
	close(errs)
	return <-errs
}

// LongName is a client name of the length that orchestrators give, about 115
// characters.
func LongName(i int) string {
	return fmt.Sprintf("%s-service-pod-%08x.%s", []string{"billing", "orders", "search", "gateway"}[i%4], i*2654435761&0xffffffff,
		"production.eu-central-1.compute.example.internal/consumer-group/invoices-and-payments-v2")
}
