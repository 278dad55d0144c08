package engine

import (
	"strconv"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// dictionary tells what one key's value is for each id of a column, by codes:
// small numbers that are the same exactly when the values are.
type dictionary struct {
	key    fields.Key
	column store.Column
	// codes are by id; nil when ids are codes themselves.
	codes  []uint32
	values []string
}

func (l *dictionary) code(id uint32) uint32 {
	if l.codes == nil {
		return id
	}
	return l.codes[id]
}

func (l *dictionary) value(id uint32) string { return l.values[l.code(id)] }

// dictionaryOf of a key; the classifier decides what reasons mean here.
func dictionaryOf(w *store.Symbols, key fields.Key, classifier *reason.Classifier) *dictionary {
	switch key {
	case fields.KeyReason:
		return &dictionary{key, store.ColumnReason, nil, w.Reasons}
	case fields.KeyName:
		return &dictionary{key, store.ColumnName, nil, w.Names}
	case fields.KeyApp:
		codes, apps := w.Apps.All(w.Names)
		return &dictionary{key, store.ColumnName, codes, apps}
	case fields.KeyUser:
		return &dictionary{key, store.ColumnUser, nil, w.Users}
	case fields.KeyIP:
		return &dictionary{key, store.ColumnIP, nil, w.IPs}
	case fields.KeyAccount:
		return derive(key, store.ColumnAccount, w.AccountNames, func(name *string) string { return *name })
	case fields.KeyClass, fields.KeyCategory, fields.KeySeverity:
		return derive(key, store.ColumnReason, w.Reasons, func(text *string) string { reason := classifier.Reason(*text); return fields.OfReason(&reason, key) })
	default:
		return derive(key, store.ColumnProfile, w.Profiles, func(p *store.Profile) string { return peerValue(p, key) })
	}
}

// derive makes a dictionary of few values that several ids may share.
func derive[T any](key fields.Key, column store.Column, from []T, value func(*T) string) *dictionary {
	l := &dictionary{key: key, column: column, codes: make([]uint32, len(from))}
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

func peerValue(p *store.Profile, key fields.Key) string {
	if key == fields.KeyIdentified {
		return strconv.FormatBool(p.Identified)
	}
	return fields.OfConnection(&model.Connection{
		Server: p.Server, Cluster: p.Cluster, Kind: p.Kind, Type: p.Type, Lang: p.Lang, Version: p.Version,
	}, key)
}
