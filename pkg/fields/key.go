package fields

// Key is a dimension that stops and connections are grouped and filtered by.
// Keys are also label names and column names, so their spelling is stable.
type Key string

// The keys, in the order in which editors list them.
const (
	KeyReason     Key = "reason"
	KeyClass      Key = "class"
	KeyCategory   Key = "category"
	KeySeverity   Key = "severity"
	KeyAccount    Key = "account"
	KeyServer     Key = "server"
	KeyCluster    Key = "cluster"
	KeyUser       Key = "user"
	KeyName       Key = "name"
	KeyApp        Key = "app"
	KeyKind       Key = "kind"
	KeyType       Key = "type"
	KeyLang       Key = "lang"
	KeyVersion    Key = "version"
	KeyIP         Key = "ip"
	KeyIdentified Key = "identified"
)

// Keys lists every key in display order.
func Keys() []Key {
	return []Key{
		KeyReason, KeyClass, KeyCategory, KeySeverity, KeyAccount, KeyServer, KeyCluster, KeyUser,
		KeyName, KeyApp, KeyKind, KeyType, KeyLang, KeyVersion, KeyIP, KeyIdentified,
	}
}
