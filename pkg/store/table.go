package store

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"sort"
	"sync"
)

// Table is a list of stops in the order of their time. It is a value: what
// a copy shows does not change when the original is appended to, because
// nothing that was written is ever written again. Only one original at a time
// may be appended to.
type Table struct {
	// few are all records while there are not many; a block takes much more room.
	few    []Row
	blocks []*Block
	// details are those of the full blocks, tail those of the one that is not full yet.
	details   [][]byte
	tail      []byte
	Summaries []Summary // of the full blocks
	// first and end are positions in blocks.
	first, end int
}

// Row is one stop on its way into a block or from one to another.
type Row struct {
	at, pending int64
	cid         uint64
	ids         [ColumnCount]uint32
	details     []byte
}

// At is when the row's stop was, in nanoseconds since the Unix epoch.
func (r Row) At() int64 { return r.at }

// CID is the id of the row's connection at its server.
func (r Row) CID() uint64 { return r.cid }

// ID is what the row refers to in a column.
func (r Row) ID(column Column) uint32 { return r.ids[column] }

// mostFew is how many records are kept one by one, without a block: servers that
// start again all the time leave a table each.
const mostFew = BlockSize / 8

// Len is how many rows there are.
func (r *Table) Len() int { return r.end - r.first }

// locate returns the block of the i-th record, and its index there.
func (r *Table) locate(i int) (*Block, int) {
	position := r.first + i
	return r.blocks[position/BlockSize], position % BlockSize
}

// At is when the i-th stop was, in nanoseconds since the Unix epoch.
func (r *Table) At(i int) int64 {
	if r.few != nil {
		return r.few[i].at
	}
	c, index := r.locate(i)
	return c.At[index]
}

// Get is the i-th row.
func (r *Table) Get(i int) Row {
	if r.few != nil {
		return r.few[i]
	}
	s := r.span(r.first+i, r.first+i+1)
	return s.Row(s.From)
}

// Append adds a record that is not older than the last.
func (r *Table) Append(one Row) {
	if len(r.blocks) == 0 && r.end < mostFew {
		r.few, r.first, r.end = append(r.few, one), 0, r.end+1
		return
	}
	few := r.few
	if few != nil {
		r.few, r.first, r.end = nil, 0, 0
	}
	for _, one := range few {
		r.store(one)
	}
	r.store(one)
}

// store adds a record to the last block.
func (r *Table) store(one Row) {
	index := r.end % BlockSize
	if index == 0 {
		r.blocks, r.tail = append(r.blocks, &Block{}), nil
	}
	c := r.blocks[len(r.blocks)-1]
	r.tail = append(r.tail, one.details...)
	c.At[index], c.Pending[index], c.CID[index], c.ends[index] = one.at, one.pending, one.cid, uint32(len(r.tail))
	for column, id := range one.ids {
		c.IDs[column][index] = id
	}
	r.end++
	if index == BlockSize-1 {
		r.details, r.Summaries = append(r.details, bytes.Clone(r.tail)), append(r.Summaries, c.summary())
	}
}

// Add puts records that are sorted by time where they belong.
func (r *Table) Add(fresh []Row) {
	if len(fresh) == 0 {
		return
	}
	if from := r.Search(fresh[0].at + 1); from < r.Len() {
		fresh = append(r.cut(from), fresh...)
		slices.SortStableFunc(fresh, func(a, b Row) int { return cmp.Compare(a.at, b.at) })
	}
	for _, one := range fresh {
		r.Append(one)
	}
}

// cut takes the records from i on out. Copies still show their block, so what
// stays of it moves to another.
func (r *Table) cut(from int) []Row {
	begin := max(0, from-(r.first+from)%BlockSize)
	moved := make([]Row, 0, r.Len()-begin)
	for i := begin; i < r.Len(); i++ {
		moved = append(moved, r.Get(i))
	}
	position := r.first + begin
	whole := position / BlockSize
	if begin == 0 {
		*r = Table{}
	} else {
		*r = Table{
			blocks: slices.Clone(r.blocks[:whole]), details: slices.Clone(r.details[:whole]), Summaries: slices.Clone(r.Summaries[:whole]),
			first: r.first, end: position,
		}
	}
	for _, one := range moved[:from-begin] {
		r.Append(one)
	}
	return moved[from-begin:]
}

// Drop forgets the n oldest records.
func (r *Table) Drop(n int) {
	if r.few != nil {
		r.few, r.end = r.few[n:], r.end-n
		return
	}
	r.first += n
	gone := r.first / BlockSize
	r.blocks, r.details, r.Summaries = r.blocks[gone:], r.details[gone:], r.Summaries[gone:]
	r.first -= gone * BlockSize
	r.end -= gone * BlockSize
}

// Search finds the first record that is not older than at.
func (r *Table) Search(at int64) int {
	return sort.Search(r.Len(), func(i int) bool { return r.At(i) >= at })
}

// Span is a part of a block, with its summary if it is a whole one.
type Span struct {
	*Block
	Summary  Summary
	details  []byte
	few      []Row
	From, To int
}

// span is what one block has between two positions.
func (r *Table) span(position, end int) Span {
	number, from := position/BlockSize, position%BlockSize
	s := Span{Block: r.blocks[number], details: r.tail, From: from, To: min(from+end-position, BlockSize)}
	if number < len(r.details) {
		s.details = r.details[number]
		if s.To-s.From == BlockSize {
			s.Summary = r.Summaries[number]
		}
	}
	return s
}

// Row is the row at an index of the block.
func (s *Span) Row(index int) Row {
	if s.few != nil {
		return s.few[index]
	}
	one := Row{at: s.At[index], pending: s.Pending[index], cid: s.CID[index], details: s.detailsAt(index)}
	for column := range one.ids {
		one.ids[column] = s.IDs[column][index]
	}
	return one
}

func (s *Span) detailsAt(index int) []byte {
	if s.few != nil {
		return s.few[index].details
	}
	start := uint32(0)
	if index > 0 {
		start = s.ends[index-1]
	}
	return s.details[start:s.ends[index]]
}

// Started is when the connection at an index began, in nanoseconds since the Unix
// epoch; ok is false where its server did not tell.
func (s *Span) Started(index int) (at int64, ok bool) {
	ago, _ := binary.Varint(s.detailsAt(index))
	return s.At[index] - ago, ago != math.MinInt64
}

// lent are blocks in which few records are laid out while they are looked at.
var lent sync.Pool

// Spans lists the blocks of the records from one index to another. Each is lent
// until the next one.
func (r *Table) Spans(from, to int) func(yield func(Span) bool) {
	return func(yield func(Span) bool) {
		if r.few != nil && from < to {
			b, had := lent.Get().(*Block)
			if !had {
				b = &Block{}
			}
			defer lent.Put(b)
			yield(fewAsSpan(r.few[from:to], b))
			return
		}
		for position, end := r.first+from, r.first+to; position < end; {
			s := r.span(position, end)
			if !yield(s) {
				return
			}
			position += s.To - s.From
		}
	}
}

// fewAsSpan lays records out as a block does.
func fewAsSpan(few []Row, b *Block) Span {
	for i := range few {
		b.At[i], b.CID[i], b.Pending[i] = few[i].at, few[i].cid, few[i].pending
		for column, id := range few[i].ids {
			b.IDs[column][i] = id
		}
	}
	return Span{Block: b, few: few, To: len(few)}
}

// Backward lists the same blocks, the newest first.
func (r *Table) Backward(from, to int) func(yield func(Span) bool) {
	return func(yield func(Span) bool) {
		for end := to; end > from; {
			begin := max(from, end-1-(r.first+end-1)%BlockSize)
			for s := range r.Spans(begin, end) {
				if !yield(s) {
					return
				}
			}
			end = begin
		}
	}
}

// Plain is the table without summaries: what it says is found record by record.
func (r *Table) Plain() Table {
	bare := *r
	bare.Summaries = make([]Summary, len(r.Summaries))
	return bare
}
