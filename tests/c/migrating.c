/* What ffi/MIGRATING.md says of libjwt 1, by libjwt itself, and of libmjwt. */
#include "check.h"

#include <errno.h>
#include <jwt.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

/* Appends bytes as base64url without padding, and says where it ends. */
static char *append(char *at, const void *bytes, size_t len) {
  char *from = at;
  at += EVP_EncodeBlock((unsigned char *)at, (const unsigned char *)bytes, (int)len);
  while (at[-1] == '=') at--;
  *at = '\0';
  for (; *from; from++) *from = *from == '+' ? '-' : *from == '/' ? '_' : *from;
  return at;
}

/* A token with a good HS256 or HS512 signature under any header and payload. */
static const char *seal(const char *header, const char *payload, const EVP_MD *hash) {
  static char token[40000];
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned mac_len = 0;
  char *at = append(token, header, strlen(header));
  *at++ = '.';
  at = append(at, payload, strlen(payload));
  CHECK(HMAC(hash, SECRET, SECRET_LEN, (const unsigned char *)token, (size_t)(at - token), mac, &mac_len) != NULL);
  *at++ = '.';
  append(at, mac, mac_len);
  return token;
}

/* What jwt_decode says: 0, or an error number. */
static int libjwt(const char *token, const uint8_t *secret, int secret_len) {
  jwt_t *jwt = NULL;
  int result = jwt_decode(&jwt, token, secret, secret_len);
  if (jwt) jwt_free(jwt);
  return result;
}

static mjwt_status libmjwt(const mjwt_verifier *verifier, const char *token) {
  return mjwt_verify(verifier, token, strlen(token), NOW, NULL, 0, NULL);
}

#define HS256 "{\"alg\":\"HS256\"}"

static void tokens(void) {
  static const struct {
    const char *header, *payload;
    int theirs;
    mjwt_status ours;
  } rows[] = {
    {HS256, "{\"exp\":2000000001}", 0, MJWT_OK},
    {HS256, "{\"exp\":2000000000}", 0, MJWT_ERR_EXPIRED},
    {HS256, "{\"exp\":1}", 0, MJWT_ERR_EXPIRED},
    {HS256, "{\"nbf\":2000000001}", 0, MJWT_ERR_NOT_YET_VALID},
    {HS256, "{\"exp\":\"tomorrow\"}", 0, MJWT_ERR_CLAIM_MALFORMED},
    {HS256, "{\"exp\":2000000001,\"exp\":1}", 0, MJWT_ERR_EXPIRED},
    {HS256, "[]", 0, MJWT_ERR_CLAIMS_JSON},
    {HS256, "{\"sub\":\"a\\u0000b\"}", EINVAL, MJWT_OK},
    {"{\"alg\":\"HS256\",\"crit\":[\"x\"],\"x\":1}", "{}", 0, MJWT_ERR_CRITICAL_HEADER},
    {"{\"alg\":\"HS512\",\"alg\":\"HS256\"}", "{}", 0, MJWT_ERR_HEADER_JSON},
    {"{\"alg\":\"hs256\"}", "{}", 0, MJWT_ERR_ALGORITHM},
    {"{\"alg\":\"HS256\",\"typ\":\"x\"}", "{}", EINVAL, MJWT_OK},
  };
  const mjwt_verifier *verifier = NULL;
  const char *token;
  char longer[20000];
  size_t at;

  CHECK_STATUS(MJWT_OK, mjwt_verifier_new_secret(SECRET, SECRET_LEN, &verifier));
  for (at = 0; at < sizeof rows / sizeof *rows; at++) {
    unsigned long before = failures;
    token = seal(rows[at].header, rows[at].payload, EVP_sha256());
    CHECK(libjwt(token, SECRET, SECRET_LEN) == rows[at].theirs);
    CHECK_STATUS(rows[at].ours, libmjwt(verifier, token));
    if (failures != before) fprintf(stderr, "  with %s %s\n", rows[at].header, rows[at].payload);
  }

  /* The token says which algorithm: there it is the caller who has to ask for it afterwards. */
  token = seal("{\"alg\":\"HS512\"}", "{}", EVP_sha512());
  CHECK(libjwt(token, SECRET, SECRET_LEN) == 0);
  CHECK_STATUS(MJWT_ERR_ALGORITHM, libmjwt(verifier, token));

  memset(longer, ' ', sizeof longer);
  longer[0] = '{';
  longer[sizeof longer - 2] = '}';
  longer[sizeof longer - 1] = '\0';
  token = seal(HS256, longer, EVP_sha256());
  CHECK(libjwt(token, SECRET, SECRET_LEN) == 0);
  CHECK_STATUS(MJWT_ERR_TOKEN_TOO_LONG, libmjwt(verifier, token));
  mjwt_verifier_free(verifier);
}

/* Without a key there, nothing is checked; with one, a token that is not signed is refused by both.
 * */
static void unsigned_tokens(void) {
  static const char token[] = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtZSJ9.";
  const mjwt_verifier *verifier = NULL;
  char claims[64];
  size_t len;
  CHECK_STATUS(MJWT_OK, mjwt_verifier_new_secret(SECRET, SECRET_LEN, &verifier));
  CHECK(libjwt(token, NULL, 0) == 0);
  CHECK(libjwt(token, SECRET, SECRET_LEN) == EINVAL);
  CHECK(MJWT_IS_TOKEN_ERROR(libmjwt(verifier, token)));
  CHECK_STATUS(MJWT_OK, mjwt_decode_insecure(token, strlen(token), NULL, 0, NULL, claims, sizeof claims, &len));
  CHECK(len == 12 && memcmp(claims, "{\"sub\":\"me\"}", len) == 0);
  mjwt_verifier_free(verifier);
}

/* A secret that libjwt signs and verifies with, and that is refused here. */
static void refused_secret(mjwt_status ours, const char *text) {
  const uint8_t *secret = (const uint8_t *)text;
  jwt_t *jwt = NULL;
  const mjwt_verifier *verifier = NULL;
  char *token;
  CHECK(jwt_new(&jwt) == 0);
  CHECK(jwt_set_alg(jwt, JWT_ALG_HS256, secret, (int)strlen(text)) == 0);
  token = jwt_encode_str(jwt);
  jwt_free(jwt);
  CHECK(libjwt(token, secret, (int)strlen(text)) == 0);
  CHECK_STATUS(ours, mjwt_verifier_new_secret(secret, strlen(text), &verifier));
  free(token);
}

/* The calls of the page's table, side by side. */
static void calls(void) {
  static const char expected[] = "{\"sub\":\"me\",\"exp\":2000000060,\"roles\":[\"admin\"],\"ok\":true}";
  const mjwt_verifier *verifier = build(config_with_key());
  const mjwt_signer *signer = NULL;
  mjwt_claims *made = NULL;
  mjwt_info info = MJWT_INFO_INIT;
  char token[512], claims[MJWT_CLAIMS_BOUND(512)], text[64], *theirs;
  size_t len, text_len, offset;
  int64_t number;
  int flag;
  jwt_t *jwt = NULL;

  CHECK_STATUS(MJWT_OK, mjwt_claims_new(&made));
  CHECK_STATUS(MJWT_OK, mjwt_claims_set_string(made, MJWT_LIT("sub"), MJWT_LIT("me")));
  CHECK_STATUS(MJWT_OK, mjwt_claims_set_int(made, MJWT_LIT("exp"), 2000000060));
  CHECK_STATUS(MJWT_OK, mjwt_claims_set_json(made, MJWT_LIT("roles"), MJWT_LIT("[\"admin\"]")));
  CHECK_STATUS(MJWT_OK, mjwt_claims_set_json(made, MJWT_LIT("ok"), MJWT_LIT("true")));
  CHECK_STATUS(MJWT_OK, mjwt_claims_json(made, text, sizeof text, &text_len));
  CHECK(text_len == sizeof expected - 1 && memcmp(text, expected, text_len) == 0);
  mjwt_claims_free(made);
  CHECK_STATUS(MJWT_OK, mjwt_signer_new(SECRET, SECRET_LEN, MJWT_LIT("one"), MJWT_ALG_HS256, 0, &signer));
  CHECK_STATUS(MJWT_OK, mjwt_sign(signer, text, text_len, token, sizeof token - 1, &len));
  token[len] = '\0';
  mjwt_signer_free(signer);

  CHECK(jwt_decode(&jwt, token, SECRET, SECRET_LEN) == 0);
  CHECK_STATUS(MJWT_OK, mjwt_verify(verifier, token, len, NOW, claims, sizeof claims, &info));

  CHECK(strcmp(jwt_get_header(jwt, "kid"), "one") == 0);
  CHECK(strcmp(jwt_get_grant(jwt, "sub"), "me") == 0);
  CHECK_STATUS(MJWT_OK, mjwt_claims_get_string(claims, info.claims_len, MJWT_LIT("sub"), text, sizeof text, &text_len));
  CHECK(text_len == 2 && memcmp(text, "me", 2) == 0);

  CHECK(jwt_get_grant_int(jwt, "exp") == 2000000060);
  CHECK_STATUS(MJWT_OK, mjwt_claims_get_int(claims, info.claims_len, MJWT_LIT("exp"), &number));
  CHECK(number == 2000000060 && info.exp == number);

  CHECK(jwt_get_grant_bool(jwt, "ok") == 1);
  CHECK_STATUS(MJWT_OK, mjwt_claims_get_bool(claims, info.claims_len, MJWT_LIT("ok"), &flag));
  CHECK(flag == 1);

  theirs = jwt_get_grants_json(jwt, "roles");
  CHECK(theirs != NULL && strcmp(theirs, "[\"admin\"]") == 0);
  CHECK_STATUS(MJWT_OK, mjwt_claims_get_json(claims, info.claims_len, MJWT_LIT("roles"), &offset, &text_len));
  CHECK(text_len == strlen(theirs) && memcmp(claims + offset, theirs, text_len) == 0);
  free(theirs);

  /* A claim that is not there, or of another type: a number like others there, an error here. */
  CHECK(jwt_get_grant_int(jwt, "absent") == -1);
  CHECK(jwt_get_grant_int(jwt, "sub") == 0);
  CHECK_STATUS(MJWT_ERR_CLAIM_ABSENT, mjwt_claims_get_int(claims, info.claims_len, MJWT_LIT("absent"), &number));
  CHECK_STATUS(MJWT_ERR_CLAIM_TYPE, mjwt_claims_get_int(claims, info.claims_len, MJWT_LIT("sub"), &number));

  jwt_free(jwt);
  mjwt_verifier_free(verifier);
}

int main(void) {
  tokens();
  unsigned_tokens();
  refused_secret(MJWT_ERR_KEY_TOO_SHORT, "short");
  refused_secret(MJWT_ERR_INVALID_ARGUMENT, "-----BEGIN PUBLIC KEY-----\n"
                                            "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
                                            "-----END PUBLIC KEY-----\n");
  calls();
  return done("migrating");
}
