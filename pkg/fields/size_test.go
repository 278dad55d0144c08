package fields

import "testing"

func TestSizesReadAsGrafanaShowsThem(t *testing.T) {
	for bytes, want := range map[int64]string{
		0: "0 B", 1023: "1023 B", 1024: "1 KiB", 5000: "4.88 KiB", 22_225_518: "21.2 MiB", 1_047_552: "1023 KiB", 960 << 10: "960 KiB", 1 << 62: "4 EiB",
	} {
		if got := Size(bytes); got != want {
			t.Errorf("Size(%d) = %q, want %q", bytes, got, want)
		}
	}
}
