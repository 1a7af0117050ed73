package mjwt_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt"
)

type session struct {
	mjwt.RegisteredClaims
	Roles []string `json:"roles,omitempty"`
	Level uint8    `json:"level,omitempty"`
}

func TestVerifyAs(t *testing.T) {
	v := must(mjwt.NewVerifier(secret, atNow))(t)
	token := sign(t, `{"iss":"i","sub":"s","aud":"a","exp":1700000001.9,"nbf":-0.5,"iat":3,"jti":"j","roles":["r"],"level":7}`)
	want := session{
		RegisteredClaims: mjwt.RegisteredClaims{
			Issuer: "i", Subject: "s", Audience: mjwt.Audience{"a"}, ExpiresAt: mjwt.At(time.Unix(1700000001, 0)),
			NotBefore: mjwt.At(time.Unix(-1, 0)), IssuedAt: mjwt.At(time.Unix(3, 0)), JWTID: "j",
		},
		Roles: []string{"r"}, Level: 7,
	}
	got, err := mjwt.VerifyAs[session](v, token)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	pointer, err := mjwt.VerifyAs[*session](v, token)
	if err != nil || !reflect.DeepEqual(*pointer, want) {
		t.Errorf("%+v, %v", pointer, err)
	}
	var into session
	if err := v.VerifyInto(token, &into); err != nil || !reflect.DeepEqual(into, want) {
		t.Errorf("%+v, %v", into, err)
	}
	into = session{}
	if err := must(v.Verify(token))(t).Decode(&into); err != nil || !reflect.DeepEqual(into, want) {
		t.Errorf("%+v, %v", into, err)
	}
	if got, err := mjwt.VerifyAs[session](v, sign(t, `{"sub":"s","exp":1}`)); !errors.Is(err, mjwt.ErrExpired) || got.Subject != "" {
		t.Errorf("%+v, %v", got, err)
	}
	v.Close()
	if _, err := mjwt.VerifyAs[session](v, token); err != mjwt.ErrClosed {
		t.Error(err)
	}
}

// Claims of another type refuse the token, and the error says which.
func TestClaimsMismatch(t *testing.T) {
	v := must(mjwt.NewVerifier(secret, atNow))(t)
	for claims, field := range map[string]string{
		`{"sub":"half","level":300}`:   "level",
		`{"sub":"half","roles":"r"}`:   "roles",
		`{"jti":["half"]}`:             "jti",
		`{"sub":"half","aud":["a",1]}`: "an audience is a string or an array of strings",
	} {
		token := sign(t, claims)
		got, err := mjwt.VerifyAs[session](v, token)
		if !reflect.DeepEqual(got, session{}) {
			t.Errorf("%s: %+v", claims, got)
		}
		var into session
		for _, err := range []error{err, v.VerifyInto(token, &into), must(v.Verify(token))(t).Decode(&into)} {
			if !errors.Is(err, mjwt.ErrClaimsMismatch) || !mjwt.IsTokenError(err) || !strings.Contains(err.Error(), field) {
				t.Errorf("%s: %v", claims, err)
			}
		}
	}
	var cause *json.UnmarshalTypeError
	if err := v.VerifyInto(sign(t, `{"level":"x"}`), new(session)); !errors.As(err, &cause) || cause.Field != "level" {
		t.Errorf("%v does not tell the reason", err)
	}
	// A mistake of the program refuses no token.
	for _, dst := range []any{nil, session{}, (*session)(nil)} {
		if err := v.VerifyInto(sign(t, `{}`), dst); !errors.Is(err, mjwt.ErrInvalidArgument) {
			t.Errorf("%T: %v", dst, err)
		}
	}
}

func TestRegisteredClaims(t *testing.T) {
	for want, claims := range map[string]mjwt.RegisteredClaims{
		`{}`:                              {},
		`{"aud":"a"}`:                     {Audience: mjwt.Audience{"a"}},
		`{"aud":["a","b<"]}`:              {Audience: mjwt.Audience{"a", "b<"}},
		`{"exp":0,"nbf":-2}`:              {ExpiresAt: mjwt.At(time.Unix(0, 999999999)), NotBefore: mjwt.At(time.Unix(-1, -1))},
		`{"iat":253402300799}`:            {IssuedAt: mjwt.At(time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC))},
		`{"iss":"i","sub":"s","jti":"j"}`: {Issuer: "i", Subject: "s", JWTID: "j"},
	} {
		token := must(must(mjwt.NewSigner(secret))(t).Sign(claims))(t)
		var got, same any
		if err := errors.Join(json.Unmarshal(payload(t, token), &got), json.Unmarshal([]byte(want), &same)); err != nil {
			t.Error(err)
		}
		if !reflect.DeepEqual(got, same) {
			t.Errorf("%s, want %s", payload(t, token), want)
		}
	}
	if text, err := json.Marshal(mjwt.NumericDate{}); string(text) != "null" || err != nil {
		t.Errorf("%s, %v", text, err)
	}
	if text, err := json.Marshal(mjwt.Audience(nil)); string(text) != "null" || err != nil {
		t.Errorf("%s, %v", text, err)
	}
}

func TestNumericDate(t *testing.T) {
	for text, want := range map[string]time.Time{
		"0": time.Unix(0, 0), "1.99": time.Unix(1, 0), "-0.5": time.Unix(-1, 0), "17e8": time.Unix(1700000000, 0),
		"1e300": time.Unix(253402300799, 0), "-1e300": time.Unix(-62135596800, 0), "null": {},
	} {
		got := mjwt.At(time.Unix(5, 0))
		if err := json.Unmarshal([]byte(text), &got); err != nil || !got.Equal(want) {
			t.Errorf("%s: %v, %v", text, got, err)
		}
		// The same as the methods of Claims.
		if text != "null" {
			if claim := verified(t, `{"iat":`+text+`}`).IssuedAt(); !claim.Equal(got.Time) {
				t.Errorf("%s: IssuedAt is %v, the NumericDate %v", text, claim, got)
			}
		}
	}
	for _, text := range []string{`"1"`, `true`, `{}`, `[1]`, `""`} {
		got := mjwt.At(time.Unix(5, 0))
		if err := json.Unmarshal([]byte(text), &got); err == nil || got.Unix() != 5 {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{`1`, `{}`, `["a",null]`, `true`} {
		got := mjwt.Audience{"x"}
		if err := json.Unmarshal([]byte(text), &got); err == nil || !reflect.DeepEqual(got, mjwt.Audience{"x"}) {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	none := mjwt.Audience{"x"}
	if err := json.Unmarshal([]byte("null"), &none); err != nil || none != nil {
		t.Errorf("%v, %v", none, err)
	}
}
