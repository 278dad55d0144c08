package plugin

import (
	"testing"

	"github.com/natsops/nats-connections-datasource/pkg/query"
)

func TestEveryQueryTypeIsAnswered(t *testing.T) {
	for name := range query.Specs() {
		row := queryTypes[name]
		if row.answer == nil || row.need == nil || row.need(query.Query{Type: name}).lists == (lists{}) {
			t.Errorf("%s: nothing is read for it, or nobody answers", name)
		}
	}
	if len(queryTypes) != len(query.Specs()) {
		t.Errorf("%d query types are answered, %d have a spec", len(queryTypes), len(query.Specs()))
	}
}
