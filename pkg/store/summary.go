package store

// MaxSummaryRows is how many kinds of records a summary may tell apart: more would
// hardly be fewer than the records.
const MaxSummaryRows = 256

// Summary sums a full block by what most queries group and filter by, so that
// they need not look at its records one by one. It is nil where there are too
// many kinds of records.
type Summary []SummaryRow

// SummaryRow is what records of one reason, account and peer come to.
type SummaryRow struct {
	Reason, account, peer uint32
	Count                 uint32
	Pending, Last         int64
}

// ID is what all records of the kind have in a column; ok is false where they differ.
func (k *SummaryRow) ID(column Column) (id uint32, ok bool) {
	switch column {
	case ColumnReason:
		return k.Reason, true
	case ColumnAccount:
		return k.account, true
	case ColumnProfile:
		return k.peer, true
	case ColumnName, ColumnUser, ColumnIP, ColumnMQTT, ColumnCount:
	}
	return 0, false
}

func (c *Block) summary() Summary {
	var d Summary
	numbers := map[[3]uint32]int{}
	for i := range BlockSize {
		ids := [3]uint32{c.IDs[ColumnReason][i], c.IDs[ColumnAccount][i], c.IDs[ColumnProfile][i]}
		number, known := numbers[ids]
		if !known {
			if len(d) == MaxSummaryRows {
				return nil
			}
			number = len(d)
			numbers[ids] = number
			d = append(d, SummaryRow{Reason: ids[0], account: ids[1], peer: ids[2]})
		}
		d[number].Count++
		d[number].Pending += c.Pending[i]
		d[number].Last = c.At[i] // the block is in the order of time
	}
	return d
}
