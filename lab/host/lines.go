package host

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// maxLine bounds one request.
const maxLine = 4 << 20

// Request is one line that [Serve] reads.
type Request struct {
	ID int `json:"id"`
	// Kind is query, health or resource.
	Kind     string            `json:"kind"`
	Settings RequestSettings   `json:"settings"`
	Queries  []json.RawMessage `json:"queries"`
	Range    RequestRange      `json:"range"`
	Headers  map[string]string `json:"headers"`
	// Path, Method and Body are a resource request's.
	Path   string          `json:"path"`
	Method string          `json:"method"`
	Body   json.RawMessage `json:"body"`
}

// RequestSettings is a data source as provisioning files describe it.
type RequestSettings struct {
	UID            string            `json:"uid"`
	Name           string            `json:"name"`
	URL            string            `json:"url"`
	BasicAuth      bool              `json:"basicAuth"`
	BasicAuthUser  string            `json:"basicAuthUser"`
	JSONData       json.RawMessage   `json:"jsonData"`
	SecureJSONData map[string]string `json:"secureJsonData"`
}

// RequestRange is a panel's time range.
type RequestRange struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Response is one line that [Serve] writes.
type Response struct {
	ID    int    `json:"id"`
	Error string `json:"error,omitempty"`
	// Query is Grafana's own JSON: results by refId, each with frames.
	Query    *backend.QueryDataResponse `json:"query,omitempty"`
	Health   *HealthResponse            `json:"health,omitempty"`
	Resource *ResourceResponse          `json:"resource,omitempty"`
}

// HealthResponse is the answer to a health request.
type HealthResponse struct {
	Status  string          `json:"status"`
	Message string          `json:"message"`
	Details json.RawMessage `json:"details,omitempty"`
}

// ResourceResponse is the answer to a resource request.
type ResourceResponse struct {
	Status int    `json:"status"`
	Body   string `json:"body"`
}

// queryEnvelope is what Grafana adds to a query's own fields.
type queryEnvelope struct {
	RefID         string `json:"refId"`
	QueryType     string `json:"queryType"`
	IntervalMS    int64  `json:"intervalMs"`
	MaxDataPoints int64  `json:"maxDataPoints"`
}

// Serve answers requests until in ends; requests run side by side. The first
// line it writes is the plugin's process id.
func Serve(ctx context.Context, plugin *Host, in io.Reader, out io.Writer) error {
	ctx, cancel := context.WithCancelCause(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel(nil)
	lines := &lineWriter{out: json.NewEncoder(out)}
	if err := lines.write(map[string]int{"pid": plugin.PID()}); err != nil {
		return err
	}
	scanner := bufio.NewScanner(in)
	scanner.Buffer(nil, maxLine)
	for scanner.Scan() {
		var request Request
		if err := json.Unmarshal(scanner.Bytes(), &request); err != nil {
			return fmt.Errorf("request %q: %w", scanner.Text(), err)
		}
		running.Go(func() {
			if err := lines.write(plugin.answer(ctx, request)); err != nil {
				// Nobody reads any more: what still runs is of no use.
				cancel(err)
			}
		})
	}
	return scanner.Err()
}

type lineWriter struct {
	mu  sync.Mutex
	out *json.Encoder
}

func (w *lineWriter) write(value any) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.out.Encode(value)
}

func (h *Host) answer(ctx context.Context, request Request) Response {
	response := Response{ID: request.ID}
	var err error
	switch request.Kind {
	case "query":
		response.Query, err = h.answerQuery(ctx, request)
	case "health":
		response.Health, err = h.answerHealth(ctx, request)
	case "resource":
		response.Resource, err = h.answerResource(ctx, request)
	default:
		err = errors.New("kind is none of query, health, resource: " + request.Kind)
	}
	if err != nil {
		response.Error = err.Error()
	}
	return response
}

func (h *Host) answerQuery(ctx context.Context, request Request) (*backend.QueryDataResponse, error) {
	queries := make([]backend.DataQuery, 0, len(request.Queries))
	for _, raw := range request.Queries {
		var envelope queryEnvelope
		if err := json.Unmarshal(raw, &envelope); err != nil {
			return nil, fmt.Errorf("query %s: %w", raw, err)
		}
		queries = append(queries, backend.DataQuery{
			RefID:         envelope.RefID,
			QueryType:     envelope.QueryType,
			JSON:          raw,
			Interval:      time.Duration(envelope.IntervalMS) * time.Millisecond,
			MaxDataPoints: envelope.MaxDataPoints,
			TimeRange:     backend.TimeRange{From: request.Range.From, To: request.Range.To},
		})
	}
	return h.QueryWith(ctx, request.Settings.instance(), request.Headers, queries...)
}

func (h *Host) answerHealth(ctx context.Context, request Request) (*HealthResponse, error) {
	result, err := h.Health(ctx, request.Settings.instance())
	if err != nil {
		return nil, err
	}
	return &HealthResponse{Status: result.Status.String(), Message: result.Message, Details: result.JSONDetails}, nil
}

func (h *Host) answerResource(ctx context.Context, request Request) (*ResourceResponse, error) {
	result, err := h.Resource(ctx, request.Settings.instance(), backend.CallResourceRequest{
		Path: request.Path, URL: request.Path, Method: request.Method, Body: request.Body,
	})
	if err != nil {
		return nil, err
	}
	return &ResourceResponse{Status: result.Status, Body: string(result.Body)}, nil
}

func (s RequestSettings) instance() backend.DataSourceInstanceSettings {
	return backend.DataSourceInstanceSettings{
		UID:                     s.UID,
		Name:                    s.Name,
		URL:                     s.URL,
		Type:                    PluginID,
		BasicAuthEnabled:        s.BasicAuth,
		BasicAuthUser:           s.BasicAuthUser,
		JSONData:                s.JSONData,
		DecryptedSecureJSONData: s.SecureJSONData,
	}
}
