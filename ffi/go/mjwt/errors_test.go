package mjwt_test

import (
	"fmt"
	"testing"

	"github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt"
)

// The ranges are those of all codes, also of those to come.
func TestIsTokenError(t *testing.T) {
	for code := -1; code < 400; code++ {
		err := fmt.Errorf("wrapped: %w", &mjwt.Error{Code: code})
		if got, want := mjwt.IsTokenError(err), code >= 100 && code < 300; got != want {
			t.Errorf("%d: %v, want %v", code, got, want)
		}
	}
	if mjwt.IsTokenError(nil) || mjwt.IsTokenError(mjwt.ErrClosed) {
		t.Error("not an error of a token")
	}
}
