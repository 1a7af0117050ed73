package main

import "testing"

func TestSubject(t *testing.T) {
	if got, err := subject(); got != "outside" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}
