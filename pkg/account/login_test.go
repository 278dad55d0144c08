package account_test

import (
	"testing"

	"github.com/natsops/nats-connections-datasource/pkg/account"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

func TestWhoNeverLoggedIn(t *testing.T) {
	for name, test := range map[string]struct {
		c       model.Connection
		refused bool
		want    bool
	}{
		"a client":                    {model.Connection{Account: "$G", Profile: model.Profile{Lang: "go"}}, false, false},
		"a client that was refused":   {model.Connection{Account: "$G", Profile: model.Profile{Lang: "go"}, User: "ann"}, true, true},
		"a probe":                     {model.Connection{Account: "$G"}, false, true},
		"a client of another account": {model.Connection{Account: "A", Profile: model.Profile{Lang: "go"}}, true, false},
		"a silent one of an account":  {model.Connection{Account: "A"}, false, false},
	} {
		if got := account.NeverLoggedIn(&test.c, test.refused); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
