package rhythm_test

import (
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/finding/rhythm"
)

// at are times that are so many milliseconds apart.
func at(between ...int64) []int64 {
	times := []int64{1_000}
	for _, ms := range between {
		times = append(times, times[len(times)-1]+ms*int64(time.Millisecond))
	}
	return times
}

func TestPace(t *testing.T) {
	for name, test := range map[string]struct {
		each [][]int64
		want rhythm.Pace
	}{
		"nothing":                          {nil, rhythm.Undecided},
		"once":                             {[][]int64{at()}, rhythm.Undecided},
		"twice":                            {[][]int64{at(10_000)}, rhythm.Undecided},
		"twice, at once":                   {[][]int64{at(2_000)}, rhythm.Uneven},
		"five times":                       {[][]int64{at(10_000, 10_000, 10_900, 9_100)}, rhythm.Undecided},
		"longer each time":                 {[][]int64{at(10_000, 20_000)}, rhythm.Uneven},
		"six intervals":                    {[][]int64{at(10_000, 10_000, 10_000, 10_000, 10_000, 10_000)}, rhythm.Regular},
		"of just four seconds":             {[][]int64{at(4_000, 4_000, 4_000, 4_000, 4_000, 4_000)}, rhythm.Regular},
		"of less":                          {[][]int64{at(3_999, 3_999, 3_999, 3_999, 3_999, 3_999)}, rhythm.Uneven},
		"one of ten is missed":             {[][]int64{at(5_000, 5_000, 5_000, 5_000, 10_000, 5_000, 5_000, 5_000, 5_000, 5_000)}, rhythm.Regular},
		"two of ten are":                   {[][]int64{at(5_000, 5_000, 10_000, 5_000, 10_000, 5_000, 5_000, 5_000, 5_000, 5_000)}, rhythm.Uneven},
		"at two servers":                   {[][]int64{at(5_000, 5_000, 5_000, 5_000, 5_000, 5_000), at(5_000)}, rhythm.Regular},
		"a second server joins at random":  {[][]int64{at(5_000, 5_000, 5_000, 5_000, 5_000, 5_000), at(100)}, rhythm.Regular},
		"one of two servers is not probed": {[][]int64{at(5_000, 5_000, 5_000, 5_000, 5_000, 5_000), at(1, 2, 3, 4, 5, 6)}, rhythm.Uneven},
		"two take turns":                   {[][]int64{at(3_000, 7_000, 3_000, 7_000, 3_000, 7_000, 3_000)}, rhythm.Regular},
		"three take turns":                 {[][]int64{at(1_000, 2_000, 12_000, 1_000, 2_000, 12_000, 1_000, 2_000)}, rhythm.Regular},
		"two take turns too fast":          {[][]int64{at(3_000, 4_900, 3_000, 4_900, 3_000, 4_900, 3_000)}, rhythm.Uneven},
		"it waits a random while":          {[][]int64{at(4_200, 5_700, 5_300, 4_100, 5_900, 4_600, 5_500, 4_400, 5_100)}, rhythm.Uneven},
		"it waits for random milliseconds": {[][]int64{at(2_000, 2_100, 2_030, 2_080, 2_010, 2_060, 2_090, 2_020)}, rhythm.Uneven},
		"few at each":                      {[][]int64{at(5_000), at(100)}, rhythm.Uneven},
	} {
		t.Run(name, func(t *testing.T) {
			if got := rhythm.Together(test.each); got != test.want {
				t.Errorf("is %d, want %d", got, test.want)
			}
		})
	}
}
