package words

import (
	"fmt"
	"strconv"
	"strings"
)

// Size is a number of bytes for people, as Grafana's unit "bytes" shows it, so
// that sentences, log lines and tiles say the same.
func Size(bytes int64) string {
	const step = 1024
	if bytes < step {
		return fmt.Sprintf("%d B", bytes)
	}
	amount, units := float64(bytes), []string{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}
	for amount >= step {
		amount, units = amount/step, units[1:]
	}
	if amount >= 100 {
		// Three digits of a thousand would need an exponent.
		return fmt.Sprintf("%.0f %s", amount, units[0])
	}
	return fmt.Sprintf("%.3g %s", amount, units[0])
}

// Number is a number as people read it: its digits in groups of three.
func Number[N ~int | ~int32 | ~int64 | ~uint64](n N) string {
	digits := strconv.FormatInt(int64(n), 10)
	sign := ""
	if rest, negative := strings.CutPrefix(digits, "-"); negative {
		sign, digits = "-", rest
	}
	for place := len(digits) - 3; place > 0; place -= 3 {
		digits = digits[:place] + "," + digits[place:]
	}
	return sign + digits
}

// Several is so many of a thing, in words that fit the number.
func Several[N ~int | ~int32 | ~int64 | ~uint64](n N, thing string) string {
	switch {
	case n == 1:
		return "1 " + thing
	case strings.HasSuffix(thing, "s") || strings.HasSuffix(thing, "h"):
		thing += "e"
	}
	return Number(n) + " " + thing + "s"
}
