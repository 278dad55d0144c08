package settings_test

import (
	_ "embed"
	"encoding/json"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/natsops/nats-connections-datasource/pkg/settings"
)

// linkCases are also what the settings page is held to.
//
//go:embed testdata/links.json
var linkCases []byte

func problemWith(links string) string {
	s, err := settings.Parse(backend.DataSourceInstanceSettings{JSONData: json.RawMessage(`{"links":` + links + `}`)})
	if err != nil {
		return err.Error()
	}
	return strings.Join(s.Warnings, " ")
}

func TestProblemsOfLinks(t *testing.T) {
	var cases []struct {
		Link    json.RawMessage
		Problem string
	}
	if err := json.Unmarshal(linkCases, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) == 0 {
		t.Fatal("no cases")
	}
	for _, c := range cases {
		want := ""
		if c.Problem != "" {
			want = "links[1] " + c.Problem + "."
		}
		if got := problemWith(`[{"title":"first","url":"/a"},` + string(c.Link) + `]`); got != want {
			t.Errorf("%s: %q, want %q", c.Link, got, want)
		}
	}
}

func TestListOfLinks(t *testing.T) {
	const shape = "links must be a list of objects with the members title, key, url, datasource, query and around, all texts"
	for links, want := range map[string]string{
		`""`:                                   "",
		`null`:                                 "",
		`"[{\"title\":\"x\",\"url\":\"/a\"}]"`: "",
		`"text"`:                               shape,
		`[1]`:                                  shape,
		`[{"title":"x","url":"/a","uid":"y"}]`: shape,
	} {
		if got := problemWith(links); got != want {
			t.Errorf("%s: %q, want %q", links, got, want)
		}
	}
}
