package plugin

import (
	"fmt"
	"strings"
	"testing"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// TestFiveHundredServers: each has its number, and what is told in words
// stays short enough to be read.
func TestFiveHundredServers(t *testing.T) {
	const n = 500
	d := datasource(t, func(source.Request) []model.Reading {
		var all []model.Reading
		for i := range n {
			name := fmt.Sprintf("n%03d", i)
			r := model.Reading{Endpoint: name + ":8222", Ring: model.RingRead}
			if i%2 == 0 {
				r.Err = fmt.Errorf("%s: It refused the connection", r.Endpoint)
			} else {
				r.Server = model.Server{ID: name, Name: name, Start: noon, Now: noon, Open: 1, Total: 1}
			}
			all = append(all, r)
		}
		return all
	})
	response := ask(t, d, false,
		`{"queryType":"servers","view":"totals","metric":"answered"}`,
		`{"queryType":"servers","view":"table"}`,
		`{"queryType":"stops","view":"totals","groupBy":["server"]}`)
	if got := len(response.Responses["A"].Frames[0].Fields); got != n {
		t.Errorf("%d servers in totals, want %d", got, n)
	}
	if got := response.Responses["B"].Frames[0].Rows(); got != n {
		t.Errorf("%d rows, want %d", got, n)
	}
	meta := response.Responses["C"].Frames[0].Meta
	if lines := strings.Count(meta.ExecutedQueryString, "\n"); lines > 2*askedServers {
		t.Errorf("the inspector shows %d lines", lines)
	}
	var words strings.Builder
	for _, notice := range meta.Notices {
		words.WriteString(notice.Text)
	}
	if !strings.Contains(words.String(), "The same holds for 245 more servers.") || words.Len() > 1000 {
		t.Errorf("notices: %s", words.String())
	}
}

func TestNoServers(t *testing.T) {
	d := made(t, newProcess(t), map[string]any{})
	if err := ask(t, d, false, `{}`).Responses["A"].Error; err == nil || !strings.Contains(err.Error(), "add a monitoring URL, or a NATS server") {
		t.Errorf("got %v", err)
	}
}
