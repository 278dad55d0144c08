// Package query is the query model as it is stored in dashboards, alert rules
// and repositories: decode, default, validate. How a query is answered is not
// known here. TypeScript's side is generated from this package.
package query
