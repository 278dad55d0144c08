package frames

import "testing"

func TestSizesReadAsGrafanaShowsThem(t *testing.T) {
	for bytes, want := range map[int64]string{
		0: "0 B", 1023: "1023 B", 1024: "1 KiB", 5000: "4.88 KiB", 22_225_518: "21.2 MiB", 1 << 62: "4 EiB",
	} {
		if got := size(bytes); got != want {
			t.Errorf("size(%d) = %q, want %q", bytes, got, want)
		}
	}
}

func TestLossIsToldOnlyWhereThereIsOne(t *testing.T) {
	for bytes, want := range map[int64]string{0: "", 22_225_518: "at least 22225518 bytes (21.2 MiB)"} {
		if got := lostOf(bytes); got != want {
			t.Errorf("lostOf(%d) = %q, want %q", bytes, got, want)
		}
	}
}
