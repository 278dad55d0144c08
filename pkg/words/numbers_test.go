package words

import (
	"math"
	"testing"
)

func TestSizesReadAsGrafanaShowsThem(t *testing.T) {
	for bytes, want := range map[int64]string{
		0: "0 B", 1023: "1023 B", 1024: "1 KiB", 5000: "4.88 KiB", 22_225_518: "21.2 MiB", 1_047_552: "1023 KiB", 960 << 10: "960 KiB", 1 << 62: "4 EiB",
	} {
		if got := Size(bytes); got != want {
			t.Errorf("Size(%d) = %q, want %q", bytes, got, want)
		}
	}
}

func TestNumbersReadInGroupsOfThree(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0", 7: "7", 999: "999", 1000: "1,000", 23_041: "23,041", 123_456: "123,456", 1_677_222: "1,677,222",
		-5: "-5", -999: "-999", -1000: "-1,000", -123_456: "-123,456", math.MinInt64: "-9,223,372,036,854,775,808",
	} {
		if got := Number(n); got != want {
			t.Errorf("Number(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestThingsAreAsManyAsTheNumberSays(t *testing.T) {
	for _, row := range []struct {
		n           int
		thing, want string
	}{
		{0, "server", "0 servers"}, {1, "server", "1 server"}, {2, "server", "2 servers"}, {1234, "stop", "1,234 stops"},
		{1, "address", "1 address"}, {2, "address", "2 addresses"}, {3, "branch", "3 branches"},
	} {
		if got := Several(row.n, row.thing); got != row.want {
			t.Errorf("Several(%d, %q) = %q, want %q", row.n, row.thing, got, row.want)
		}
	}
}
