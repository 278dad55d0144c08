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
