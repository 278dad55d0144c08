package plugin

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"

	"github.com/natsops/nats-connections-datasource/pkg/settings"
)

// TestServersOfEachSettingAreRead: addresses that nobody goes to would be a data
// source without a stop.
func TestServersOfEachSettingAreRead(t *testing.T) {
	for name := range (settings.Settings{}).Addresses() {
		s := settingsWith(t, name)
		// Who users are stands among what is seen, whatever is read.
		s.Private = true
		ways, err := newWays(t.Context(), httpclient.Options{}, s)
		if err != nil {
			t.Fatal(err)
		}
		seen, err := sightOf(s, httpclient.Options{})
		if len(ways) != 1 || len(seen) != 1 || err != nil {
			t.Errorf("%s alone: %d ways, of which %d are told apart (%v)", name, len(ways), len(seen), err)
		}
		closeAll(ways)
	}
}

// settingsWith has an address in one setting alone.
func settingsWith(t *testing.T, name string) settings.Settings {
	t.Helper()
	for _, address := range []string{"http://127.0.0.1:1", "nats://127.0.0.1:1"} {
		for _, jsonData := range []map[string]any{
			{name: []string{address}}, {"nats": map[string]any{"servers": []string{address}}},
		} {
			raw, err := json.Marshal(jsonData)
			if err != nil {
				t.Fatal(err)
			}
			s, err := settings.Parse(backend.DataSourceInstanceSettings{JSONData: raw})
			if err == nil && len(s.Addresses()[name]) > 0 {
				return s
			}
		}
	}
	t.Fatalf("no address makes a server of %s", name)
	return settings.Settings{}
}

// TestWhoeverListensIsTold: what a memory has that listens to new stops is
// subscribed to them.
func TestWhoeverListensIsTold(t *testing.T) {
	m := memoryOf(t, datasource(t, fixture))
	listeners := 0
	of := reflect.ValueOf(m).Elem()
	for i := range of.NumField() {
		has := of.Type().Field(i).Type
		if has.Kind() != reflect.Pointer {
			has = reflect.PointerTo(has)
		}
		if _, listens := has.MethodByName("Tell"); listens {
			listeners++
		}
	}
	if told := reflect.ValueOf(m.ledger).Elem().FieldByName("subscribers").FieldByName("all").Len(); told != listeners || listeners < 2 {
		t.Errorf("%d listen to new stops, %d are told", listeners, told)
	}
}
