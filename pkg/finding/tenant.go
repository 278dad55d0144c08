package finding

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
