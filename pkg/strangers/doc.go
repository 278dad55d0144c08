// Package strangers makes text that clients sent fit for people to read (decision D14).
// It knows what a line, a label and an annotation may hold. It does not know where
// the text came from, nor the shapes of answers.
package strangers
