package app_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/natsops/nats-connections-datasource/pkg/app"
)

// TestApp is the specification of what belongs to an app's name and what to an instance.
func TestApp(t *testing.T) {
	namer, err := app.NewNamer(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		// No name at all.
		"":     "(unnamed)",
		" \t ": "(unnamed)",

		// Names without an instance.
		"billing":             "billing",
		"order-service":       "order-service",
		"api-v2":              "api-v2",
		"edge-eu-west":        "edge-eu-west",
		"NATS CLI Version v2": "NATS CLI Version v2",
		"proto-3.1":           "proto-3.1",
		"worker_42":           "worker_42",
		"worker42":            "worker42",
		"42":                  "42",
		"pod":                 "pod",
		"trailing-":           "trailing-",

		// -pod-<id>
		"billing-service-pod-3a7f":   "billing-service",
		"billing-service-pod-abcdef": "billing-service",
		"billing-service-pod-17":     "billing-service",
		"billing-service-pod-XY9":    "billing-service",
		"billing-service-pod-":       "billing-service-pod-",
		"billing-service-pod":        "billing-service-pod",
		"billing-servicepod-3a7f":    "billing-servicepod-3a7f",
		"podium-pod-pod-3a7f":        "podium-pod",

		// CronJob: the minute of the run and pod suffix.
		"cuda-vectoradd-29120880-jfl5c": "cuda-vectoradd",
		"report-2912088-jfl5c":          "report-2912088-jfl5c", // not a minute of these decades
		"report-29120880-jfl5":          "report-29120880-jfl5", // suffix too short

		// UUIDs and hashes at the end.
		"svc-9f86d081-8a5b-4e7a-b0c6-6f3b1c9d7e21":    "svc",
		"svc.9F86D081-8A5B-4E7A-B0C6-6F3B1C9D7E21":    "svc",
		"9f86d081-8a5b-4e7a-b0c6-6f3b1c9d7e21":        "9f86d081-8a5b-4e7a-b0c6-6f3b1c9d7e21", // nothing in front
		"hab_client_0123456789abcdef0123456789abcdef": "hab_client",
		"svc-0123456789abcde":                         "svc-0123456789abcde",  // too short
		"svc-deadbeefdeadbeeg":                        "svc-deadbeefdeadbeeg", // not hexadecimal

		// Deployment: ReplicaSet hash and pod suffix.
		"web-7d4b9c6f5d-x2x4z":               "web",
		"web-7d4b9c6f5d-x2x4z ":              "web-7d4b9c6f5d-x2x4z ",
		"order-service-5f9c8-bcdfg":          "order-service",
		"order-service-5f9c-bcdfg":           "order-service-5f9c-bcdfg",        // hash too short
		"order-service-5f9c8b7d6c4-bcdfg":    "order-service-5f9c8b7d6c4-bcdfg", // hash too long
		"order-service-5f9c8b7d6c-bcdf":      "order-service-5f9c8b7d6c-bcdf",   // suffix too short
		"order-service-5f9c8b7d6c-bcdfgh":    "order-service-5f9c8b7d6c-bcdfgh", // suffix too long
		"order-service-5f9c8b7d6c-bcdfa":     "order-service-5f9c8b7d6c-bcdfa",  // a vowel
		"order-service-3f9c8b7d6c-bcdfg":     "order-service-3f9c8b7d6c-bcdfg",  // no 3 in the alphabet
		"order-service-5F9C8B7D6C-BCDFG":     "order-service-5F9C8B7D6C-BCDFG",  // lower case only
		"order-service-5f9c8b7d6c_bcdfg":     "order-service-5f9c8b7d6c_bcdfg",  // no hyphen
		"stream-reader-events":               "stream-reader-events",            // words have vowels
		"worker-2-7d4b9c6f5d-x2x4z":          "worker-2",                        // the deployment is worker-2
		"cache-7d4b9c6f5d-x2x4z-7d4b9-x2x4z": "cache-7d4b9c6f5d-x2x4z",          // one suffix only
		"7d4b9c6f5d-x2x4z-tail":              "7d4b9c6f5d-x2x4z-tail",           // not at the end
		"orders/7d4b9c6f5d-x2x4z":            "orders/7d4b9c6f5d-x2x4z",         // one part only
		"заказы-7d4b9c6f5d-x2x4z":            "заказы",                          // any script
		"注文-pod-3a7f":                        "注文",
		"ünïcode-service-12":                 "ünïcode-service",

		// StatefulSet: ordinal.
		"worker-42":    "worker",
		"nats-0":       "nats",
		"nats-007":     "nats",
		"nats--1":      "nats-",
		"nats-1a":      "nats-1a",
		"nats-1-main":  "nats-1-main",
		"worker-٤٢":    "worker-٤٢", // other digits are no ordinals
		"shard-3-0":    "shard-3",
		"api-v2-3":     "api-v2",
		"10.1.2.3-4":   "10.1.2.3",
		"line-1\nb-2":  "line-1\nb",
		"\xff\xfe-bad": "\xff\xfe-bad",

		// A name that is only suffix stays as it is.
		"-42":                "-42",
		"-pod-3a7f":          "-pod-3a7f",
		"-7d4b9c6f5d-x2x4z":  "-7d4b9c6f5d-x2x4z",
		" -42":               " -42",
		"7d4b9c6f5d-x2x4z":   "7d4b9c6f5d-x2x4z",
		"x-7d4b9c6f5d-x2x4z": "x",
	} {
		for range 2 { // the second answer is remembered
			if got := namer.App(name); got != want {
				t.Errorf("App(%q) = %q, want %q", name, got, want)
			}
		}
	}
}

func TestAppWithOwnPatterns(t *testing.T) {
	namer, err := app.NewNamer([]string{`^prod\.`, `@[^@]+$`})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"web@host-1": "web",
		"prod.web":   "web",
		"prod.w@h":   "w@h",
		"worker-42":  "worker-42",
		"prod.":      "prod.",
	} {
		if got := namer.App(name); got != want {
			t.Errorf("App(%q) = %q, want %q", name, got, want)
		}
	}
	none, err := app.NewNamer([]string{})
	if err != nil {
		t.Fatal(err)
	}
	if got := none.App("worker-42"); got != "worker-42" {
		t.Errorf("no patterns: %q", got)
	}
}

func TestBadAppPatternIsNamed(t *testing.T) {
	_, err := app.NewNamer([]string{`ok`, `(`})
	if err == nil || !strings.Contains(err.Error(), `app pattern 2, "("`) {
		t.Errorf("err = %v", err)
	}
}

func TestAppNamerIsConcurrentAndForgets(t *testing.T) {
	namer, err := app.NewNamer(nil)
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for i := range 20_000 {
				if got := namer.App(fmt.Sprintf("svc%d-7", i)); got != fmt.Sprintf("svc%d", i) {
					t.Errorf("got %q for %d", got, i)
					return
				}
			}
		})
	}
	group.Wait()
	if kept := namer.Memoised(); kept == 0 || kept > 1<<14 {
		t.Errorf("%d names are remembered", kept)
	}
	if allocations := testing.AllocsPerRun(100, func() { namer.App("svc19999-7") }); allocations != 0 {
		t.Errorf("%v allocations for a known name", allocations)
	}
}
