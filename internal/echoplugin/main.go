// Command echoplugin is a plugin that does nothing: it answers queries with frames that
// it was given before. What that takes is Grafana's plugin protocol alone.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"sync"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/datasource"
	"github.com/grafana/grafana-plugin-sdk-go/backend/instancemgmt"
	"github.com/grafana/grafana-plugin-sdk-go/backend/log"
	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// echo remembers an answer for each query.
type echo struct{ answers sync.Map }

func main() {
	e := &echo{}
	factory := func(context.Context, backend.DataSourceInstanceSettings) (instancemgmt.Instance, error) {
		return e, nil
	}
	if err := datasource.Manage("echo", factory, datasource.ManageOpts{}); err != nil {
		log.DefaultLogger.Error("Plugin stopped", "error", err)
		os.Exit(1)
	}
}

// CallResource learns: the path is the query's name, the body an Arrow frame.
func (e *echo) CallResource(_ context.Context, req *backend.CallResourceRequest, sender backend.CallResourceResponseSender) error {
	frame, err := data.UnmarshalArrowFrame(req.Body)
	if err != nil {
		return err
	}
	e.answers.Store(req.Path, data.Frames{frame})
	return sender.Send(&backend.CallResourceResponse{Status: 204})
}

// QueryData answers each query with what was learnt under its name.
func (e *echo) QueryData(_ context.Context, req *backend.QueryDataRequest) (*backend.QueryDataResponse, error) {
	response := backend.NewQueryDataResponse()
	for _, q := range req.Queries {
		var query struct {
			Name string `json:"name"`
		}
		if err := json.Unmarshal(q.JSON, &query); err != nil {
			return nil, err
		}
		learnt, known := e.answers.Load(query.Name)
		frames, isFrames := learnt.(data.Frames)
		if !known || !isFrames {
			return nil, errors.New("nothing was learnt under the name " + query.Name)
		}
		response.Responses[q.RefID] = backend.DataResponse{Frames: frames}
	}
	return response, nil
}
