package settings

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// ofGrafana are members that Grafana or its parts write by themselves, and
// that this data source has no use for.
var ofGrafana = []string{
	"access", "alertmanagerUid", "allowAsRecordingRulesTarget", "authType", "defaultRegion", "disableGrafanaCache", "keepCookies",
	"manageAlerts", "oauthPassThru", "pdcInjected", "profile", "teamHttpHeaders", "withCredentials",
}

// warnings are about settings that nobody reads: a sentence each, with the name
// that was probably meant.
func warnings(f jsonFields, secure, classes map[string]string) []string {
	var told []string
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if saysSomething(f[name]) {
			told = append(told, unknownMember(name)...)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(secure)) {
		if key, known := keyNamed(name); secure[name] != "" && (!known || key.Place != InSecure) && !slices.Contains(ofGrafana, name) {
			told = append(told, notKnown(name, namesIn(InSecure), ""))
		}
	}
	for _, text := range slices.Sorted(maps.Keys(classes)) {
		if !slices.Contains(reasons(), text) {
			told = append(told, "classOverrides: "+notKnown(text, reasons(), ""))
		}
	}
	return told
}

func unknownMember(name string) []string {
	key, known := keyNamed(name)
	switch {
	case slices.Contains(ofGrafana, name), isSDKNumber(name), known && key.Place != InSecure:
		return nil
	case known:
		return []string{fmt.Sprintf("%s is a secret and belongs into secureJsonData; in jsonData everybody can read it.", name)}
	}
	if near, found := nearest(name, namesIn(InSecure)); found {
		if _, nearer := nearest(name, namesIn(InJSON, Beside)); !nearer {
			return []string{notKnown(name, []string{near}, " in secureJsonData")}
		}
	}
	return []string{notKnown(name, namesIn(InJSON, Beside), "")}
}

// saysSomething reports whether a member would change anything: switches that
// are off and empty texts are what tools leave behind.
func saysSomething(raw json.RawMessage) bool {
	return !slices.Contains([]string{"null", "false", `""`, "[]", "{}"}, string(raw))
}

func namesIn(places ...Place) []string {
	var names []string
	for _, key := range keys {
		if slices.Contains(places, key.Place) {
			names = append(names, key.Name)
		}
	}
	return names
}

func reasons() []string {
	var texts []string
	for _, one := range reason.Catalogue() {
		texts = append(texts, one.Text)
	}
	return texts
}

// notKnown is the sentence about a name: it asks whether the nearest was meant.
func notKnown(name string, names []string, where string) string {
	if near, found := nearest(name, names); found {
		return fmt.Sprintf("%s is not known; %s%s?", name, near, where)
	}
	return fmt.Sprintf("%s is not known.", name)
}

// nearest is the name that differs least, if it differs little. What tools
// write differently does not count, nor which names begin with nats.
func nearest(name string, names []string) (string, bool) {
	best, least, wrong := "", 0, plain(name)
	for _, other := range names {
		right := plain(other)
		away := min(distance(wrong, right), distance(wrong, strings.TrimPrefix(right, "nats")))
		if best == "" || away < least {
			best, least = other, away
		}
	}
	return best, best != "" && least <= max(1, len(wrong)/4)
}

func plain(name string) string {
	return strings.NewReplacer("_", "", "-", "", " ", "", ".", "", "(", "", ")", "").Replace(strings.ToLower(name))
}

// distance is how many characters must be changed, added or removed.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			changed := diagonal
			if a[i] != b[j] {
				changed++
			}
			diagonal = row[j+1]
			row[j+1] = min(changed, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
