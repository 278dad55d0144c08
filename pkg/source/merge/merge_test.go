package merge_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/merge"
)

// script is a source that answers from a list, one entry per read.
type script struct {
	reads  [][]model.Reading
	rested int
	forgot []string
	closed int
}

func (s *script) Read(context.Context, source.Request) []model.Reading {
	next := s.reads[0]
	s.reads = s.reads[1:]
	return slices.Clone(next)
}

func (s *script) Forget(id string) { s.forgot = append(s.forgot, id) }
func (s *script) Rest()            { s.rested++ }
func (s *script) Close()           { s.closed++ }

func ok(endpoint, name, id string) model.Reading {
	return model.Reading{Endpoint: endpoint, Server: model.Server{Name: name, ID: id}, Asked: []string{endpoint}}
}

func failed(endpoint string, cause error) model.Reading {
	return model.Reading{Endpoint: endpoint, Err: &source.Error{Kind: source.KindTimeout, Endpoint: endpoint, Cause: cause}}
}

func all(readings ...model.Reading) []model.Reading { return readings }

// TestOneReadingForEachServer is the specification of what is merged. The last
// read counts; those before it teach which server a URL leads to.
func TestOneReadingForEachServer(t *testing.T) {
	n1, n2 := ok("url1", "n1", "A"), ok("url2", "n2", "B")
	noURL1, lost := failed("url1", nil), failed("url1", nil)
	lost.Server = n1.Server
	later := ok("n1", "n1", "C")
	later.Server.Start = time.Unix(1, 0)
	silent, missing := failed("n1", nil), failed("n1 B", nil)
	silent.Server, missing.Server = n1.Server, model.Server{Name: "n1", ID: "B"}
	for name, c := range map[string]struct {
		http, nats [][]model.Reading
		want       []string
	}{
		"the same servers": {[][]model.Reading{all(n1, n2)}, [][]model.Reading{all(ok("n1", "n1", "A"), ok("n2", "n2", "B"))},
			[]string{"url1 A", "url2 B"}},
		"one has no URL": {[][]model.Reading{all(n1)}, [][]model.Reading{all(ok("n1", "n1", "A"), ok("n2", "n2", "B"))},
			[]string{"url1 A", "n2 B"}},
		"one is silent on NATS": {[][]model.Reading{all(n1, n2)}, [][]model.Reading{all(silent, ok("n2", "n2", "B"))},
			[]string{"url1 A", "url2 B"}},
		"one was never heard on NATS": {[][]model.Reading{all(n1, n2)},
			[][]model.Reading{all(ok("n2", "n2", "B"), failed("unknown server 1", source.ErrUnmet))}, []string{"url1 A", "url2 B"}},
		"two were never heard, one of them has a URL": {[][]model.Reading{all(n1)},
			[][]model.Reading{all(failed("unknown server 1", source.ErrUnmet), failed("unknown server 2", source.ErrUnmet))},
			[]string{"url1 A", "unknown server 2 failed"}},
		"a URL fails, its server is known": {[][]model.Reading{all(n1), all(noURL1)},
			[][]model.Reading{all(ok("n1", "n1", "A")), all(ok("n1", "n1", "A"))}, []string{"url1 A"}},
		"a URL fails, its server restarted": {[][]model.Reading{all(n1), all(noURL1)},
			[][]model.Reading{all(ok("n1", "n1", "A")), all(later)}, []string{"url1 C"}},
		"a URL fails, a namesake that was there before answers": {[][]model.Reading{all(n1), all(noURL1)},
			[][]model.Reading{all(ok("n1", "n1", "A"), later), all(later)}, []string{"url1 failed", "n1 C"}},
		"it restarted, NATS still waits for the former": {[][]model.Reading{all(n1), all(later)},
			[][]model.Reading{all(ok("n1", "n1", "A")), all(silent)}, []string{"n1 C"}},
		"a URL fails, its server is unknown": {[][]model.Reading{all(noURL1)}, [][]model.Reading{all(ok("n1", "n1", "A"))},
			[]string{"url1 failed", "n1 A"}},
		"both fail": {[][]model.Reading{all(n1), all(noURL1)},
			[][]model.Reading{all(ok("n1", "n1", "A")), all(silent)}, []string{"url1 failed"}},
		"NATS cannot be reached": {[][]model.Reading{all(n1)}, [][]model.Reading{all(failed("nats:4222", nil))},
			[]string{"url1 A", "nats:4222 failed"}},
		"another server has its address": {[][]model.Reading{all(n1), all(ok("url1", "n2", "B"), lost)},
			[][]model.Reading{all(ok("n1", "n1", "A")), all(later, ok("n2", "n2", "B"))}, []string{"url1 B", "url1 C"}},
		"two servers of one name, along both ways": {[][]model.Reading{all(ok("us", "n1", "A"), ok("eu", "n1", "B"))},
			[][]model.Reading{all(ok("n1 A", "n1", "A"), ok("n1 B", "n1", "B"))}, []string{"us A", "eu B"}},
		"two of one name, one is missing everywhere": {[][]model.Reading{all(ok("us", "n1", "A"), ok("eu", "n1", "B")), all(ok("us", "n1", "A"), failed("eu", nil))},
			[][]model.Reading{all(ok("n1 A", "n1", "A"), ok("n1 B", "n1", "B")), all(ok("n1 A", "n1", "A"), missing)}, []string{"us A", "eu failed"}},
		"two servers of one name": {[][]model.Reading{all(n1)}, [][]model.Reading{all(ok("n1", "n1", "A"), ok("n1 D", "n1", "D"))},
			[]string{"url1 A", "n1 D D"}},
	} {
		t.Run(name, func(t *testing.T) {
			reads := len(c.http)
			s := merge.New(&script{reads: c.http}, &script{reads: c.nats})
			var got []string
			for range reads {
				got = nil
				for _, r := range s.Read(t.Context(), source.Request{}) {
					outcome := r.Server.ID
					if r.Err != nil {
						outcome = "failed"
					}
					got = append(got, r.Endpoint+" "+outcome)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestRepeatedURLStaysRepeated(t *testing.T) {
	again := ok("url2", "n1", "A")
	again.Repeated, again.Err = true, &source.Error{Cause: source.ErrSameServer}
	s := merge.New(&script{reads: [][]model.Reading{all(ok("url1", "n1", "A"), again)}}, &script{reads: [][]model.Reading{all(ok("n1", "n1", "A"))}})
	got := s.Read(t.Context(), source.Request{})
	if len(got) != 2 || got[0].Err != nil || !got[1].Repeated || !errors.Is(got[1].Err, source.ErrSameServer) {
		t.Errorf("got %+v", got)
	}
}

func TestRestsBoth(t *testing.T) {
	overHTTP, overNATS := &script{}, &script{}
	merge.New(overHTTP, overNATS).Rest()
	if overHTTP.rested != 1 || overNATS.rested != 1 {
		t.Errorf("rested %d and %d times", overHTTP.rested, overNATS.rested)
	}
}

func TestForgetsAlongEveryWay(t *testing.T) {
	overHTTP, overNATS := &script{}, &script{}
	merge.New(overHTTP, overNATS).Forget("A")
	if len(overHTTP.forgot) != 1 || overHTTP.forgot[0] != "A" || len(overNATS.forgot) != 1 {
		t.Errorf("forgot %v and %v", overHTTP.forgot, overNATS.forgot)
	}
}

func TestClosesBoth(t *testing.T) {
	overHTTP, overNATS := &script{}, &script{}
	merge.New(overHTTP, overNATS).Close()
	if overHTTP.closed != 1 || overNATS.closed != 1 {
		t.Errorf("closed %d and %d times", overHTTP.closed, overNATS.closed)
	}
}
