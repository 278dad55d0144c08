package architecture_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const natsServer = "github.com/nats-io/nats-server/v2"

// reference is a line of the server's source as docs/development/nats-server.md
// shows it: a list item with file, line and code.
var reference = regexp.MustCompile("(?m)^- `(\\w+\\.go):(\\d+)` `(.*)`$")

// TestFactsStandInThePinnedServer says what to read again once go.mod pins another release.
func TestFactsStandInThePinnedServer(t *testing.T) {
	page, err := os.ReadFile(repository + "/docs/development/nats-server.md")
	if err != nil {
		t.Fatal(err)
	}
	folder, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", natsServer).Output()
	if err != nil {
		t.Fatal(err)
	}
	found := reference.FindAllStringSubmatch(string(page), -1)
	if len(found) < 25 {
		t.Errorf("%d references: the test reads the page wrong", len(found))
	}
	for _, match := range found {
		file, line, code := match[1], match[2], match[3]
		source, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(folder)), "server", file))
		if err != nil {
			t.Error(err)
			continue
		}
		if complaint := misplaced(string(source), line, code); complaint != "" {
			t.Errorf("%s:%s: %s", file, line, complaint)
		}
	}
}

// misplaced says what is wrong with code being on a line, or nothing.
func misplaced(source, line, code string) string {
	lines := strings.Split(source, "\n")
	if number, err := strconv.Atoi(line); err == nil && number <= len(lines) && strings.Contains(lines[number-1], code) {
		return ""
	}
	for i, text := range lines {
		if strings.Contains(text, code) {
			return fmt.Sprintf("%q is on line %d", code, i+1)
		}
	}
	return fmt.Sprintf("%q is nowhere in the file: is the fact still true?", code)
}

func TestMisplacedReferencesAreNoticed(t *testing.T) {
	for _, test := range []struct {
		line, code string
		right      bool
	}{
		{"2", "b()", true},
		{"1", "b()", false},
		{"9", "b()", false},
		{"2", "c()", false},
	} {
		if complaint := misplaced("a()\nb()\n", test.line, test.code); test.right != (complaint == "") {
			t.Errorf("%s on line %s: %q", test.code, test.line, complaint)
		}
	}
}
