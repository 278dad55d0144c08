package history

import (
	"fmt"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/history/block"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

const (
	benchServers = 3
	benchBlocks  = 200
)

// stopLike is a stop as real servers tell them, of a client with a name of its own.
func stopLike(server string, cid uint64, at time.Time) model.Stop {
	return model.Stop{
		Connection: model.Connection{
			ServerID: server, CID: cid, Account: "ORDERS", AccountID: "ORDERS", User: "billing", IP: fmt.Sprintf("10.1.%d.%d", cid/250%250, cid%250),
			Name: fmt.Sprintf("billing-service-pod-%08x", cid*2654435761%(1<<32)), Port: int(1024 + cid%60_000),
			Profile: model.Profile{Kind: "Client", Type: "nats", Lang: "go", Version: "1.55.0"},
			Start:   at.Add(-time.Duration(cid%3600) * time.Second), LastActivity: at.Add(-time.Millisecond), RTT: time.Duration(cid%1000) * time.Microsecond,
			InMsgs: int64(cid % 100), OutMsgs: int64(cid % 1000), InBytes: int64(cid % 10_000), OutBytes: int64(cid % 100_000), Subscriptions: int64(cid % 9),
		},
		Reason: "Client Closed", At: at, ServerAt: at,
	}
}

// filled is a server with a stream of so many full blocks.
func filled(b *testing.B) (*testnats.Server, Config) {
	b.Helper()
	s := testnats.StartWithStreams(b, nil)
	cfg := configFor(s)
	js := s.Streams(b)
	_, err := js.CreateStream(b.Context(), jetstream.StreamConfig{
		Name: cfg.Stream, Subjects: []string{cfg.Prefix + ".*"}, Compression: jetstream.S2Compression, Storage: jetstream.FileStorage,
	})
	if err != nil {
		b.Fatal(err)
	}
	begin := time.Now().Add(-20 * time.Hour).UTC().Round(0)
	for n := range benchBlocks {
		id := fmt.Sprintf("N%054d", n%benchServers)
		last := uint64(n/benchServers+1) * block.MaxRecords
		one := block.Block{Writer: "w", Written: int64(last), Standing: ledger.Standing{
			Server: model.Server{ID: id, Name: "n" + id[54:], Start: begin, Now: begin.Add(time.Duration(last) * 100 * time.Millisecond), Total: int64(last)},
			Clock:  ledger.Clock{Told: begin}, Clients: int64(last), RingSize: 10_000, FirstReadAt: begin, OldestAtFirst: begin,
		}}
		for cid := last; cid > last-block.MaxRecords; cid-- {
			one.Stops = append(one.Stops, stopLike(id, cid, begin.Add(time.Duration(cid)*100*time.Millisecond)))
		}
		data, err := block.Encode(nil, &one, false)
		if err == nil {
			_, err = js.Publish(b.Context(), cfg.Prefix+"."+id, data)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	return s, cfg
}

// BenchmarkDrop is what a client takes that reads the blocks and drops them.
func BenchmarkDrop(b *testing.B) {
	s, cfg := filled(b)
	js := s.Streams(b)
	for b.Loop() {
		reader, err := js.OrderedConsumer(b.Context(), cfg.Stream, jetstream.OrderedConsumerConfig{})
		if err != nil {
			b.Fatal(err)
		}
		messages, err := reader.Messages()
		if err != nil {
			b.Fatal(err)
		}
		for range benchBlocks {
			if _, err := messages.Next(); err != nil {
				b.Fatal(err)
			}
		}
		messages.Stop()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*benchBlocks*block.MaxRecords), "ns/record")
}

// BenchmarkRecall is a start with as much of the past, until it is known.
func BenchmarkRecall(b *testing.B) {
	s, cfg := filled(b)
	stream, err := s.Streams(b).Stream(b.Context(), cfg.Stream)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		p := begin(b, cfg)
		testnats.Until(b, "the past", func() bool {
			p.Await(b.Context())
			return !p.State().Unread
		})
		if s := p.State(); s.Unread || s.Err != nil || s.Blocks != benchBlocks {
			b.Fatalf("%+v", s)
		}
		p.kill()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*benchBlocks*block.MaxRecords), "ns/record")
	b.ReportMetric(float64(stream.CachedInfo().State.Bytes)/(benchBlocks*block.MaxRecords), "bytes/record")
}
