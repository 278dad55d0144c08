// Package rhythm tells what comes like clockwork from what does not. It knows times,
// and does not know what happened at them.
package rhythm
