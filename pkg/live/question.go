package live

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/live"

	"github.com/natsops/nats-connections-datasource/pkg/query"
)

const (
	// prefix begins every path; another meaning of paths would have another number.
	prefix = "live/1/"
	// mostChannel is how long a channel may be in Grafana, with scope and uid.
	mostChannel = 160
	// hashed is how much of a SHA-256 sum is in a path: nobody finds two questions
	// that share 24 bytes.
	hashed = 24
)

// ErrNoChannel is about a path that no answer ever named.
var ErrNoChannel = errors.New("there is no such channel")

// ErrNotYours is about a channel of another organisation or data source, or
// of another question than the one that came with it.
var ErrNotYours = errors.New("the channel is not that of this question to this data source")

// Question is what a channel follows. Nothing of it is a user's or a panel's:
// whoever asks the same shares the channel. Its JSON is in paths.
type Question struct {
	View    query.View     `json:"view"`
	Filters []query.Filter `json:"filters,omitempty"`
}

// QuestionOf is what there is to follow in a query that is followable. Queries
// that admit the same stops in the same view have the same, as far as that is
// seen without asking: neither the order of filters and values nor the range counts.
func QuestionOf(q query.Query) Question {
	asked := Question{View: q.View}
	for _, f := range q.Filters {
		values := slices.Clone(f.Values)
		slices.Sort(values)
		asked.Filters = append(asked.Filters, query.Filter{Key: f.Key, Operator: f.Operator, Values: slices.Compact(values)})
	}
	slices.SortFunc(asked.Filters, func(a, b query.Filter) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Operator, b.Operator), slices.Compare(a.Values, b.Values))
	})
	asked.Filters = slices.CompactFunc(asked.Filters, func(a, b query.Filter) bool {
		return a.Key == b.Key && a.Operator == b.Operator && slices.Equal(a.Values, b.Values)
	})
	return asked
}

// Owner is whose channels they are: an organisation's data source.
type Owner struct{ Tenant, UID string }

// Channel is where the answers to a question go on, for Grafana. Where the
// question is too long for it, whoever subscribes has to send it along.
func (o Owner) Channel(asked Question) (channel string, whole bool) {
	of := live.Channel{Scope: live.ScopeDatasource, Namespace: o.UID, Path: o.path(asked)}
	longer := of
	longer.Path += "/" + base64.RawURLEncoding.EncodeToString(asked.json())
	if len(longer.String()) <= mostChannel {
		return longer.String(), true
	}
	return of.String(), false
}

func (o Owner) path(asked Question) string {
	sum := sha256.Sum256(bytes.Join([][]byte{[]byte(o.Tenant), []byte(o.UID), asked.json()}, []byte{0}))
	return prefix + base64.RawURLEncoding.EncodeToString(sum[:hashed])
}

// json cannot fail: there are but strings in it.
func (a Question) json() []byte {
	text, err := json.Marshal(a)
	if err != nil {
		panic(err)
	}
	return text
}

// Asked is what a channel follows, by its path and by what came with it. It is
// as valid as a query that was asked; errors are [ErrNoChannel], [ErrNotYours],
// or of type [*query.Error].
func (o Owner) Asked(path string, sent json.RawMessage) (query.Query, error) {
	rest, is := strings.CutPrefix(path, prefix)
	if !is {
		return query.Query{}, ErrNoChannel
	}
	hash, encoded, inPath := strings.Cut(rest, "/")
	if inPath {
		decoded, err := base64.RawURLEncoding.Strict().DecodeString(encoded)
		if err != nil {
			return query.Query{}, ErrNoChannel
		}
		sent = decoded
	}
	var asked Question
	if err := json.Unmarshal(sent, &asked); err != nil {
		return query.Query{}, ErrNoChannel
	}
	whole, err := json.Marshal(struct {
		Type query.Type `json:"queryType"`
		Question
		Live bool `json:"live"`
	}{query.Stops, asked, true})
	if err != nil {
		return query.Query{}, ErrNoChannel
	}
	q, err := query.Parse(whole, query.ForPanels)
	if err != nil {
		return query.Query{}, err
	}
	if o.path(QuestionOf(q)) != prefix+hash {
		return query.Query{}, ErrNotYours
	}
	return q, nil
}
