module github.com/mastra-jwt/mastra-jwt/ffi/go/interop

go 1.25.0

replace github.com/mastra-jwt/mastra-jwt/ffi/go => ../

require (
	github.com/golang-jwt/jwt/v5 v5.3.1
	github.com/mastra-jwt/mastra-jwt/ffi/go v0.0.0
)

require (
	github.com/tetratelabs/wazero v1.12.0 // indirect
	golang.org/x/sys v0.44.0 // indirect
)
