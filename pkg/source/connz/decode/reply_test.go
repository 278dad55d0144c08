package decode

import (
	"errors"
	"testing"
)

func TestReplyHoldsTheList(t *testing.T) {
	body := `{"server":{"name":"n1","connections":[{"cid":9}]},"data":{"server_id":"NA","connections":[{"cid":1}]}}`
	page, err := Reply([]byte(body), modern)
	if err != nil || page.ServerID != "NA" || len(page.Rows) != 1 || page.Rows[0].CID != 1 {
		t.Errorf("got %+v, %v", page, err)
	}
}

func TestReplyThatRefuses(t *testing.T) {
	_, err := Reply([]byte(`{"server":{},"error":{"code":400,"description":"bad"}}`), modern)
	var refusal *Refusal
	if !errors.As(err, &refusal) || refusal.Code != 400 {
		t.Errorf("got %v", err)
	}
}

func TestReplyThatIsNone(t *testing.T) {
	for _, body := range []string{`{}`, `{"server":{}}`, `{"data":{}}`, `{"data":{"connections":[`, ``} {
		if page, err := Reply([]byte(body), modern); err == nil {
			t.Errorf("%s gave %+v", body, page)
		}
	}
}

func TestReplySaysWhoseItIs(t *testing.T) {
	const server = `"server":{"id":"NB","name":"n2","cluster":"eu","ver":"2.10.1","time":"2026-11-25T18:02:52Z"}`
	const list = `"data":{"server_id":"NB","now":"2026-11-25T18:02:51Z","connections":[{"cid":1,"authorized_user":"t0ken"}]}`
	got, page, err := ReplyOf([]byte("{" + server + "," + list + "}"))
	if err != nil || got.ID != "NB" || got.Name != "n2" || got.Cluster != "eu" || !got.Uncounted || got.Now != page.Now || page.Rows[0].ServerID != "NB" {
		t.Errorf("%+v, %+v, %v", got, page, err)
	}
	// What that version says of a user may be a token.
	if page.Rows[0].User != redacted {
		t.Errorf("user = %s", page.Rows[0].User)
	}
	for _, body := range []string{"{" + list + "," + server + "}", "{" + list + "}", `{"server":{},` + list + "}", `{"server":{"id":"*"},` + list + "}"} {
		if _, _, err := ReplyOf([]byte(body)); !errors.Is(err, ErrNoServer) {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestStatsz(t *testing.T) {
	server, active, flaws, err := Statsz([]byte(`{"server":{"id":"NA","ver":"2.15.2","time":"2026-11-25T18:02:52Z"},
		"statsz":{"start":"2026-11-25T16:00:00Z","connections":1,"total_connections":7,"active_servers":3}}`))
	if err != nil || flaws != nil || active != 3 || server.ID != "NA" || server.Name != "NA" || server.Closed() != 6 || server.Start.IsZero() || server.Now.IsZero() {
		t.Errorf("%+v, %d, %v, %v", server, active, flaws, err)
	}
	for _, body := range []string{"hello", `{"server":{},"statsz":{}}`, `{"server":{"id":"*"},"statsz":{}}`, `{"server":{"id":"NA"}} x`} {
		if _, _, _, err := Statsz([]byte(body)); err == nil {
			t.Errorf("%s was accepted", body)
		}
	}
}
