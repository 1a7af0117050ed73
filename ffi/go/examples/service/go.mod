module example.com/service

go 1.24

// From a checkout of mastra-jwt. Your own service says `go get github.com/mastra-jwt/mastra-jwt/ffi/go` instead.
replace github.com/mastra-jwt/mastra-jwt/ffi/go => ../..

require github.com/mastra-jwt/mastra-jwt/ffi/go v0.0.0
