package main

import (
	"encoding/json"

	"github.com/bytedance/sonic"
	"github.com/go-faster/jx"
	goccy "github.com/goccy/go-json"
	jsoniter "github.com/json-iterator/go"
	segmentio "github.com/segmentio/encoding/json"
)

// decoders are what is compared, the one of the standard library first.
func decoders() []decoder {
	all := []decoder{
		{"encoding/json", into(json.Unmarshal)},
		{"json-iterator/go", into(jsoniter.ConfigCompatibleWithStandardLibrary.Unmarshal)},
		{"segmentio/encoding", into(segmentio.Unmarshal)},
		{"goccy/go-json", into(goccy.Unmarshal)},
		{"bytedance/sonic", into(sonic.ConfigStd.Unmarshal)},
		{"go-faster/jx, fields by hand", withJX},
	}
	return append(append(all, second()...), decoder{"this data source's own scanner", ours})
}

// withJX reads the fields one by one, as the own scanner does.
func withJX(body []byte) (int, error) {
	var answer ring
	err := jx.DecodeBytes(body).ObjBytes(func(d *jx.Decoder, key []byte) error {
		if string(key) != "connections" {
			return d.Skip()
		}
		return d.Arr(func(d *jx.Decoder) error {
			answer.Connections = append(answer.Connections, connection{})
			c := &answer.Connections[len(answer.Connections)-1]
			return d.ObjBytes(func(d *jx.Decoder, key []byte) error { return c.read(d, key) })
		})
	})
	return len(answer.Connections), err
}
