package model

import (
	"cmp"
	"slices"
)

// Cluster is how many servers a cluster has, by the one of them that counts the
// most, and how many of them are read.
type Cluster struct {
	Name          string
	Members, Read int64
}

// Unlisted is how many members nobody reads.
func (c Cluster) Unlisted() int64 { return max(c.Members-c.Read, 0) }

// Clusters are those of the servers that are read, by name. Of whom nothing is
// known but that they are read may be of any of them.
func Clusters(read []Server) []Cluster {
	byName := map[string]*Cluster{}
	seen := map[string]bool{}
	var unknown int64
	for _, server := range read {
		switch {
		case server.ID == "":
			unknown++
			continue
		case byName[server.Cluster] == nil:
			byName[server.Cluster] = &Cluster{Name: server.Cluster}
		}
		cluster := byName[server.Cluster]
		cluster.Members = max(cluster.Members, server.Members)
		if !seen[server.ID] {
			seen[server.ID] = true
			cluster.Read++
		}
	}
	var all []Cluster
	for _, cluster := range byName {
		cluster.Read += unknown
		all = append(all, *cluster)
	}
	slices.SortFunc(all, func(a, b Cluster) int { return cmp.Compare(a.Name, b.Name) })
	return all
}
