package httpmonitor

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"

	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz"
)

const (
	// peekSize is how much of a refusal is looked at; none of it is shown.
	peekSize = 4 << 10
	// counterSize and recordSize are more than most counters and records take.
	counterSize = 4 << 10
	recordSize  = 768
)

// get asks for what is about so many bytes.
func (r *reader) get(ctx context.Context, step source.Step, path string, size int64) (reply, error) {
	url := r.base + path
	r.note("GET " + url)
	// Reaching the server may take long, and says nothing about its clock.
	var connected atomic.Pointer[time.Time]
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) {
		now := time.Now()
		connected.Store(&now)
	}})
	began := time.Now()
	req, err := http.NewRequestWithContext(traced, http.MethodGet, url, nil)
	if err != nil {
		return reply{}, r.fail(step, source.KindConfiguration, err, "The URL cannot be used.", "Check the URL in the data source's settings.")
	}
	req.Host = r.host
	req.Header.Set("Cache-Control", "no-cache")
	// A load balancer may lead each connection to another server.
	req.Close = r.patient
	res, err := r.client.Do(req)
	if err != nil {
		return reply{}, r.unreachable(step, err)
	}
	got := reply{asked: began, answered: time.Now(), age: ageOf(res)}
	if then := connected.Load(); then != nil {
		got.asked = *then
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		start, _ := io.ReadAll(io.LimitReader(res.Body, peekSize))
		return reply{}, r.refused(step, res, start)
	}
	got.body, err = r.body(res, size)
	if errors.Is(err, httpclient.ErrResponseBodyTooLarge) {
		return reply{}, r.fail(step, source.KindProtocol, connz.ErrTooLarge, "Its answer is larger than this data source accepts.",
			"Raise the response limit in Grafana's configuration if one is set.")
	}
	if err != nil {
		return reply{}, r.unreachable(step, err)
	}
	if kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type")); kind == "text/html" {
		return reply{}, r.fail(step, source.KindConfiguration, nil, "It answers with a web page instead of monitoring data.",
			"Use the base URL of the server's monitoring port; a proxy in front may be asking for a login.")
	}
	return got, nil
}
