package engine

import (
	"github.com/natsops/nats-connections-datasource/pkg/fields"
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
	d := fields.Of(key)
	v := d.Values(w, classifier)
	return &dictionary{key, d.Column, v.Codes, v.Values}
}
