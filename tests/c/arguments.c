/* Every argument of every function: NULL, length 0, out of range; what is written then and what
 * not. */
#include "check.h"

static void status_and_version(void) {
  static const mjwt_status unused[] = {-1, 7, 43, 110, 212, INT32_MIN, INT32_MAX};
  char version[32];
  mjwt_status status;
  size_t at;

  CHECK(strcmp(mjwt_status_name(MJWT_OK), "OK") == 0);
  CHECK(strcmp(mjwt_status_message(MJWT_OK), "success") == 0);
  CHECK(strcmp(mjwt_status_name(MJWT_ERR_EXPIRED), "EXPIRED") == 0);
  for (at = 0; at < sizeof unused / sizeof *unused; at++) {
    CHECK(strcmp(mjwt_status_name(unused[at]), "UNKNOWN") == 0);
    CHECK(strcmp(mjwt_status_message(unused[at]), "unknown status") == 0);
  }

  sprintf(version, "%u.%u.%u", (unsigned)MJWT_VERSION_MAJOR, (unsigned)MJWT_VERSION_MINOR,
          (unsigned)MJWT_VERSION_PATCH);
  CHECK(strcmp(MJWT_VERSION_STRING, version) == 0);
  CHECK(strcmp(mjwt_version_string(), MJWT_VERSION_STRING) == 0);
  CHECK(mjwt_version_number() == MJWT_VERSION_NUMBER);
  CHECK(MJWT_VERSION_NUMBER == MJWT_VERSION_MAJOR * 1000000 + MJWT_VERSION_MINOR * 1000 + MJWT_VERSION_PATCH);
  CHECK(mjwt_abi_version() == MJWT_ABI_VERSION);

  /* The functions for those who have no macros. */
  for (status = -400; status < 400; status++) CHECK(mjwt_is_token_error(status) == MJWT_IS_TOKEN_ERROR(status));
  CHECK(mjwt_is_token_error(INT32_MIN) == 0 && mjwt_is_token_error(INT32_MAX) == 0);
  for (at = 0; at < 100; at++) CHECK(mjwt_claims_bound(at) == MJWT_CLAIMS_BOUND(at));
  CHECK(mjwt_claims_bound(SIZE_MAX) == MJWT_CLAIMS_BOUND(SIZE_MAX));
  CHECK(MJWT_CLAIM_OTHER == (uint32_t)1 << 31);

  CHECK(!MJWT_IS_TOKEN_ERROR(MJWT_OK) && !MJWT_IS_TOKEN_ERROR(99) && MJWT_IS_TOKEN_ERROR(100));
  CHECK(MJWT_IS_TOKEN_ERROR(299) && !MJWT_IS_TOKEN_ERROR(300) && !MJWT_IS_TOKEN_ERROR(-1));
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

#define VERIFY_ARGUMENTS(function, input, input_len, empty)                                                    \
  CHECK_STATUS(MJWT_OK, function(verifier, input, input_len, NOW, claims, sizeof claims, &info));              \
  CHECK(info.claims_len == 12 && memcmp(claims, "{\"sub\":\"me\"}", 12) == 0);                                 \
  CHECK_STATUS(MJWT_OK, function(verifier, input, input_len, NOW, NULL, 0, &info));                            \
  CHECK(info.claims_len == 12 && info.sub_offset == 0 && info.sub_len == 0 && info.present == MJWT_CLAIM_SUB); \
  CHECK_STATUS(MJWT_OK, function(verifier, input, input_len, NOW, NULL, 0, NULL));                             \
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, function(NULL, input, input_len, NOW, claims, sizeof claims, &info));    \
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, function(verifier, NULL, 1, NOW, claims, sizeof claims, &info));         \
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, function(verifier, input, input_len, NOW, NULL, 1, &info));              \
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, function(verifier, input, input_len, NOW, claims, sizeof claims, NULL)); \
  CHECK_STATUS(empty, function(verifier, NULL, 0, NOW, claims, sizeof claims, &info));                         \
  CHECK_STATUS(empty, function(verifier, "", 0, NOW, NULL, 0, NULL));                                          \
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, function(verifier, input, SIZE_MAX, NOW, NULL, 0, &info));           \
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
  CHECK(info.exp == 1999999999 && info.nbf == 0 && info.iat == 0 && info.key_index == 0 &&
        info.missing_index == UINT32_MAX);
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

/* A refusal zeroes what the longest token could have written, and leaves the rest of a large
 * buffer. */
static void wiped_once(void) {
  const size_t cap = 1 << 20, longest = 16384 / 4 * 3;
  const mjwt_signer *signer = signer_of(SECRET_LEN, MJWT_ALG_HS256, "");
  const mjwt_verifier *verifier = NULL;
  mjwt_info info = MJWT_INFO_INIT;
  char *claims = (char *)malloc(cap);
  size_t len;
  char *token = mint(signer, "{\"exp\":1}", &len);
  CHECK_STATUS(MJWT_OK, mjwt_verifier_new_secret(SECRET, SECRET_LEN, &verifier));
#define REFUSED(expected, call)                                             \
  memset(claims, 'x', cap);                                                 \
  CHECK_STATUS(expected, call);                                             \
  CHECK(all_bytes(claims, longest, 0));                                     \
  CHECK(all_bytes(claims + MJWT_CLAIMS_BOUND(16384), cap - MJWT_CLAIMS_BOUND(16384), 'x'))
  REFUSED(MJWT_ERR_EXPIRED, mjwt_verify(verifier, token, len, NOW, claims, cap, &info));
  REFUSED(MJWT_ERR_SIGNATURE, mjwt_verify(verifier, token, len - 1, NOW, claims, cap, &info));
  REFUSED(MJWT_ERR_NO_BEARER, mjwt_verify_bearer(verifier, token, len, NOW, claims, cap, &info));
  REFUSED(MJWT_ERR_NULL_POINTER, mjwt_verify(verifier, token, len, NOW, claims, cap, NULL));
#undef REFUSED
  free(token);
  free(claims);
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
      CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT,
                   mjwt_verify(verifier, token, len, NOW, NULL, 0, (mjwt_info *)(void *)info));
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
  CHECK_STATUS(MJWT_ERR_NULL_POINTER,
               mjwt_decode_insecure(token, sizeof token - 1, NULL, 1, &h_len, c, sizeof c, &c_len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER,
               mjwt_decode_insecure(token, sizeof token - 1, h, sizeof h, NULL, c, sizeof c, &c_len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER,
               mjwt_decode_insecure(token, sizeof token - 1, h, sizeof h, &h_len, NULL, 1, &c_len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER,
               mjwt_decode_insecure(token, sizeof token - 1, h, sizeof h, &h_len, c, sizeof c, NULL));
  CHECK_STATUS(MJWT_ERR_TOKEN_BASE64,
               mjwt_decode_insecure(MJWT_LIT("e30=.e30."), h, sizeof h, &h_len, c, sizeof c, &c_len));
  CHECK_STATUS(MJWT_ERR_HEADER_JSON,
               mjwt_decode_insecure(MJWT_LIT("W10.e30."), h, sizeof h, &h_len, c, sizeof c, &c_len));
  CHECK_STATUS(MJWT_ERR_CLAIMS_JSON,
               mjwt_decode_insecure(MJWT_LIT("e30.W10."), h, sizeof h, &h_len, c, sizeof c, &c_len));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT,
               mjwt_decode_insecure(token, sizeof token - 1, h, 20, &h_len, h + 19, 12, &c_len));
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

static void challenges(void) {
  static const char expired[] =
      "Bearer realm=\"a \\\"b\\\\c\", error=\"invalid_token\", error_description=\"the token has expired\"";
  static const char *const bad_realms[] = {"a\nb", "\r", "a\r\nSet-Cookie: b", "\x7f", "\xc2\x85"};
  const size_t expired_len = sizeof expired - 1;
  char out[256];
  size_t len = 99, cap, at;
  mjwt_status status;

  for (cap = 0; cap <= expired_len + 2; cap++) {
    int enough = cap >= expired_len;
    memset(out, '#', sizeof out);
    len = 99;
    CHECK_STATUS(enough ? MJWT_OK : MJWT_ERR_BUFFER_TOO_SMALL,
                 mjwt_www_authenticate(MJWT_ERR_EXPIRED, MJWT_LIT("a \"b\\c"), cap ? out : NULL, cap, &len));
    CHECK(len == expired_len);
    if (enough) CHECK(memcmp(out, expired, len) == 0);
    CHECK(all_bytes(out + (enough ? len : 0), sizeof out - (enough ? len : 0), '#'));
  }
  CHECK_STATUS(MJWT_OK, mjwt_www_authenticate(MJWT_ERR_NO_BEARER, MJWT_LIT("api"), out, sizeof out, &len));
  CHECK(len == 18 && memcmp(out, "Bearer realm=\"api\"", len) == 0);

  /* For each status that refuses a token, and for no other. */
  for (status = -1; status < 400; status++) {
    int refuses = MJWT_IS_TOKEN_ERROR(status) && strcmp(mjwt_status_name(status), "UNKNOWN") != 0;
    CHECK_STATUS(refuses ? MJWT_OK : MJWT_ERR_INVALID_ARGUMENT,
                 mjwt_www_authenticate(status, MJWT_LIT("api"), out, sizeof out, &len));
  }

  len = 99;
  for (at = 0; at < sizeof bad_realms / sizeof *bad_realms; at++)
    CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_www_authenticate(MJWT_ERR_EXPIRED, bad_realms[at],
                                                                  strlen(bad_realms[at]), out, sizeof out, &len));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_www_authenticate(MJWT_ERR_EXPIRED, "a\0", 2, out, sizeof out, &len));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_www_authenticate(MJWT_ERR_EXPIRED, NULL, 0, out, sizeof out, &len));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_www_authenticate(MJWT_ERR_EXPIRED, BAD_UTF8, out, sizeof out, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_www_authenticate(MJWT_ERR_EXPIRED, NULL, 1, out, sizeof out, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_www_authenticate(MJWT_ERR_EXPIRED, MJWT_LIT("api"), NULL, 1, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_www_authenticate(MJWT_ERR_EXPIRED, MJWT_LIT("api"), out, sizeof out, NULL));
  memcpy(out, "api", 3);
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_www_authenticate(MJWT_ERR_EXPIRED, out, 3, out, sizeof out, &len));
  CHECK(len == 99);
}

static void sign_arguments(void) {
  static const char jwks[] =
      "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\"}]}";
  const mjwt_signer *of_secret = signer_of(SECRET_LEN, MJWT_ALG_HS256, "");
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
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT,
               mjwt_signer_new(SECRET, SECRET_LEN, NULL, 0, MJWT_ALG_HS256 | MJWT_ALG_HS512, 0, &signer));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_signer_new(SECRET, SECRET_LEN, NULL, 0, 8, 0, &signer));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_signer_new(SECRET, SECRET_LEN, NULL, 0, MJWT_ALG_HS256, 2, &signer));
  CHECK_STATUS(MJWT_ERR_KEY_TOO_SHORT, mjwt_signer_new(SECRET, 31, NULL, 0, MJWT_ALG_HS256, 0, &signer));
  CHECK_STATUS(MJWT_ERR_KEY_TOO_SHORT, mjwt_signer_new(SECRET, 47, NULL, 0, MJWT_ALG_HS384, 0, &signer));
  CHECK_STATUS(MJWT_ERR_KEY_TOO_SHORT, mjwt_signer_new(SECRET, 63, NULL, 0, MJWT_ALG_HS512, 0, &signer));
  CHECK(signer == NULL);
  CHECK_STATUS(MJWT_OK, mjwt_signer_new(SECRET, 31, NULL, 0, MJWT_ALG_HS256, MJWT_SIGNER_ALLOW_SHORT_KEYS, &signer));
  mjwt_signer_free(signer);
  signer = NULL;
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT,
               mjwt_signer_new_sized(SECRET, SECRET_LEN, NULL, 0, MJWT_ALG_HS256, 0, 0, &signer));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT,
               mjwt_signer_new_sized(SECRET, SECRET_LEN, NULL, 0, MJWT_ALG_HS256, 0, 16777217, &signer));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT,
               mjwt_signer_new_sized(SECRET, SECRET_LEN, NULL, 0, MJWT_ALG_HS256, 0, SIZE_MAX, &signer));
  CHECK_STATUS(MJWT_ERR_KEY_TOO_SHORT, mjwt_signer_new_sized(SECRET, 31, NULL, 0, MJWT_ALG_HS256, 0, 1, &signer));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_signer_new_sized(SECRET, SECRET_LEN, NULL, 0, MJWT_ALG_HS256, 0, 1, NULL));
  CHECK(signer == NULL);
  CHECK_STATUS(MJWT_OK, mjwt_signer_new_sized(SECRET, SECRET_LEN, NULL, 0, MJWT_ALG_HS256, 0, 16777216, &signer));
  mjwt_signer_free(signer);
  signer = NULL;
#define SIGNER_OF_JWKS(expected, json, json_len, kid, kid_len, algorithm, flags, limit) \
  CHECK_STATUS(expected, mjwt_signer_new_jwks(json, json_len, kid, kid_len, algorithm, flags, limit, &signer))
  SIGNER_OF_JWKS(MJWT_ERR_NULL_POINTER, NULL, 1, NULL, 0, 0, 0, 16384);
  SIGNER_OF_JWKS(MJWT_ERR_JWK_SYNTAX, NULL, 0, NULL, 0, 0, 0, 16384);
  SIGNER_OF_JWKS(MJWT_ERR_JWK_SYNTAX, "\xff", 1, NULL, 0, 0, 0, 16384);
  SIGNER_OF_JWKS(MJWT_ERR_JWK_UNSUPPORTED, "{\"keys\":[]}", 11, NULL, 0, 0, 0, 16384);
  SIGNER_OF_JWKS(MJWT_ERR_NULL_POINTER, jwks, sizeof jwks - 1, NULL, 1, 0, 0, 16384);
  SIGNER_OF_JWKS(MJWT_ERR_INVALID_ARGUMENT, jwks, sizeof jwks - 1, "\xff", 1, 0, 0, 16384);
  SIGNER_OF_JWKS(MJWT_ERR_INVALID_ARGUMENT, jwks, sizeof jwks - 1, NULL, 0, 8, 0, 16384);
  SIGNER_OF_JWKS(MJWT_ERR_KEY_TOO_SHORT, jwks, sizeof jwks - 1, NULL, 0, MJWT_ALG_HS512, 0, 16384);
  SIGNER_OF_JWKS(MJWT_ERR_INVALID_ARGUMENT, jwks, sizeof jwks - 1, NULL, 0, 0, 2, 16384);
  SIGNER_OF_JWKS(MJWT_ERR_INVALID_ARGUMENT, jwks, sizeof jwks - 1, NULL, 0, 0, 0, 0);
#undef SIGNER_OF_JWKS
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_signer_new_jwks(jwks, sizeof jwks - 1, NULL, 0, 0, 0, 16384, NULL));
  CHECK(signer == NULL);
  CHECK_STATUS(MJWT_OK, mjwt_signer_new_jwks(jwks, sizeof jwks - 1, NULL, 0, 0, 0, 16384, &signer));
  CHECK(mjwt_sign_bound(signer, 0) > mjwt_sign_bound(of_secret, 0)); /* The kid of the key is in the header. */
  mjwt_signer_free(signer);
  mjwt_signer_free(of_secret);
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
    CHECK_STATUS(enough ? MJWT_OK : MJWT_ERR_BUFFER_TOO_SMALL,
                 mjwt_sign(signer, claims, claims_len, cap ? token : NULL, cap, &len));
    CHECK(len == bound); /* The bound is the length itself. */
    CHECK(all_bytes(token + (enough ? len : 0), sizeof token - (enough ? len : 0), '#'));
  }
  mjwt_signer_free(signer);
}

int main(void) {
  status_and_version();
  verify_arguments();
  refusal_wipes();
  wiped_once();
  info_sizes();
  decode_arguments();
  challenges();
  sign_arguments();
  return done("arguments");
}
