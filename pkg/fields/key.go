package fields

import "slices"

// Key is a dimension that stops and connections are grouped and filtered by.
// Keys are also label names and column names, so their spelling is stable.
type Key string

// The keys; [Dimensions] says what each is.
const (
	KeyReason     Key = "reason"
	KeyClass      Key = "class"
	KeyCategory   Key = "category"
	KeySeverity   Key = "severity"
	KeyAccount    Key = "account"
	KeyAccountID  Key = "account_id"
	KeyServer     Key = "server"
	KeyCluster    Key = "cluster"
	KeyUser       Key = "user"
	KeyName       Key = "name"
	KeyApp        Key = "app"
	KeyMQTTClient Key = "mqtt_client"
	KeyKind       Key = "kind"
	KeyType       Key = "type"
	KeyLang       Key = "lang"
	KeyVersion    Key = "version"
	KeyIP         Key = "ip"
	KeyIdentified Key = "identified"
)

// KeyCount is how many keys there are.
const KeyCount = len(Dimensions)

// StopKeys are the keys of stops, in the order in which editors list them.
func StopKeys() []Key { return keysWith(func(d *Dimension) bool { return d.Stop != nil }) }

// ConnectionKeys are the keys of open connections.
func ConnectionKeys() []Key { return keysWith(func(d *Dimension) bool { return d.Open != nil }) }

// ServerKeys are the keys of servers.
func ServerKeys() []Key { return keysWith(func(d *Dimension) bool { return d.Server != nil }) }

// Keys lists every key.
func Keys() []Key { return keysWith(func(*Dimension) bool { return true }) }

func keysWith(has func(*Dimension) bool) []Key {
	var keys []Key
	for i := range Dimensions {
		if has(&Dimensions[i]) {
			keys = append(keys, Dimensions[i].Key)
		}
	}
	return slices.Clip(keys)
}
