package finding

var connectionRules = []Rule{}
