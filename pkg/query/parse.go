package query

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/gtime"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// Error is a query that cannot be answered: one sentence that names the field
// and the fix.
type Error struct {
	Field    string
	Sentence string
}

func (e *Error) Error() string { return e.Field + ": " + e.Sentence }

func fail(field, format string, args ...any) *Error {
	return &Error{Field: field, Sentence: fmt.Sprintf(format, args...)}
}

// Parse decodes, defaults and validates a query as it is stored in dashboards
// and alert rules. Fields that Grafana adds for itself are ignored. Errors are
// of type [*Error]. The policy is that of who asks.
func Parse(raw []byte, policy Policy) (Query, error) {
	var q Query
	if err := decode(raw, &q); err != nil {
		return Query{}, err
	}
	if q.Version > Version {
		return Query{}, fail("version", "%d is newer than this plugin understands (%d); update the plugin.", q.Version, Version)
	}
	q.Version = Version
	if q.Type == "" {
		q.Type = Stops
	}
	spec, known := SpecOf(q.Type)
	if !known {
		return Query{}, fail("queryType", "%q is unknown; use stops, connections, servers, findings or values.", q.Type)
	}
	if q.View == "" && slices.Contains(spec.Views, policy.View) {
		q.View = policy.View
	}
	applyDefaults(&q, spec)
	q.Live = q.Live && policy.Follows
	if policy.OneNumber && slices.Contains(lists, q.View) {
		return Query{}, fail("view", "%q has no number that an alert rule could compare; use totals.", q.View)
	}
	for _, check := range []func(*Query, Spec) error{checkView, checkKeys, checkFilters, checkSort, checkLimit, checkInterval, checkChange, checkLive} {
		if err := check(&q, spec); err != nil {
			return Query{}, err
		}
	}
	if policy.Nameless {
		if err := checkHidden(q); err != nil {
			return Query{}, err
		}
	}
	return q, nil
}

// hidden are the keys that tell who users are, and where.
var hidden = []fields.Key{fields.KeyUser, fields.KeyIP}

// checkHidden refuses what would find nothing, whoever there is (decision D15).
func checkHidden(q Query) error {
	for i, f := range q.Filters {
		if slices.Contains(hidden, f.Key) {
			return fail(fmt.Sprintf("filters[%d].key", i), "%s is hidden by this data source (private); remove the filter.", f.Key)
		}
	}
	return nil
}

func decode(raw []byte, q *Query) error {
	err := json.NewDecoder(bytes.NewReader(raw)).Decode(q)
	var wrongType *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wrongType) && wrongType.Field != "":
		return fail(wrongType.Field, "is a %s; it must be a %s.", wrongType.Value, jsonType(wrongType.Type.Kind().String()))
	default:
		return fail("query", "is not a JSON object; copy it again from the query inspector.")
	}
}

func jsonType(kind string) string {
	switch kind {
	case "int":
		return "whole number"
	case "slice":
		return "list"
	case "bool":
		return "boolean"
	case "struct", "ptr":
		return "object"
	}
	return kind
}

func applyDefaults(q *Query, spec Spec) {
	if q.View == "" && len(spec.Views) > 0 {
		q.View = spec.Views[0]
	}
	if q.Metric == "" && len(spec.Metrics) > 0 {
		q.Metric = spec.Metrics[0]
	}
	// An empty list is a choice: no grouping. Only an absent one is defaulted.
	if q.GroupBy == nil {
		q.GroupBy = slices.Clone(spec.GroupBy)
	}
	if q.Limit == 0 {
		q.Limit = DefaultGroups
		switch {
		case q.Type == Values:
			// A list that was cut would stand for all of it in a variable.
			q.Limit = MaxLimit
		case q.View == Records, q.View == Logs, q.Type == Servers, q.Type == Findings && q.View == Table:
			q.Limit = DefaultRows
		}
	}
	// Servers without a chosen order are listed by name, which does not change,
	// findings by what is most urgent.
	if q.Sort == nil && len(spec.Sorts[q.View]) > 0 && q.Type != Servers && q.Type != Findings {
		q.Sort = &Sort{By: spec.Sorts[q.View][0], Desc: true}
		if q.View == Table {
			q.Sort.By = string(q.Metric)
		}
	}
}

func checkView(q *Query, spec Spec) error {
	if q.Type == Values {
		return nil
	}
	if !slices.Contains(spec.Views, q.View) {
		return fail("view", "%q is not a view of %s; use %s.", q.View, q.Type, choices(spec.Views))
	}
	if !slices.Contains(spec.Metrics, q.Metric) {
		return fail("metric", "%q is not a metric of %s; use %s.", q.Metric, q.Type, choices(spec.Metrics))
	}
	if metrics := spec.In(q.View).Metrics; !slices.Contains(metrics, q.Metric) {
		return fail("metric", "%q is not a metric of %s of %s; use %s.", q.Metric, q.View, q.Type, choices(metrics))
	}
	return nil
}

func checkKeys(q *Query, spec Spec) error {
	if q.Type == Values {
		if !slices.Contains(spec.Keys, q.Key) {
			return fail("key", "%q is unknown; use %s.", q.Key, choices(spec.Keys))
		}
		return nil
	}
	// Grafana's Explore writes a "key" of its own into every query.
	q.Key = ""
	inView := spec.In(q.View).Keys
	for i, key := range q.GroupBy {
		field := fmt.Sprintf("groupBy[%d]", i)
		if !slices.Contains(spec.Keys, key) {
			return fail(field, "%s cannot be grouped by %q; use %s.", q.Type, key, choices(spec.Keys))
		}
		if !slices.Contains(inView, key) {
			return fail(field, "%s of %s cannot be grouped by %q; use %s.", q.View, q.Type, key, choices(inView))
		}
		if slices.Contains(q.GroupBy[:i], key) {
			return fail(field, "%q is there twice; remove one.", key)
		}
	}
	return nil
}

func checkFilters(q *Query, spec Spec) error {
	inView := spec.In(q.View).Keys
	for i, filter := range q.Filters {
		if !slices.Contains(spec.Keys, filter.Key) {
			return filter.refused(i, fail("key", "%s cannot be filtered by %q; use %s.", q.Type, filter.Key, choices(spec.Keys)))
		}
		if !slices.Contains(inView, filter.Key) {
			return filter.refused(i, fail("key", "%s of %s cannot be filtered by %q; use %s.", q.View, q.Type, filter.Key, choices(inView)))
		}
		condition, err := filter.condition()
		if err != nil {
			return filter.refused(i, err)
		}
		q.Where = append(q.Where, condition)
	}
	return nil
}

func checkSort(q *Query, spec Spec) error {
	allowed := spec.Sorts[q.View]
	if len(allowed) == 0 {
		q.Sort = nil
	}
	if q.Sort == nil {
		return nil
	}
	if !slices.Contains(allowed, q.Sort.By) {
		return fail("sort.by", "%s of %s cannot be sorted by %q; use %s.", q.View, q.Type, q.Sort.By, choices(allowed))
	}
	return nil
}

func checkLimit(q *Query, _ Spec) error {
	if q.Limit < 1 || q.Limit > MaxLimit {
		return fail("limit", "%d is out of range; use 1 to %d.", q.Limit, MaxLimit)
	}
	return nil
}

func checkInterval(q *Query, _ Spec) error {
	place, err := time.LoadLocation(q.Timezone)
	if err != nil {
		return fail("timezone", "%q is not a time zone; use a name such as Europe/Berlin, or none for UTC.", q.Timezone)
	}
	switch q.Interval {
	case "", AutoInterval:
		q.Interval = AutoInterval
		return nil
	}
	// Neither the browser nor an alert rule replaces them: what Grafana asks
	// for comes with the request, and is never shorter than a second here.
	if grafanaInterval.MatchString(q.Interval) {
		q.Interval = AutoInterval
		return nil
	}
	if parts := calendarInterval.FindStringSubmatch(q.Interval); parts != nil {
		count, _ := strconv.Atoi(parts[1])
		q.Every = &model.Calendar{Count: count, Unit: model.Unit(parts[2]), Place: place}
		return nil
	}
	interval, err := gtime.ParseDuration(q.Interval)
	if err != nil || interval < time.Second {
		return fail("interval", "%q is not an interval of one second or more; use auto or a duration such as 1m.", q.Interval)
	}
	q.FixedInterval = interval
	return nil
}

func checkChange(q *Query, _ Spec) error {
	if q.Change && (q.Type != Stops || q.View != Totals || q.Metric == fields.LastSeen) {
		return fail("change", "only totals of stops can be compared with the time before; remove it.")
	}
	return nil
}

func checkLive(q *Query, _ Spec) error {
	if q.Live && !q.Followable() {
		return fail("live", "only records and logs of stops come as they happen; remove it.")
	}
	return nil
}

// Whole days and more are the calendar's.
var calendarInterval = regexp.MustCompile(`^([1-9][0-9]{0,3})([dwMy])$`)

// Every spelling of the panel's interval and of what other data sources make of it.
var grafanaInterval = regexp.MustCompile(`^(?:\$|\$\{|\[\[)__(?:rate_)?interval(?:_ms)?(?::\w+)?[}\]]*(?:ms)?$`)

func choices[T ~string](all []T) string {
	words := make([]string, len(all))
	for i, one := range all {
		words[i] = string(one)
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}
