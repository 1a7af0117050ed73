// Package auth has interceptors that guard a gRPC server.
//
//	server := grpc.NewServer(
//		grpc.UnaryInterceptor(auth.Unary(verifier)),
//		grpc.StreamInterceptor(auth.Stream(verifier)),
//	)
//
// A method finds the claims with mjwt.FromContext.
package auth

import (
	"context"

	"github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// Unary lets calls with a valid bearer token through.
func Unary(verifier *mjwt.Verifier) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, request any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		ctx, err := authorize(ctx, verifier)
		if err != nil {
			return nil, err
		}
		return handler(ctx, request)
	}
}

// Stream lets streams with a valid bearer token through. The token is checked
// once, when the stream begins.
func Stream(verifier *mjwt.Verifier) grpc.StreamServerInterceptor {
	return func(server any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
		ctx, err := authorize(stream.Context(), verifier)
		if err != nil {
			return err
		}
		return handler(server, &authorized{stream, ctx})
	}
}

// authorized is a stream whose context has the claims.
type authorized struct {
	grpc.ServerStream
	ctx context.Context
}

func (a *authorized) Context() context.Context { return a.ctx }

// authorize takes the token of the metadata entry "authorization", of which
// there must not be two.
func authorize(ctx context.Context, verifier *mjwt.Verifier) (context.Context, error) {
	values := metadata.ValueFromIncomingContext(ctx, "authorization")
	if len(values) != 1 {
		return nil, status.Error(codes.Unauthenticated, "one authorization entry is needed")
	}
	claims, err := verifier.VerifyBearer(values[0])
	switch {
	case mjwt.IsTokenError(err):
		return nil, status.Error(codes.Unauthenticated, err.Error())
	case err != nil:
		return nil, status.Error(codes.Internal, "the token cannot be checked")
	}
	return mjwt.NewContext(ctx, claims), nil
}
