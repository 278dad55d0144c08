package stops

// ServerGroups combines the servers by the keys. Each group has a sum for each
// metric that one of its servers told; what nobody told is missing, not zero.
func ServerGroups(servers []ServerState, keys []Key, metrics []string, r Range) []Group {
	found := newGroups(keys)
	for _, state := range servers {
		for _, metric := range metrics {
			number, told := state.Number(metric, r)
			if !told {
				continue
			}
			group := found.of(state.label)
			before, more := group.Sums[metric]
			switch {
			case more && metric == "oldest_age":
				// Together, records reach back only as far as the worst server's.
				group.Sums[metric] = min(before, number)
			default:
				group.Sums[metric] = before + number
			}
		}
	}
	return found.all()
}

// Number is one of the server's numbers, ages in seconds; told is false when
// the server did not answer and so nobody knows.
func (s ServerState) Number(metric string, r Range) (number int64, told bool) {
	if metric == "answered" {
		if s.Answered {
			return 1, true
		}
		return 0, true
	}
	if metric == "records_lost" {
		// What was lost stays known while the server is away.
		return s.Coverage.LostIn(r), s.Answered || s.Server.ID != ""
	}
	if !s.Answered {
		return 0, false
	}
	if s.Server.Uncounted && metric != "oldest_age" {
		return 0, false
	}
	switch metric {
	case "open":
		return s.Server.Open, true
	case "total":
		return s.Server.Total, true
	case "evicted_before":
		return s.Coverage.EvictedBefore, true
	case "oldest_age":
		return int64(s.Server.Now.Sub(s.Coverage.Since).Seconds()), true
	case "uptime":
		return int64(s.Server.Now.Sub(s.Server.Start).Seconds()), true
	}
	return 0, false
}
