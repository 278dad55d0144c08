package telemetry_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/natsops/nats-connections-datasource/pkg/telemetry"
)

// described is a registry that keeps what metrics say of themselves.
type described struct {
	prometheus.Registerer
	rows, names []string
}

var descriptionOf = regexp.MustCompile(`fqName: "(\w+)", help: "([^"]*)", .*constLabels: {}, variableLabels: {([\w,]*)}`)

func (d *described) MustRegister(collectors ...prometheus.Collector) {
	for _, c := range collectors {
		kind := "counter"
		switch c.(type) {
		case *prometheus.GaugeVec:
			kind = "gauge"
		case *prometheus.HistogramVec:
			kind = "histogram"
		}
		descriptions := make(chan *prometheus.Desc, 1)
		c.Describe(descriptions)
		parts := descriptionOf.FindStringSubmatch((<-descriptions).String())
		labels := strings.TrimPrefix(strings.TrimPrefix(parts[3], "datasource,datasource_uid,org"), ",")
		if labels != "" {
			labels = "`" + strings.ReplaceAll(labels, ",", "`, `") + "` "
		}
		d.names = append(d.names, parts[1])
		d.rows = append(d.rows, fmt.Sprintf("| %#q | %s | %s| %s |", parts[1], kind, labels, strings.TrimSuffix(parts[2], ".")))
	}
}

func TestEveryMetricIsDocumentedAsItIs(t *testing.T) {
	file, err := os.ReadFile("../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	page := regexp.MustCompile(` +`).ReplaceAllString(string(file), " ")
	d := &described{}
	telemetry.New(d)
	if len(d.rows) < 10 {
		t.Fatalf("only %d metrics were registered", len(d.rows))
	}
	for _, row := range d.rows {
		if !strings.Contains(page, row) {
			t.Errorf("docs/metrics.md lacks the row\n%s", row)
		}
	}
	// What has a colon in front is the name of a recording rule.
	for _, named := range regexp.MustCompile(`[^:\w](nats_connections_\w+)`).FindAllStringSubmatch(page, -1) {
		if !slices.Contains(d.names, named[1]) {
			t.Errorf("docs/metrics.md names %s, which does not exist", named[1])
		}
	}
}
