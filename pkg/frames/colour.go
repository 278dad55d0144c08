package frames

import (
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

var severityColours = map[reason.Severity]string{
	reason.Critical: "red",
	reason.Error:    "orange",
	reason.Warning:  "yellow",
	reason.Info:     "green",
}

// SeverityColour is a severity's colour wherever it is shown, by Grafana's name.
// A word that is none, from a filter say, has that of a warning.
func SeverityColour(severity reason.Severity) string {
	if colour, known := severityColours[severity]; known {
		return colour
	}
	return severityColours[reason.Warning]
}

// ReasonColour is a shade of the severity's hue, so that a panel says at a
// glance how bad it is and still tells reasons apart. Reasons the catalogue
// does not know have their severity's colour.
func ReasonColour(reason reason.Reason) string {
	if shade, known := reasonShades[reason.Text]; known {
		return shade
	}
	return SeverityColour(reason.Severity)
}

// reasonShades is written out rather than computed: a reason's colour stays
// when another is added. Grafana has five named shades a hue, which the
// commonest reasons have; the rest are as far apart as the hue allows.
var reasonShades = map[string]string{
	"Slow Consumer (Pending Bytes)":  "red",
	"Slow Consumer (Write Deadline)": "dark-red",

	"Maximum Connections Exceeded":         "orange",
	"Maximum Account Connections Exceeded": "dark-orange",
	"Maximum Message Payload Exceeded":     "light-orange",
	"Maximum Control Line Exceeded":        "semi-dark-orange",
	"Cluster Names Identical":              "super-light-orange",
	"Duplicate Server Name":                "#B35F1E",

	"Authentication Failure":               "yellow",
	"Stale Connection":                     "dark-yellow",
	"Read Error":                           "light-yellow",
	"TLS Handshake Failure":                "semi-dark-yellow",
	"Authentication Timeout":               "super-light-yellow",
	"Write Error":                          "#A37D00",
	"Authentication Expired":               "#DFD1AA",
	"Credentials Revoked":                  "#A3A300",
	"Protocol Violation":                   "#CEB87E",
	"Duplicate Client ID":                  "#766D2D",
	"Maximum Subscriptions Exceeded":       "#D19900",
	"Parse Error":                          "#E1E189",
	"Unknown State":                        "#B9B146",
	"Missing Account":                      "#AE9142",
	"Duplicate Remote LeafNode Connection": "#CACA16",
	"Incorrect Port":                       "#F1EBC6",
	"Wrong Gateway":                        "#CECE7E",
	"Cluster Name Conflict":                "#817F31",
	"Minimum Version Required":             "#948F00",
	"Bad Client Protocol Version":          "#946C00",
	"No Responders Requires Headers":       "#775B0D",
	"Proxy Not Trusted":                    "#FFE499",
	"Proxy Required":                       "#B3A16B",
	"Message Header Violation":             "#605024",

	"Client Closed":   "green",
	"Server Shutdown": "dark-green",
	"Kicked":          "light-green",
	"Duplicate Route": "semi-dark-green",
	"Route Removed":   "super-light-green",
	"Internal Client": "#8FBC8F",
}
