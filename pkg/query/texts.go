package query

import (
	"encoding/json"
	"reflect"
	"strings"
)

// UnmarshalJSON takes numbers and booleans among the values as their texts,
// since that is how tools and Grafana's own filters may write them.
func (f *Filter) UnmarshalJSON(raw []byte) error {
	type plain Filter
	loose := struct {
		*plain
		Values []text `json:"values"`
	}{plain: (*plain)(f)}
	if err := json.Unmarshal(raw, &loose); err != nil {
		return err
	}
	f.Values = make([]string, len(loose.Values))
	for i, value := range loose.Values {
		f.Values[i] = string(value)
	}
	return nil
}

// text is a JSON string, number or boolean.
type text string

func (t *text) UnmarshalJSON(raw []byte) error {
	switch {
	case raw[0] == '"':
		return json.Unmarshal(raw, (*string)(t))
	case strings.ContainsRune("tf-0123456789", rune(raw[0])):
		*t = text(raw)
		return nil
	}
	kind := map[byte]string{'{': "object", '[': "array", 'n': "null"}[raw[0]]
	return &json.UnmarshalTypeError{Value: kind, Type: reflect.TypeFor[string](), Field: ""}
}
