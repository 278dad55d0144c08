package fields

import (
	"testing"
)

// TestEachDimensionIsWhole: a row that lacks something would group everything
// under nothing, or be listed without a word.
func TestEachDimensionIsWhole(t *testing.T) {
	seen := map[Key]bool{}
	for _, d := range Dimensions {
		if d.Key == "" || seen[d.Key] {
			t.Errorf("the key %q is empty or there twice", d.Key)
		}
		seen[d.Key] = true
		if d.Group == "" || d.Help == "" {
			t.Errorf("%s has no words", d.Key)
		}
		if (d.Values == nil || d.Stop == nil) && d.Finding == nil {
			t.Errorf("%s cannot be found on kept stops", d.Key)
		}
		if d.ServerHelp != "" && d.Server == nil {
			t.Errorf("%s means something of servers that they do not have", d.Key)
		}
	}
}

// TestEachMeasureIsWhole: a row that lacks something would be shown without words,
// or be offered and then found nowhere.
func TestEachMeasureIsWhole(t *testing.T) {
	seen := map[string]bool{}
	for i := range Measures {
		m := &Measures[i]
		if m.Name == "" || seen[m.Name] {
			t.Errorf("the number %q has no name or is there twice", m.Name)
		}
		seen[m.Name] = true
		if m.Heading == "" || m.Help == "" || m.Unit == "" || m.Combine == nil {
			t.Errorf("%s lacks words, a unit or a way to be combined", m.Name)
		}
		if m.Stop == nil && m.Open == nil && m.Server == nil && !m.OfFindings {
			t.Errorf("%s is found nowhere", m.Name)
		}
		if (m.Stop != nil || m.Counts) && m.Combine(2, 3) != 5 {
			t.Errorf("%s is counted record by record, so it has to be summed up", m.Name)
		}
	}
}

func TestEachOrderIsWhole(t *testing.T) {
	whole(t, StopOrders)
	whole(t, OpenOrders)
}

func whole[R any](t *testing.T, orders []Order[R]) {
	t.Helper()
	seen := map[string]bool{}
	for _, order := range orders {
		if order.Column == "" || seen[order.Column] || order.Number == nil {
			t.Errorf("the order by %q has no column or no number, or is there twice", order.Column)
		}
		seen[order.Column] = true
	}
}
