package frames

import "testing"

func TestLossIsToldOnlyWhereThereIsOne(t *testing.T) {
	for bytes, want := range map[int64]string{0: "", 22_225_518: "at least 22,225,518 bytes (21.2 MiB)"} {
		if got := lostOf(bytes); got != want {
			t.Errorf("lostOf(%d) = %q, want %q", bytes, got, want)
		}
	}
}
