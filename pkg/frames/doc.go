// Package frames shapes results as Grafana data frames, one shape per view
// (design §3). Where results come from is not known here.
package frames
