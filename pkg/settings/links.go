package settings

import (
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Link leads from a record or a group to a page elsewhere, or to a query of
// another data source in Explore. In its texts ${app} stands for the record's app,
// and so on; where one of them is not known, the link is not offered.
type Link struct {
	// Title is what people click.
	Title string `json:"title"`
	// Key is the column that the link belongs to; cid if empty.
	Key string `json:"key,omitempty"`
	// URL is the page.
	URL string `json:"url,omitempty"`
	// Datasource is the uid of the other data source, and Query what it is asked:
	// its text, or its whole query as JSON.
	Datasource string `json:"datasource,omitempty"`
	Query      string `json:"query,omitempty"`
	// Around is how long before and after a stop the query looks; a minute if empty.
	Around string `json:"around,omitempty"`
}

// uselessLinks says which links lead nowhere; the browser leaves them out, and
// everything else works without them.
func uselessLinks(links []Link) []string {
	var told []string
	for i, link := range links {
		if problem := link.problem(); problem != "" {
			told = append(told, fmt.Sprintf("links[%d] %s.", i, problem))
		}
	}
	return told
}

// problem is what is wrong with a link, to be read after its name.
func (l Link) problem() string {
	switch {
	case strings.TrimSpace(l.Title) == "":
		return "has no title to click"
	case (l.URL == "") == (l.Datasource == ""):
		return "must have either url or datasource"
	case l.URL != "" && !isPage(l.URL):
		return fmt.Sprintf("has the url %q: write an address with http:// or https://, or a path of this Grafana with /", l.URL)
	case l.Datasource != "" && strings.TrimSpace(l.Query) == "":
		return "has no query for its data source"
	}
	if l.Around != "" {
		if around, err := time.ParseDuration(l.Around); err != nil || around <= 0 {
			return fmt.Sprintf("has the around %q: write a duration, such as 2m", l.Around)
		}
	}
	return ""
}

// isPage reports whether an address may be opened: no script, no file, no other
// site behind what looks like a path.
func isPage(address string) bool {
	if strings.HasPrefix(address, "/") {
		return !strings.HasPrefix(address, "//") && !strings.HasPrefix(address, `/\`)
	}
	scheme, _, found := strings.Cut(address, "://")
	_, err := url.Parse(strings.NewReplacer("${", "", "}", "").Replace(address))
	return found && err == nil && (scheme == "http" || scheme == "https")
}
