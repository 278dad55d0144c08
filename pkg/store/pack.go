package store

import (
	"encoding/binary"
	"math"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// pack writes what no query filters or groups by, in as few bytes as it takes.
func pack(b []byte, s *model.Stop) []byte {
	stop := model.Nanos(s.At)
	for _, t := range [...]time.Time{s.Start, s.LastActivity, s.ServerAt} {
		b = packTime(b, t, stop)
	}
	for _, n := range [...]int64{
		int64(s.RTT), s.InMsgs, s.OutMsgs, s.InBytes, s.OutBytes, s.Subscriptions, int64(s.Port),
	} {
		b = binary.AppendUvarint(b, uint64(n))
	}
	return b
}

// unpack fills in what pack wrote of a stop at a time.
func unpack(details []byte, stop int64, into *model.Stop) {
	rest := details
	into.Start, rest = unpackTime(rest, stop)
	into.LastActivity, rest = unpackTime(rest, stop)
	into.ServerAt, rest = unpackTime(rest, stop)
	next := func() int64 {
		n, size := binary.Uvarint(rest)
		rest = rest[size:]
		return int64(n)
	}
	into.RTT = time.Duration(next())
	into.InMsgs, into.OutMsgs, into.InBytes, into.OutBytes = next(), next(), next(), next()
	into.Subscriptions, into.Port = next(), int(next())
}

// packTime writes how long before the stop t was, so that it takes few bytes;
// a time that is not known is longer ago than any.
func packTime(b []byte, t time.Time, stop int64) []byte {
	ago := int64(math.MinInt64)
	if !t.IsZero() {
		ago = stop - model.Nanos(t)
	}
	return binary.AppendVarint(b, ago)
}

func unpackTime(b []byte, stop int64) (t time.Time, rest []byte) {
	ago, size := binary.Varint(b)
	if ago == math.MinInt64 {
		return time.Time{}, b[size:]
	}
	return model.Moment(stop - ago), b[size:]
}
