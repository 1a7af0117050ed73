package mjwt

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzJSON: in JSON, member, elements and unquote find what encoding/json
// finds; in anything else they find their way out.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"a":1,"b":[1,{"a":2}],"a":{"b":"}"}}`, ` { "a" : [ ] , "\u0061" : "\"\\" } `, `{"\"":{"\"":"\\\""},"\u0022":true}`,
		`["a",{},[],1]`, `[ ]`, `[ 1 , [2,"]"] ]`, `""`, `"\ud83e\udd80"`, `"\b\f\n\r\t\/\\\"\u00e9"`, `1`, `true`,
		`{"a"`, `{"a":`, `["`, `[1,`, `"\u12`, `"\ud800\u12`, `{"a":1`, `[[[[`, `{"\`, `"\ud800\ud800"`, `"\ud800\udc"`, `{1:2}`,
		``, `"a\n"`, `{"\u0061\t":1}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		value := member(text, "a")
		array, isArray := elements(text)
		unquoted, isText := unquote(text)
		integer(text)
		if !json.Valid(text) || !utf8.Valid(text) || len(bytes.TrimSpace(text)) != len(text) {
			return
		}
		if strings.Contains(strings.ToLower(string(text)), `\ud`) {
			return // Halves of surrogate pairs, which encoding/json replaces.
		}
		var members map[string]json.RawMessage
		if json.Unmarshal(text, &members); !bytes.Equal(value, members["a"]) {
			t.Errorf("the member of %q is %q", text, value)
		}
		for name, want := range members {
			if got := member(text, name); !bytes.Equal(got, want) {
				t.Errorf("the member %q of %q is %q", name, text, got)
			}
		}
		var want []json.RawMessage
		err := json.Unmarshal(text, &want)
		same := len(array) == len(want) && isArray == (err == nil && text[0] == '[')
		for i := 0; same && i < len(want); i++ {
			same = bytes.Equal(array[i], want[i])
		}
		if !same {
			t.Errorf("the elements of %q are %q, %v", text, array, isArray)
		}
		var wantText string
		err = json.Unmarshal(text, &wantText)
		if isText != (err == nil && text[0] == '"') || unquoted != wantText {
			t.Errorf("%q is %q, %v", text, unquoted, isText)
		}
	})
}

// Half of a surrogate pair is not text, in a name or a value.
func TestSurrogates(t *testing.T) {
	for text, want := range map[string]string{`"\ud83e\udd80"`: "🦀", `"\uD83E\uDD80x"`: "🦀x", `"\ufffd"`: "�"} {
		if got, ok := unquote([]byte(text)); got != want || !ok {
			t.Errorf("%s: %q, %v", text, got, ok)
		}
	}
	for _, text := range []string{`"\ud83e"`, `"\udd80"`, `"\udd80\ud83e"`, `"\ud83ex"`, `"\ud83e\n"`, `"\ud83e\u0041"`} {
		if got, ok := unquote([]byte(text)); got != "" || ok {
			t.Errorf("%s: %q, %v", text, got, ok)
		}
		if value := member([]byte(`{`+text+`:1}`), "�"); value != nil {
			t.Errorf("%s is taken for U+FFFD", text)
		}
	}
}
