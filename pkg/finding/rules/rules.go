package rules

import (
	"slices"

	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/finding/facts"
	"github.com/natsops/nats-connections-datasource/pkg/guard"
)

// rule finds by facts that do not change as time goes by.
type rule struct {
	// ids are the rules of the catalogue that it finds.
	ids  []string
	find func(*facts.Facts, finding.Thresholds) []finding.Finding
}

// rules are in the order of the catalogue.
var rules = []rule{
	{[]string{finding.SlowConsumer}, slowConsumers},
	{[]string{finding.FallingBehind}, fallingBehind},
	{[]string{finding.FabricSlow}, slowFabric},
	{[]string{finding.LoginBroken, finding.LoginTypo, finding.LoginScan, finding.CredentialsExpiringOut}, logins},
	{[]string{finding.TLSFailing}, handshakes},
	{[]string{finding.Stale}, stales},
	{[]string{finding.Flapping}, flaps},
	{[]string{finding.Churn}, churns},
	{[]string{finding.LimitHit}, limits},
	{[]string{finding.Protocol}, foreign},
	{[]string{finding.DuplicateClient}, twins},
	{[]string{finding.Unnamed}, unnamed},
	{[]string{finding.OldLibrary}, oldLibraries},
	{[]string{finding.ServerRestart}, restarts},
	{[]string{finding.NotBack}, notBack},
}

// sees reports whether rules that are looked for together can be: all of them need
// to see the same.
func sees(tenant bool, ids []string) bool { return finding.Sees(tenant, ids[0]) }

// Find is all that the rules find that can be looked for, whether it is over or not,
// the most severe first.
func Find(f *facts.Facts, t finding.Thresholds, tenant bool) []finding.Finding {
	found := make([][]finding.Finding, len(rules))
	var each guard.Group
	for i, r := range rules {
		if sees(tenant, r.ids) {
			each.Go(func() { found[i] = r.find(f, t) })
		}
	}
	each.Wait()
	all := slices.Concat(found...)
	finding.Sort(all)
	return all
}
