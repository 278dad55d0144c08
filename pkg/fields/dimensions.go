package fields

import (
	"strconv"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// OfConnection returns the connection's value of a key that does not depend on why
// it stopped; reason, class, category and severity are empty.
func OfConnection(c *model.Connection, key Key) string {
	switch key {
	case KeyAccount:
		return c.Account
	case KeyServer:
		return c.Server
	case KeyCluster:
		return c.Cluster
	case KeyUser:
		return c.User
	case KeyName:
		return c.Name
	case KeyApp:
		return c.App
	case KeyKind:
		return c.Kind
	case KeyType:
		return c.Type
	case KeyLang:
		return c.Lang
	case KeyVersion:
		return c.Version
	case KeyIP:
		return c.IP
	case KeyIdentified:
		return strconv.FormatBool(c.Identified())
	case KeyReason, KeyClass, KeyCategory, KeySeverity:
		return ""
	}
	return ""
}

// OfStop returns the stop's value of a key; the classifier decides what its
// reason means here.
func OfStop(s *model.Stop, key Key, classifier *reason.Classifier) string {
	switch key {
	case KeyReason:
		return s.Reason
	case KeyClass, KeyCategory, KeySeverity:
		reason := classifier.Reason(s.Reason)
		return OfReason(&reason, key)
	default:
		return OfConnection(&s.Connection, key)
	}
}

// OfReason returns what the reason says of a key.
func OfReason(r *reason.Reason, key Key) string {
	switch key {
	case KeyClass:
		return string(r.Class)
	case KeyCategory:
		return string(r.Category)
	default:
		return string(r.Severity)
	}
}

// BytesLost is the least that was lost with the connection: what was
// pending when the reason says that the server threw it away.
func BytesLost(s *model.Stop, classifier *reason.Classifier) int64 {
	if classifier.Reason(s.Reason).PendingIsLoss {
		return s.PendingBytes
	}
	return 0
}
