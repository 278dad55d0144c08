// Package chronicle keeps what each read told of the servers, over time: what
// happened to them, and numbers in steps. It does not know single connections or
// stops (ledger), how servers are asked (source), or how answers are drawn (frames).
package chronicle
