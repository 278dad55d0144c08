package plugin

import (
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"
)

// from is the context of a request as Grafana sends it.
func from(namespace string, org int64) backend.PluginContext {
	return backend.FromProto().PluginContext(&pluginv2.PluginContext{Namespace: namespace, OrgId: org})
}

func TestTenantsAreCalledByTheNumberThatGrafanaShows(t *testing.T) {
	for _, test := range []struct {
		of   backend.PluginContext
		want string
	}{
		{from("", 1), "1"},
		{from("default", 1), "1"},
		{from("org-7", 7), "7"},
		{from("stacks-42", 1), "stacks-42"},
		{from("stacks-42", 0), "stacks-42"},
		{from("", 0), ""},
	} {
		if got := tenantOf(test.of).String(); got != test.want {
			t.Errorf("%+v is called %q, want %q", test.of, got, test.want)
		}
	}
}
