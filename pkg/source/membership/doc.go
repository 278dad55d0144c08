// Package membership knows which servers are expected to answer because they
// did before, who took whose place, and for how long a silent one is told to be
// missing. It does not know how servers are asked.
package membership
