package stops

// sieve decides which records the conditions on one column admit.
type sieve struct {
	column   column
	verdicts []verdict // by id
	decide   []decision
}

type verdict uint8

// Of the verdicts, only admitted has the lowest bit.
const (
	undecided verdict = iota
	admitted
	refused
)

type decision struct {
	*lexicon
	match Match
}

// sieves has one for each column that the conditions are about.
func (w *words) sieves(where []Condition, classifier *Classifier) []*sieve {
	var byColumn [columnCount]*sieve
	var all []*sieve
	for _, condition := range where {
		l := w.lexicon(condition.Key, classifier)
		s := byColumn[l.column]
		if s == nil {
			s = &sieve{column: l.column, verdicts: make([]verdict, w.count(l.column))}
			byColumn[l.column], all = s, append(all, s)
		}
		s.decide = append(s.decide, decision{l, condition.Match})
	}
	return all
}

// count is how many ids a column knows.
func (w *words) count(column column) int {
	return [...]int{
		columnReason: len(w.reasons), columnAccount: len(w.accounts), columnPeer: len(w.peers),
		columnName: len(w.names), columnUser: len(w.users), columnIP: len(w.ips),
	}[column]
}

func (s *sieve) admits(id uint32) bool {
	if s.verdicts[id] == undecided {
		s.judge(id)
	}
	return s.verdicts[id] == admitted
}

// judge looks at a value for the first time.
func (s *sieve) judge(id uint32) verdict {
	s.verdicts[id] = admitted
	for _, d := range s.decide {
		if !d.match(d.value(id)) {
			s.verdicts[id] = refused
		}
	}
	return s.verdicts[id]
}

// answering admits the records of these servers.
func (w *words) answering(servers map[string]bool) *sieve {
	s := &sieve{column: columnPeer, verdicts: make([]verdict, len(w.peers))}
	for id := range w.peers {
		s.verdicts[id] = refused
		if servers[w.peers[id].Server] {
			s.verdicts[id] = admitted
		}
	}
	return s
}

// sift returns the indexes of the records that all sieves admit, in the given
// space for a whole chunk's.
func sift(into []uint32, s span, sieves []*sieve) []uint32 {
	into = into[:s.to-s.from]
	for k := range into {
		into[k] = uint32(s.from + k)
	}
	for _, sieve := range sieves {
		ids, verdicts, kept := &s.ids[sieve.column], sieve.verdicts, 0
		for _, i := range into {
			id := ids[i%chunkSize]
			verdict := verdicts[id]
			if verdict == undecided {
				verdict = sieve.judge(id)
			}
			// No branch on the verdict: it would be guessed wrong too often.
			into[kept] = i
			kept += int(verdict & admitted)
		}
		into = into[:kept]
	}
	return into
}
