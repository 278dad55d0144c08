// Package words says numbers and times as people read them, in the sentences of all
// rooms. It does not know what they are of, or how keys are called (fields).
package words
