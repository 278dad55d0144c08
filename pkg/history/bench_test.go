package history

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/history/block"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/clock"
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

// begin20h is when the past of a benchmark begins.
func begin20h() time.Time { return time.Now().Add(-20 * time.Hour).UTC().Round(0) }

// blockOf is the n-th block, of one of the servers in turn.
func blockOf(begin time.Time, n int) *block.Block {
	id := fmt.Sprintf("N%054d", n%benchServers)
	last := uint64(n/benchServers+1) * block.MaxRecords
	one := &block.Block{Writer: "w", Written: int64(last), Standing: ledger.Standing{
		Server: model.Server{ID: id, Name: "n" + id[54:], Start: begin, Now: begin.Add(time.Duration(last) * 100 * time.Millisecond), Total: int64(last)},
		Clock:  clock.Clock{Told: begin}, Clients: int64(last), RingSize: 10_000, FirstReadAt: begin, OldestAtFirst: begin,
	}}
	for cid := last; cid > last-block.MaxRecords; cid-- {
		one.Stops = append(one.Stops, stopLike(id, cid, begin.Add(time.Duration(cid)*100*time.Millisecond)))
	}
	return one
}

// madeFor makes the stream as the data source does.
func madeFor(b *testing.B, s *testnats.Server, cfg Config) jetstream.JetStream {
	b.Helper()
	js := s.Streams(b)
	_, err := js.CreateStream(b.Context(), jetstream.StreamConfig{
		Name: cfg.Stream, Subjects: []string{cfg.Prefix + ".*"}, Compression: jetstream.S2Compression, Storage: jetstream.FileStorage,
	})
	if err != nil {
		b.Fatal(err)
	}
	return js
}

// filled is a server with a stream of so many full blocks, and where it keeps them.
func filled(b *testing.B) (s *testnats.Server, cfg Config, dir string) {
	b.Helper()
	dir = b.TempDir()
	s = testnats.StartWithStreams(b, &server.Options{StoreDir: dir})
	cfg = configFor(s)
	js, begin := madeFor(b, s, cfg), begin20h()
	for n := range benchBlocks {
		one := blockOf(begin, n)
		data, err := block.Encode(nil, one, false)
		if err == nil {
			_, err = js.Publish(b.Context(), cfg.Prefix+"."+one.Server.ID, data)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	return s, cfg, dir
}

// BenchmarkDrop is what a client takes that reads the blocks and drops them.
func BenchmarkDrop(b *testing.B) {
	s, cfg, _ := filled(b)
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
	_, cfg, dir := filled(b)
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
	b.ReportMetric(onDisk(b, dir)/(benchBlocks*block.MaxRecords), "bytes/record")
}

// onDisk is how many bytes a folder has.
func onDisk(b *testing.B, dir string) float64 {
	b.Helper()
	var bytes int64
	err := filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			bytes += info.Size()
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return float64(bytes)
}

// BenchmarkPublish is what a client takes that adds as large messages, each once the
// one before was acknowledged.
func BenchmarkPublish(b *testing.B) {
	s := testnats.StartWithStreams(b, nil)
	cfg := configFor(s)
	js := madeFor(b, s, cfg)
	data, err := block.Encode(nil, blockOf(begin20h(), 0), false)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := js.Publish(b.Context(), cfg.Prefix+".N", data); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*block.MaxRecords), "ns/record")
}

// BenchmarkAppend is a full block of news until it is written.
func BenchmarkAppend(b *testing.B) {
	s := testnats.StartWithStreams(b, nil)
	cfg := configFor(s)
	madeFor(b, s, cfg)
	w := begin(b, cfg).worker
	if err := w.look(b.Context()); err != nil {
		b.Fatal(err)
	}
	one, n := blockOf(begin20h(), 0), int64(0)
	for b.Loop() {
		n += block.MaxRecords
		one.Written = n
		if err := w.append(b.Context(), one); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*block.MaxRecords), "ns/record")
}
