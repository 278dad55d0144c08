package store

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"sort"
)

// Table is a list of stops in the order of their time. It is a value: what
// a copy shows does not change when the original is appended to, because
// nothing that was written is ever written again. Only one original at a time
// may be appended to.
type Table struct {
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

// Len is how many rows there are.
func (r *Table) Len() int { return r.end - r.first }

// locate returns the block of the i-th record, and its index there.
func (r *Table) locate(i int) (*Block, int) {
	position := r.first + i
	return r.blocks[position/BlockSize], position % BlockSize
}

// At is when the i-th stop was, in nanoseconds since the Unix epoch.
func (r *Table) At(i int) int64 {
	c, index := r.locate(i)
	return c.At[index]
}

// Get is the i-th row.
func (r *Table) Get(i int) Row {
	s := r.span(r.first+i, r.first+i+1)
	return s.Row(s.From)
}

// Append adds a record that is not older than the last.
func (r *Table) Append(one Row) {
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
func (s Span) Row(index int) Row {
	start := uint32(0)
	if index > 0 {
		start = s.ends[index-1]
	}
	one := Row{at: s.At[index], pending: s.Pending[index], cid: s.CID[index], details: s.details[start:s.ends[index]]}
	for column := range one.ids {
		one.ids[column] = s.IDs[column][index]
	}
	return one
}

// Started is when the connection at an index began, in nanoseconds since the Unix
// epoch; ok is false where its server did not tell.
func (s Span) Started(index int) (at int64, ok bool) {
	start := uint32(0)
	if index > 0 {
		start = s.ends[index-1]
	}
	ago, _ := binary.Varint(s.details[start:s.ends[index]])
	return s.At[index] - ago, ago != math.MinInt64
}

// Spans lists the blocks of the records from one index to another.
func (r *Table) Spans(from, to int) func(yield func(Span) bool) {
	return func(yield func(Span) bool) {
		for position, end := r.first+from, r.first+to; position < end; {
			s := r.span(position, end)
			if !yield(s) {
				return
			}
			position += s.To - s.From
		}
	}
}

// Plain is the table without summaries: what it says is found record by record.
func (r *Table) Plain() Table {
	bare := *r
	bare.Summaries = make([]Summary, len(r.Summaries))
	return bare
}
