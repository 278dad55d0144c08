package store

// BlockSize is how many records are stored together: as many as fill whole
// pages of Go's heap, which would else waste several bytes a record.
const BlockSize = 1 << 11

// Column names what a record refers to by number (see symbol table).
type Column int

const (
	ColumnReason Column = iota
	ColumnAccount
	ColumnProfile
	ColumnName
	ColumnUser
	ColumnIP
	ColumnMQTT
	ColumnCount
)

// Block holds records column by column, so that a query touches only what it
// asks for. What queries neither filter nor group by is packed as details.
type Block struct {
	At      [BlockSize]int64
	CID     [BlockSize]uint64
	Pending [BlockSize]int64
	IDs     [ColumnCount][BlockSize]uint32
	ends    [BlockSize]uint32 // where the details of each record end
}
