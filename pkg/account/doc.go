// Package account finds what people call an account, which some servers report by
// its id alone, and who is of none. It does not know what is kept under that name.
package account
