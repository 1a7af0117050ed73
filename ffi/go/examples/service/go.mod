module example.com/service

go 1.25.0

// From a checkout of mastra-jwt. Your own service says `go get github.com/mastra-jwt/mastra-jwt/ffi/go` instead.
replace github.com/mastra-jwt/mastra-jwt/ffi/go => ../..

require github.com/mastra-jwt/mastra-jwt/ffi/go v0.0.0

require (
	github.com/tetratelabs/wazero v1.12.0 // indirect
	golang.org/x/sys v0.44.0 // indirect
)
