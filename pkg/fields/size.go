package fields

import "fmt"

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
