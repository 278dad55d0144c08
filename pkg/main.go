package main

import (
	"os"
	_ "time/tzdata" // days begin by the dashboard's time zone, and images may have none

	"github.com/grafana/grafana-plugin-sdk-go/backend/datasource"
	"github.com/grafana/grafana-plugin-sdk-go/backend/log"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/natsops/nats-connections-datasource/pkg/plugin"
	"github.com/natsops/nats-connections-datasource/pkg/telemetry"
)

func main() {
	// The SDK gives Grafana what the default registry has.
	factory := plugin.Factory(telemetry.New(prometheus.DefaultRegisterer))
	if err := datasource.Manage(plugin.ID, factory, datasource.ManageOpts{}); err != nil {
		log.DefaultLogger.Error("Plugin stopped", "error", err)
		os.Exit(1)
	}
}
