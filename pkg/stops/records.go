package stops

import (
	"bytes"
	"cmp"
	"slices"
	"sort"
)

// chunkSize is how many records are stored together: as many as fill whole
// pages of Go's heap, which would else waste several bytes a record.
const chunkSize = 1 << 11

// column names what a record refers to by number (see vocabulary).
type column int

const (
	columnReason column = iota
	columnAccount
	columnPeer
	columnName
	columnUser
	columnIP
	columnCount
)

// chunk holds records column by column, so that a query touches only what it
// asks for. What queries neither filter nor group by is packed as details.
type chunk struct {
	at      [chunkSize]int64
	cid     [chunkSize]uint64
	pending [chunkSize]int64
	ids     [columnCount][chunkSize]uint32
	ends    [chunkSize]uint32 // where the details of each record end
}

// records is a list of stops in the order of their time. It is a value: what
// a copy shows does not change when the original is appended to, because
// nothing that was written is ever written again. Only one original at a time
// may be appended to.
type records struct {
	chunks []*chunk
	// details are those of the full chunks, tail those of the one that is not full yet.
	details [][]byte
	tail    []byte
	digests []digest // of the full chunks
	// first and end are positions in chunks.
	first, end int
}

// record is one stop on its way into a chunk or from one to another.
type record struct {
	at, pending int64
	cid         uint64
	ids         [columnCount]uint32
	details     []byte
}

func (r *records) len() int { return r.end - r.first }

// locate returns the chunk of the i-th record, and its index there.
func (r *records) locate(i int) (*chunk, int) {
	position := r.first + i
	return r.chunks[position/chunkSize], position % chunkSize
}

func (r *records) at(i int) int64 {
	c, index := r.locate(i)
	return c.at[index]
}

func (r *records) get(i int) record {
	s := r.span(r.first+i, r.first+i+1)
	return s.record(s.from)
}

// append adds a record that is not older than the last.
func (r *records) append(one record) {
	index := r.end % chunkSize
	if index == 0 {
		r.chunks, r.tail = append(r.chunks, &chunk{}), nil
	}
	c := r.chunks[len(r.chunks)-1]
	r.tail = append(r.tail, one.details...)
	c.at[index], c.pending[index], c.cid[index], c.ends[index] = one.at, one.pending, one.cid, uint32(len(r.tail))
	for column, id := range one.ids {
		c.ids[column][index] = id
	}
	r.end++
	if index == chunkSize-1 {
		r.details, r.digests = append(r.details, bytes.Clone(r.tail)), append(r.digests, c.digest())
	}
}

// add puts records that are sorted by time where they belong.
func (r *records) add(fresh []record) {
	if len(fresh) == 0 {
		return
	}
	if from := r.search(fresh[0].at + 1); from < r.len() {
		fresh = append(r.cut(from), fresh...)
		slices.SortStableFunc(fresh, func(a, b record) int { return cmp.Compare(a.at, b.at) })
	}
	for _, one := range fresh {
		r.append(one)
	}
}

// cut takes the records from i on out. Copies still show their chunk, so what
// stays of it moves to another.
func (r *records) cut(from int) []record {
	begin := max(0, from-(r.first+from)%chunkSize)
	moved := make([]record, 0, r.len()-begin)
	for i := begin; i < r.len(); i++ {
		moved = append(moved, r.get(i))
	}
	position := r.first + begin
	whole := position / chunkSize
	if begin == 0 {
		*r = records{}
	} else {
		*r = records{
			chunks: slices.Clone(r.chunks[:whole]), details: slices.Clone(r.details[:whole]), digests: slices.Clone(r.digests[:whole]),
			first: r.first, end: position,
		}
	}
	for _, one := range moved[:from-begin] {
		r.append(one)
	}
	return moved[from-begin:]
}

// drop forgets the n oldest records.
func (r *records) drop(n int) {
	r.first += n
	gone := r.first / chunkSize
	r.chunks, r.details, r.digests = r.chunks[gone:], r.details[gone:], r.digests[gone:]
	r.first -= gone * chunkSize
	r.end -= gone * chunkSize
}

// search finds the first record that is not older than at.
func (r *records) search(at int64) int {
	return sort.Search(r.len(), func(i int) bool { return r.at(i) >= at })
}

// span is a part of a chunk, with its digest if it is a whole one.
type span struct {
	*chunk
	digest   digest
	details  []byte
	from, to int
}

// span is what one chunk has between two positions.
func (r *records) span(position, end int) span {
	number, from := position/chunkSize, position%chunkSize
	s := span{chunk: r.chunks[number], details: r.tail, from: from, to: min(from+end-position, chunkSize)}
	if number < len(r.details) {
		s.details = r.details[number]
		if s.to-s.from == chunkSize {
			s.digest = r.digests[number]
		}
	}
	return s
}

func (s span) record(index int) record {
	start := uint32(0)
	if index > 0 {
		start = s.ends[index-1]
	}
	one := record{at: s.at[index], pending: s.pending[index], cid: s.cid[index], details: s.details[start:s.ends[index]]}
	for column := range one.ids {
		one.ids[column] = s.ids[column][index]
	}
	return one
}

// spans lists the chunks of the records from one index to another.
func (r *records) spans(from, to int) func(yield func(span) bool) {
	return func(yield func(span) bool) {
		for position, end := r.first+from, r.first+to; position < end; {
			s := r.span(position, end)
			if !yield(s) {
				return
			}
			position += s.to - s.from
		}
	}
}
