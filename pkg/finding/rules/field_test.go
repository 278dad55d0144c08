package rules

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

func far(i int) string { return fmt.Sprintf("10.2.%d.%d", i/250, i%250) }

// said is the sentence of the only finding of a rule, and fails unless there is one.
func (w *world) said(rule string) finding.Finding {
	w.t.Helper()
	var those []finding.Finding
	for _, one := range w.found() {
		if one.Rule == rule {
			those = append(those, one)
		}
	}
	if len(those) != 1 {
		w.t.Fatalf("found %d of %s: %+v", len(those), rule, those)
	}
	return those[0]
}

// Jobs on many hosts that are called alike, or have no name, are jobs.
func TestJobsAreNoChurn(t *testing.T) {
	for name, happen := range map[string]func(*world){
		"a cron job of 250 hosts": func(w *world) {
			w.times(250, 100*time.Millisecond, "Client Closed", func(i int) who { return who{name: "NATS CLI Version 0.3.0", ip: far(i), lived: 2 * time.Second} })
		},
		"the same without a name": func(w *world) {
			w.times(250, 100*time.Millisecond, "Client Closed", func(i int) who { return who{user: "cron", ip: far(i), lived: 2 * time.Second} })
		},
		"a job each minute on 40 hosts": func(w *world) {
			w.times(60*40, 1500*time.Millisecond, "Client Closed", func(i int) who { return who{name: "backup", ip: far(i % 40), lived: 2 * time.Second} })
		},
		"the same, each host with a name of its own": func(w *world) {
			w.times(60*40, 1500*time.Millisecond, "Client Closed", func(i int) who {
				return who{name: fmt.Sprintf("backup-%d", i%40), ip: far(i % 40), lived: 2 * time.Second}
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			happen(w)
			w.read(time.Hour)
			w.expect()
		})
	}
}

// The evidence of an app that connects for each request are these connections, not
// the long one that it has as well.
func TestEvidenceOfChurnIsWhatLivedShortly(t *testing.T) {
	w := newWorld(t)
	w.times(250, time.Second, "Client Closed", always(who{name: "web-pod-1a", lived: time.Second}))
	w.stop(100*time.Second, "Client Closed", who{name: "web-pod-1a", lived: time.Hour})
	w.read(10 * time.Minute)
	if one := w.said("churn"); one.Count != 250 || one.Shown != finding.InShortest {
		t.Errorf("%d stops, shown by %d", one.Count, one.Shown)
	}
}

// Who crashes again and again was not restarted as planned.
func TestWhoCrashesWasNotRestartedAsPlanned(t *testing.T) {
	subject := func(severity, server string) model.Subject {
		return model.Subject{Rule: "server_restart", Severity: severity, Server: server}
	}
	t.Run("an upgrade to a version that crashes", func(t *testing.T) {
		w := newWorld(t)
		n2 := process{name: "n2", version: "2.11.0"}
		w.read(0, process{name: "n1", version: "2.11.0"}, n2)
		for i := range 8 {
			w.read(time.Duration(2*i+2)*time.Minute, process{name: "n1", id: fmt.Sprint("n1-", i), version: "2.12.0", began: time.Duration(2*i+1) * time.Minute}, n2)
		}
		w.expect(subject("info", "n1"), subject("warning", "n1"))
	})
	t.Run("two crash by turns", func(t *testing.T) {
		w := newWorld(t)
		n1, n2 := process{name: "n1"}, process{name: "n2"}
		w.read(0, n1, n2)
		for i := range 4 {
			n1 = process{name: "n1", id: fmt.Sprint("n1-", i), began: time.Duration(2*i+1) * time.Minute}
			w.read(time.Duration(2*i+2)*time.Minute, n1, n2)
		}
		n2 = process{name: "n2", id: "n2'", began: 9 * time.Minute}
		w.read(10*time.Minute, n1, n2)
		n1 = process{name: "n1", id: "n1-9", began: 11 * time.Minute}
		w.read(12*time.Minute, n1, n2)
		w.expect(subject("warning", "n1"), subject("warning", "n2"))
	})
}

// Balancers probe each server of a cluster, and pause now and then.
func TestBalancersThatProbe(t *testing.T) {
	servers := []process{{name: "n1"}, {name: "n2"}, {name: "n3"}}
	probes := model.Subject{Rule: "tls_failing", Severity: "info"}
	t.Run("one probes three servers", func(t *testing.T) {
		w := newWorld(t)
		for i := range 60 {
			for s, phase := range []time.Duration{0, 1300 * time.Millisecond, 5100 * time.Millisecond} {
				w.stop(time.Duration(i)*10*time.Second+phase, "TLS Handshake Failure", who{silent: true, ip: host(0), server: servers[s].name})
			}
		}
		w.read(10*time.Minute, servers...)
		w.expect(probes)
	})
	t.Run("five pause once for 45 s in an hour", func(t *testing.T) {
		w := newWorld(t)
		for b := range 5 {
			for i := range 360 {
				at := time.Duration(i)*10*time.Second + time.Duration(b)*time.Second
				if i > 200 {
					at += 45 * time.Second
				}
				w.stop(at, "TLS Handshake Failure", who{silent: true, ip: host(b)})
			}
		}
		w.read(61 * time.Minute)
		w.expect(probes)
	})
}

// Two of a thousand phones that vanish while data flows are no app that is too slow.
func TestPhonesThatVanishAreNoSlowConsumer(t *testing.T) {
	w := newWorld(t)
	for i := range 1000 {
		w.stay(-time.Hour, who{name: fmt.Sprintf("device-%d", i), ip: far(i)})
	}
	for i := range 2 {
		w.stop(time.Duration(i)*10*time.Minute, "Slow Consumer (Write Deadline)", who{name: fmt.Sprintf("device-%d", 2000+i), ip: far(2000 + i), pending: 900})
	}
	w.read(20 * time.Minute)
	w.expect(model.Subject{Rule: "slow_consumer", Severity: "info", Account: "orders", App: "device"})
}

// Three stalls an hour are more than a laptop, also when they are 20 minutes apart.
func TestStallsThatAreApart(t *testing.T) {
	w := newWorld(t)
	w.times(9, 20*time.Minute, "Slow Consumer (Write Deadline)", always(who{name: "rep", pending: 64 << 20}))
	w.read(161 * time.Minute)
	if newest := w.found()[0]; newest.Severity != "critical" {
		t.Errorf("says %s: %s", newest.Severity, newest.Sentence)
	}
}

// Peers that vanish.
func TestPeersThatVanish(t *testing.T) {
	cut := model.Subject{Rule: "stale", Severity: "warning", Server: "n1"}
	t.Run("five of a thousand behind one address", func(t *testing.T) {
		w := newWorld(t)
		for i := range 1000 {
			w.stay(-time.Hour, who{name: fmt.Sprintf("device-%d", i), ip: "10.0.0.9"})
		}
		w.times(5, 2*time.Minute, staleConnection, func(i int) who { return who{name: fmt.Sprintf("device-%d", 2000+i), ip: "10.0.0.9"} })
		w.read(10 * time.Minute)
		w.expect()
	})
	t.Run("twenty behind a balancer that forgets each of them every ten minutes", func(t *testing.T) {
		w := newWorld(t)
		quiet := func(i int) who {
			return who{name: fmt.Sprintf("quiet-%d", i), ip: "10.0.0.100", lived: 8 * time.Minute, idle: 350 * time.Second}
		}
		for i := range 20 {
			for round := range 6 {
				w.stop(time.Duration(round)*10*time.Minute+time.Duration(i)*17*time.Second, staleConnection, quiet(i))
			}
		}
		w.read(time.Hour)
		for _, one := range w.found() {
			if one.IP != "" {
				t.Errorf("says %q", one.Sentence)
			}
		}
		w.said("flapping")
	})
	t.Run("twelve hosts, four on each of three servers", func(t *testing.T) {
		w := newWorld(t)
		w.times(12, time.Second, staleConnection, func(i int) who { p := pod(i); p.server = fmt.Sprintf("n%d", i%3+1); return p })
		w.read(5*time.Minute, process{name: "n1"}, process{name: "n2"}, process{name: "n3"})
		if len(w.found()) == 0 {
			t.Error("nothing is told")
		}
	})
	for _, laptops := range []int{20, 110} {
		t.Run(fmt.Sprint("a hundred at once, after ", laptops, " laptops"), func(t *testing.T) {
			w := newWorld(t)
			for i := range laptops {
				w.stop(-time.Duration(laptops-i)*10*time.Minute, staleConnection, who{name: fmt.Sprintf("laptop%d", i), ip: far(1000 + i)})
			}
			w.times(100, time.Second, staleConnection, func(i int) who { return who{name: fmt.Sprintf("web-pod-%x", i), ip: far(i)} })
			w.read(5 * time.Minute)
			for _, one := range w.expect(cut) {
				if !one.First.Equal(noon) || one.Count != 100 {
					t.Errorf("says %q", one.Sentence)
				}
			}
		})
	}
	t.Run("it is told when they are back, too", func(t *testing.T) {
		w := newWorld(t)
		for i := range 30 {
			w.stay(-time.Hour, pod(50+i))
		}
		w.times(8, time.Second, staleConnection, pod)
		w.read(time.Minute)
		w.expect(cut)
		for i := range 8 {
			w.stay(90*time.Second, pod(i))
		}
		w.read(2 * time.Minute)
		w.expect(cut)
	})
	t.Run("six laptops of a hundred, who all move on later", func(t *testing.T) {
		w := newWorld(t)
		for i := range 100 {
			w.stay(-time.Hour, pod(i))
		}
		w.times(6, 90*time.Second, staleConnection, func(i int) who { return who{name: fmt.Sprintf("laptop%d", i), ip: far(1000 + i)} })
		w.read(10 * time.Minute)
		w.expect()
		w.open = nil
		for i := range 100 {
			p := pod(i)
			p.lived = 3 * time.Hour
			w.stop(10*time.Minute+time.Duration(i)*100*time.Millisecond, "Client Closed", p)
		}
		w.read(11 * time.Minute)
		w.expect()
	})
}

// Credentials that ended.
func TestCredentialsThatEnded(t *testing.T) {
	web := who{name: "web-pod-1a", user: "u"}
	t.Run("somebody of another tenant mistypes", func(t *testing.T) {
		w := newWorld(t)
		w.stop(0, "Authentication Expired", who{name: "web-pod-1a", user: "UA", account: "tenant-a"})
		w.stay(time.Second, who{name: "web-pod-1a", user: "UA", account: "tenant-a"})
		w.stop(20*time.Minute, refused, who{name: "web-pod-9f", user: "bob", ip: "10.9.9.9"})
		w.read(21 * time.Minute)
		w.expect(model.Subject{Rule: "login_typo", Severity: "info", App: "web", User: "bob"})
	})
	t.Run("each pod has a user of its own, and none is renewed", func(t *testing.T) {
		w := newWorld(t)
		for i := range 3 {
			w.stop(time.Duration(i)*time.Second, "Authentication Expired", who{name: fmt.Sprintf("web-pod-%d", i), user: fmt.Sprint("u", i), ip: host(i)})
		}
		w.times(60, 10*time.Second, refused, func(i int) who {
			return who{name: fmt.Sprintf("web-pod-%d", i%3), user: fmt.Sprint("u", i%3), ip: host(i % 3)}
		})
		w.read(11 * time.Minute)
		if one := w.said("credentials_expiring_out"); one.Count != 63 {
			t.Errorf("%d stops: %s", one.Count, one.Sentence)
		}
	})
	for name, back := range map[string]int{"all are renewed in waves, each after a try or two": 60, "of which one is not": 59} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			for i := range 60 {
				at := time.Duration(i) * 10 * time.Second
				w.stop(at, []string{"Credentials Revoked", "Authentication Expired"}[i%2], pod(i))
				w.stop(at+time.Second, refused, pod(i))
				w.stop(at+3*time.Second, refused, pod(i))
				if i < back {
					w.stay(at+5*time.Second, pod(i))
				}
			}
			w.read(11 * time.Minute)
			if back == 60 {
				w.expect()
				// It stays so once they are gone.
				w.open = nil
				for i := range back {
					p := pod(i)
					p.lived = 20 * time.Minute
					w.stop(20*time.Minute+time.Duration(i)*10*time.Second+5*time.Second, "Client Closed", p)
				}
				w.read(31 * time.Minute)
				w.expect()
				return
			}
			if one := w.said("credentials_expiring_out"); one.Count != 3 || one.Instances != 1 {
				t.Errorf("says of %d instances: %s", one.Instances, one.Sentence)
			}
		})
	}
	t.Run("one of several is not renewed", func(t *testing.T) {
		w := newWorld(t)
		w.stop(0, "Authentication Expired", web)
		var was []string
		for i := range 8 {
			minute := time.Duration(i+1) * time.Minute
			w.stop(minute, refused, web)
			w.read(minute + time.Second)
			was = append(was, w.said("credentials_expiring_out").Severity)
			w.stay(minute+30*time.Second, who{name: fmt.Sprintf("web-pod-2%d", i), user: "u", ip: host(i)})
			w.read(minute + 40*time.Second)
			was = append(was, w.said("credentials_expiring_out").Severity)
		}
		if severities := slices.Compact(was); len(severities) > 2 {
			t.Errorf("its severity was %v", severities)
		}
	})
	t.Run("it goes on for two hours", func(t *testing.T) {
		w := newWorld(t)
		w.stop(0, "Authentication Expired", web)
		for i := range 240 {
			w.stop(time.Duration(i+1)*30*time.Second, refused, web)
		}
		w.read(2 * time.Hour)
		for _, one := range w.expect(model.Subject{Rule: "credentials_expiring_out", Severity: "critical", Account: "orders", App: "web", User: "u"}) {
			if state, _ := one.State(w.now); state != finding.Firing {
				t.Errorf("%s is %s", one.Rule, state)
			}
		}
	})
}

// Who is refused, and why.
func TestWhyLoginsAreRefused(t *testing.T) {
	billing := who{name: "billing-pod-1a", user: "b"}
	sixty := func(w *world, p who) {
		for i := range 60 {
			w.stop(time.Duration(i)*10*time.Second, refused, p)
		}
	}
	wrong := func(t *testing.T, one finding.Finding, words string) {
		t.Helper()
		if strings.Contains(one.Sentence, words) {
			t.Errorf("says %q", one.Sentence)
		}
	}
	t.Run("the only one is repaired", func(t *testing.T) {
		w := newWorld(t)
		w.stop(-time.Second, "Client Closed", billing)
		sixty(w, billing)
		w.stay(10*time.Minute+10*time.Second, billing)
		w.read(11 * time.Minute)
		wrong(t, w.said("login_broken"), "others of it")
	})
	t.Run("one server refuses what two accept", func(t *testing.T) {
		w := newWorld(t)
		sixty(w, on("n2", billing))
		w.stay(time.Minute, on("n1", billing))
		w.stay(2*time.Minute, on("n3", billing))
		w.read(11*time.Minute, process{name: "n1"}, process{name: "n2"}, process{name: "n3"})
		one := w.said("login_broken")
		wrong(t, one, "others of it")
		if !strings.Contains(one.Sentence, "n2") {
			t.Errorf("does not name the server: %q", one.Sentence)
		}
	})
	t.Run("nine are in for three days, the tenth is refused", func(t *testing.T) {
		w := newWorld(t)
		for i := range 9 {
			w.stay(-72*time.Hour, who{name: fmt.Sprintf("billing-pod-%d", i), user: "b", ip: host(i)})
		}
		sixty(w, billing)
		w.read(10 * time.Minute)
		wrong(t, w.said("login_broken"), "had got in until 2026-02-26")
	})
	t.Run("thirty pods without a name, 1,200 times an hour", func(t *testing.T) {
		w := newWorld(t)
		for p := range 30 {
			w.times(40, 85*time.Second, refused, always(who{user: "billing", ip: host(p)}))
		}
		w.read(time.Hour)
		w.said("login_broken")
	})
}

// 75 refused logins an hour, in bursts that are 20 minutes apart.
func TestRefusalsInBursts(t *testing.T) {
	w := newWorld(t)
	for burst := range 6 {
		for i := range 25 {
			w.stop(time.Duration(burst)*20*time.Minute+time.Duration(i)*2*time.Second, refused, who{name: "etl", user: "e"})
		}
	}
	w.read(102 * time.Minute)
	if newest := w.found()[0]; newest.Rule != "login_broken" {
		t.Errorf("says %s: %s", newest.Rule, newest.Sentence)
	}
}

// Clients without a name, at forty addresses.
func TestClientsWithoutANameAtManyAddresses(t *testing.T) {
	w := newWorld(t)
	for i := range 40 {
		w.stop(time.Duration(i)*time.Second, "Maximum Message Payload Exceeded", who{user: "u", ip: host(i)})
		w.stop(time.Duration(i)*time.Second, "Parse Error", who{user: "u", ip: host(i)})
	}
	w.read(time.Minute)
	for _, one := range w.found() {
		if one.IP != "" {
			t.Errorf("blames %s for all of %s", one.IP, one.Sentence)
		}
		for _, c := range one.Evidence {
			if c.Key == "ip" && len(c.Values) < 40 {
				t.Errorf("%s counts %d, its evidence is of %v", one.Rule, one.Count, c.Values)
			}
		}
	}
}

// What was said of stops stays when more happens beside them.
func TestWhatIsSaidStays(t *testing.T) {
	t.Run("of laptops that fell asleep, when people go home", func(t *testing.T) {
		w := newWorld(t)
		for i := range 40 {
			w.stay(-time.Hour, who{name: fmt.Sprintf("laptop-%d", i), ip: far(i)})
		}
		for i := range 2 {
			w.stop(time.Duration(i)*5*time.Minute, "Slow Consumer (Write Deadline)", who{name: fmt.Sprintf("laptop-%d", 100+i), ip: far(100 + i), lived: 2 * time.Hour})
		}
		asleep := model.Subject{Rule: "slow_consumer", Severity: "info", Account: "orders", App: "laptop"}
		w.read(6 * time.Minute)
		w.expect(asleep)
		w.open = nil
		for i := range 40 {
			w.stop(7*time.Minute+time.Duration(i)*time.Second, "Client Closed", who{name: fmt.Sprintf("laptop-%d", i), ip: far(i), lived: 2 * time.Hour})
		}
		w.read(8 * time.Minute)
		w.expect(asleep)
	})
	t.Run("of who connects for each request, when others begin to", func(t *testing.T) {
		w := newWorld(t)
		churn := model.Subject{Rule: "churn", Severity: "warning", Account: "orders", App: "report"}
		w.times(600, time.Second, "Client Closed", func(int) who { return who{name: "report", ip: host(0), lived: time.Millisecond} })
		w.read(10 * time.Minute)
		w.expect(churn)
		for i := range 60 {
			w.stop(10*time.Minute+time.Duration(i)*time.Second, "Client Closed", who{name: "report", ip: far(i), lived: 6 * time.Second})
			w.stop(10*time.Minute+time.Duration(i)*time.Second, "Client Closed", who{name: "report", ip: host(0), lived: time.Millisecond})
		}
		w.read(11 * time.Minute)
		w.expect(churn)
	})
	t.Run("of who breaks the protocol, when another address does", func(t *testing.T) {
		w := newWorld(t)
		w.times(6, time.Second, "Parse Error", always(who{user: "u", ip: host(0)}))
		w.read(time.Minute)
		before := w.said("protocol").Subject
		w.stop(90*time.Second, "Parse Error", who{user: "u", ip: host(1)})
		w.read(2 * time.Minute)
		if after := w.said("protocol").Subject; after != before {
			t.Errorf("%+v became %+v", before, after)
		}
	})
	t.Run("of probes, when a server joins", func(t *testing.T) {
		w := newWorld(t)
		for b := range 5 {
			for i := range 60 {
				at := time.Duration(i)*10*time.Second + time.Duration(b)*time.Second
				w.stop(at, "TLS Handshake Failure", who{silent: true, ip: host(b)})
				if i > 56 {
					w.stop(at+time.Second, "TLS Handshake Failure", who{silent: true, ip: host(b), server: "n2"})
				}
			}
		}
		w.read(11*time.Minute, process{name: "n1"}, process{name: "n2"})
		for _, one := range w.found() {
			if one.Rule == "tls_failing" && one.Severity != "info" {
				t.Errorf("says %s: %s", one.Severity, one.Sentence)
			}
		}
	})
}

// Who comes back is the client that was refused, not another one at its address.
func TestWhoIsBackIsTheSame(t *testing.T) {
	w := newWorld(t)
	w.times(60, 10*time.Second, refused, always(who{user: "bob", ip: "10.1.0.1"}))
	w.stay(11*time.Minute, who{user: "alice", ip: "10.1.0.1"})
	w.read(12 * time.Minute)
	if one := w.said("login_broken"); strings.Contains(one.Sentence, "again") {
		t.Errorf("says %q", one.Sentence)
	}
}

// A storm that lasts is one however many were sent away when it began.
func TestAStormAfterManyWereSentAway(t *testing.T) {
	w := newWorld(t)
	n2 := process{name: "n2"}
	w.read(0, process{name: "n1"}, n2)
	for i := range 200 {
		w.stop(time.Minute+time.Duration(i)*time.Millisecond, "Server Shutdown", who{name: fmt.Sprintf("web-pod-%x", i), ip: far(i), server: "n1"})
	}
	w.read(65*time.Second, process{name: "n1"}, n2)
	n1 := process{name: "n1", id: "n1'", began: 70 * time.Second}
	w.read(80*time.Second, n1, n2)
	for i := range 15 * 140 {
		w.stop(2*time.Minute+time.Duration(i)*430*time.Millisecond, readError, who{name: fmt.Sprintf("web-pod-%x", i%200), ip: far(i % 200), server: "n2"})
	}
	w.read(18*time.Minute, n1, n2)
	if !slices.ContainsFunc(w.found(), func(one finding.Finding) bool { return one.Rule == "churn" }) {
		t.Error("no churn is told")
	}
}
