// Package host starts the built plugin binary the way Grafana does and speaks
// to it over the same gRPC services, so that tests and the demo see what
// Grafana would see.
package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/grpcplugin"
	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"
	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
)

const (
	// PluginID is the plugin's id in Grafana.
	PluginID = "natsops-connections-datasource"
	// grafanaVersion is the oldest Grafana that the plugin supports.
	grafanaVersion = "12.3.0"
)

// Host is one running plugin process.
type Host struct {
	process     *goplugin.Client
	data        grpcplugin.DataClient
	diagnostics grpcplugin.DiagnosticsClient
	resource    grpcplugin.ResourceClient
}

// Option changes how a plugin is started.
type Option func(*goplugin.ClientConfig)

// LogTo writes the plugin's own log there; it is dropped otherwise.
func LogTo(w io.Writer) Option {
	return func(config *goplugin.ClientConfig) {
		config.Logger = hclog.New(&hclog.LoggerOptions{Output: w, Level: hclog.Debug, Name: "host"})
	}
}

// Start runs the binary and connects to it. The process ends with [Host.Close]
// or when ctx is done.
func Start(ctx context.Context, binaryPath string, options ...Option) (*Host, error) {
	command := exec.CommandContext(ctx, binaryPath)
	// Grafana gives its plugins no environment but this (pkg/plugins/envvars).
	command.Env = []string{"GF_VERSION=" + grafanaVersion}
	config := &goplugin.ClientConfig{
		Cmd: command,
		HandshakeConfig: goplugin.HandshakeConfig{
			ProtocolVersion:  grpcplugin.ProtocolVersion,
			MagicCookieKey:   grpcplugin.MagicCookieKey,
			MagicCookieValue: grpcplugin.MagicCookieValue,
		},
		VersionedPlugins: map[int]goplugin.PluginSet{
			grpcplugin.ProtocolVersion: {
				"data":        &grpcplugin.DataGRPCPlugin{},
				"diagnostics": &grpcplugin.DiagnosticsGRPCPlugin{},
				"resource":    &grpcplugin.ResourceGRPCPlugin{},
			},
		},
		SkipHostEnv:      true,
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
		Logger:           hclog.NewNullLogger(),
	}
	for _, option := range options {
		option(config)
	}
	h := &Host{process: goplugin.NewClient(config)}
	if err := h.connect(); err != nil {
		h.Close()
		return nil, fmt.Errorf("start %s: %w", binaryPath, err)
	}
	return h, nil
}

func (h *Host) connect() error {
	rpc, err := h.process.Client()
	if err != nil {
		return err
	}
	if h.data, err = dispense[grpcplugin.DataClient](rpc, "data"); err != nil {
		return err
	}
	if h.diagnostics, err = dispense[grpcplugin.DiagnosticsClient](rpc, "diagnostics"); err != nil {
		return err
	}
	h.resource, err = dispense[grpcplugin.ResourceClient](rpc, "resource")
	return err
}

func dispense[T any](rpc goplugin.ClientProtocol, name string) (T, error) {
	var none T
	raw, err := rpc.Dispense(name)
	if err != nil {
		return none, fmt.Errorf("dispense %s: %w", name, err)
	}
	client, ok := raw.(T)
	if !ok {
		return none, fmt.Errorf("dispense %s: got a %T", name, raw)
	}
	return client, nil
}

// Close ends the plugin process.
func (h *Host) Close() { h.process.Kill() }

// PID is the plugin's process id.
func (h *Host) PID() int {
	if config := h.process.ReattachConfig(); config != nil {
		return config.Pid
	}
	return 0
}

// Query runs queries against one data source, as a dashboard does.
func (h *Host) Query(ctx context.Context, settings backend.DataSourceInstanceSettings, queries ...backend.DataQuery) (*backend.QueryDataResponse, error) {
	return h.QueryWith(ctx, settings, nil, queries...)
}

// QueryWith is [Host.Query] with headers, such as FromAlert.
func (h *Host) QueryWith(ctx context.Context, settings backend.DataSourceInstanceSettings, headers map[string]string, queries ...backend.DataQuery) (*backend.QueryDataResponse, error) {
	request := backend.ToProto().QueryDataRequest(&backend.QueryDataRequest{
		PluginContext: pluginContext(settings),
		Headers:       headers,
		Queries:       queries,
	})
	response, err := h.data.QueryData(ctx, request)
	if err != nil {
		return nil, fmt.Errorf("query data: %w", err)
	}
	return backend.FromProto().QueryDataResponse(response)
}

// Health is what "Save & test" asks.
func (h *Host) Health(ctx context.Context, settings backend.DataSourceInstanceSettings) (*backend.CheckHealthResult, error) {
	response, err := h.diagnostics.CheckHealth(ctx, &pluginv2.CheckHealthRequest{
		PluginContext: backend.ToProto().PluginContext(pluginContext(settings)),
	})
	if err != nil {
		return nil, fmt.Errorf("check health: %w", err)
	}
	return backend.FromProto().CheckHealthResponse(response), nil
}

// Metrics are the plugin's, as Grafana serves them to Prometheus.
func (h *Host) Metrics(ctx context.Context) (string, error) {
	response, err := h.diagnostics.CollectMetrics(ctx, &pluginv2.CollectMetricsRequest{})
	if err != nil {
		return "", fmt.Errorf("collect metrics: %w", err)
	}
	return string(response.GetMetrics().GetPrometheus()), nil
}

// Resource calls the plugin's resource API; a streamed answer is joined.
func (h *Host) Resource(ctx context.Context, settings backend.DataSourceInstanceSettings, request backend.CallResourceRequest) (*backend.CallResourceResponse, error) {
	request.PluginContext = pluginContext(settings)
	stream, err := h.resource.CallResource(ctx, backend.ToProto().CallResourceRequest(&request))
	if err != nil {
		return nil, fmt.Errorf("call resource: %w", err)
	}
	var whole *backend.CallResourceResponse
	for {
		part, err := stream.Recv()
		switch {
		case errors.Is(err, io.EOF) && whole != nil:
			return whole, nil
		case err != nil:
			return nil, fmt.Errorf("call resource: %w", err)
		case whole == nil:
			whole = backend.FromProto().CallResourceResponse(part)
		default:
			whole.Body = append(whole.Body, part.GetBody()...)
		}
	}
}

func pluginContext(settings backend.DataSourceInstanceSettings) backend.PluginContext {
	if settings.Updated.IsZero() {
		// Instances are kept per update time, and the zero time has no UnixNano.
		settings.Updated = time.UnixMilli(1)
	}
	return backend.PluginContext{
		Namespace:                  "default",
		PluginID:                   PluginID,
		DataSourceInstanceSettings: &settings,
		User:                       &backend.User{Login: "lab", Name: "Lab", Role: "Viewer"},
	}
}
