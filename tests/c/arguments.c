/* Every argument of every function: NULL, length 0, out of range; what is written then and what not. */
#include "check.h"

#define BAD_UTF8 "\xff", 1

static mjwt_config *config_with_key(void) {
  mjwt_config *config = NULL;
  CHECK_STATUS(MJWT_OK, mjwt_config_new(&config));
  CHECK_STATUS(MJWT_OK, mjwt_config_add_secret(config, SECRET, SECRET_LEN, NULL, 0));
  return config;
}

static void status_and_version(void) {
  static const mjwt_status unused[] = {-1, 7, 43, 110, 212, INT32_MIN, INT32_MAX};
  char version[32];
  size_t at;

  CHECK(strcmp(mjwt_status_name(MJWT_OK), "OK") == 0);
  CHECK(strcmp(mjwt_status_message(MJWT_OK), "success") == 0);
  CHECK(strcmp(mjwt_status_name(MJWT_ERR_EXPIRED), "EXPIRED") == 0);
  for (at = 0; at < sizeof unused / sizeof *unused; at++) {
    CHECK(strcmp(mjwt_status_name(unused[at]), "UNKNOWN") == 0);
    CHECK(strcmp(mjwt_status_message(unused[at]), "unknown status") == 0);
  }

  sprintf(version, "%u.%u.%u", (unsigned)MJWT_VERSION_MAJOR, (unsigned)MJWT_VERSION_MINOR, (unsigned)MJWT_VERSION_PATCH);
  CHECK(strcmp(MJWT_VERSION_STRING, version) == 0);
  CHECK(strcmp(mjwt_version_string(), MJWT_VERSION_STRING) == 0);
  CHECK(mjwt_version_number() == MJWT_VERSION_NUMBER);
  CHECK(MJWT_VERSION_NUMBER == MJWT_VERSION_MAJOR * 1000000 + MJWT_VERSION_MINOR * 1000 + MJWT_VERSION_PATCH);
  CHECK(mjwt_abi_version() == MJWT_ABI_VERSION);

  CHECK(!MJWT_IS_TOKEN_ERROR(MJWT_OK) && !MJWT_IS_TOKEN_ERROR(99) && MJWT_IS_TOKEN_ERROR(100));
  CHECK(MJWT_IS_TOKEN_ERROR(299) && !MJWT_IS_TOKEN_ERROR(300) && !MJWT_IS_TOKEN_ERROR(-1));
}

static void config_arguments(void) {
  static const char jwks[] = "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\"},"
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
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_add_secret(config, (const uint8_t *)pem, sizeof pem - 1, NULL, 0));
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

static void verify_arguments(void) {
  const mjwt_signer *signer = signer_of(SECRET_LEN, MJWT_ALG_HS256, "");
  const mjwt_verifier *verifier = NULL;
  mjwt_info info = MJWT_INFO_INIT;
  char claims[256], bearer[512];
  size_t len, bearer_len;
  char *token = mint(signer, "{\"sub\":\"me\"}", &len);

  memcpy(bearer, "Bearer ", 7);
  memcpy(bearer + 7, token, len);
  bearer_len = len + 7;
  CHECK_STATUS(MJWT_OK, mjwt_verifier_new_secret(SECRET, SECRET_LEN, &verifier));

#define VERIFY_ARGUMENTS(function, input, input_len, empty)                                                              \
  CHECK_STATUS(MJWT_OK, function(verifier, input, input_len, NOW, claims, sizeof claims, &info));                        \
  CHECK(info.claims_len == 12 && memcmp(claims, "{\"sub\":\"me\"}", 12) == 0);                                           \
  CHECK_STATUS(MJWT_OK, function(verifier, input, input_len, NOW, NULL, 0, &info));                                      \
  CHECK(info.claims_len == 12 && info.sub_offset == 0 && info.sub_len == 0 && info.present == MJWT_CLAIM_SUB);           \
  CHECK_STATUS(MJWT_OK, function(verifier, input, input_len, NOW, NULL, 0, NULL));                                       \
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, function(NULL, input, input_len, NOW, claims, sizeof claims, &info));              \
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, function(verifier, NULL, 1, NOW, claims, sizeof claims, &info));                   \
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, function(verifier, input, input_len, NOW, NULL, 1, &info));                        \
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, function(verifier, input, input_len, NOW, claims, sizeof claims, NULL));           \
  CHECK_STATUS(empty, function(verifier, NULL, 0, NOW, claims, sizeof claims, &info));                                   \
  CHECK_STATUS(empty, function(verifier, "", 0, NOW, NULL, 0, NULL));                                                    \
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, function(verifier, input, SIZE_MAX, NOW, NULL, 0, &info));                     \
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, function(verifier, input, input_len, NOW, claims, SIZE_MAX, &info))
  VERIFY_ARGUMENTS(mjwt_verify, token, len, MJWT_ERR_TOKEN_FORMAT);
  VERIFY_ARGUMENTS(mjwt_verify_bearer, bearer, bearer_len, MJWT_ERR_NO_BEARER);
#undef VERIFY_ARGUMENTS

  CHECK_STATUS(MJWT_ERR_NO_BEARER, mjwt_verify_bearer(verifier, token, len, NOW, NULL, 0, NULL));
  CHECK_STATUS(MJWT_ERR_NO_BEARER, mjwt_verify_bearer(verifier, "Bearer \xff", 8, NOW, NULL, 0, NULL));
  bearer[0] = 'b';
  bearer[1] = 'E';
  CHECK_STATUS(MJWT_OK, mjwt_verify_bearer(verifier, bearer, bearer_len, NOW, NULL, 0, NULL));

  /* Input and output may touch but not overlap. */
  memcpy(claims + 12, token, len);
  CHECK_STATUS(MJWT_OK, mjwt_verify(verifier, claims + 12, len, NOW, claims, 12, &info));
  memcpy(claims + 12, token, len);
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_verify(verifier, claims + 12, len, NOW, claims, 13, &info));
  CHECK_STATUS(MJWT_ERR_TOKEN_FORMAT, mjwt_verify(verifier, claims + 12, 0, NOW, claims, 99, &info));
  memcpy(claims, token, len);
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_verify(verifier, claims, len, NOW, claims + len - 1, 12, &info));

  free(token);
  mjwt_verifier_free(verifier);
  mjwt_signer_free(signer);
}

/* A refusal wipes the whole claims buffer, whatever it held. */
static void refusal_wipes(void) {
  const mjwt_signer *signer = signer_of(SECRET_LEN, MJWT_ALG_HS256, "");
  const mjwt_verifier *verifier = NULL;
  mjwt_info info = MJWT_INFO_INIT;
  char claims[64];
  size_t len;
  char *token = mint(signer, "{\"sub\":\"me\",\"exp\":1999999999}", &len);
  CHECK_STATUS(MJWT_OK, mjwt_verifier_new_secret(SECRET, SECRET_LEN, &verifier));

#define REFUSED(expected, call)                                          \
  memset(&info, 0x55, sizeof info);                                      \
  info.struct_size = sizeof info;                                        \
  memset(claims, 'x', sizeof claims);                                    \
  CHECK_STATUS(expected, call);                                          \
  CHECK(all_bytes(claims, sizeof claims, 0))
  REFUSED(MJWT_ERR_EXPIRED, mjwt_verify(verifier, token, len, NOW, claims, sizeof claims, &info));
  CHECK(info.struct_size == sizeof info && info.claims_len == 0 && info.sub_offset == 0 && info.sub_len == 0);
  CHECK(info.exp == 1999999999 && info.nbf == 0 && info.iat == 0 && info.key_index == 0 && info.missing_index == UINT32_MAX);
  CHECK(info.present == (MJWT_CLAIM_SUB | MJWT_CLAIM_EXP) && info.failed == MJWT_CLAIM_EXP);
  REFUSED(MJWT_ERR_SIGNATURE, mjwt_verify(verifier, token, len - 1, NOW, claims, sizeof claims, &info));
  CHECK(info.present == 0 && info.failed == 0 && info.exp == 0 && info.claims_len == 0);
  REFUSED(MJWT_ERR_TOKEN_FORMAT, mjwt_verify(verifier, MJWT_LIT("a.b"), NOW, claims, sizeof claims, &info));
  REFUSED(MJWT_ERR_NO_BEARER, mjwt_verify_bearer(verifier, token, len, NOW, claims, sizeof claims, &info));
  REFUSED(MJWT_ERR_NULL_POINTER, mjwt_verify(NULL, token, len, NOW, claims, sizeof claims, &info));
  CHECK(info.struct_size == sizeof info && info.present == 0 && info.exp == 0 && info.claims_len == 0);
  REFUSED(MJWT_ERR_NULL_POINTER, mjwt_verify(verifier, NULL, 9, NOW, claims, sizeof claims, &info));
#undef REFUSED

  free(token);
  mjwt_verifier_free(verifier);
  mjwt_signer_free(signer);
}

/* A program with a later header knows a longer mjwt_info; a shorter one is a mistake. */
static void info_sizes(void) {
  const mjwt_signer *signer = signer_of(SECRET_LEN, MJWT_ALG_HS256, "");
  const mjwt_verifier *verifier = NULL;
  size_t len, size;
  char *token = mint(signer, "{\"exp\":2000000001.5,\"nbf\":-1.5,\"iat\":1e300}", &len);
  CHECK_STATUS(MJWT_OK, mjwt_verifier_new_secret(SECRET, SECRET_LEN, &verifier));
  for (size = 0; size <= sizeof(mjwt_info) + 16; size++) {
    mjwt_info known;
    size_t room = size < sizeof size ? sizeof size : size; /* struct_size itself is always there. */
    size_t written = size < sizeof known ? size : sizeof known;
    unsigned char *info = (unsigned char *)malloc(room);
    memset(info, 0xa5, room);
    memcpy(info, &size, sizeof size);
    if (size < sizeof known) {
      CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_verify(verifier, token, len, NOW, NULL, 0, (mjwt_info *)(void *)info));
      CHECK(memcmp(info, &size, sizeof size) == 0);
      CHECK(all_bytes(info + sizeof size, room - sizeof size, 0xa5));
    } else {
      CHECK_STATUS(MJWT_OK, mjwt_verify(verifier, token, len, NOW, NULL, 0, (mjwt_info *)(void *)info));
      memset(&known, 0, sizeof known);
      known.struct_size = size;
      known.claims_len = 43;
      known.exp = 2000000001;
      known.nbf = -2;
      known.iat = INT64_MAX;
      known.present = MJWT_CLAIM_EXP | MJWT_CLAIM_NBF | MJWT_CLAIM_IAT;
      known.missing_index = UINT32_MAX;
      CHECK(memcmp(info, &known, written) == 0);
      CHECK(all_bytes(info + written, room - written, 0xa5));
    }
    free(info);
  }
  free(token);
  mjwt_verifier_free(verifier);
  mjwt_signer_free(signer);
}

static void decode_arguments(void) {
  static const char token[] = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtZSJ9.";
  static const char header[] = "{\"alg\":\"none\"}";
  static const char claims[] = "{\"sub\":\"me\"}";
  const size_t header_size = sizeof header - 1, claims_size = sizeof claims - 1;
  char h[32], c[32];
  size_t h_len = 99, c_len = 99, h_cap, c_cap;

  CHECK_STATUS(MJWT_OK, mjwt_decode_insecure(MJWT_LIT("eyJhbGciOiJub25lIn0.e30.x"), NULL, 0, NULL, NULL, 0, NULL));
  CHECK_STATUS(MJWT_ERR_TOKEN_FORMAT, mjwt_decode_insecure(NULL, 0, h, sizeof h, &h_len, c, sizeof c, &c_len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_decode_insecure(NULL, 1, h, sizeof h, &h_len, c, sizeof c, &c_len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_decode_insecure(token, sizeof token - 1, NULL, 1, &h_len, c, sizeof c, &c_len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_decode_insecure(token, sizeof token - 1, h, sizeof h, NULL, c, sizeof c, &c_len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_decode_insecure(token, sizeof token - 1, h, sizeof h, &h_len, NULL, 1, &c_len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_decode_insecure(token, sizeof token - 1, h, sizeof h, &h_len, c, sizeof c, NULL));
  CHECK_STATUS(MJWT_ERR_TOKEN_BASE64, mjwt_decode_insecure(MJWT_LIT("e30=.e30."), h, sizeof h, &h_len, c, sizeof c, &c_len));
  CHECK_STATUS(MJWT_ERR_HEADER_JSON, mjwt_decode_insecure(MJWT_LIT("W10.e30."), h, sizeof h, &h_len, c, sizeof c, &c_len));
  CHECK_STATUS(MJWT_ERR_CLAIMS_JSON, mjwt_decode_insecure(MJWT_LIT("e30.W10."), h, sizeof h, &h_len, c, sizeof c, &c_len));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_decode_insecure(token, sizeof token - 1, h, 20, &h_len, h + 19, 12, &c_len));
  CHECK(h_len == 99 && c_len == 99);

  CHECK_STATUS(MJWT_OK, mjwt_decode_insecure(token, sizeof token - 1, NULL, 0, &h_len, NULL, 0, &c_len));
  CHECK(h_len == header_size && c_len == claims_size);
  for (h_cap = 0; h_cap <= header_size + 1; h_cap++)
    for (c_cap = 0; c_cap <= claims_size + 1; c_cap++) {
      int enough = h_cap >= header_size && c_cap >= claims_size;
      memset(h, 'x', sizeof h);
      memset(c, 'x', sizeof c);
      h_len = c_len = 99;
      CHECK_STATUS(enough ? MJWT_OK : MJWT_ERR_BUFFER_TOO_SMALL,
                   mjwt_decode_insecure(token, sizeof token - 1, h, h_cap, &h_len, c, c_cap, &c_len));
      CHECK(h_len == header_size && c_len == claims_size);
      if (enough) CHECK(memcmp(h, header, header_size) == 0 && memcmp(c, claims, claims_size) == 0);
      CHECK(all_bytes(h + (enough ? header_size : 0), sizeof h - (enough ? header_size : 0), 'x'));
      CHECK(all_bytes(c + (enough ? claims_size : 0), sizeof c - (enough ? claims_size : 0), 'x'));
    }
}

static void read_claims(void) {
  static const char claims[] = "{\"s\":\"a\\u00e9\\n\\u0000b\",\"i\":-12,\"big\":9223372036854775807,\"small\":-9223372036854775808,"
                               "\"over\":9223372036854775808,\"f\":1.5,\"e\":1.2e1,\"z\":12.0,\"a\":[1, 2],\"t\":true,\"n\":null,"
                               "\"u\":\"\\ud800\",\"\":\"empty\",\"i2\":1,\"i2\":2,\"far\":1e300}";
  static const char decoded[] = "a\xc3\xa9\n\0b";
  const size_t claims_len = sizeof claims - 1;
  char out[16];
  size_t len = 99, offset = 99, cap;
  int64_t number = 99;

  for (cap = 0; cap <= sizeof out; cap++) {
    int enough = cap >= 6;
    memset(out, 'x', sizeof out);
    len = 99;
    CHECK_STATUS(enough ? MJWT_OK : MJWT_ERR_BUFFER_TOO_SMALL,
                 mjwt_claims_get_string(claims, claims_len, MJWT_LIT("s"), cap ? out : NULL, cap, &len));
    CHECK(len == 6);
    if (enough) CHECK(memcmp(out, decoded, 6) == 0);
    CHECK(all_bytes(out + (enough ? 6 : 0), sizeof out - (enough ? 6 : 0), 'x'));
  }
  CHECK_STATUS(MJWT_OK, mjwt_claims_get_string(claims, claims_len, NULL, 0, out, sizeof out, &len));
  CHECK(len == 5 && memcmp(out, "empty", 5) == 0);
  len = 99;
  CHECK_STATUS(MJWT_ERR_CLAIM_ABSENT, mjwt_claims_get_string(claims, claims_len, MJWT_LIT("x"), out, sizeof out, &len));
  CHECK_STATUS(MJWT_ERR_CLAIM_TYPE, mjwt_claims_get_string(claims, claims_len, MJWT_LIT("i"), out, sizeof out, &len));
  CHECK_STATUS(MJWT_ERR_CLAIM_TYPE, mjwt_claims_get_string(claims, claims_len, MJWT_LIT("u"), out, sizeof out, &len));
  CHECK_STATUS(MJWT_ERR_CLAIMS_NOT_OBJECT, mjwt_claims_get_string(NULL, 0, MJWT_LIT("s"), out, sizeof out, &len));
  CHECK_STATUS(MJWT_ERR_CLAIMS_NOT_OBJECT, mjwt_claims_get_string(MJWT_LIT("[]"), MJWT_LIT("s"), out, sizeof out, &len));
  CHECK_STATUS(MJWT_ERR_CLAIMS_NOT_OBJECT, mjwt_claims_get_string(BAD_UTF8, MJWT_LIT("s"), out, sizeof out, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_get_string(NULL, 1, MJWT_LIT("s"), out, sizeof out, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_get_string(claims, claims_len, NULL, 1, out, sizeof out, &len));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_claims_get_string(claims, claims_len, BAD_UTF8, out, sizeof out, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_get_string(claims, claims_len, MJWT_LIT("s"), NULL, 1, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_get_string(claims, claims_len, MJWT_LIT("s"), out, sizeof out, NULL));
  CHECK(len == 99);

#define INTEGER(name, value)                                                                           \
  CHECK_STATUS(MJWT_OK, mjwt_claims_get_int(claims, claims_len, MJWT_LIT(name), &number));             \
  CHECK(number == (value))
  INTEGER("i", -12);
  INTEGER("big", INT64_MAX);
  INTEGER("small", INT64_MIN);
  INTEGER("e", 12);
  INTEGER("z", 12);
  INTEGER("i2", 2);
#undef INTEGER
  number = 99;
  CHECK_STATUS(MJWT_ERR_CLAIM_TYPE, mjwt_claims_get_int(claims, claims_len, MJWT_LIT("over"), &number));
  CHECK_STATUS(MJWT_ERR_CLAIM_TYPE, mjwt_claims_get_int(claims, claims_len, MJWT_LIT("far"), &number));
  CHECK_STATUS(MJWT_ERR_CLAIM_TYPE, mjwt_claims_get_int(claims, claims_len, MJWT_LIT("f"), &number));
  CHECK_STATUS(MJWT_ERR_CLAIM_TYPE, mjwt_claims_get_int(claims, claims_len, MJWT_LIT("s"), &number));
  CHECK_STATUS(MJWT_ERR_CLAIM_TYPE, mjwt_claims_get_int(claims, claims_len, MJWT_LIT("n"), &number));
  CHECK_STATUS(MJWT_ERR_CLAIM_ABSENT, mjwt_claims_get_int(claims, claims_len, MJWT_LIT("x"), &number));
  CHECK_STATUS(MJWT_ERR_CLAIMS_NOT_OBJECT, mjwt_claims_get_int(NULL, 0, MJWT_LIT("i"), &number));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_get_int(NULL, 1, MJWT_LIT("i"), &number));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_get_int(claims, claims_len, NULL, 1, &number));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_get_int(claims, claims_len, MJWT_LIT("i"), NULL));
  CHECK(number == 99);

  len = 99;
  CHECK_STATUS(MJWT_ERR_CLAIM_ABSENT, mjwt_claims_get_json(claims, claims_len, MJWT_LIT("x"), &offset, &len));
  CHECK_STATUS(MJWT_ERR_CLAIMS_NOT_OBJECT, mjwt_claims_get_json(MJWT_LIT("{"), MJWT_LIT("x"), &offset, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_get_json(NULL, 1, MJWT_LIT("a"), &offset, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_get_json(claims, claims_len, NULL, 1, &offset, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_get_json(claims, claims_len, MJWT_LIT("a"), NULL, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_get_json(claims, claims_len, MJWT_LIT("a"), &offset, NULL));
  CHECK(offset == 99 && len == 99);
  CHECK_STATUS(MJWT_OK, mjwt_claims_get_json(claims, claims_len, MJWT_LIT("a"), &offset, &len));
  CHECK(len == 6 && memcmp(claims + offset, "[1, 2]", 6) == 0);
}

static void write_claims(void) {
  static const char expected[] = "{\"sub\":\"\\\"me\\\"\",\"exp\":-9223372036854775808,\"roles\":[\"a\", 1],\"\":\"\\u0000\xc3\xa9\"}";
  static const char *const malformed[] = {"", " ", "1,", "1 2", "1,\"\":2", "{", "}", "nul", "'a'", "[1,]", "01", "\"\n\"", "1}{"};
  const size_t expected_len = sizeof expected - 1;
  mjwt_claims *claims = NULL;
  char out[128];
  size_t len = 99, cap, at;

  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_new(NULL));
  mjwt_claims_free(NULL);
  CHECK_STATUS(MJWT_OK, mjwt_claims_new(&claims));
  CHECK_STATUS(MJWT_OK, mjwt_claims_json(claims, out, sizeof out, &len));
  CHECK(len == 2 && memcmp(out, "{}", 2) == 0);

  CHECK_STATUS(MJWT_OK, mjwt_claims_set_string(claims, MJWT_LIT("sub"), MJWT_LIT("\"me\"")));
  CHECK_STATUS(MJWT_OK, mjwt_claims_set_string(claims, MJWT_LIT("exp"), MJWT_LIT("soon")));
  CHECK_STATUS(MJWT_OK, mjwt_claims_set_json(claims, MJWT_LIT("roles"), MJWT_LIT(" \t\r\n[\"a\", 1] ")));
  CHECK_STATUS(MJWT_OK, mjwt_claims_set_int(claims, MJWT_LIT("exp"), INT64_MIN));
  CHECK_STATUS(MJWT_OK, mjwt_claims_set_string(claims, NULL, 0, "\0\xc3\xa9", 3));

  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_set_string(NULL, MJWT_LIT("a"), MJWT_LIT("b")));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_set_string(claims, NULL, 1, MJWT_LIT("b")));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_set_string(claims, MJWT_LIT("a"), NULL, 1));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_claims_set_string(claims, BAD_UTF8, MJWT_LIT("b")));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_claims_set_string(claims, MJWT_LIT("a"), BAD_UTF8));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_set_int(NULL, MJWT_LIT("a"), 1));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_set_int(claims, NULL, 1, 1));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_claims_set_int(claims, BAD_UTF8, 1));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_set_json(NULL, MJWT_LIT("a"), MJWT_LIT("1")));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_set_json(claims, NULL, 1, MJWT_LIT("1")));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_set_json(claims, MJWT_LIT("a"), NULL, 1));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_claims_set_json(claims, MJWT_LIT("a"), NULL, 0));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_claims_set_json(claims, BAD_UTF8, MJWT_LIT("1")));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_claims_set_json(claims, MJWT_LIT("a"), BAD_UTF8));
  for (at = 0; at < sizeof malformed / sizeof *malformed; at++)
    CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_claims_set_json(claims, MJWT_LIT("a"), malformed[at], strlen(malformed[at])));

  len = 99;
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_json(NULL, out, sizeof out, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_json(claims, NULL, 1, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_json(claims, out, sizeof out, NULL));
  CHECK(len == 99);
  for (cap = 0; cap <= expected_len + 2; cap++) {
    int enough = cap >= expected_len;
    memset(out, 'x', sizeof out);
    len = 99;
    CHECK_STATUS(enough ? MJWT_OK : MJWT_ERR_BUFFER_TOO_SMALL, mjwt_claims_json(claims, cap ? out : NULL, cap, &len));
    CHECK(len == expected_len);
    if (enough) CHECK(memcmp(out, expected, expected_len) == 0);
    CHECK(all_bytes(out + (enough ? len : 0), sizeof out - (enough ? len : 0), 'x'));
  }
  mjwt_claims_free(claims);
}

static void sign_arguments(void) {
  static const char claims[] = "{\"sub\":\"me\"}";
  const size_t claims_len = sizeof claims - 1;
  const mjwt_signer *signer = NULL;
  char token[256], overlap[256];
  size_t len = 99, cap, bound;

  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_signer_new(NULL, 32, NULL, 0, MJWT_ALG_HS256, 0, &signer));
  CHECK_STATUS(MJWT_ERR_KEY_TOO_SHORT, mjwt_signer_new(NULL, 0, NULL, 0, MJWT_ALG_HS256, 0, &signer));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_signer_new(SECRET, SECRET_LEN, NULL, 1, MJWT_ALG_HS256, 0, &signer));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_signer_new(SECRET, SECRET_LEN, BAD_UTF8, MJWT_ALG_HS256, 0, &signer));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_signer_new(SECRET, SECRET_LEN, NULL, 0, MJWT_ALG_HS256, 0, NULL));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_signer_new(SECRET, SECRET_LEN, NULL, 0, 0, 0, &signer));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_signer_new(SECRET, SECRET_LEN, NULL, 0, MJWT_ALG_HS256 | MJWT_ALG_HS512, 0, &signer));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_signer_new(SECRET, SECRET_LEN, NULL, 0, 8, 0, &signer));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_signer_new(SECRET, SECRET_LEN, NULL, 0, MJWT_ALG_HS256, 2, &signer));
  CHECK_STATUS(MJWT_ERR_KEY_TOO_SHORT, mjwt_signer_new(SECRET, 31, NULL, 0, MJWT_ALG_HS256, 0, &signer));
  CHECK_STATUS(MJWT_ERR_KEY_TOO_SHORT, mjwt_signer_new(SECRET, 47, NULL, 0, MJWT_ALG_HS384, 0, &signer));
  CHECK_STATUS(MJWT_ERR_KEY_TOO_SHORT, mjwt_signer_new(SECRET, 63, NULL, 0, MJWT_ALG_HS512, 0, &signer));
  CHECK(signer == NULL);
  CHECK_STATUS(MJWT_OK, mjwt_signer_new(SECRET, 31, NULL, 0, MJWT_ALG_HS256, MJWT_SIGNER_ALLOW_SHORT_KEYS, &signer));
  mjwt_signer_free(signer);
  CHECK(mjwt_signer_retain(NULL) == NULL);
  mjwt_signer_free(NULL);

  signer = signer_of(SECRET_LEN, MJWT_ALG_HS256, "");
  bound = mjwt_sign_bound(signer, claims_len);
  CHECK(mjwt_sign_bound(NULL, claims_len) == 0);
  CHECK(mjwt_sign_bound(signer, SIZE_MAX) == 0);
  CHECK(mjwt_sign_bound(signer, PTRDIFF_MAX) > (size_t)PTRDIFF_MAX);
  CHECK(mjwt_sign_bound(signer, 0) < bound);

  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_sign(NULL, claims, claims_len, token, sizeof token, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_sign(signer, NULL, 1, token, sizeof token, &len));
  CHECK_STATUS(MJWT_ERR_CLAIMS_NOT_OBJECT, mjwt_sign(signer, NULL, 0, token, sizeof token, &len));
  CHECK_STATUS(MJWT_ERR_CLAIMS_NOT_OBJECT, mjwt_sign(signer, MJWT_LIT("[]"), token, sizeof token, &len));
  CHECK_STATUS(MJWT_ERR_CLAIMS_NOT_OBJECT, mjwt_sign(signer, MJWT_LIT("{\"a\":\"\xff\"}"), token, sizeof token, &len));
  CHECK_STATUS(MJWT_ERR_CLAIM_TYPE, mjwt_sign(signer, MJWT_LIT("{\"exp\":\"1\"}"), token, sizeof token, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_sign(signer, claims, claims_len, NULL, 1, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_sign(signer, claims, claims_len, token, sizeof token, NULL));
  memcpy(overlap, claims, claims_len);
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_sign(signer, overlap, claims_len, overlap, sizeof overlap, &len));
  CHECK(len == 99);
  for (cap = 0; cap <= bound + 2; cap++) {
    int enough = cap >= bound;
    memset(token, '#', sizeof token);
    len = 99;
    CHECK_STATUS(enough ? MJWT_OK : MJWT_ERR_BUFFER_TOO_SMALL, mjwt_sign(signer, claims, claims_len, cap ? token : NULL, cap, &len));
    CHECK(len == bound); /* The bound is the length itself. */
    CHECK(all_bytes(token + (enough ? len : 0), sizeof token - (enough ? len : 0), '#'));
  }
  mjwt_signer_free(signer);
}

int main(void) {
  status_and_version();
  config_arguments();
  option_ranges();
  verify_arguments();
  refusal_wipes();
  info_sizes();
  decode_arguments();
  read_claims();
  write_claims();
  sign_arguments();
  return done("arguments");
}
