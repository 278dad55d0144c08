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

// Sees reports whether a rule can be looked for: the login of an ordinary account,
// a tenant's, does not see what some need.
func Sees(tenant bool, id string) bool { return !tenant || !Lookup(id).SystemOnly }

// Unseen are the titles of the rules that a tenant cannot have.
func Unseen() []string {
	var titles []string
	for i := range catalogue {
		if catalogue[i].SystemOnly {
			titles = append(titles, catalogue[i].Title)
		}
	}
	return titles
}
