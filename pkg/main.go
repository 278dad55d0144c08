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
	leases, err := plugin.LeasesWithin(os.Getenv(plugin.LeaseVariable))
	if err != nil {
		log.DefaultLogger.Error("Leases are those by default", "error", err)
	}
	// The SDK gives Grafana what the default registry has.
	process := plugin.NewProcess(telemetry.New(prometheus.DefaultRegisterer), leases)
	err = datasource.Manage(plugin.ID, process.NewInstance, datasource.ManageOpts{})
	process.Close()
	if err != nil {
		log.DefaultLogger.Error("Plugin stopped", "error", err)
		os.Exit(1)
	}
}
