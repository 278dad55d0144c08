package httpmonitor

import (
	"bytes"
	"io"
	"net/http"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
)

// defaultMaxBody is several times what a page of usual records takes.
const defaultMaxBody = 32 << 20

// body is read into a buffer of the size that is expected, since megabytes are
// moved many times over while a buffer grows into them.
func (r *reader) body(res *http.Response, size int64) ([]byte, error) {
	size = min(max(size, res.ContentLength), r.maxBody)
	buffer := bytes.NewBuffer(make([]byte, 0, size+bytes.MinRead))
	n, err := buffer.ReadFrom(io.LimitReader(res.Body, r.maxBody+1))
	if err != nil {
		return nil, err
	}
	if n > r.maxBody {
		return nil, httpclient.ErrResponseBodyTooLarge
	}
	r.weigh(n)
	return buffer.Bytes(), nil
}
