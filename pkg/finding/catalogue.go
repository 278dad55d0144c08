package finding

import "slices"

// catalogue is read-only once the package is initialised.
var catalogue = slices.Concat(deliveryRules, loginRules, connectionRules, serverRules, knowledgeRules)

// Catalogue lists every rule, in the order in which people should meet them.
func Catalogue() []Rule { return slices.Clone(catalogue) }

// IDs are those of all rules, sorted.
func IDs() []string {
	ids := make([]string, len(catalogue))
	for i := range catalogue {
		ids[i] = catalogue[i].ID
	}
	slices.Sort(ids)
	return ids
}

// Lookup is the rule with an id. Rules name themselves, so one that the catalogue
// does not have is a mistake of ours.
func Lookup(id string) Rule {
	for i := range catalogue {
		if catalogue[i].ID == id {
			return catalogue[i]
		}
	}
	panic("no rule has the id " + id)
}
