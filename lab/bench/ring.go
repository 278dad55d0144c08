package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz/decode"
	"github.com/natsops/nats-connections-datasource/pkg/source/httpmonitor"
)

const (
	ringSize = 10_000
	ringPath = "/connz?state=closed&auth=1&sort=stop&limit=16384"
	// recipe counts stops by reason the way people do without this plugin.
	recipe = `[.connections[].reason] | group_by(.) | map({reason: .[0], count: length}) | sort_by(-.count)`
)

// Goals, as the most that a ratio may be.
const (
	goalColdRead = 1.15
	goalDecode   = 1.0 / 6
	goalCurlJQ   = 1 / 2.5
)

// readFullRing measures what it takes to read one full ring, and what is new in it.
func readFullRing(ctx context.Context, rounds int) (report, error) {
	server, err := testnats.RunVersion(ctx, testnats.Current, "")
	if err != nil {
		return report{}, err
	}
	defer server.Close()
	if err := testnats.FillRing(ctx, server.Addr, ringSize, testnats.LongName); err != nil {
		return report{}, err
	}
	counted := &traffic{}
	reader, err := httpmonitor.New(counted.options(), []string{server.MonitorURL})
	if err != nil {
		return report{}, err
	}
	defer reader.Close()
	url := server.MonitorURL + ringPath

	bare := just(func() error { return bareDownload(ctx, url) })
	cold := just(func() error { return coldRead(ctx, reader) })
	works := []work{bare, cold, afterRead(ctx, reader)}
	withJQ := installed("curl") && installed("jq")
	if withJQ {
		works = append(works, just(func() error { return curlJQ(ctx, url) }))
	}
	times, err := interleave(rounds, works...)
	if err != nil {
		return report{}, err
	}
	took, err := counted.of(cold)
	if err != nil {
		return report{}, err
	}
	results := []result{compareTimes("cold read of a full ring ÷ bare download", times[1], times[0], goalColdRead,
		fmt.Sprintf(", of which keeping, grouping and framing %s%s", times[2].Round(time.Microsecond), took))}
	if withJQ {
		results = append(results, compareTimes("cold read of a full ring ÷ curl and jq", times[1], times[3], goalCurlJQ, ""))
	}
	decoded, err := decodeWhole(ctx, url, rounds)
	if err != nil {
		return report{}, err
	}
	refreshed, err := refreshRing(ctx, server, reader, counted, bare, rounds)
	return report{Results: slices.Concat(results, decoded, refreshed)}, err
}

// afterRead is the part of a cold read that begins when the servers have answered.
func afterRead(ctx context.Context, reader *httpmonitor.Source) work {
	var readings []model.Reading
	return work{
		prepare: func() error {
			readings = reader.Read(ctx, source.Request{Closed: true})
			return nil
		},
		run: func() error {
			ledger, err := newLedger(ledger.DefaultLimits())
			if err != nil {
				return err
			}
			return answer(ledger, readings)
		},
	}
}

// coldRead is everything from an empty plugin to an answer.
func coldRead(ctx context.Context, reader *httpmonitor.Source) error {
	ledger, err := newLedger(ledger.DefaultLimits())
	if err != nil {
		return err
	}
	readings := reader.Read(ctx, source.Request{Closed: true})
	if readings[0].Err != nil {
		return readings[0].Err
	}
	if got := len(readings[0].Closed); got != ringSize {
		return fmt.Errorf("%d records read, not %d", got, ringSize)
	}
	return answer(ledger, readings)
}

func bareDownload(ctx context.Context, url string) error {
	_, err := download(ctx, url, io.Discard)
	return err
}

func download(ctx context.Context, url string, to io.Writer) (int64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return 0, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(to, res.Body)
	if closed := res.Body.Close(); err == nil {
		err = closed
	}
	return n, err
}

func installed(program string) bool {
	_, err := exec.LookPath(program)
	return err == nil
}

func curlJQ(ctx context.Context, url string) error {
	curl := exec.CommandContext(ctx, "curl", "-s", url)
	jq := exec.CommandContext(ctx, "jq", recipe)
	pipe, err := curl.StdoutPipe()
	if err != nil {
		return err
	}
	jq.Stdin = pipe
	if err := curl.Start(); err != nil {
		return err
	}
	if output, err := jq.CombinedOutput(); err != nil {
		return fmt.Errorf("jq: %w: %s", err, output)
	}
	return curl.Wait()
}

// decodeWhole compares decoding alone with encoding/json.
func decodeWhole(ctx context.Context, url string, rounds int) ([]result, error) {
	body := &buffer{}
	size, err := download(ctx, url, body)
	if err != nil {
		return nil, err
	}
	ours := func() error {
		page, err := decode.List(body.bytes, model.Server{ID: "x", Version: testnats.Current})
		if err == nil && len(page.Rows) != ringSize {
			err = fmt.Errorf("%d records decoded, not %d", len(page.Rows), ringSize)
		}
		return err
	}
	standard := func() error {
		var answer standardConnz
		return json.Unmarshal(body.bytes, &answer)
	}
	times, err := interleave(rounds, just(ours), just(standard))
	if err != nil {
		return nil, err
	}
	speed := func(t time.Duration) float64 { return float64(size) / 1e6 / t.Seconds() }
	allocations, err := mallocs(ours)
	if err != nil {
		return nil, err
	}
	reference, err := mallocs(standard)
	if err != nil {
		return nil, err
	}
	return []result{
		compare("decode ÷ encoding/json, time", times[0].Seconds(), times[1].Seconds(), goalDecode,
			fmt.Sprintf("%.0f MB/s to %.0f MB/s", speed(times[0]), speed(times[1]))),
		compare("decode ÷ encoding/json, allocations", allocations, reference, goalDecode,
			fmt.Sprintf("%.0f ÷ %.0f", allocations, reference)),
	}, nil
}

type buffer struct{ bytes []byte }

func (b *buffer) Write(p []byte) (int, error) {
	b.bytes = append(b.bytes, p...)
	return len(p), nil
}
