package monitor

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"

	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// peekSize is how much of a refusal is looked at; none of it is shown.
const peekSize = 4 << 10

func (r *reader) get(step source.Step, path string) ([]byte, error) {
	url := r.base + path
	r.note("GET " + url)
	req, err := http.NewRequestWithContext(r.ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, r.fail(step, source.KindConfiguration, err, "The URL cannot be used.", "Check the URL in the data source's settings.")
	}
	req.Host = r.host
	res, err := r.client.Do(req)
	if err != nil {
		return nil, r.unreachable(step, err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		start, _ := io.ReadAll(io.LimitReader(res.Body, peekSize))
		return nil, r.refused(step, res, start)
	}
	body, err := r.body(res)
	if errors.Is(err, httpclient.ErrResponseBodyTooLarge) {
		return nil, r.fail(step, source.KindProtocol, err, "Its answer is larger than this data source accepts.",
			"Lower max_closed_clients of the server, or raise the response limit in Grafana's configuration if one is set.")
	}
	if err != nil {
		return nil, r.unreachable(step, err)
	}
	if kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type")); kind == "text/html" {
		return nil, r.fail(step, source.KindConfiguration, nil, "It answers with a web page instead of monitoring data.",
			"Use the base URL of the server's monitoring port; a proxy in front may be asking for a login.")
	}
	return body, nil
}

func (r *reader) body(res *http.Response) ([]byte, error) {
	size := max(r.lastSize.Load()+r.lastSize.Load()/16, res.ContentLength, bytes.MinRead)
	buffer := bytes.NewBuffer(make([]byte, 0, min(size, r.maxBody)+bytes.MinRead))
	n, err := buffer.ReadFrom(io.LimitReader(res.Body, r.maxBody+1))
	if err != nil {
		return nil, err
	}
	if n > r.maxBody {
		return nil, httpclient.ErrResponseBodyTooLarge
	}
	r.lastSize.Store(n)
	r.weigh(n)
	return buffer.Bytes(), nil
}
