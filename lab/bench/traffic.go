package main

import (
	"fmt"
	"io"
	"net/http"
	"sync/atomic"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
)

// traffic counts what a reader asks and gets.
type traffic struct{ requests, bytes atomic.Int64 }

func (t *traffic) options() httpclient.Options {
	count := httpclient.MiddlewareFunc(func(_ httpclient.Options, next http.RoundTripper) http.RoundTripper {
		return httpclient.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			t.requests.Add(1)
			res, err := next.RoundTrip(req)
			if err == nil {
				res.Body = &countedBody{res.Body, &t.bytes}
			}
			return res, err
		})
	})
	return httpclient.Options{Middlewares: append(httpclient.DefaultMiddlewares(), count)}
}

type countedBody struct {
	io.ReadCloser
	bytes *atomic.Int64
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.bytes.Add(int64(n))
	return n, err
}

// of tells what one run of a work takes.
func (t *traffic) of(w work) (string, error) {
	if err := w.prepare(); err != nil {
		return "", err
	}
	requests, bytes := t.requests.Load(), t.bytes.Load()
	allocations, err := mallocs(w.run)
	return fmt.Sprintf("; asked %d times for %.1f kB, %.0f allocations",
		t.requests.Load()-requests, float64(t.bytes.Load()-bytes)/1000, allocations), err
}
