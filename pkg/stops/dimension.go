package stops

import "strconv"

// Value returns the connection's value of a key that does not depend on why
// it stopped; reason, class, category and severity are empty.
func (c *Connection) Value(key Key) string {
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

// Value returns the stop's value of a key; the classifier decides what its
// reason means here.
func (s *Stop) Value(key Key, classifier *Classifier) string {
	switch key {
	case KeyReason:
		return s.Reason
	case KeyClass, KeyCategory, KeySeverity:
		reason := classifier.Reason(s.Reason)
		return reason.value(key)
	default:
		return s.Connection.Value(key)
	}
}

// value returns what the reason says of a key.
func (r *Reason) value(key Key) string {
	switch key {
	case KeyClass:
		return string(r.Class)
	case KeyCategory:
		return string(r.Category)
	default:
		return string(r.Severity)
	}
}

// BytesLostMin is the least that was lost with the connection: what was
// pending when the reason says that the server threw it away.
func (s *Stop) BytesLostMin(classifier *Classifier) int64 {
	if classifier.Reason(s.Reason).PendingIsLoss {
		return s.PendingBytes
	}
	return 0
}
