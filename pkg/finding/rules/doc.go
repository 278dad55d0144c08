// Package rules finds what is worth a person's time: a function for each rule, or
// for a few that divide their evidence among them, over arranged facts. It does
// not know what time it is when somebody asks, nor what was found before.
package rules
