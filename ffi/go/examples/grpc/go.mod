module example.com/grpc

go 1.26.0

// In a checkout. A program of your own needs `go get` alone.
replace github.com/mastra-jwt/mastra-jwt/ffi/go => ../..

require (
	github.com/mastra-jwt/mastra-jwt/ffi/go v0.0.0
	google.golang.org/grpc v1.85.0
)

require (
	github.com/tetratelabs/wazero v1.12.0 // indirect
	golang.org/x/net v0.60.0 // indirect
	golang.org/x/sys v0.48.0 // indirect
	golang.org/x/text v0.42.0 // indirect
	google.golang.org/genproto/googleapis/rpc v0.0.0-20260817212433-ac3dfec99bb1 // indirect
	google.golang.org/protobuf v1.36.12 // indirect
)
