package frames_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/natsops/nats-connections-datasource/pkg/frames"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

func TestEverySeverityHasItsColour(t *testing.T) {
	for severity, want := range map[reason.Severity]string{
		reason.Critical: "red", reason.Error: "orange", reason.Warning: "yellow", reason.Info: "green", "new": "yellow",
	} {
		if got := frames.SeverityColour(severity); got != want {
			t.Errorf("SeverityColour(%q) = %q, want %q", severity, got, want)
		}
	}
}

func TestEveryReasonHasItsOwnShadeOfItsSeverity(t *testing.T) {
	taken := map[string]string{}
	for _, one := range reason.Catalogue() {
		shade := frames.ReasonColour(one)
		if other, twice := taken[shade]; twice {
			t.Errorf("%s and %s are both %s", one.Text, other, shade)
		}
		taken[shade] = one.Text
		if err := isShade(shade, frames.SeverityColour(one.Severity)); err != nil {
			t.Errorf("%s (%s): %v", one.Text, one.Severity, err)
		}
	}
}

func TestUnknownReasonHasItsSeveritysColour(t *testing.T) {
	if got := frames.ReasonColour(reason.Lookup("Warp Core Breach")); got != "yellow" {
		t.Errorf("got %q", got)
	}
}

// isShade checks a Grafana colour name, or a hex colour's hue in degrees.
func isShade(colour, hue string) error {
	hues := map[string][2]float64{"red": {-20, 15}, "orange": {15, 40}, "yellow": {40, 65}, "green": {90, 150}}
	prefix, named := strings.CutSuffix(colour, hue)
	if named && slices.Contains([]string{"", "super-light-", "light-", "semi-dark-", "dark-"}, prefix) {
		return nil
	}
	var r, g, b float64
	var rgb [3]uint8
	if n, err := fmt.Sscanf(colour, "#%02X%02X%02X", &rgb[0], &rgb[1], &rgb[2]); n != 3 || err != nil {
		return fmt.Errorf("%q is neither a shade of %s nor a hex colour", colour, hue)
	}
	r, g, b = float64(rgb[0]), float64(rgb[1]), float64(rgb[2])
	if degrees := hueOf(r, g, b); degrees < hues[hue][0] || degrees > hues[hue][1] {
		return fmt.Errorf("%s has hue %.0f, which is not %s", colour, degrees, hue)
	}
	return nil
}

func hueOf(r, g, b float64) float64 {
	high, low := max(r, g, b), min(r, g, b)
	switch span := high - low; {
	case span == 0:
		return 0
	case high == r:
		return 60 * (g - b) / span
	case high == g:
		return 60*(b-r)/span + 120
	default:
		return 60*(r-g)/span + 240
	}
}
