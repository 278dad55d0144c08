package frames_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/frames"
	"github.com/natsops/nats-connections-datasource/pkg/query"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// markContrast is what WCAG 2.2 asks of graphical objects (1.4.11).
const markContrast = 3.0

// apart is how far two colours are from each other, at least: about ten times
// what is just noticed side by side, since marks are small and not side by side.
const apart = 20.0

// backgrounds are those of Grafana's panels and of their highlighted rows.
var backgrounds = map[string]string{
	"light": "#FFFFFF", "light, raised": "#F4F5F5", "dark": "#181B1F", "dark, raised": "#22252B",
}

// visions are what is left of linear red, green and blue (Machado, Oliveira and
// Fernandes 2009, severity 1.0).
var visions = map[string]matrix{
	"full colour":  {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia":   {{.152286, 1.052583, -.204868}, {.114503, .786281, .099216}, {-.003882, -.048116, 1.051998}},
	"deuteranopia": {{.367322, .860646, -.227968}, {.280085, .672501, .047413}, {-.011820, .042940, .968881}},
	"tritanopia":   {{1.255528, -.076749, -.178779}, {-.078411, .930809, .147602}, {.004733, .691367, .303900}},
}

var severities = []reason.Severity{reason.Critical, reason.Error, reason.Warning, reason.Info}

func TestSeveritiesStandOutOnEveryBackground(t *testing.T) {
	for _, severity := range severities {
		for name, background := range backgrounds {
			got := contrast(linear(t, frames.SeverityColour(severity)), linear(t, background))
			if got < markContrast {
				t.Errorf("%s on %s has a contrast of %.2f:1, want %.0f:1", severity, name, got, markContrast)
			}
		}
	}
}

func TestSeveritiesAreToldApartByEveryEye(t *testing.T) {
	for name, vision := range visions {
		for i, one := range severities {
			for _, other := range severities[i+1:] {
				a, b := linear(t, frames.SeverityColour(one)), linear(t, frames.SeverityColour(other))
				if got := distance(lab(vision.of(a)), lab(vision.of(b))); got < apart {
					t.Errorf("%s and %s are %.0f apart with %s, want %.0f", one, other, got, name, apart)
				}
			}
		}
	}
}

func TestAWordThatIsNoSeverityHasTheColourOfAWarning(t *testing.T) {
	if got, want := frames.SeverityColour("new"), frames.SeverityColour(reason.Warning); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestContrastAndDistanceAreThoseOfTheBooks holds the arithmetic against known pairs.
func TestContrastAndDistanceAreThoseOfTheBooks(t *testing.T) {
	black, white, grey := linear(t, "#000000"), linear(t, "#FFFFFF"), linear(t, "#767676")
	if got := contrast(black, white); math.Abs(got-21) > .01 {
		t.Errorf("black on white is %.2f:1, want 21:1", got)
	}
	if got := contrast(grey, white); math.Abs(got-4.54) > .01 {
		t.Errorf("#767676 on white is %.2f:1, want 4.54:1", got)
	}
	if got := distance(lab(black), lab(white)); math.Abs(got-100) > .1 {
		t.Errorf("black and white are %.1f apart, want 100", got)
	}
}

type (
	triple [3]float64
	matrix [3]triple
)

func (m matrix) of(v triple) triple {
	var result triple
	for i, row := range m {
		result[i] = min(1, max(0, row[0]*v[0]+row[1]*v[1]+row[2]*v[2]))
	}
	return result
}

// linear is a colour without sRGB's gamma.
func linear(t *testing.T, hex string) triple {
	t.Helper()
	var rgb [3]uint8
	if n, err := fmt.Sscanf(hex, "#%02X%02X%02X", &rgb[0], &rgb[1], &rgb[2]); n != 3 || err != nil {
		t.Fatalf("%q is no colour: %v", hex, err)
	}
	var result triple
	for i, part := range rgb {
		value := float64(part) / 255
		if result[i] = math.Pow((value+.055)/1.055, 2.4); value <= .04045 {
			result[i] = value / 12.92
		}
	}
	return result
}

// xyz has Y as relative luminance.
func xyz(c triple) triple {
	return triple{
		.4124564*c[0] + .3575761*c[1] + .1804375*c[2],
		.2126729*c[0] + .7151522*c[1] + .0721750*c[2],
		.0193339*c[0] + .1191920*c[1] + .9503041*c[2],
	}
}

func contrast(a, b triple) float64 {
	one, other := xyz(a)[1]+.05, xyz(b)[1]+.05
	return max(one, other) / min(one, other)
}

// lab is a colour in CIELAB under daylight.
func lab(c triple) triple {
	bend := func(t float64) float64 {
		if t > 216.0/24389 {
			return math.Cbrt(t)
		}
		return (24389.0/27*t + 16) / 116
	}
	v := xyz(c)
	x, y, z := bend(v[0]/.95047), bend(v[1]), bend(v[2]/1.08883)
	return triple{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

func distance(a, b triple) float64 {
	return math.Hypot(math.Hypot(a[0]-b[0], a[1]-b[1]), a[2]-b[2])
}

// TestGroupsAreColouredByHowBadTheyAre: a category by the worst of its reasons, so
// that a pie of them has the colours that a pie of reasons has.
func TestGroupsAreColouredByHowBadTheyAre(t *testing.T) {
	colourOf := func(key fields.Key, value string) map[string]any {
		options := frames.Options{Classifier: reason.NewClassifier(nil), Query: query.Query{
			Type: query.Stops, View: query.Totals, Metric: "stops", GroupBy: []fields.Key{key},
		}}
		group := engine.Group{Labels: []engine.Label{{Key: key, Value: value}}}
		return frames.Totals(options, []engine.Group{group}).Fields[0].Config.Color
	}
	for key, want := range map[fields.Key]map[string]reason.Severity{
		fields.KeyReason:   {"Slow Consumer (Pending Bytes)": reason.Critical, "Client Closed": reason.Info},
		fields.KeyCategory: {"slow_consumer": reason.Critical, "shutdown": reason.Info, "never heard of": reason.Warning},
		fields.KeySeverity: {"error": reason.Error},
	} {
		for value, severity := range want {
			if got := colourOf(key, value); got["fixedColor"] != frames.SeverityColour(severity) {
				t.Errorf("%s %s: %v, want %s", key, value, got, severity)
			}
		}
	}
	if got := colourOf(fields.KeyAccount, "slow_consumer"); got != nil {
		t.Errorf("an account has the colour %v", got)
	}
}
