package natsrequest_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nkeys"

	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/natslink"
	"github.com/natsops/nats-connections-datasource/pkg/source/natsrequest"
)

// readError reads and returns how that failed.
func readError(t *testing.T, s *natsrequest.Source, req source.Request) *source.Error {
	t.Helper()
	readings := s.Read(t.Context(), req)
	var typed *source.Error
	if len(readings) != 1 || !errors.As(readings[0].Err, &typed) {
		t.Fatalf("want one failed reading, got %+v", readings)
	}
	if strings.Contains(typed.Error(), secret) || strings.Contains(fmt.Sprintf("%+v", typed.Cause), secret) {
		t.Errorf("the error shows a secret: %s", typed)
	}
	if typed.Sentence == "" || typed.Endpoint != readings[0].Endpoint || typed.Hint == "" && typed.Kind != source.KindCanceled {
		t.Errorf("sentence, hint or endpoint is missing: %+v", typed)
	}
	return typed
}

func check(t *testing.T, got *source.Error, kind source.Kind, step source.Step, sentence string) {
	t.Helper()
	if got.Kind != kind || got.Step != step || got.Sentence != sentence {
		t.Errorf("got  %s at %s: %s (%v)\nwant %s at %s: %s", got.Kind, got.Step, got.Sentence, got.Cause, kind, step, sentence)
	}
}

func TestWhoIsLetIn(t *testing.T) {
	ns := testnats.Start(t, accounts())
	wrong := as("admin", ns)
	wrong.Password = secret + "!"
	for name, c := range map[string]struct {
		cfg      natslink.Config
		kind     source.Kind
		step     source.Step
		sentence string
	}{
		"wrong password": {wrong, source.KindAuth, source.StepConnect, "NATS refused these credentials."},
		"no login":       {natslink.Config{Servers: clientURLs([]*testnats.Server{ns})}, source.KindAuth, source.StepConnect, "NATS refused these credentials."},
		"a tenant": {as("tenant", ns), source.KindNoResponders, source.StepIdentity,
			"These credentials are not of the system account."},
		"may not publish":   {as("mute", ns), source.KindPermission, source.StepIdentity, "These credentials may not ask for this."},
		"may not subscribe": {as("deaf", ns), source.KindPermission, source.StepIdentity, "These credentials may not ask for this."},
		"may not ask for lists": {as("half", ns), source.KindPermission, source.StepClosed,
			"These credentials may not ask for this."},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSource(t, httpclient.Options{}, c.cfg)
			check(t, readError(t, s, source.Request{Closed: true}), c.kind, c.step, c.sentence)
		})
	}
	t.Run("everything allowed", func(t *testing.T) {
		read(t, newSource(t, httpclient.Options{}, as("admin", ns)), source.Request{Closed: true, Open: true})
	})
}

func TestTokenOfAServerWithoutSystemAccountUsers(t *testing.T) {
	ns := testnats.Start(t, &server.Options{Authorization: secret})
	cfg := natslink.Config{Servers: []string{ns.ClientURL}, Token: secret}
	check(t, readError(t, newSource(t, httpclient.Options{}, cfg), source.Request{}),
		source.KindNoResponders, source.StepIdentity, "These credentials are not of the system account.")
	cfg.Token += "!"
	check(t, readError(t, newSource(t, httpclient.Options{}, cfg), source.Request{}),
		source.KindAuth, source.StepConnect, "NATS refused these credentials.")
}

func TestNKey(t *testing.T) {
	pair, err := nkeys.CreateUser()
	if err != nil {
		t.Fatal(err)
	}
	public, seed := keysOf(t, pair)
	opts := accounts()
	opts.Nkeys = []*server.NkeyUser{{Nkey: public, Account: opts.Accounts[0], Permissions: leastPrivilege()}}
	ns := testnats.Start(t, opts)
	read(t, newSource(t, httpclient.Options{}, natslink.Config{Servers: []string{ns.ClientURL}, Seed: " " + seed + "\n"}),
		source.Request{Closed: true})
	stranger, err := nkeys.CreateUser()
	if err != nil {
		t.Fatal(err)
	}
	_, seed = keysOf(t, stranger)
	check(t, readError(t, newSource(t, httpclient.Options{}, natslink.Config{Servers: []string{ns.ClientURL}, Seed: seed}), source.Request{}),
		source.KindAuth, source.StepConnect, "NATS refused these credentials.")
}

func keysOf(t *testing.T, pair nkeys.KeyPair) (public, seed string) {
	t.Helper()
	public, err := pair.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := pair.Seed()
	if err != nil {
		t.Fatal(err)
	}
	return public, string(raw)
}

// operator is a server in operator mode, and the credentials of a user of its
// system account until expiry.
func operator(t *testing.T, expiry time.Time) (*testnats.Server, string) {
	t.Helper()
	pair := func(create func() (nkeys.KeyPair, error)) (nkeys.KeyPair, string, string) {
		p, err := create()
		if err != nil {
			t.Fatal(err)
		}
		public, seed := keysOf(t, p)
		return p, public, seed
	}
	operatorPair, operatorKey, _ := pair(nkeys.CreateOperator)
	accountPair, accountKey, _ := pair(nkeys.CreateAccount)
	_, userKey, userSeed := pair(nkeys.CreateUser)
	account, err := jwt.NewAccountClaims(accountKey).Encode(operatorPair)
	if err != nil {
		t.Fatal(err)
	}
	user := jwt.NewUserClaims(userKey)
	user.Expires = expiry.Unix()
	token, err := user.Encode(accountPair)
	if err != nil {
		t.Fatal(err)
	}
	content, err := jwt.FormatUserConfig(token, []byte(userSeed))
	if err != nil {
		t.Fatal(err)
	}
	resolver := &server.MemAccResolver{}
	if err := resolver.Store(accountKey, account); err != nil {
		t.Fatal(err)
	}
	return testnats.Start(t, &server.Options{
		TrustedKeys: []string{operatorKey}, SystemAccount: accountKey, AccountResolver: resolver,
	}), string(content)
}

func TestCredentials(t *testing.T) {
	ns, content := operator(t, time.Now().Add(time.Hour))
	read(t, newSource(t, httpclient.Options{}, natslink.Config{Servers: []string{ns.ClientURL}, Credentials: content}), source.Request{Closed: true})
}

func TestExpiredCredentials(t *testing.T) {
	ns, content := operator(t, time.Now().Add(-time.Hour))
	got := readError(t, newSource(t, httpclient.Options{}, natslink.Config{Servers: []string{ns.ClientURL}, Credentials: content}), source.Request{})
	if got.Kind != source.KindAuth || got.Step != source.StepConnect {
		t.Errorf("got %+v", got)
	}
}

func TestUnusableSecretsAreNotRepeated(t *testing.T) {
	for name, cfg := range map[string]natslink.Config{
		"natsCredentials":         {Credentials: "/run/secrets/" + secret + ".creds"},
		"natsCredentials is half": {Credentials: "-----BEGIN NATS USER JWT-----\n" + secret + "\n------END NATS USER JWT------\n"},
		"natsSeed":                {Seed: "SU" + secret},
		"natsSeed of an account":  {Seed: "SAAPN4W3EG6KCJGUQTKTJ5GSB5NHK5CHAJL4DBGFUM3HHROI4XUEP4OBK4"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := natsrequest.New(t.Context(), httpclient.Options{}, cfg)
			field, _, _ := strings.Cut(name, " ")
			if err == nil || !strings.HasPrefix(err.Error(), field+" is not ") || strings.Contains(err.Error(), secret) {
				t.Errorf("got %v", err)
			}
		})
	}
}
