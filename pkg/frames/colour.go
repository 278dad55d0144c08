package frames

import (
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// severityColours are seen on Grafana's light and dark panels alike, and told
// apart by those who do not see red, green or blue; the test computes both. A
// colour that stands out on white and on black is too pale for text on one of
// them, so it is given to bars and dots and never to text.
var severityColours = map[reason.Severity]string{
	reason.Critical: "#E61A6B",
	reason.Error:    "#E06952",
	reason.Warning:  "#BD7800",
	reason.Info:     "#1E7BA9",
}

// SeverityColour is a severity's colour wherever it is shown. A word that is
// none, from a filter say, has that of a warning.
func SeverityColour(severity reason.Severity) string {
	if colour, known := severityColours[severity]; known {
		return colour
	}
	return severityColours[reason.Warning]
}
