package stops

import "strconv"

// lexicon tells what one key's value is for each id of a column, by codes:
// small numbers that are the same exactly when the values are.
type lexicon struct {
	key    Key
	column column
	// codes are by id; nil when ids are codes themselves.
	codes  []uint32
	values []string
}

func (l *lexicon) code(id uint32) uint32 {
	if l.codes == nil {
		return id
	}
	return l.codes[id]
}

func (l *lexicon) value(id uint32) string { return l.values[l.code(id)] }

// lexicon of a key; the classifier decides what reasons mean here.
func (w *words) lexicon(key Key, classifier *Classifier) *lexicon {
	switch key {
	case KeyReason:
		return &lexicon{key, columnReason, nil, w.reasons}
	case KeyName:
		return &lexicon{key, columnName, nil, w.names}
	case KeyApp:
		codes, apps := w.apps.all(w.names)
		return &lexicon{key, columnName, codes, apps}
	case KeyUser:
		return &lexicon{key, columnUser, nil, w.users}
	case KeyIP:
		return &lexicon{key, columnIP, nil, w.ips}
	case KeyAccount:
		return derive(key, columnAccount, w.accountNames, func(name *string) string { return *name })
	case KeyClass, KeyCategory, KeySeverity:
		return derive(key, columnReason, w.reasons, func(text *string) string { reason := classifier.Reason(*text); return reason.value(key) })
	default:
		return derive(key, columnPeer, w.peers, func(p *peer) string { return p.value(key) })
	}
}

// derive makes a lexicon of few values that several ids may share.
func derive[T any](key Key, column column, from []T, value func(*T) string) *lexicon {
	l := &lexicon{key: key, column: column, codes: make([]uint32, len(from))}
	known := map[string]uint32{}
	for id := range from {
		text := value(&from[id])
		code, ok := known[text]
		if !ok {
			code = uint32(len(l.values))
			known[text] = code
			l.values = append(l.values, text)
		}
		l.codes[id] = code
	}
	return l
}

func (p *peer) value(key Key) string {
	if key == KeyIdentified {
		return strconv.FormatBool(p.Identified)
	}
	return (&Connection{
		Server: p.Server, Cluster: p.Cluster, Kind: p.Kind, Type: p.Type, Lang: p.Lang, Version: p.Version,
	}).Value(key)
}
