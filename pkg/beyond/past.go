package beyond

import (
	"context"
	"math/bits"
	"sync"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/history"
)

const (
	// perChunk is about how many bytes of the stream are read at once, fewestBlocks and
	// mostBlocks bound how many blocks that is.
	perChunk                 = 16 << 20
	fewestBlocks, mostBlocks = 4, 512
	// mostLoaded is how many records are kept for whoever asks next, atHand for how long
	// after somebody asked for them.
	mostLoaded = 300_000
	atHand     = time.Minute
	// mostKept bounds the sums that are kept: groups and rows, of all questions together.
	mostKept = 200_000
	// askedFor is how long sums are kept that nobody asks for.
	askedFor = time.Hour
)

// Question is what sums are kept for: the same who asks, and the same of the text,
// count the same of each record.
type Question struct {
	By   any
	Text string
}

// Past is what a history has beyond memory. It is safe for concurrent use.
type Past struct {
	history *history.History
	// perChunk is the one above.
	perChunk uint64
	// turn has one in it while nobody reads the stream: what is read for one serves others.
	turn chan struct{}

	mu sync.Mutex
	// extent is what the stream held when somebody asked last; per is how many messages
	// a chunk has at the most, a power of two.
	extent history.Extent
	per    uint64
	chunks map[piece]*chunk
	// recent are chunks that were read, the newest last; idle ends them.
	recent    []*loaded
	idle      *time.Timer
	questions map[Question]*question
}

// question is what was summed for one, by chunk and server process.
type question struct {
	// turn has one in it while nobody asks it.
	turn  chan struct{}
	asked time.Time
	parts map[at]*answer
	size  int
}

type at struct {
	piece
	server string
}

// New is the past of a history.
func New(of *history.History) *Past {
	p := &Past{history: of, perChunk: perChunk, turn: make(chan struct{}, 1), questions: map[Question]*question{}, chunks: map[piece]*chunk{}}
	p.turn <- struct{}{}
	p.idle = time.AfterFunc(atHand, p.rest)
	return p
}

// rest drops the records that were kept for whoever asks next.
func (p *Past) rest() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.recent = nil
}

// adopt goes by what the stream holds now, and returns how many messages a chunk has.
// What was removed from the stream is not known here any more, either.
func (p *Past) adopt(now history.Extent) (per uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	before, fits := p.extent, uint64(mostBlocks)
	p.extent = now
	if now.Messages > 0 {
		fits = min(max(p.perChunk/max(now.Bytes/now.Messages, 1), fewestBlocks), mostBlocks)
	}
	fits = 1 << (bits.Len64(fits) - 1)
	if fits > 4*p.per || 4*fits < p.per || !now.Made.Equal(before.Made) || now.Last < before.Last || now.Removed > before.Removed {
		p.chunks, p.recent, p.questions, p.per = map[piece]*chunk{}, nil, map[Question]*question{}, fits
	}
	current := map[piece]*chunk{}
	for end := now.Last + 1; end > now.First; {
		of := pieceBefore(end, p.per)
		if c := p.chunks[of]; c != nil {
			current[of] = c
		}
		end = of.first
	}
	p.chunks = current
	return p.per
}

// chunk is that of a piece, and its records if they are at hand.
func (p *Past) chunk(of piece, apps *app.Namer) (*chunk, *loaded) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.recent {
		if l.piece == of && l.apps == apps {
			p.idle.Reset(atHand)
			return l.chunk, l
		}
	}
	return p.chunks[of], nil
}

// read has the records of a chunk, from whoever read it just now or from the stream.
func (p *Past) read(ctx context.Context, from source, of piece, apps *app.Namer) (*loaded, error) {
	select {
	case <-p.turn:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { p.turn <- struct{}{} }()
	if _, l := p.chunk(of, apps); l != nil {
		return l, nil
	}
	l, err := load(ctx, from, of, apps)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle.Reset(atHand)
	p.chunks[of], p.recent = l.chunk, append(p.recent, l)
	records := 0
	for _, one := range p.recent {
		records += one.records
	}
	for len(p.recent) > 1 && records > mostLoaded {
		records -= p.recent[0].records
		p.recent = p.recent[1:]
	}
	return l, nil
}

// ask is the question's sums, for one at a time; done gives them back, and is never nil.
func (p *Past) ask(ctx context.Context, asked Question) (q *question, done func(), err error) {
	p.mu.Lock()
	if q = p.questions[asked]; q == nil {
		q = &question{turn: make(chan struct{}, 1), parts: map[at]*answer{}}
		q.turn <- struct{}{}
		p.questions[asked] = q
	}
	q.asked = time.Now()
	p.mu.Unlock()
	select {
	case <-q.turn:
	case <-ctx.Done():
		return nil, func() {}, ctx.Err()
	}
	return q, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		q.size = 0
		for _, one := range q.parts {
			q.size += one.size()
		}
		p.forget()
		q.turn <- struct{}{}
	}, nil
}

// forget drops sums that nobody asks for, and the oldest while there are too many.
func (p *Past) forget() {
	total := 0
	for asked, q := range p.questions {
		if time.Since(q.asked) > askedFor {
			delete(p.questions, asked)
			continue
		}
		total += q.size
	}
	for total > mostKept {
		var oldest Question
		for asked, q := range p.questions {
			if before := p.questions[oldest]; before == nil || q.asked.Before(before.asked) {
				oldest = asked
			}
		}
		total -= p.questions[oldest].size
		delete(p.questions, oldest)
	}
}
