package reason

// Classifier is the catalogue as one data source sees it: with the classes its
// settings override. It is safe for concurrent use.
type Classifier struct {
	overridden map[string]Reason
}

// NewClassifier applies class overrides by reason; they may also name reasons
// the catalogue does not know.
func NewClassifier(overrides map[string]Class) *Classifier {
	overridden := make(map[string]Reason, len(overrides))
	for text, class := range overrides {
		reason := Lookup(text)
		reason.Class = class
		overridden[text] = reason
	}
	return &Classifier{overridden: overridden}
}

// Reason tells what is known about a server's string.
func (c *Classifier) Reason(text string) Reason {
	if reason, ok := c.overridden[text]; ok {
		return reason
	}
	return Lookup(text)
}
