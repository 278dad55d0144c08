package frames

import (
	"fmt"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/query"
)

const linkTitle = "Show these records"

// helpLink leads from a row to the page of its reason.
var helpLink = data.DataLink{
	Title: "What this reason means and what to do", URL: "${__data.fields.help:raw}", TargetBlank: true,
}

// linkToRecords leads from a group to its records in Explore.
func (o Options) linkToRecords(group engine.Group) *data.DataLink {
	if group.Folded {
		return nil
	}
	filters := make([]query.Filter, 0, len(group.Labels))
	for _, label := range group.Labels {
		filters = append(filters, equals(label.Key, label.Value))
	}
	return o.link(filters)
}

// tableLinks lead from a row to its records; Grafana puts the row's values in.
func (o Options) tableLinks() []data.DataLink {
	filters := make([]query.Filter, 0, len(o.Query.GroupBy))
	for _, key := range o.Query.GroupBy {
		filters = append(filters, equals(key, fmt.Sprintf("${__data.fields[%q]}", key)))
	}
	if link := o.link(filters); link != nil {
		return []data.DataLink{*link}
	}
	return nil
}

// link leads to the records of the same query type; findings have a table of them.
func (o Options) link(filters []query.Filter) *data.DataLink {
	if o.Query.Type == query.Servers {
		return nil
	}
	filters = append(append([]query.Filter{}, o.Query.Filters...), filters...)
	if o.Query.Type == query.Findings {
		return o.linkTo("Show these findings", query.Findings, query.Table, filters)
	}
	return o.linkTo(linkTitle, o.Query.Type, query.Records, filters)
}

func (o Options) linkTo(title string, kind query.Type, view query.View, filters []query.Filter) *data.DataLink {
	if !o.Policy.Links || o.DatasourceUID == "" {
		return nil
	}
	return &data.DataLink{
		Title: title,
		Internal: &data.InternalDataLink{
			DatasourceUID:  o.DatasourceUID,
			DatasourceName: o.DatasourceName,
			Query:          query.Query{Version: query.Version, Type: kind, View: view, Filters: filters},
		},
	}
}

func equals(key fields.Key, value string) query.Filter {
	return query.Filter{Key: key, Operator: query.Equals, Values: []string{value}}
}
