package live

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"

	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// Packet is one message of a stream: a frame as Grafana's Live reads it, and
// where it stands. Rows may come again, with the id that they had.
type Packet struct {
	Schema json.RawMessage `json:"schema,omitempty"`
	Data   json.RawMessage `json:"data"`
	Live   Position        `json:"live"`
}

// Writer makes the packets of one channel. Its schema is sent when it changed.
type Writer struct {
	channel *Channel
	schema  []byte
	// mappings are those of each field so far: a batch has those of its own values.
	mappings map[string]data.ValueMapper
}

// NewWriter makes the packets of a channel.
func NewWriter(c *Channel) *Writer {
	return &Writer{channel: c, mappings: map[string]data.ValueMapper{}}
}

// Write is the next packet; more tells that there was more than is in it. It is
// nil if there is nothing to tell.
func (w *Writer) Write(frame *data.Frame, more bool) (json.RawMessage, error) {
	w.remember(frame)
	packet, err := packetOf(frame)
	if err != nil {
		return nil, err
	}
	if bytes.Equal(packet.Schema, w.schema) {
		if frame.Rows() == 0 {
			return nil, nil
		}
		packet.Schema = nil
	} else {
		w.schema = packet.Schema
	}
	packet.Live = w.channel.advance()
	packet.Live.More = more
	return json.Marshal(packet)
}

// remember has a field go on with the mappings that it had.
func (w *Writer) remember(frame *data.Frame) {
	for _, field := range frame.Fields {
		if field.Config == nil && w.mappings[field.Name] != nil {
			field.Config = &data.FieldConfig{}
		}
		if field.Config == nil {
			continue
		}
		known := w.mappings[field.Name]
		for _, mapping := range field.Config.Mappings {
			if values, is := mapping.(data.ValueMapper); is {
				if known == nil {
					known = data.ValueMapper{}
				}
				maps.Copy(known, values)
			}
		}
		if known != nil {
			w.mappings[field.Name] = known
			field.Config.Mappings = data.ValueMappings{known}
		}
	}
}

// First is what a subscriber gets at once: what happened lately, and how far the
// stream is that it joins.
func First(frame *data.Frame, at Position) (json.RawMessage, error) {
	packet, err := packetOf(frame)
	if err != nil {
		return nil, err
	}
	packet.Live = at
	return json.Marshal(packet)
}

func packetOf(frame *data.Frame) (Packet, error) {
	var packet Packet
	raw, err := data.FrameToJSON(frame, data.IncludeAll)
	if err == nil {
		err = json.Unmarshal(raw, &packet)
	}
	if err != nil {
		return Packet{}, fmt.Errorf("a packet of a stream: %w", err)
	}
	return packet, nil
}
