/* Tokens cut, changed and aged; buffers too small; each option at its boundary; key selection. */
#include "check.h"

static const mjwt_verifier *with_option(mjwt_option option, int64_t value) {
  mjwt_config *config = config_with_key();
  CHECK_STATUS(MJWT_OK, mjwt_config_set(config, option, value));
  return build(config);
}

/* The status of claims, signed with SECRET, at a time. */
static mjwt_status check_claims(const mjwt_verifier *verifier, const char *claims, int64_t now) {
  const mjwt_signer *signer = signer_of(SECRET_LEN, MJWT_ALG_HS256, "");
  size_t len;
  char *token = mint(signer, claims, &len);
  mjwt_status status = mjwt_verify(verifier, token, len, now, NULL, 0, NULL);
  free(token);
  mjwt_signer_free(signer);
  return status;
}

/* Every prefix, every single changed byte and every inserted byte is refused, and hands out
 * nothing. */
static void changed_tokens(mjwt_algorithm algorithm, size_t secret_len) {
  const mjwt_signer *signer = signer_of(secret_len, algorithm, "");
  mjwt_config *config = NULL;
  const mjwt_verifier *verifier;
  char claims[128];
  mjwt_info info = MJWT_INFO_INIT;
  size_t len, at, cut;
  int value;
  char *token = mint(signer, "{\"sub\":\"someone\",\"exp\":2000000060}", &len);
  char *changed = (char *)malloc(len + 1);

  if (mjwt_config_new(&config) != MJWT_OK) exit(2);
  CHECK_STATUS(MJWT_OK, mjwt_config_set(config, MJWT_OPT_ALGORITHMS, algorithm));
  CHECK_STATUS(MJWT_OK, mjwt_config_add_secret(config, SECRET, secret_len, NULL, 0));
  verifier = build(config);
  CHECK_STATUS(MJWT_OK, mjwt_verify(verifier, token, len, NOW, claims, sizeof claims, &info));

#define REFUSED(input, input_len)                                                                                \
  memset(claims, 'x', sizeof claims);                                                                            \
  CHECK(MJWT_IS_TOKEN_ERROR(mjwt_verify(verifier, input, input_len, NOW, claims, sizeof claims, &info)));        \
  CHECK(all_bytes(claims, sizeof claims, 0) && info.claims_len == 0 && info.present == 0)
  for (cut = 0; cut < len; cut++) {
    char *prefix = (char *)malloc(cut ? cut : 1); /* Of its own, so that a byte read beyond it is found. */
    memcpy(prefix, token, cut);
    REFUSED(prefix, cut);
    free(prefix);
  }
  for (at = 0; at < len; at++)
    for (value = 0; value < 256; value++) {
      memcpy(changed, token, len);
      changed[at] = (char)value;
      if (changed[at] == token[at]) continue;
      REFUSED(changed, len);
    }
  for (at = 0; at <= len; at++)
    for (value = 0; value < 128; value += at == len ? 1 : 7) {
      memcpy(changed, token, at);
      changed[at] = (char)value;
      memcpy(changed + at + 1, token + at, len - at);
      REFUSED(changed, len + 1);
    }
#undef REFUSED

  free(changed);
  free(token);
  mjwt_verifier_free(verifier);
  mjwt_signer_free(signer);
}

/* From 0 to enough: BUFFER_TOO_SMALL says the size, and only of a token that is otherwise good. */
static void buffer_sizes(void) {
  const mjwt_signer *signer = signer_of(SECRET_LEN, MJWT_ALG_HS256, "");
  const mjwt_verifier *verifier = build(config_with_key());
  size_t pad, cap, len;
  for (pad = 0; pad < 4; pad++) {
    char json[64], expired[64], claims[64];
    mjwt_info info = MJWT_INFO_INIT;
    char *good, *bad;
    size_t bad_len, size;
    sprintf(json, "{\"sub\":\"%.*s\",\"exp\":2000000060}", (int)pad, "abc");
    sprintf(expired, "{\"sub\":\"%.*s\",\"exp\":1}", (int)pad, "abc");
    size = strlen(json);
    good = mint(signer, json, &len);
    bad = mint(signer, expired, &bad_len);
    CHECK(MJWT_CLAIMS_BOUND(len) >= size);
    for (cap = 0; cap <= size + 2; cap++) {
      int enough = cap >= size;
      memset(claims, 'x', sizeof claims);
      CHECK_STATUS(enough ? MJWT_OK : MJWT_ERR_BUFFER_TOO_SMALL,
                   mjwt_verify(verifier, good, len, NOW, claims, cap, &info));
      CHECK(info.claims_len == size && info.present == (MJWT_CLAIM_SUB | MJWT_CLAIM_EXP) && info.exp == 2000000060);
      if (enough) {
        CHECK(memcmp(claims, json, size) == 0 && info.sub_offset == 8 && info.sub_len == pad);
      } else {
        CHECK(all_bytes(claims, cap, 0) && info.sub_offset == 0 && info.sub_len == 0);
      }
      CHECK(all_bytes(claims + cap, sizeof claims - cap, 'x'));
      CHECK_STATUS(MJWT_ERR_EXPIRED, mjwt_verify(verifier, bad, bad_len, NOW, claims, cap, &info));
      CHECK_STATUS(MJWT_ERR_SIGNATURE, mjwt_verify(verifier, good, len - 1, NOW, claims, cap, &info));
      CHECK(info.claims_len == 0);
    }
    free(bad);
    free(good);
  }
  mjwt_verifier_free(verifier);
  mjwt_signer_free(signer);
}

static void times(void) {
  const mjwt_verifier *plain = build(config_with_key());
  const mjwt_verifier *lenient = with_option(MJWT_OPT_LEEWAY_SECONDS, 86400);
  const mjwt_verifier *aged = with_option(MJWT_OPT_MAX_AGE_SECONDS, 60);
  const mjwt_verifier *dated = with_option(MJWT_OPT_CHECK_IAT, 1);
  const mjwt_verifier *bounded = with_option(MJWT_OPT_REQUIRE_EXP, 1);
  const mjwt_verifier *unending = with_option(MJWT_OPT_IGNORE_EXPIRATION, 1);

  CHECK_STATUS(MJWT_OK, check_claims(plain, "{\"exp\":2000000000}", NOW - 1));
  CHECK_STATUS(MJWT_ERR_EXPIRED, check_claims(plain, "{\"exp\":2000000000}", NOW));
  CHECK_STATUS(MJWT_OK, check_claims(plain, "{\"exp\":2000000000.5}", NOW));
  CHECK_STATUS(MJWT_OK, check_claims(plain, "{\"nbf\":2000000000}", NOW));
  CHECK_STATUS(MJWT_ERR_NOT_YET_VALID, check_claims(plain, "{\"nbf\":2000000000}", NOW - 1));
  CHECK_STATUS(MJWT_OK, check_claims(lenient, "{\"exp\":2000000000}", NOW + 86399));
  CHECK_STATUS(MJWT_ERR_EXPIRED, check_claims(lenient, "{\"exp\":2000000000}", NOW + 86400));
  CHECK_STATUS(MJWT_OK, check_claims(lenient, "{\"nbf\":2000000000}", NOW - 86400));
  CHECK_STATUS(MJWT_ERR_NOT_YET_VALID, check_claims(lenient, "{\"nbf\":2000000000}", NOW - 86401));
  CHECK_STATUS(MJWT_OK, check_claims(aged, "{\"iat\":2000000000}", NOW + 59));
  CHECK_STATUS(MJWT_ERR_TOO_OLD, check_claims(aged, "{\"iat\":2000000000}", NOW + 60));
  CHECK_STATUS(MJWT_ERR_MISSING_CLAIM, check_claims(aged, "{}", NOW));
  CHECK_STATUS(MJWT_ERR_ISSUED_IN_FUTURE, check_claims(aged, "{\"iat\":2000000001}", NOW));
  CHECK_STATUS(MJWT_ERR_ISSUED_IN_FUTURE, check_claims(aged, "{\"iat\":2000000000000}", NOW)); /* Milliseconds. */
  CHECK_STATUS(MJWT_OK, check_claims(plain, "{\"iat\":2000000001}", NOW));
  CHECK_STATUS(MJWT_OK, check_claims(dated, "{\"iat\":2000000000}", NOW));
  CHECK_STATUS(MJWT_ERR_ISSUED_IN_FUTURE, check_claims(dated, "{\"iat\":2000000001}", NOW));
  CHECK_STATUS(MJWT_OK, check_claims(plain, "{}", NOW));
  CHECK_STATUS(MJWT_ERR_MISSING_CLAIM, check_claims(bounded, "{}", NOW));
  CHECK_STATUS(MJWT_OK, check_claims(bounded, "{\"exp\":2000000001}", NOW));

  CHECK_STATUS(MJWT_OK, check_claims(unending, "{\"exp\":1}", NOW));
  CHECK_STATUS(MJWT_ERR_NOT_YET_VALID, check_claims(unending, "{\"exp\":1,\"nbf\":2000000001}", NOW));

  /* The ends of the range, and the system clock. */
  CHECK_STATUS(MJWT_ERR_EXPIRED, check_claims(plain, "{\"exp\":9e18}", INT64_MAX));
  CHECK_STATUS(MJWT_OK, check_claims(plain, "{\"exp\":1}", INT64_MIN + 1));
  CHECK_STATUS(MJWT_ERR_NOT_YET_VALID, check_claims(plain, "{\"nbf\":0}", INT64_MIN + 1));
  CHECK_STATUS(MJWT_OK, check_claims(plain, "{\"nbf\":1700000000,\"exp\":32503680000}", MJWT_NOW));
  CHECK_STATUS(MJWT_ERR_EXPIRED, check_claims(plain, "{\"exp\":1700000000}", MJWT_NOW));
  CHECK_STATUS(MJWT_ERR_NOT_YET_VALID, check_claims(plain, "{\"nbf\":32503680000}", MJWT_NOW));

  mjwt_verifier_free(plain);
  mjwt_verifier_free(lenient);
  mjwt_verifier_free(aged);
  mjwt_verifier_free(dated);
  mjwt_verifier_free(bounded);
  mjwt_verifier_free(unending);
}

static void strictness(void) {
  const mjwt_verifier *plain = build(config_with_key());
  const mjwt_verifier *strict = with_option(MJWT_OPT_STRICT_CLAIMS, 1);
  static const struct {
    const char *claims;
    mjwt_status expected;
    uint32_t failed;
  } rows[] = {
    {"{\"iss\":\"i\",\"sub\":\"s\",\"exp\":2000000001,\"jti\":\"j\"}", MJWT_OK, 0},
    {"{\"sub\":1}", MJWT_ERR_CLAIM_MALFORMED, MJWT_CLAIM_SUB},
    {"{\"iss\":\"a\",\"iss\":\"a\"}", MJWT_ERR_CLAIM_MALFORMED, MJWT_CLAIM_ISS},
    {"{\"aud\":[\"a\",1]}", MJWT_ERR_CLAIM_MALFORMED, MJWT_CLAIM_AUD},
    {"{\"aud\":\"a\"}", MJWT_ERR_AUDIENCE, MJWT_CLAIM_AUD},
  };
  const mjwt_signer *signer = signer_of(SECRET_LEN, MJWT_ALG_HS256, "");
  size_t at, len;
  for (at = 0; at < sizeof rows / sizeof *rows; at++) {
    char *token = mint(signer, rows[at].claims, &len);
    mjwt_info info = MJWT_INFO_INIT;
    CHECK_STATUS(MJWT_OK, mjwt_verify(plain, token, len, NOW, NULL, 0, &info));
    CHECK_STATUS(rows[at].expected, mjwt_verify(strict, token, len, NOW, NULL, 0, &info));
    CHECK(info.failed == rows[at].failed && info.missing_index == UINT32_MAX);
    free(token);
  }
  mjwt_signer_free(signer);
  mjwt_verifier_free(plain);
  mjwt_verifier_free(strict);
}

static void required(void) {
  const mjwt_signer *signer = signer_of(SECRET_LEN, MJWT_ALG_HS256, "");
  const mjwt_verifier *verifier;
  mjwt_config *config = config_with_key();
  mjwt_info info = MJWT_INFO_INIT;
  size_t len;
  char *token;
  CHECK_STATUS(MJWT_OK, mjwt_config_add_issuer(config, MJWT_LIT("a")));
  CHECK_STATUS(MJWT_OK, mjwt_config_add_issuer(config, MJWT_LIT("b")));
  CHECK_STATUS(MJWT_OK, mjwt_config_add_audience(config, MJWT_LIT("api")));
  CHECK_STATUS(MJWT_OK, mjwt_config_set_subject(config, MJWT_LIT("me")));
  CHECK_STATUS(MJWT_OK, mjwt_config_set_type(config, MJWT_LIT("jwt")));
  CHECK_STATUS(MJWT_OK, mjwt_config_set_jwt_id(config, MJWT_LIT("7")));
  CHECK_STATUS(MJWT_OK, mjwt_config_require_claim(config, MJWT_LIT("sub")));
  CHECK_STATUS(MJWT_OK, mjwt_config_require_claim(config, MJWT_LIT("role")));
  CHECK_STATUS(MJWT_OK, mjwt_config_require_claim(config, MJWT_LIT("nbf")));
  CHECK_STATUS(MJWT_OK, mjwt_config_set(config, MJWT_OPT_REQUIRE_EXP, 1));
  verifier = build(config);

  /* What every token below has, then what it lacks. */
#define NAMES "\"iss\":\"a\",\"aud\":\"api\",\"sub\":\"me\",\"jti\":\"7\""
#define TIMES "\"exp\":2000000001,\"nbf\":1"
  CHECK_STATUS(MJWT_OK, check_claims(verifier, "{" NAMES "," TIMES ",\"role\":null}", NOW));
  CHECK_STATUS(MJWT_OK,
               check_claims(verifier,
                            "{\"iss\":\"b\",\"aud\":[\"x\",\"api\"],\"sub\":\"me\",\"jti\":\"7\",\"role\":1," TIMES "}",
                            NOW));

#define REFUSED(expected, bit, index, claims)                                                \
  token = mint(signer, claims, &len);                                                        \
  CHECK_STATUS(expected, mjwt_verify(verifier, token, len, NOW, NULL, 0, &info));            \
  CHECK(info.failed == (bit) && info.missing_index == (index));                              \
  free(token)
  REFUSED(MJWT_ERR_ISSUER, MJWT_CLAIM_ISS, UINT32_MAX, "{\"iss\":\"c\",\"aud\":\"api\",\"sub\":\"me\",\"role\":1}");
  REFUSED(MJWT_ERR_AUDIENCE, MJWT_CLAIM_AUD, UINT32_MAX, "{\"iss\":\"a\",\"aud\":[],\"sub\":\"me\",\"role\":1}");
  REFUSED(MJWT_ERR_SUBJECT, MJWT_CLAIM_SUB, UINT32_MAX, "{\"iss\":\"a\",\"aud\":\"api\",\"sub\":\"you\",\"role\":1}");
  REFUSED(MJWT_ERR_JWT_ID, MJWT_CLAIM_JTI, UINT32_MAX,
          "{\"iss\":\"a\",\"aud\":\"api\",\"sub\":\"me\",\"jti\":7,\"role\":1}");
  REFUSED(MJWT_ERR_MISSING_CLAIM, MJWT_CLAIM_EXP, UINT32_MAX, "{" NAMES ",\"role\":1,\"nbf\":1}"); /* By the option. */
  REFUSED(MJWT_ERR_MISSING_CLAIM, MJWT_CLAIM_OTHER, 1, "{" NAMES ",\"exp\":2000000001}");
  REFUSED(MJWT_ERR_MISSING_CLAIM, MJWT_CLAIM_NBF, 2, "{" NAMES ",\"role\":1,\"exp\":2000000001}");
#undef REFUSED
  mjwt_verifier_free(verifier);

  config = config_with_key();
  CHECK_STATUS(MJWT_OK, mjwt_config_set_type(config, MJWT_LIT("at+jwt")));
  verifier = build(config);
  CHECK_STATUS(MJWT_ERR_TYPE_HEADER, check_claims(verifier, "{}", NOW));
  mjwt_verifier_free(verifier);
  mjwt_signer_free(signer);
}

static void sizes_and_algorithms(void) {
  const mjwt_signer *hs384 = signer_of(48, MJWT_ALG_HS384, "");
  const mjwt_verifier *verifier;
  mjwt_config *config;
  size_t len, limit;
  char *token = mint(hs384, "{}", &len);
  for (limit = len - 1; limit <= len + 1; limit++) {
    config = NULL;
    CHECK_STATUS(MJWT_OK, mjwt_config_new(&config));
    CHECK_STATUS(MJWT_OK, mjwt_config_add_secret(config, SECRET, 48, NULL, 0));
    CHECK_STATUS(MJWT_OK, mjwt_config_set(config, MJWT_OPT_ALGORITHMS, MJWT_ALG_HS256 | MJWT_ALG_HS384));
    CHECK_STATUS(MJWT_OK, mjwt_config_set(config, MJWT_OPT_MAX_TOKEN_BYTES, (int64_t)limit));
    verifier = build(config);
    CHECK_STATUS(limit < len ? MJWT_ERR_TOKEN_TOO_LONG : MJWT_OK,
                 mjwt_verify(verifier, token, len, NOW, NULL, 0, NULL));
    mjwt_verifier_free(verifier);
  }
  verifier = build(config_with_key()); /* HS256 alone. */
  CHECK_STATUS(MJWT_ERR_ALGORITHM, mjwt_verify(verifier, token, len, NOW, NULL, 0, NULL));
  mjwt_verifier_free(verifier);

  config = NULL;
  CHECK_STATUS(MJWT_OK, mjwt_config_new(&config));
  CHECK_STATUS(MJWT_OK, mjwt_config_add_secret(config, SECRET, 47, NULL, 0));
  CHECK_STATUS(MJWT_OK, mjwt_config_set(config, MJWT_OPT_ALGORITHMS, MJWT_ALG_HS384));
  verifier = NULL;
  CHECK_STATUS(MJWT_ERR_KEY_TOO_SHORT, mjwt_verifier_new(config, &verifier));
  CHECK(verifier == NULL);
  CHECK_STATUS(MJWT_OK, mjwt_config_set(config, MJWT_OPT_ALLOW_SHORT_KEYS, 1));
  mjwt_verifier_free(build(config));
  free(token);
  mjwt_signer_free(hs384);
}

/* A signer signs nothing that a verifier with the same limit refuses for its size. */
static void signing_limits(void) {
  static char claims[20000], token[30000];
  const mjwt_signer *plain = signer_of(SECRET_LEN, MJWT_ALG_HS256, "");
  const mjwt_verifier *verifier = build(config_with_key());
  const mjwt_signer *large = NULL;
  mjwt_config *config = config_with_key();
  size_t size, len;
  CHECK_STATUS(MJWT_OK, mjwt_config_set(config, MJWT_OPT_MAX_TOKEN_BYTES, 20000));
  CHECK_STATUS(MJWT_OK, mjwt_signer_new_sized(SECRET, SECRET_LEN, NULL, 0, MJWT_ALG_HS256, 0, 20000, &large));
  memset(claims, 'x', sizeof claims);
  memcpy(claims, "{\"pad\":\"", 8);
  for (size = 12200; mjwt_sign_bound(plain, size) <= 16384; size++) {}
  memcpy(claims + size - 3, "\"}", 2);
  CHECK_STATUS(MJWT_OK, mjwt_sign(plain, claims, size - 1, token, sizeof token, &len));
  CHECK_STATUS(MJWT_OK, mjwt_verify(verifier, token, len, NOW, NULL, 0, NULL));
  memcpy(claims + size - 3, "x\"}", 3);
  len = 99;
  CHECK_STATUS(MJWT_ERR_TOKEN_TOO_LONG, mjwt_sign(plain, claims, size, token, sizeof token, &len));
  CHECK(len == 99);
  CHECK_STATUS(MJWT_OK, mjwt_sign(large, claims, size, token, sizeof token, &len));
  CHECK_STATUS(MJWT_ERR_TOKEN_TOO_LONG, mjwt_verify(verifier, token, len, NOW, NULL, 0, NULL));
  mjwt_verifier_free(verifier);
  verifier = build(config);
  CHECK_STATUS(MJWT_OK, mjwt_verify(verifier, token, len, NOW, NULL, 0, NULL));
  mjwt_verifier_free(verifier);
  mjwt_signer_free(plain);
  mjwt_signer_free(large);
}

static void keys(void) {
  const mjwt_signer *old_key = signer_of(33, MJWT_ALG_HS256, "old");
  const mjwt_signer *new_key = signer_of(34, MJWT_ALG_HS256, "new");
  const mjwt_signer *unknown = signer_of(34, MJWT_ALG_HS256, "other");
  const mjwt_verifier *verifier;
  mjwt_config *config = NULL;
  mjwt_info info = MJWT_INFO_INIT;
  size_t len;
  char *token;
  CHECK_STATUS(MJWT_OK, mjwt_config_new(&config));
  CHECK_STATUS(MJWT_OK, mjwt_config_add_secret(config, SECRET, 33, MJWT_LIT("old")));
  CHECK_STATUS(MJWT_OK, mjwt_config_add_secret(config, SECRET, 34, MJWT_LIT("new")));
  verifier = build(config);

  token = mint(old_key, "{}", &len);
  CHECK_STATUS(MJWT_OK, mjwt_verify(verifier, token, len, NOW, NULL, 0, &info));
  CHECK(info.key_index == 0);
  free(token);
  token = mint(new_key, "{}", &len);
  CHECK_STATUS(MJWT_OK, mjwt_verify(verifier, token, len, NOW, NULL, 0, &info));
  CHECK(info.key_index == 1);
  free(token);
  token = mint(unknown, "{}", &len);
  CHECK_STATUS(MJWT_ERR_UNKNOWN_KID, mjwt_verify(verifier, token, len, NOW, NULL, 0, &info));
  free(token);

  mjwt_verifier_free(verifier);
  mjwt_signer_free(old_key);
  mjwt_signer_free(new_key);
  mjwt_signer_free(unknown);
}

int main(void) {
  changed_tokens(MJWT_ALG_HS256, SECRET_LEN);
  changed_tokens(MJWT_ALG_HS384, 48);
  changed_tokens(MJWT_ALG_HS512, 64);
  buffer_sizes();
  times();
  strictness();
  required();
  sizes_and_algorithms();
  signing_limits();
  keys();
  return done("tokens");
}
