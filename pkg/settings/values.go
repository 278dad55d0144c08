package settings

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// jsonFields are the members of jsonData that are not decoded yet, so that an
// error can name them. Those inside of an object are called nats.user and so on.
//
// Whoever writes settings with a tool has texts only, so one rule holds for all
// of them: a number and a switch may be a text, and a text without anything in
// it is as good as none.
type jsonFields map[string]json.RawMessage

func object(data json.RawMessage) (jsonFields, error) {
	var written jsonFields
	if len(data) > 0 {
		if err := json.Unmarshal(data, &written); err != nil {
			return nil, fmt.Errorf("jsonData must be a JSON object: %w", err)
		}
	}
	fields := jsonFields{}
	for name, value := range written {
		if strings.Contains(name, ".") {
			name = strconv.Quote(name)
		}
		fields[name] = value
		if key, known := keyNamed(name); !known || key.Kind != Object || string(value) == `""` {
			continue
		}
		var inside jsonFields
		if err := json.Unmarshal(value, &inside); err != nil {
			return nil, fmt.Errorf("%s must be an object", name)
		}
		for member, value := range inside {
			fields[name+"."+member] = value
		}
	}
	return fields, nil
}

// decode leaves into as it is where the setting is absent, null or empty. Each
// error is one sentence that names the setting.
func (f jsonFields) decode(name string, into any) error {
	key, known := keyNamed(name)
	if !known {
		return fmt.Errorf("%s is read, but it is no setting", name)
	}
	raw, present := f[name]
	if !present {
		return nil
	}
	switch into := into.(type) {
	case *[]string:
		return decodeList(name, raw, into)
	case *map[string]string:
		return decodeClasses(name, raw, into)
	case *map[string]map[string]float64:
		return decodeNumbers(name, raw, into)
	case *[]Link:
		return decodeLinks(name, raw, into)
	default:
		return decodeScalar(key, name, raw, into)
	}
}

func decodeScalar(key Key, name string, raw json.RawMessage, into any) error {
	text, ok := scalar(raw)
	if !ok {
		return wrong(key, name)
	}
	if strings.TrimSpace(text) == "" {
		return nil
	}
	switch into := into.(type) {
	case *string:
		*into = text
		if len(key.Words) > 0 {
			*into = strings.TrimSpace(text)
		}
	case *bool:
		on, err := strconv.ParseBool(strings.ToLower(strings.TrimSpace(text)))
		if err != nil {
			return wrong(key, name)
		}
		*into = on
	case *float64:
		number, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil {
			return wrong(key, name)
		}
		*into = number
	case *time.Duration:
		span, err := time.ParseDuration(strings.TrimSpace(text))
		if err != nil || span < key.Limits.Min || span > key.Limits.Max {
			return fmt.Errorf("%w, not %q", wrong(key, name), text)
		}
		*into = span
	default:
		return fmt.Errorf("%s cannot be read into %T", name, into)
	}
	return nil
}

// scalar is the text of a text, number or switch, without line breaks at its
// end; null is as good as empty.
func scalar(raw json.RawMessage) (string, bool) {
	switch raw[0] {
	case '{', '[':
		return "", false
	case 'n':
		return "", true
	case '"':
		var text string
		err := json.Unmarshal(raw, &text)
		return unbroken(text), err == nil
	}
	return string(raw), true
}

var (
	lineBreaks = regexp.MustCompile(`[\r\n]+`)
	separators = regexp.MustCompile(`[\s,;]+`)
)

// decodeList takes a list, or all of it in one text, also as JSON: a variable
// has no lists. Only what may hold commas and spaces itself is not parted by
// them.
func decodeList(name string, raw json.RawMessage, into *[]string) error {
	if text, ok := scalar(raw); ok && strings.HasPrefix(strings.TrimSpace(text), "[") && json.Valid([]byte(text)) {
		raw = json.RawMessage(strings.TrimSpace(text))
	}
	elements := []json.RawMessage{raw}
	isList := raw[0] == '['
	if isList {
		if err := json.Unmarshal(raw, &elements); err != nil {
			return fmt.Errorf("%s must be a list of texts", name)
		}
	}
	between := separators
	if name == "appPatterns" {
		between = lineBreaks
	}
	kept := []string{}
	for _, element := range elements {
		text, ok := scalar(element)
		if !ok {
			return fmt.Errorf("%s must be a list of texts", name)
		}
		for _, part := range between.Split(text, -1) {
			if strings.TrimSpace(part) != "" {
				kept = append(kept, part)
			}
		}
	}
	if isList || len(kept) > 0 {
		*into = kept
	}
	return nil
}

func decodeClasses(name string, raw json.RawMessage, into *map[string]string) error {
	if text, ok := scalar(raw); ok && strings.TrimSpace(text) == "" {
		return nil
	}
	var members map[string]string
	if err := json.Unmarshal(raw, &members); err != nil {
		return fmt.Errorf(`%s must be an object of reasons with the value "planned" or "unexpected"`, name)
	}
	for reason, class := range members {
		if class = strings.TrimSpace(class); class == "" {
			delete(members, reason)
		} else {
			members[reason] = class
		}
	}
	*into = members
	return nil
}

// decodeNumbers takes numbers as texts, too.
func decodeNumbers(name string, raw json.RawMessage, into *map[string]map[string]float64) error {
	if text, ok := scalar(raw); ok && strings.TrimSpace(text) == "" {
		return nil
	}
	var members map[string]map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return fmt.Errorf(`%s must be an object of rules with their thresholds, such as {"login_broken": {"per_hour": 100}}`, name)
	}
	numbers := map[string]map[string]float64{}
	for rule, thresholds := range members {
		numbers[rule] = map[string]float64{}
		for threshold, value := range thresholds {
			text, ok := scalar(value)
			number, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
			if !ok || err != nil {
				return fmt.Errorf("%s.%s.%s must be a number", name, rule, threshold)
			}
			numbers[rule][threshold] = number
		}
	}
	*into = numbers
	return nil
}

// wrong is the sentence about a setting that is not what it must be.
func wrong(key Key, name string) error {
	switch key.Kind {
	case Switch:
		return fmt.Errorf("%s must be true or false", name)
	case Number:
		return fmt.Errorf("%s must be a number", name)
	case Duration:
		return fmt.Errorf("%s must be a duration from %s to %s, such as %s", called(name),
			InWords(key.Limits.Min), InWords(key.Limits.Max), InWords(key.Limits.Usual))
	case Text, Lines, List, Classes, Numbers, Object, Links:
	}
	return fmt.Errorf("%s must be a text", name)
}

// InWords is a duration as people write it: 1m rather than 1m0s.
func InWords(span time.Duration) string {
	text := span.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// decodeLinks takes a list, or a text that holds one as JSON.
func decodeLinks(name string, raw json.RawMessage, into *[]Link) error {
	if text, ok := scalar(raw); ok {
		if strings.TrimSpace(text) == "" {
			return nil
		}
		raw = json.RawMessage(text)
	}
	var links []Link
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&links); err != nil {
		return fmt.Errorf("%s must be a list of objects with the members title, key, url, datasource, query and around, all texts", name)
	}
	*into = links
	return nil
}
