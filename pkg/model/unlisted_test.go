package model

import (
	"reflect"
	"testing"
)

func TestUnlistedMembersOfClusters(t *testing.T) {
	of := func(id, cluster string, members int64) Server {
		return Server{ID: id, Cluster: cluster, Members: members}
	}
	for name, test := range map[string]struct {
		read []Server
		want map[string]int64
	}{
		"one of three":                        {[]Server{of("A", "c", 3)}, map[string]int64{"c": 2}},
		"all of them":                         {[]Server{of("A", "c", 3), of("B", "c", 3), of("C", "c", 3)}, map[string]int64{"c": 0}},
		"one that is read twice":              {[]Server{of("A", "c", 3), of("A", "c", 3)}, map[string]int64{"c": 2}},
		"one that was known and is silent":    {[]Server{of("A", "c", 3), of("B", "c", 0)}, map[string]int64{"c": 1}},
		"who never answered may be a member":  {[]Server{of("A", "c", 3), {}}, map[string]int64{"c": 1}},
		"a member that is cut off counts few": {[]Server{of("A", "c", 1), of("B", "c", 3)}, map[string]int64{"c": 1}},
		"a server alone":                      {[]Server{of("A", "", 1)}, map[string]int64{"": 0}},
		"who does not tell":                   {[]Server{of("A", "c", 0)}, map[string]int64{"c": 0}},
		"more are read than it knows yet":     {[]Server{of("A", "c", 1), of("B", "c", 1)}, map[string]int64{"c": 0}},
		"each cluster apart":                  {[]Server{of("A", "c", 2), of("B", "d", 3)}, map[string]int64{"c": 1, "d": 2}},
		"nobody":                              {nil, map[string]int64{}},
	} {
		got := map[string]int64{}
		for _, cluster := range Clusters(test.read) {
			got[cluster.Name] = cluster.Unlisted()
		}
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}
