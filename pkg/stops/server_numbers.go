package stops

// ServerGroups combines the servers by the keys. Each group has the metric's
// combined number; a group of which no server told it is missing, not zero.
func ServerGroups(servers []ServerState, keys []Key, metric string, r Range) []Group {
	found := newGroups(keys)
	for _, state := range servers {
		number, told := state.Number(metric, r)
		if !told {
			continue
		}
		group := found.of(state.label)
		group.Sums[metric] = combine(metric, group, number)
		group.Count++
	}
	result := make([]Group, len(found.order))
	for i, group := range found.order {
		result[i] = *group
	}
	return result
}

// combine sums, but records reach back only as far as the worst server's.
func combine(metric string, group *Group, number int64) int64 {
	if group.Count > 0 && metric == "oldest_age" {
		return min(group.Sums[metric], number)
	}
	return group.Sums[metric] + number
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
