package testnats

import (
	"context"
	"fmt"
	"sync"
)

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
