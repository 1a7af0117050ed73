/* The configuration of a verifier: every argument of every function, the range of every option, and
 * what mjwt_config_error says. */
#include "check.h"

static void config_arguments(void) {
  static const char jwks[] =
      "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\"},"
      "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}";
  static const char rsa[] = "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}";
  static const char pem[] = "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----\n";
  static const uint8_t short_secret[31] = {1};
  mjwt_config *config = NULL;
  const mjwt_verifier *verifier = NULL;
  size_t added = 99;

  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_config_new(NULL));
  mjwt_config_free(NULL);
  CHECK_STATUS(MJWT_OK, mjwt_config_new(&config));

  CHECK_STATUS(MJWT_ERR_NO_KEYS, mjwt_verifier_new(config, &verifier));
  CHECK(verifier == NULL);

  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_config_add_secret(NULL, SECRET, SECRET_LEN, NULL, 0));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_config_add_secret(config, NULL, SECRET_LEN, NULL, 0));
  CHECK_STATUS(MJWT_ERR_KEY_TOO_SHORT, mjwt_config_add_secret(config, NULL, 0, NULL, 0));
  CHECK_STATUS(MJWT_ERR_KEY_TOO_SHORT, mjwt_config_add_secret(config, SECRET, 0, NULL, 0));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_config_add_secret(config, SECRET, SECRET_LEN, NULL, 1));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_add_secret(config, SECRET, SECRET_LEN, BAD_UTF8));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_add_secret(config, SECRET, SIZE_MAX, NULL, 0));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT,
               mjwt_config_add_secret(config, (const uint8_t *)pem, sizeof pem - 1, NULL, 0));
  CHECK_STATUS(MJWT_ERR_NO_KEYS, mjwt_verifier_new(config, &verifier)); /* None of these was added. */
  CHECK_STATUS(MJWT_OK, mjwt_config_add_secret(config, SECRET, SECRET_LEN, "", 0));
  CHECK_STATUS(MJWT_OK, mjwt_config_add_secret(config, SECRET, SECRET_LEN, MJWT_LIT("b")));
  CHECK_STATUS(MJWT_ERR_DUPLICATE_KID, mjwt_config_add_secret(config, SECRET, SECRET_LEN, MJWT_LIT("b")));

  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_config_add_jwks(NULL, MJWT_LIT("{}"), &added));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_config_add_jwks(config, NULL, 1, &added));
  CHECK_STATUS(MJWT_ERR_JWK_SYNTAX, mjwt_config_add_jwks(config, NULL, 0, &added));
  CHECK_STATUS(MJWT_ERR_JWK_SYNTAX, mjwt_config_add_jwks(config, BAD_UTF8, &added));
  CHECK_STATUS(MJWT_ERR_JWK_UNSUPPORTED, mjwt_config_add_jwks(config, rsa, sizeof rsa - 1, &added));
  CHECK(added == 99);
  CHECK_STATUS(MJWT_OK, mjwt_config_add_jwks(config, jwks, sizeof jwks - 1, &added));
  CHECK(added == 1);
  CHECK_STATUS(MJWT_ERR_DUPLICATE_KID, mjwt_config_add_jwks(config, jwks, sizeof jwks - 1, NULL));

#define TEXT_ARGUMENT(function)                                                 \
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, function(NULL, MJWT_LIT("x")));           \
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, function(config, NULL, 1));               \
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, function(config, BAD_UTF8));          \
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, function(config, "x", SIZE_MAX));     \
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, function(config, NULL, 0));           \
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, function(config, "", 0));             \
  CHECK_STATUS(MJWT_OK, function(config, MJWT_LIT("x")))
  TEXT_ARGUMENT(mjwt_config_add_issuer);
  TEXT_ARGUMENT(mjwt_config_add_audience);
  TEXT_ARGUMENT(mjwt_config_set_subject);
  TEXT_ARGUMENT(mjwt_config_set_jwt_id);
  TEXT_ARGUMENT(mjwt_config_set_type);
  TEXT_ARGUMENT(mjwt_config_require_claim);
#undef TEXT_ARGUMENT

  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_config_set_policy(NULL, MJWT_LIT("{}")));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_config_set_policy(config, NULL, 1));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_set_policy(config, NULL, 0));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_set_policy(config, BAD_UTF8));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT,
               mjwt_config_set_policy(config, MJWT_LIT("{\"issuer\":[\"x\"]}"))); /* Set above. */
  CHECK_STATUS(MJWT_OK, mjwt_config_set_policy(config, MJWT_LIT("{}")));

  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_verifier_new(NULL, &verifier));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_verifier_new(config, NULL));
  CHECK(verifier == NULL);
  CHECK_STATUS(MJWT_OK, mjwt_verifier_new(config, &verifier));
  mjwt_config_free(config);
  mjwt_verifier_free(verifier);

  verifier = NULL;
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_verifier_new_secret(NULL, 32, &verifier));
  CHECK_STATUS(MJWT_ERR_KEY_TOO_SHORT, mjwt_verifier_new_secret(NULL, 0, &verifier));
  CHECK_STATUS(MJWT_ERR_KEY_TOO_SHORT, mjwt_verifier_new_secret(short_secret, 31, &verifier));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_verifier_new_secret(SECRET, SECRET_LEN, NULL));
  CHECK(verifier == NULL);
  CHECK(mjwt_verifier_retain(NULL) == NULL);
  mjwt_verifier_free(NULL);
}

static void option_ranges(void) {
  static const struct {
    mjwt_option option;
    int64_t value;
    mjwt_status expected;
  } rows[] = {
    {MJWT_OPT_LEEWAY_SECONDS, -1, MJWT_ERR_INVALID_ARGUMENT},
    {MJWT_OPT_LEEWAY_SECONDS, 0, MJWT_OK},
    {MJWT_OPT_LEEWAY_SECONDS, 86400, MJWT_OK},
    {MJWT_OPT_LEEWAY_SECONDS, 86401, MJWT_ERR_INVALID_ARGUMENT},
    {MJWT_OPT_MAX_TOKEN_BYTES, INT64_MIN, MJWT_ERR_INVALID_ARGUMENT},
    {MJWT_OPT_MAX_TOKEN_BYTES, 0, MJWT_ERR_INVALID_ARGUMENT},
    {MJWT_OPT_MAX_TOKEN_BYTES, 1, MJWT_OK},
    {MJWT_OPT_MAX_TOKEN_BYTES, 16777216, MJWT_OK},
    {MJWT_OPT_MAX_TOKEN_BYTES, 16777217, MJWT_ERR_INVALID_ARGUMENT},
    {MJWT_OPT_MAX_TOKEN_BYTES, INT64_MAX, MJWT_ERR_INVALID_ARGUMENT},
    {MJWT_OPT_MAX_AGE_SECONDS, -1, MJWT_ERR_INVALID_ARGUMENT},
    {MJWT_OPT_MAX_AGE_SECONDS, 0, MJWT_OK},
    {MJWT_OPT_MAX_AGE_SECONDS, 1, MJWT_OK},
    {MJWT_OPT_MAX_AGE_SECONDS, 9007199254740992, MJWT_OK},
    {MJWT_OPT_MAX_AGE_SECONDS, 9007199254740993, MJWT_ERR_INVALID_ARGUMENT},
    {MJWT_OPT_REQUIRE_EXP, -1, MJWT_ERR_INVALID_ARGUMENT},
    {MJWT_OPT_REQUIRE_EXP, 0, MJWT_OK},
    {MJWT_OPT_REQUIRE_EXP, 1, MJWT_OK},
    {MJWT_OPT_REQUIRE_EXP, 2, MJWT_ERR_INVALID_ARGUMENT},
    {MJWT_OPT_CHECK_IAT, 0, MJWT_OK},
    {MJWT_OPT_CHECK_IAT, 1, MJWT_OK},
    {MJWT_OPT_CHECK_IAT, 2, MJWT_ERR_INVALID_ARGUMENT},
    {MJWT_OPT_ALLOW_SHORT_KEYS, 0, MJWT_OK},
    {MJWT_OPT_ALLOW_SHORT_KEYS, 1, MJWT_OK},
    {MJWT_OPT_ALLOW_SHORT_KEYS, INT64_MAX, MJWT_ERR_INVALID_ARGUMENT},
    {MJWT_OPT_ALGORITHMS, -1, MJWT_ERR_INVALID_ARGUMENT},
    {MJWT_OPT_ALGORITHMS, 0, MJWT_ERR_INVALID_ARGUMENT},
    {MJWT_OPT_ALGORITHMS, MJWT_ALG_HS256 | MJWT_ALG_HS384 | MJWT_ALG_HS512, MJWT_OK},
    {MJWT_OPT_ALGORITHMS, 8, MJWT_ERR_INVALID_ARGUMENT},
    {MJWT_OPT_ALGORITHMS, (int64_t)MJWT_ALG_HS256 | (int64_t)1 << 32, MJWT_ERR_INVALID_ARGUMENT},
    {MJWT_OPT_IGNORE_EXPIRATION, 0, MJWT_OK},
    {MJWT_OPT_IGNORE_EXPIRATION, 1, MJWT_OK},
    {MJWT_OPT_IGNORE_EXPIRATION, 2, MJWT_ERR_INVALID_ARGUMENT},
    {MJWT_OPT_STRICT_CLAIMS, 0, MJWT_OK},
    {MJWT_OPT_STRICT_CLAIMS, 1, MJWT_OK},
    {MJWT_OPT_STRICT_CLAIMS, -1, MJWT_ERR_INVALID_ARGUMENT},
    {0, 0, MJWT_ERR_INVALID_ARGUMENT},
    {10, 0, MJWT_ERR_INVALID_ARGUMENT},
    {UINT32_MAX, 1, MJWT_ERR_INVALID_ARGUMENT},
  };
  mjwt_config *config = config_with_key();
  size_t at;
  for (at = 0; at < sizeof rows / sizeof *rows; at++)
    CHECK_STATUS(rows[at].expected, mjwt_config_set(config, rows[at].option, rows[at].value));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_config_set(NULL, MJWT_OPT_LEEWAY_SECONDS, 0));
  mjwt_config_free(config);
}

/* What the error of the last call must say. */
static void says(const mjwt_config *config, const char *text, int line) {
  const char *error = mjwt_config_error(config);
  check(strcmp(error, text) == 0, __FILE__, line, text);
  if (strcmp(error, text) != 0) fprintf(stderr, "  it says: %s\n", error);
}

static void errors(void) {
  static const char jwks[] =
    "{\"keys\":[{\"kty\":\"RSA\",\"kid\":7},{\"kty\":\"oct\",\"kid\":\"b\",\"k\":\"A!\"}]}";
  static const uint8_t short_secret[31] = {1};
  mjwt_config *config = NULL;
  const mjwt_verifier *verifier = NULL;
  const char *kept;

  CHECK(mjwt_config_error(NULL)[0] == '\0');
  CHECK_STATUS(MJWT_OK, mjwt_config_new(&config));
  CHECK(mjwt_config_error(config)[0] == '\0');

#define REFUSED(expected, call, text) \
  CHECK_STATUS(expected, call);       \
  says(config, text, __LINE__)
  REFUSED(MJWT_ERR_NO_KEYS, mjwt_verifier_new(config, &verifier), "no key was given");
  REFUSED(MJWT_ERR_NULL_POINTER, mjwt_verifier_new(config, NULL), "output: must not be NULL");
  REFUSED(MJWT_ERR_NULL_POINTER, mjwt_config_add_secret(config, NULL, 1, NULL, 0), "secret: must not be NULL");
  REFUSED(MJWT_ERR_NULL_POINTER, mjwt_config_add_secret(config, SECRET, 32, NULL, 1), "kid: must not be NULL");
  REFUSED(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_add_secret(config, SECRET, 32, BAD_UTF8), "kid: must be UTF-8");
  REFUSED(MJWT_ERR_KEY_TOO_SHORT, mjwt_config_add_secret(config, SECRET, 0, NULL, 0), "key 0: the secret is empty");
  REFUSED(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_add_secret(config, SECRET, SIZE_MAX, NULL, 0),
          "secret: its length must be 0 to PTRDIFF_MAX");
  REFUSED(MJWT_ERR_JWK_SYNTAX, mjwt_config_add_jwks(config, BAD_UTF8, NULL),
          "the JWK Set is malformed: json is not UTF-8");
  REFUSED(MJWT_ERR_JWK_SYNTAX, mjwt_config_add_jwks(config, jwks, sizeof jwks - 1, NULL),
          "the JWK Set is malformed: key 1 (kid \"b\"): k is not base64url (RFC 7515 section 2)");
  REFUSED(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_add_issuer(config, BAD_UTF8), "iss: must be UTF-8");
  REFUSED(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_add_audience(config, BAD_UTF8), "aud: must be UTF-8");
  REFUSED(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_set_subject(config, BAD_UTF8), "sub: must be UTF-8");
  REFUSED(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_set_jwt_id(config, BAD_UTF8), "jti: must be UTF-8");
  REFUSED(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_set_type(config, BAD_UTF8), "typ: must be UTF-8");
  REFUSED(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_require_claim(config, BAD_UTF8), "name: must be UTF-8");
  REFUSED(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_set_policy(config, BAD_UTF8), "json: must be UTF-8");
  REFUSED(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_add_issuer(config, "", 0), "issuer: must not be empty");
  REFUSED(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_set_policy(config, MJWT_LIT("{\"leeway\":-1}")),
          "leeway: must be a whole number of seconds from 0 to 86400");
  REFUSED(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_set(config, MJWT_OPT_LEEWAY_SECONDS, -1),
          "leeway: must be a whole number of seconds from 0 to 86400");
  REFUSED(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_set(config, MJWT_OPT_MAX_TOKEN_BYTES, -1),
          "maxTokenBytes: must be a whole number from 1 to 16777216");
  REFUSED(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_set(config, MJWT_OPT_MAX_AGE_SECONDS, -1),
          "maxAge: must be a whole number of seconds from 1 to 2^53");
  REFUSED(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_set(config, MJWT_OPT_REQUIRE_EXP, 2), "requireExp: must be 0 or 1");
  REFUSED(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_set(config, MJWT_OPT_CHECK_IAT, 2), "checkIat: must be 0 or 1");
  REFUSED(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_set(config, MJWT_OPT_ALLOW_SHORT_KEYS, 2),
          "allowShortKeys: must be 0 or 1");
  REFUSED(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_set(config, MJWT_OPT_IGNORE_EXPIRATION, 2),
          "ignoreExpiration: must be 0 or 1");
  REFUSED(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_set(config, MJWT_OPT_STRICT_CLAIMS, 2),
          "strictClaims: must be 0 or 1");
  REFUSED(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_set(config, MJWT_OPT_ALGORITHMS, 8),
          "algorithms: must be a sum of MJWT_ALG_ bits");
  REFUSED(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_set(config, 99, 0), "option: must be an MJWT_OPT_ number");

  /* A success leaves the text of the failure before; a kid is shown escaped, without a NUL. */
  CHECK_STATUS(MJWT_OK, mjwt_config_add_secret(config, short_secret, 31, "a\0b", 3));
  says(config, "option: must be an MJWT_OPT_ number", __LINE__);
  REFUSED(MJWT_ERR_KEY_TOO_SHORT, mjwt_verifier_new(config, &verifier),
          "key 0 (kid \"a\\0b\"): the secret has 31 bytes; HS256 needs at least 32 (RFC 7518 section 3.2)");
  kept = mjwt_config_error(config);
  CHECK(mjwt_config_error(config) == kept);
  REFUSED(MJWT_ERR_DUPLICATE_KID, mjwt_config_add_secret(config, SECRET, 32, "a\0b", 3),
          "two keys carry the same kid: \"a\\0b\"");
#undef REFUSED
  CHECK(verifier == NULL);
  mjwt_config_free(config);
}

/* After every kind of failure the configuration makes the verifier that it made before. */
static void failures_change_nothing(void) {
  static const char two[] =
      "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"c\",\"k\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\"},"
      "{\"kty\":\"oct\",\"kid\":\"b\",\"k\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\"}]}";
  const mjwt_signer *signer = signer_of(SECRET_LEN, MJWT_ALG_HS256, "c");
  mjwt_config *config = config_with_key();
  const mjwt_verifier *verifier = NULL;
  mjwt_info info = MJWT_INFO_INIT;
  size_t len;
  char *token = mint(signer, "{\"iss\":\"i\",\"exp\":2000000001}", &len);

  CHECK_STATUS(MJWT_OK, mjwt_config_add_secret(config, SECRET, 33, MJWT_LIT("b")));
  CHECK_STATUS(MJWT_OK, mjwt_config_add_issuer(config, MJWT_LIT("i")));
  CHECK_STATUS(MJWT_ERR_DUPLICATE_KID, mjwt_config_add_jwks(config, two, sizeof two - 1, NULL));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT,
               mjwt_config_set_policy(config, MJWT_LIT("{\"subject\":\"x\",\"leeway\":-1}")));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT,
               mjwt_config_set_policy(config, MJWT_LIT("{\"subject\":\"x\",\"issuer\":[\"y\"]}")));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_add_audience(config, "", 0));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_set(config, MJWT_OPT_ALGORITHMS, MJWT_ALG_HS512 | 8));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_set(config, MJWT_OPT_MAX_AGE_SECONDS, -1));

  CHECK_STATUS(MJWT_OK, mjwt_verifier_new(config, &verifier));
  /* Had the key with the kid "c" stayed, the first key would not be tried. */
  CHECK_STATUS(MJWT_OK, mjwt_verify(verifier, token, len, NOW, NULL, 0, &info));
  CHECK(info.key_index == 0);
  CHECK_STATUS(MJWT_ERR_EXPIRED, mjwt_verify(verifier, token, len, NOW + 1, NULL, 0, &info));
  mjwt_verifier_free(verifier);

  /* And what was refused in part can be set as a whole. */
  CHECK_STATUS(MJWT_OK, mjwt_config_set_policy(config, MJWT_LIT("{\"subject\":\"x\",\"leeway\":1}")));
  verifier = build(config);
  CHECK_STATUS(MJWT_ERR_SUBJECT, mjwt_verify(verifier, token, len, NOW + 1, NULL, 0, &info));
  mjwt_verifier_free(verifier);
  mjwt_signer_free(signer);
  free(token);
}

int main(void) {
  config_arguments();
  option_ranges();
  errors();
  failures_change_nothing();
  return done("config");
}
