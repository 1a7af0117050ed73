package auth

import (
	"context"
	"net"
	"testing"

	"github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt"
	"github.com/mastra-jwt/mastra-jwt/ffi/go/mjwt/mjwttest"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"
)

// health is a service with a method of each kind. It notes who calls.
type health struct {
	grpc_health_v1.UnimplementedHealthServer
	caller string
}

func (h *health) note(ctx context.Context) {
	if claims, ok := mjwt.FromContext(ctx); ok {
		h.caller = claims.Subject()
	}
}

func (h *health) Check(ctx context.Context, _ *grpc_health_v1.HealthCheckRequest) (*grpc_health_v1.HealthCheckResponse, error) {
	h.note(ctx)
	return &grpc_health_v1.HealthCheckResponse{}, nil
}

func (h *health) Watch(_ *grpc_health_v1.HealthCheckRequest, stream grpc.ServerStreamingServer[grpc_health_v1.HealthCheckResponse]) error {
	h.note(stream.Context())
	return stream.Send(&grpc_health_v1.HealthCheckResponse{})
}

func TestInterceptors(t *testing.T) {
	kit := mjwttest.New(t)
	service := &health{}
	server := grpc.NewServer(grpc.UnaryInterceptor(Unary(kit.Verifier)), grpc.StreamInterceptor(Stream(kit.Verifier)))
	grpc_health_v1.RegisterHealthServer(server, service)
	listener := bufconn.Listen(1 << 16)
	go server.Serve(listener)
	t.Cleanup(server.Stop)
	connection, err := grpc.NewClient("passthrough:///test", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(context.Context, string) (net.Conn, error) { return listener.Dial() }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close() })
	client := grpc_health_v1.NewHealthClient(connection)

	unary := func(ctx context.Context) error {
		_, err := client.Check(ctx, &grpc_health_v1.HealthCheckRequest{})
		return err
	}
	stream := func(ctx context.Context) error {
		stream, err := client.Watch(ctx, &grpc_health_v1.HealthCheckRequest{})
		if err == nil {
			_, err = stream.Recv()
		}
		return err
	}
	check := func(want codes.Code, authorization ...string) {
		t.Helper()
		for name, call := range map[string]func(context.Context) error{"unary": unary, "stream": stream} {
			service.caller = ""
			ctx := metadata.NewOutgoingContext(t.Context(), metadata.MD{"authorization": authorization})
			if err := call(ctx); status.Code(err) != want {
				t.Errorf("%s with %q: %v, want %v", name, authorization, err, want)
			}
			if (service.caller == "ada") != (want == codes.OK) {
				t.Errorf("%s with %q: the caller is %q", name, authorization, service.caller)
			}
		}
	}
	ada := map[string]string{"sub": "ada"}
	token := "Bearer " + kit.Token(ada)
	check(codes.OK, token)
	check(codes.Unauthenticated)
	check(codes.Unauthenticated, token, token)
	check(codes.Unauthenticated, "Bearer "+kit.Forged(ada))
	kit.Verifier.Close()
	check(codes.Internal, token)
}
