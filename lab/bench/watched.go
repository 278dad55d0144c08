package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// Many people watch: so many dashboards refresh so often. Part of a minute is
// played, long enough for the safety reads of every ten seconds.
const (
	dashboards   = 20
	refreshEvery = 5 * time.Second
	played       = 20 * time.Second
	goalWatched  = 1.0 / 500
)

// watched compares what the servers' processors do while many dashboards are
// watched with what reading the whole ring for each panel would cost them.
func (g *grafana) watched(ctx context.Context, servers cluster, rounds int) ([]result, error) {
	perRead, err := ringCost(ctx, servers, rounds)
	if err != nil || perRead == 0 {
		return nil, err
	}
	ds, err := g.datasource("watched", time.Second)
	if err != nil {
		return nil, err
	}
	if err := g.all(ctx, ds); err != nil {
		return nil, err
	}
	requests, err := servers.requests(ctx)
	if err != nil {
		return nil, err
	}
	before := processorTimeOf(servers.pids()...)
	if err := g.watch(ctx, ds); err != nil {
		return nil, err
	}
	used := (processorTimeOf(servers.pids()...) - before) * (time.Minute / played)
	after, err := servers.requests(ctx)
	if err != nil {
		return nil, err
	}
	reads := dashboards * len(panels) * int(time.Minute/refreshEvery) * clusterSize
	return []result{compare(
		"servers' processors, 20 dashboards every 5 s ÷ reading rings per panel",
		used.Seconds(), perRead.Seconds()*float64(reads), goalWatched,
		fmt.Sprintf("%s a minute (played %s: %d requests) ÷ %d reads of %s",
			used.Round(time.Millisecond), played, after-requests-clusterSize, reads, perRead.Round(100*time.Microsecond)),
	)}, nil
}

// ringCost is how long a server's processors are busy with one read of its ring.
func ringCost(ctx context.Context, servers cluster, rounds int) (time.Duration, error) {
	before := processorTimeOf(servers.pids()...)
	for range rounds {
		for _, server := range servers {
			if _, err := download(ctx, server.MonitorURL+ringPath, io.Discard); err != nil {
				return 0, err
			}
		}
	}
	return (processorTimeOf(servers.pids()...) - before) / time.Duration(rounds*len(servers)), nil
}

// watch refreshes the dashboards, each at its own moment, until the time is over.
func (g *grafana) watch(ctx context.Context, ds backend.DataSourceInstanceSettings) error {
	errs := make(chan error, dashboards)
	for i := range dashboards {
		go func() {
			errs <- g.keepRefreshing(ctx, ds, refreshEvery*time.Duration(i)/dashboards)
		}()
	}
	var err error
	for range dashboards {
		err = errors.Join(err, <-errs)
	}
	return err
}

func (g *grafana) keepRefreshing(ctx context.Context, ds backend.DataSourceInstanceSettings, first time.Duration) error {
	for at, wait := first, first; at < played; at, wait = at+refreshEvery, refreshEvery {
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := g.all(ctx, ds); err != nil {
			return err
		}
	}
	return nil
}
