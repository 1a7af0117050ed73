module github.com/mastra-jwt/mastra-jwt/ffi/go/interop

go 1.24

replace github.com/mastra-jwt/mastra-jwt/ffi/go => ../

require (
	github.com/golang-jwt/jwt/v5 v5.3.1
	github.com/mastra-jwt/mastra-jwt/ffi/go v0.0.0
)
