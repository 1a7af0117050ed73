module example.com/chi

go 1.25.0

// In a checkout. A program of your own needs `go get` alone.
replace github.com/mastra-jwt/mastra-jwt/ffi/go => ../..

require (
	github.com/go-chi/chi/v5 v5.5.0
	github.com/mastra-jwt/mastra-jwt/ffi/go v0.0.0
)

require (
	github.com/tetratelabs/wazero v1.12.0 // indirect
	golang.org/x/sys v0.44.0 // indirect
)
