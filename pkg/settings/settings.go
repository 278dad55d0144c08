// Package settings turns a data source's jsonData into one validated struct.
package settings

// Settings is what a data source was configured with, complete and valid once
// it came out of [Parse].
type Settings struct {
	Version int `json:"version"`
	// URLs are the base URLs of the servers' monitoring endpoints.
	URLs []string `json:"urls"`
	// AppPatterns are regular expressions (RE2) whose match is cut from a
	// client's name to get its app; nil means the defaults.
	AppPatterns []string `json:"appPatterns"`
	// ClassOverrides maps a stop reason to "planned" or "unexpected".
	ClassOverrides map[string]string `json:"classOverrides"`
}
