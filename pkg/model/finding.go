package model

// Subject is whom a finding is about, and which rule says so. What a rule does
// not tell apart is empty.
type Subject struct {
	// Rule is the rule's id, Severity how urgently a person should look.
	Rule, Severity string

	Account, App, User, IP, Server string
}
