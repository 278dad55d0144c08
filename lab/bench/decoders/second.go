//go:build goexperiment.jsonv2

package main

import "encoding/json/v2"

// second is the second version of the standard library's, still an experiment.
func second() []decoder {
	return []decoder{{"encoding/json/v2", into(func(body []byte, to any) error { return json.Unmarshal(body, to) })}}
}
