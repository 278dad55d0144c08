package fields

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
	KeyFinding    Key = "finding"
)
