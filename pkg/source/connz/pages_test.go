package connz_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz/decode"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// ringOf is a ring of n records, newest first, a second apart.
func ringOf(n int) []model.Stop {
	rows := make([]model.Stop, n)
	for i := range rows {
		rows[i] = model.Stop{Connection: model.Connection{ServerID: "N1", CID: uint64(n - i), Profile: model.Profile{Kind: "Client"}}, At: noon.Add(-time.Duration(i) * time.Second)}
	}
	return rows
}

func cut(rows []model.Stop, offset, limit int) []model.Stop {
	return slices.Clone(rows[min(offset, len(rows)):min(offset+limit, len(rows))])
}

// TestPagesShrinkUntilTheyFit: whoever opens connections chooses how many bytes
// a record has.
func TestPagesShrinkUntilTheyFit(t *testing.T) {
	rows := ringOf(1000)
	for name, c := range map[string]struct{ size, half, fits int }{
		"one page":            {size: 2048, fits: 300},
		"halves":              {size: 2048, half: 500, fits: 300},
		"only the rest":       {size: 2048, half: 500, fits: 550},
		"two records":         {size: 2048, fits: 2},
		"it fits as it is":    {size: 2048, fits: 5000},
		"several pages fit":   {size: 100, fits: 5000},
		"several pages don't": {size: 100, fits: 60},
	} {
		t.Run(name, func(t *testing.T) {
			refused := make(chan int, 5000)
			var asked atomic.Int32
			p := &connz.Pager{Size: c.size, Half: c.half, MaxLook: 64, Ask: func(list source.Step, offset, limit int) (decode.Page, error) {
				page := cut(rows, offset, limit)
				if asked.Add(1) > 5000 {
					return decode.Page{}, errors.New("endless")
				}
				if len(page) > c.fits {
					refused <- limit
					return decode.Page{}, fmt.Errorf("page: %w", connz.ErrTooLarge)
				}
				if list == source.StepOpen {
					page = cut(ascending(rows), offset, limit)
				}
				return decode.Page{Rows: page}, nil
			}}
			state, got, err := p.Ring(model.Server{ID: "N1"}, nil)
			if err != nil || state != model.RingRead || !reflect.DeepEqual(got, rows) {
				t.Errorf("%v, %d of %d records, %v", state, len(got), len(rows), err)
			}
			open, _, err := p.Open()
			if err != nil || len(open) != len(rows) {
				t.Errorf("%d of %d open connections, %v", len(open), len(rows), err)
			}
			if len(refused) > 12 {
				t.Errorf("%d pages were asked for in vain", len(refused))
			}
		})
	}
}

func ascending(rows []model.Stop) []model.Stop {
	rows = slices.Clone(rows)
	slices.Reverse(rows)
	return rows
}

func TestRecordThatIsTooLargeAlone(t *testing.T) {
	p := &connz.Pager{Size: 1024, Ask: func(source.Step, int, int) (decode.Page, error) { return decode.Page{}, connz.ErrTooLarge }}
	if state, _, err := p.Ring(model.Server{}, nil); err == nil || state != model.RingNotAsked {
		t.Errorf("%v, %v", state, err)
	}
}

// TestUnreadableRecordsDoNotEndAPage: a page with fewer readable records than
// were asked for is not the last one.
func TestUnreadableRecordsDoNotEndAPage(t *testing.T) {
	rows := ringOf(95)
	readable := func(page []model.Stop) decode.Page {
		listed := len(page)
		answer := decode.Page{Listed: listed}
		for _, row := range page {
			if row.CID%7 == 0 || row.CID > 30 && row.CID < 50 {
				answer.Flaws.Add(0, decode.Record)
				continue
			}
			answer.Rows = append(answer.Rows, row)
		}
		return answer
	}
	want := readable(slices.Clone(rows)).Rows
	asked := 0
	p := &connz.Pager{Size: 10, Ask: func(list source.Step, offset, limit int) (decode.Page, error) {
		if asked++; asked > 100 {
			return decode.Page{}, errors.New("endless")
		}
		if list == source.StepOpen {
			return readable(cut(ascending(rows), offset, limit)), nil
		}
		return readable(cut(rows, offset, limit)), nil
	}}
	if _, got, err := p.Ring(model.Server{}, nil); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%d of %d records, %v", len(got), len(want), err)
	}
	if open, _, err := p.Open(); err != nil || len(open) != len(want) {
		t.Errorf("%d of %d open connections, %v", len(open), len(want), err)
	}
	if flaws := p.Flaws(); len(flaws) != 1 || flaws[0].Field != decode.Record || flaws[0].Count == 0 {
		t.Errorf("told %v", flaws)
	}
}

// TestStopWithoutATime counts from when the connection was last active; without
// that either, it cannot be placed.
func TestStopWithoutATime(t *testing.T) {
	active := noon.Add(-time.Minute)
	p := &connz.Pager{Size: 10, Ask: func(source.Step, int, int) (decode.Page, error) {
		return decode.Page{Flaws: decode.Flaws{2: {"stop"}, 5: {"port"}}, Rows: []model.Stop{
			{Connection: model.Connection{CID: 1}, At: noon},
			{Connection: model.Connection{CID: 2, LastActivity: active}},
			{Connection: model.Connection{CID: 3, LastActivity: active}},
			{Connection: model.Connection{CID: 4}},
			{Connection: model.Connection{CID: 5}, At: noon},
		}}, nil
	}}
	_, got, err := p.Ring(model.Server{}, nil)
	if err != nil || len(got) != 4 || !got[1].At.Equal(active) || !got[2].At.Equal(active) || got[3].CID != 5 {
		t.Errorf("%+v, %v", got, err)
	}
	want := []model.Flaw{{Field: decode.Record, Count: 1}, {Field: "port", Count: 1}, {Field: "stop", Count: 2}}
	if flaws := p.Flaws(); !reflect.DeepEqual(flaws, want) {
		t.Errorf("told %v, want %v", flaws, want)
	}
}

// TestMoreOfOneMomentThanAPageHolds, where pages may not grow.
func TestMoreOfOneMomentThanAPageHolds(t *testing.T) {
	rows := ringOf(200)
	for i := range rows[40:160] {
		rows[40+i].At = rows[40].At
	}
	asked := 0
	p := &connz.Pager{Size: 100, Ask: func(_ source.Step, offset, limit int) (decode.Page, error) {
		if asked++; asked > 100 {
			return decode.Page{}, errors.New("endless")
		}
		if limit > 30 {
			return decode.Page{}, connz.ErrTooLarge
		}
		return decode.Page{Rows: cut(rows, offset, limit)}, nil
	}}
	if _, got, err := p.Ring(model.Server{}, nil); err != nil || len(got) != len(rows) {
		t.Errorf("%d of %d records, %v", len(got), len(rows), err)
	}
}

func TestOpenConnectionsAreAsOfTheFirstPage(t *testing.T) {
	pages := 0
	p := &connz.Pager{Size: 20, Ask: func(_ source.Step, offset, limit int) (decode.Page, error) {
		pages++
		return decode.Page{Now: noon.Add(time.Duration(pages) * time.Second), Rows: cut(ascending(ringOf(50)), offset, limit)}, nil
	}}
	if open, made, err := p.Open(); err != nil || len(open) != 50 || pages < 3 || !made.Equal(noon.Add(time.Second)) {
		t.Errorf("%d connections of %d pages, as of %s, %v", len(open), pages, made, err)
	}
}
