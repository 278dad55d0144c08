// Package block is the form in which a part of a server process's past is written: a
// page of /connz, and beside it where the process's books stood. It does not know
// where blocks are kept, or who asks for them.
package block
