package comeback

import (
	"fmt"

	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/words"
)

// Verdict says in words how many of the clients that stopped were seen again.
func Verdict(p engine.Presence) string {
	returned := p.Instances - p.Gone - p.Unclear
	switch {
	case p.Instances == 0:
		return ""
	case returned == p.Instances:
		return "back"
	case p.Unclear > 0:
		return "unknown"
	case returned == 0:
		return "gone"
	}
	return fmt.Sprintf("partly (%s of %s)", words.Number(returned), words.Number(p.Instances))
}
