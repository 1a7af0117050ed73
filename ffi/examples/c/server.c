/* An HTTP server (libmicrohttpd) that guards two paths:
 *
 *   MJWT_SECRET=... ./server 8080
 *   curl -H "Authorization: Bearer $(MJWT_SECRET=... ./mint alice 60)" http://127.0.0.1:8080/me
 *
 * /me answers with the claims of the token, /admin only to those with the role admin. Without a
 * valid token the answer is 401 with a challenge (RFC 6750 section 3). Port 0 takes a free one.
 * Ends at the end of its input. */
#include <arpa/inet.h>
#include <mjwt.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned code, const char *type, const char *body,
                              size_t len, const char *challenge) {
  struct MHD_Response *response = MHD_create_response_from_buffer(len, (void *)(size_t)body, MHD_RESPMEM_MUST_COPY);
  enum MHD_Result result = MHD_NO;
  if (response == NULL) return MHD_NO;
  MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
  if (challenge != NULL) MHD_add_response_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, challenge);
  result = MHD_queue_response(connection, code, response);
  MHD_destroy_response(response);
  return result;
}

static enum MHD_Result text(struct MHD_Connection *connection, unsigned code, const char *body) {
  return answer(connection, code, "text/plain", body, strlen(body), NULL);
}

/* 401 where the token is refused; 500 for what is our fault, with a line in our log only. */
static enum MHD_Result refuse(struct MHD_Connection *connection, mjwt_status status) {
  char challenge[256];
  size_t len = 0;
  mjwt_status made = mjwt_www_authenticate(status, MJWT_LIT("api"), challenge, sizeof challenge - 1, &len);
  if (made != MJWT_OK) {
    fprintf(stderr, "%s: %s\n", mjwt_status_name(status), mjwt_status_message(status));
    return text(connection, MHD_HTTP_INTERNAL_SERVER_ERROR, "internal error\n");
  }
  challenge[len] = '\0';
  return answer(connection, MHD_HTTP_UNAUTHORIZED, "text/plain", "unauthorized\n", 13, challenge);
}

struct authorization {
  const char *value;
  int count;
};

static enum MHD_Result find(void *context, enum MHD_ValueKind kind, const char *name, const char *value) {
  struct authorization *found = (struct authorization *)context;
  (void)kind;
  if (strcasecmp(name, MHD_HTTP_HEADER_AUTHORIZATION) == 0) {
    found->value = value;
    found->count++;
  }
  return MHD_YES;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *path, const char *method,
                              const char *version, const char *upload, size_t *upload_size, void **state) {
  const mjwt_verifier *verifier = (const mjwt_verifier *)context; /* Shared by all threads: it never changes. */
  struct authorization found = {NULL, 0};
  char claims[MJWT_CLAIMS_BOUND(16384)];
  mjwt_info info = MJWT_INFO_INIT;
  mjwt_status status = MJWT_ERR_NO_BEARER;
  int is_admin = 0;
  (void)version, (void)upload, (void)upload_size, (void)state;

  if (strcmp(method, "GET") != 0) return text(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "method not allowed\n");
  if (strcmp(path, "/me") != 0 && strcmp(path, "/admin") != 0)
    return text(connection, MHD_HTTP_NOT_FOUND, "not found\n");

  /* Of two headers a proxy before us may have checked the other one. */
  MHD_get_connection_values(connection, MHD_HEADER_KIND, find, &found);
  if (found.count == 1)
    status = mjwt_verify_bearer(verifier, found.value, strlen(found.value), MJWT_NOW, claims, sizeof claims, &info);
  if (status != MJWT_OK) return refuse(connection, status);

  if (strcmp(path, "/admin") == 0) {
    /* Without the claim, or with one of another type, is_admin stays 0. */
    status = mjwt_claims_contains(claims, info.claims_len, MJWT_LIT("roles"), MJWT_LIT("admin"), &is_admin);
    if (status != MJWT_OK || !is_admin) return text(connection, MHD_HTTP_FORBIDDEN, "forbidden\n");
  }
  return answer(connection, MHD_HTTP_OK, "application/json", claims, info.claims_len, NULL);
}

int main(int argc, char **argv) {
  const char *secret = getenv("MJWT_SECRET");
  const mjwt_verifier *verifier = NULL;
  const union MHD_DaemonInfo *bound;
  struct MHD_Daemon *daemon;
  struct sockaddr_in address;
  mjwt_status status;

  if (argc != 2 || secret == NULL) {
    fprintf(stderr, "usage: MJWT_SECRET=... server <port>\n");
    return 2;
  }
  status = mjwt_verifier_new_secret((const uint8_t *)secret, strlen(secret), &verifier);
  if (status != MJWT_OK) {
    fprintf(stderr, "%s: %s\n", mjwt_status_name(status), mjwt_status_message(status));
    return 2;
  }

  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons((uint16_t)atoi(argv[1]));
  daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, handle, (void *)(size_t)verifier,
                            MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address, MHD_OPTION_THREAD_POOL_SIZE, 4u,
                            MHD_OPTION_END);
  bound = daemon == NULL ? NULL : MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
  if (bound != NULL) {
    printf("listening on http://127.0.0.1:%u\n", (unsigned)bound->port);
    fflush(stdout);
    while (getchar() != EOF) {}
  }
  if (daemon != NULL) MHD_stop_daemon(daemon);
  mjwt_verifier_free(verifier);
  return bound == NULL ? 2 : 0;
}
