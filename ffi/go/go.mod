module github.com/mastra-jwt/mastra-jwt/ffi/go

go 1.24
