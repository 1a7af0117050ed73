package interop

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt"
)

// The tokens of golang-jwt's own tests of HMAC, read from its source: what is
// valid there is valid here, and what is not is not.
func TestTheirOwnCases(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/golang-jwt/jwt/v5").Output()
	if err != nil {
		t.Fatal(err)
	}
	module := strings.TrimSpace(string(dir))
	key, err := os.ReadFile(filepath.Join(module, "test", "hmacTestKey"))
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(module, "hmac_test.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	v, err := mjwt.NewVerifier(key, mjwt.WithAlgorithms(mjwt.HS256, mjwt.HS384, mjwt.HS512),
		mjwt.WithClock(func() time.Time { return time.Unix(1300000000, 0) }))
	if err != nil {
		t.Fatal(err)
	}
	verdicts := map[bool]int{}
	ast.Inspect(file, func(node ast.Node) bool {
		// A case: name, token, algorithm, claims, whether it is valid.
		one, ok := node.(*ast.CompositeLit)
		if !ok || len(one.Elts) != 5 {
			return true
		}
		name, text := literal(t, one.Elts[0]), literal(t, one.Elts[1])
		valid := one.Elts[4].(*ast.Ident).Name == "true"
		if _, err := v.Verify(text); (err == nil) != valid {
			t.Errorf("%s: valid there: %v; here: %v", name, valid, err)
		}
		verdicts[valid]++
		return false
	})
	if verdicts[true] < 3 || verdicts[false] < 1 {
		t.Errorf("found %d valid and %d other cases in %s", verdicts[true], verdicts[false], module)
	}
}

func literal(t *testing.T, expression ast.Expr) string {
	t.Helper()
	text, err := strconv.Unquote(expression.(*ast.BasicLit).Value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
