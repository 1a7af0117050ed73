/* Every call does with MJWT_STACK_BYTES of stack, as the header promises: each runs on a thread
 * that has no more, the thread's own needs included. A page behind the stack ends the program where
 * it is overrun. */
#include "check.h"

#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#define LONGEST 16384

static const mjwt_verifier *verifier, *large_verifier;
static const mjwt_signer *signer, *large_signer;
static char *token, *long_header, *large_token, *claims, *deep, *out;
static size_t token_len, long_header_len, large_token_len, claims_len, deep_len, out_cap;

static mjwt_info info = MJWT_INFO_INIT;
static size_t len, offset, cursor;
static int64_t number;
static double real;
static int flag;

static void verify(void) {
  CHECK_STATUS(MJWT_OK, mjwt_verify(verifier, token, token_len, NOW, out, out_cap, &info));
  CHECK_STATUS(MJWT_OK, mjwt_verify(verifier, token, token_len, MJWT_NOW, NULL, 0, &info));
  CHECK_STATUS(MJWT_ERR_BUFFER_TOO_SMALL, mjwt_verify(verifier, token, token_len, NOW, out, 9, &info));
  CHECK_STATUS(MJWT_ERR_SIGNATURE, mjwt_verify(verifier, token, token_len - 1, NOW, out, out_cap, &info));
}
static void verify_long_header(void) {
  CHECK_STATUS(MJWT_ERR_SIGNATURE, mjwt_verify(verifier, long_header, long_header_len, NOW, out, out_cap, &info));
  CHECK_STATUS(MJWT_ERR_SIGNATURE, mjwt_verify(verifier, long_header, long_header_len, NOW, NULL, 0, NULL));
}
static void verify_large(void) {
  CHECK_STATUS(MJWT_OK, mjwt_verify(large_verifier, large_token, large_token_len, NOW, out, out_cap, &info));
  CHECK_STATUS(MJWT_OK, mjwt_verify(large_verifier, large_token, large_token_len, NOW, NULL, 0, &info));
}
static void verify_bearer(void) {
  CHECK_STATUS(MJWT_ERR_NO_BEARER, mjwt_verify_bearer(verifier, token, token_len, NOW, out, out_cap, &info));
  CHECK_STATUS(MJWT_OK, mjwt_www_authenticate(MJWT_ERR_EXPIRED, MJWT_LIT("api"), out, out_cap, &len));
}
static void decode(void) {
  CHECK_STATUS(MJWT_OK, mjwt_decode_insecure(large_token, large_token_len, NULL, 0, NULL, out, out_cap, &len));
}
static void sign(void) {
  CHECK_STATUS(MJWT_OK, mjwt_sign(signer, claims, claims_len, out, out_cap, &len));
  CHECK_STATUS(MJWT_OK, mjwt_sign(large_signer, deep, deep_len, out, out_cap, &len));
}
static void read_claims(void) {
  CHECK_STATUS(MJWT_OK, mjwt_claims_get_string(claims, claims_len, MJWT_LIT("pad"), out, out_cap, &len));
  CHECK_STATUS(MJWT_OK, mjwt_claims_get_int(claims, claims_len, MJWT_LIT("exp"), &number));
  CHECK_STATUS(MJWT_OK, mjwt_claims_get_double(claims, claims_len, MJWT_LIT("exp"), &real));
  CHECK_STATUS(MJWT_ERR_CLAIM_TYPE, mjwt_claims_get_bool(claims, claims_len, MJWT_LIT("exp"), &flag));
  CHECK_STATUS(MJWT_OK, mjwt_claims_contains(claims, claims_len, MJWT_LIT("pad"), MJWT_LIT("x"), &flag));
  CHECK_STATUS(MJWT_OK, mjwt_claims_get_json(deep, deep_len, MJWT_LIT("deep"), &offset, &len));
  CHECK_STATUS(MJWT_OK, mjwt_claims_contains(deep, deep_len, MJWT_LIT("deep"), MJWT_LIT("x"), &flag));
  cursor = 0;
  CHECK_STATUS(MJWT_OK, mjwt_claims_next(deep, deep_len, MJWT_LIT("deep"), &cursor, &offset, &len));
}
static void write_claims(void) {
  mjwt_claims *writer = NULL;
  CHECK_STATUS(MJWT_OK, mjwt_claims_new(&writer));
  CHECK_STATUS(MJWT_OK, mjwt_claims_set_string(writer, MJWT_LIT("a"), claims, claims_len));
  CHECK_STATUS(MJWT_OK, mjwt_claims_set_int(writer, MJWT_LIT("b"), INT64_MIN));
  CHECK_STATUS(MJWT_OK, mjwt_claims_set_json(writer, MJWT_LIT("c"), deep, deep_len));
  CHECK_STATUS(MJWT_OK, mjwt_claims_json(writer, out, out_cap, &len));
  mjwt_claims_free(writer);
}
static void configure(void) {
  static const char jwks[] =
      "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\"},"
      "{\"kty\":\"RSA\"}]}";
  static const char pem[] = "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----\n";
  mjwt_config *config = NULL;
  const mjwt_verifier *made = NULL;
  const mjwt_signer *made_signer = NULL;
  CHECK_STATUS(MJWT_OK, mjwt_config_new(&config));
  CHECK_STATUS(MJWT_OK, mjwt_config_add_secret(config, SECRET, 64, MJWT_LIT("b")));
  CHECK_STATUS(MJWT_OK, mjwt_config_add_secret(config, (const uint8_t *)claims, claims_len, NULL, 0));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT,
               mjwt_config_add_secret(config, (const uint8_t *)pem, sizeof pem - 1, NULL, 0));
  CHECK_STATUS(MJWT_OK, mjwt_config_add_jwks(config, jwks, sizeof jwks - 1, &len));
  CHECK_STATUS(MJWT_ERR_JWK_SYNTAX, mjwt_config_add_jwks(config, deep, deep_len, &len));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_set_policy(config, deep, deep_len));
  CHECK_STATUS(MJWT_OK, mjwt_config_set_policy(config, MJWT_LIT("{\"issuer\":[\"a\"],\"allowShortKeys\":true}")));
  CHECK_STATUS(MJWT_OK, mjwt_config_require_claim(config, MJWT_LIT("a")));
  CHECK_STATUS(MJWT_OK, mjwt_config_set(config, MJWT_OPT_ALGORITHMS, MJWT_ALG_HS256 | MJWT_ALG_HS384 | MJWT_ALG_HS512));
  CHECK_STATUS(MJWT_OK, mjwt_verifier_new(config, &made));
  mjwt_verifier_free(made);
  mjwt_config_free(config);
  CHECK_STATUS(MJWT_OK, mjwt_verifier_new_secret(SECRET, SECRET_LEN, &made));
  mjwt_verifier_free(made);
  CHECK_STATUS(MJWT_OK, mjwt_signer_new(SECRET, 64, MJWT_LIT("a"), MJWT_ALG_HS512, 0, &made_signer));
  mjwt_signer_free(made_signer);
  CHECK_STATUS(MJWT_OK, mjwt_signer_new_jwks(jwks, sizeof jwks - 1, NULL, 0, 0, 0, LONGEST, &made_signer));
  mjwt_signer_free(made_signer);
}

static void *run(void *work) {
  (*(void (**)(void))work)();
  return NULL;
}

/* Runs it on a stack of that size, and says how much of it was touched. */
static size_t on_stack(void (*work)(void), size_t size) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  char *memory = (char *)mmap(NULL, page + size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  pthread_attr_t attributes;
  pthread_t thread;
  size_t untouched = 0;
  if (memory == MAP_FAILED || mprotect(memory, page, PROT_NONE) != 0) exit(2);
  memset(memory + page, 0xa5, size);
  CHECK(pthread_attr_init(&attributes) == 0 && pthread_attr_setstack(&attributes, memory + page, size) == 0);
  CHECK(pthread_create(&thread, &attributes, run, (void *)&work) == 0 && pthread_join(thread, NULL) == 0);
  while (untouched < size && (unsigned char)memory[page + untouched] == 0xa5) untouched++;
  pthread_attr_destroy(&attributes);
  munmap(memory, page + size);
  return size - untouched;
}

static void nothing(void) {}

/* A token with a header of about that many characters, signed by nobody. */
static char *with_header(size_t size, size_t *made_len) {
  char *made = (char *)malloc(size + 64);
  /* {"alg":"HS256","a": and then groups of three spaces, and 1}, in base64url */
  size_t at = (size_t)sprintf(made, "eyJhbGciOiJIUzI1NiIsImEiOiAg");
  for (; at < size; at += 4) memcpy(made + at, "ICAg", 4);
  at += (size_t)sprintf(made + at, "ICAxfQ.e30.AAAA");
  *made_len = at;
  return made;
}

int main(void) {
  static const struct {
    const char *name;
    void (*work)(void);
  } rows[] = {
    {"nothing", nothing},
    {"verify", verify},
    {"verify, 15 KB of header", verify_long_header},
    {"verify, 1 MB", verify_large},
    {"bearer and challenge", verify_bearer},
    {"decode", decode},
    {"sign", sign},
    {"read claims", read_claims},
    {"write claims", write_claims},
    {"configure", configure},
  };
  static char pad[] = "{\"exp\":2000000060,\"pad\":\"";
  const size_t depth = 200000, large = 1 << 20;
  mjwt_config *config = config_with_key();
  size_t at;

  signer = signer_of(SECRET_LEN, MJWT_ALG_HS256, "");
  CHECK_STATUS(MJWT_OK,
               mjwt_signer_new_sized(SECRET, SECRET_LEN, MJWT_LIT("a"), MJWT_ALG_HS256, 0, 1 << 24, &large_signer));
  verifier = build(config_with_key());
  CHECK_STATUS(MJWT_OK, mjwt_config_set(config, MJWT_OPT_MAX_TOKEN_BYTES, 1 << 24));
  large_verifier = build(config);

  /* Claims that fill a token of the default size. */
  claims = (char *)malloc(LONGEST);
  memcpy(claims, pad, sizeof pad - 1);
  for (claims_len = sizeof pad - 1; mjwt_sign_bound(signer, claims_len + 2) <= LONGEST; claims_len++)
    claims[claims_len] = 'x';
  memcpy(claims + claims_len - 1, "\"}", 2);
  claims_len++;
  token = (char *)malloc(LONGEST);
  CHECK_STATUS(MJWT_OK, mjwt_sign(signer, claims, claims_len, token, LONGEST, &token_len));
  long_header = with_header(LONGEST - 200, &long_header_len);
  CHECK(long_header_len > 15000 && long_header_len <= LONGEST);

  deep = (char *)malloc(2 * depth + 16);
  deep_len = (size_t)sprintf(deep, "{\"deep\":");
  memset(deep + deep_len, '[', depth);
  memset(deep + deep_len + depth, ']', depth);
  deep_len += 2 * depth;
  deep[deep_len++] = '}';
  out_cap = 2 * large;
  out = (char *)malloc(out_cap);
  large_token_len = mjwt_sign_bound(large_signer, deep_len);
  large_token = (char *)malloc(large_token_len);
  CHECK_STATUS(MJWT_OK, mjwt_sign(large_signer, deep, deep_len, large_token, large_token_len, &len));

  for (at = 0; at < sizeof rows / sizeof *rows; at++)
    printf("stack: %s: %lu bytes\n", rows[at].name, (unsigned long)on_stack(rows[at].work, MJWT_STACK_BYTES));

  free(claims);
  free(token);
  free(long_header);
  free(large_token);
  free(deep);
  free(out);
  mjwt_verifier_free(verifier);
  mjwt_verifier_free(large_verifier);
  mjwt_signer_free(signer);
  mjwt_signer_free(large_signer);
  return done("stack");
}
