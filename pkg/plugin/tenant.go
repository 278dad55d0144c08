package plugin

import (
	"slices"
	"strconv"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// tenant is whose a data source is. Grafana tells the organisation's number,
// the namespace, or both; where many stacks share one process, the number alone
// is the same for all.
type tenant struct {
	namespace string
	org       int64
}

// tenantOf reads the number as Grafana sent it: the SDK recommends the namespace
// instead, which Grafana 12 leaves empty.
func tenantOf(of backend.PluginContext) tenant {
	return tenant{of.Namespace, backend.ToProto().PluginContext(of).GetOrgId()}
}

// String is the number that Grafana shows for the organisation, or else its
// namespace.
func (t tenant) String() string {
	number := strconv.FormatInt(t.org, 10)
	if own := []string{"", "default", "org-" + number}; t.org != 0 && slices.Contains(own, t.namespace) {
		return number
	}
	return t.namespace
}
