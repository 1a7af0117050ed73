/* The shared vectors (tests/vectors/README.md) through the C ABI: vectors <folder> */
#include "check.h"

#include <jansson.h>

static json_t *load(const char *folder, const char *file) {
  char path[1024];
  json_error_t error;
  json_t *root;
  snprintf(path, sizeof path, "%s/%s", folder, file);
  /* Some numbers are too large for any integer. */
  root = json_load_file(path, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &error);
  if (root == NULL) {
    fprintf(stderr, "%s:%d: %s\n", path, error.line, error.text);
    exit(2);
  }
  return root;
}

struct bytes {
  char *at;
  size_t len;
};

/* Bytes of their own size, so that a byte read beyond them is found. */
static struct bytes copy(json_t *text) {
  struct bytes bytes;
  bytes.len = json_string_length(text);
  bytes.at = (char *)malloc(bytes.len ? bytes.len : 1);
  if (bytes.at == NULL) exit(2);
  memcpy(bytes.at, json_string_value(text), bytes.len);
  return bytes;
}

static struct bytes from_base64url(json_t *text) {
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  struct bytes bytes = copy(text);
  unsigned long bits = 0;
  size_t from, to = 0, count = 0;
  for (from = 0; from < bytes.len; from++) {
    const char *digit = (const char *)memchr(alphabet, bytes.at[from], 64);
    if (digit == NULL) {
      fprintf(stderr, "not base64url: %s\n", json_string_value(text));
      exit(2);
    }
    bits = bits << 6 | (unsigned long)(digit - alphabet);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.at[to++] = (char)(bits >> count & 0xff);
    }
  }
  bytes.len = to;
  return bytes;
}

static int64_t integer(json_t *number) {
  return (int64_t)json_number_value(number);
}

static mjwt_algorithm algorithm_of(const char *name) {
  if (strcmp(name, "HS256") == 0) return MJWT_ALG_HS256;
  if (strcmp(name, "HS384") == 0) return MJWT_ALG_HS384;
  if (strcmp(name, "HS512") == 0) return MJWT_ALG_HS512;
  return 8; /* One that is not there. */
}

static mjwt_status add_keys(mjwt_config *config, json_t *keys) {
  size_t at;
  json_t *key;
  mjwt_status status = MJWT_OK;
  json_array_foreach(keys, at, key) {
    struct bytes secret = from_base64url(json_object_get(key, "secret"));
    json_t *kid = json_object_get(key, "kid");
    if (status == MJWT_OK)
      status = mjwt_config_add_secret(config, (const uint8_t *)secret.at, secret.len, json_string_value(kid),
                                      json_string_length(kid));
    free(secret.at);
  }
  return status;
}

/* What the error of a refusal must contain. */
static void check_mention(const mjwt_config *config, json_t *vector) {
  const char *text = mjwt_config_error(config), *mentions = json_string_value(json_object_get(vector, "mentions"));
  CHECK(text[0] != '\0' && strchr(text, '\n') == NULL);
  if (mentions != NULL && strstr(text, mentions) == NULL) {
    CHECK(!"the error mentions it");
    fprintf(stderr, "  no \"%s\" in: %s\n", mentions, text);
  }
}

/* A verifier of the keys and the policy document of a vector. */
static mjwt_status verifier_of(json_t *vector, const mjwt_verifier **out) {
  json_t *jwks = json_object_get(vector, "jwks"), *policy = json_object_get(vector, "policy");
  mjwt_config *config = NULL;
  mjwt_status status = mjwt_config_new(&config);
  if (status == MJWT_OK) status = add_keys(config, json_object_get(vector, "keys"));
  if (status == MJWT_OK && jwks != NULL)
    status = mjwt_config_add_jwks(config, json_string_value(jwks), json_string_length(jwks), NULL);
  if (status == MJWT_OK && policy != NULL) {
    char *document = json_dumps(policy, JSON_REAL_PRECISION(17));
    status = mjwt_config_set_policy(config, document, strlen(document));
    free(document);
  }
  if (status == MJWT_OK) status = mjwt_verifier_new(config, out);
  if (status == MJWT_OK) CHECK(mjwt_config_error(config)[0] == '\0');
  else check_mention(config, vector);
  mjwt_config_free(config);
  return status;
}

static uint32_t bit_of(const char *claim) {
  static const char *const names[] = {"iss", "sub", "aud", "exp", "nbf", "iat", "jti"};
  uint32_t at;
  for (at = 0; at < 7; at++)
    if (strcmp(claim, names[at]) == 0) return (uint32_t)1 << at;
  return MJWT_CLAIM_OTHER;
}

/* Ends the report of a vector with its name, where one of its checks failed. */
static void blame(unsigned long failures_before, json_t *vector) {
  if (failures != failures_before)
    fprintf(stderr, "  in the vector \"%s\"\n", json_string_value(json_object_get(vector, "name")));
}

static void verify_vectors(const char *folder) {
  json_t *root = load(folder, "verify.json"), *vector;
  size_t at;
  json_array_foreach(json_object_get(root, "vectors"), at, vector) {
    json_t *text = json_object_get(vector, "token"), *missing = json_object_get(vector, "missing");
    json_t *claims = json_object_get(vector, "claims"), *failed = json_object_get(vector, "failed");
    json_t *limit = json_object_get(json_object_get(vector, "policy"), "maxTokenBytes");
    /* Claims that such a policy lets through. */
    size_t longest = (limit == NULL ? 16384 : (size_t)integer(limit)) * 3 / 4;
    int64_t now = integer(json_object_get(vector, "now"));
    mjwt_status code = (mjwt_status)integer(json_object_get(vector, "code"));
    unsigned long failures_before = failures;
    const mjwt_verifier *verifier = NULL;
    mjwt_info info = MJWT_INFO_INIT;
    struct bytes token;
    size_t cap;
    char *out;
    token = text != NULL ? copy(text) : from_base64url(json_object_get(vector, "token_base64url"));
    cap = MJWT_CLAIMS_BOUND(token.len);
    out = (char *)malloc(cap);
    memset(out, 'x', cap);
    CHECK_STATUS(MJWT_OK, verifier_of(vector, &verifier));
    CHECK_STATUS(code, mjwt_verify(verifier, token.at, token.len, now, out, cap, &info));
    if (code == MJWT_OK) {
      size_t len = json_string_length(claims);
      CHECK(info.claims_len == len && memcmp(out, json_string_value(claims), len) == 0);
      CHECK(info.key_index == integer(json_object_get(vector, "key_index")));
      CHECK_STATUS(len ? MJWT_ERR_BUFFER_TOO_SMALL : MJWT_OK,
                   mjwt_verify(verifier, token.at, token.len, now, out, 0, &info));
    } else {
      CHECK(info.claims_len == 0 && all_bytes(out, cap < longest ? cap : longest, 0));
      CHECK(MJWT_IS_TOKEN_ERROR(code));
      CHECK_STATUS(code, mjwt_verify(verifier, token.at, token.len, now, out, 0, &info));
    }
    CHECK(info.failed == (failed == NULL ? 0 : bit_of(json_string_value(failed))));
    CHECK(info.missing_index == (missing == NULL ? UINT32_MAX : (uint32_t)integer(missing)));
    CHECK_STATUS(code, mjwt_verify(verifier, token.at, token.len, now, NULL, 0, NULL));
    blame(failures_before, vector);
    free(out);
    free(token.at);
    mjwt_verifier_free(verifier);
  }
  json_decref(root);
}

/* A kid that is there and empty is an error elsewhere. In C length 0 means that there is none. */
static unsigned long empty_kids;

static int is_empty(json_t *kid) {
  if (kid == NULL || json_string_length(kid) != 0) return 0;
  empty_kids++;
  return 1;
}

static void config_vectors(const char *folder) {
  json_t *root = load(folder, "config.json"), *vector;
  size_t at;
  json_array_foreach(json_object_get(root, "vectors"), at, vector) {
    const mjwt_verifier *verifier = NULL;
    unsigned long failures_before = failures;
    if (is_empty(json_object_get(json_array_get(json_object_get(vector, "keys"), 0), "kid"))) {
      CHECK_STATUS(MJWT_OK, verifier_of(vector, &verifier));
      mjwt_verifier_free(verifier);
      continue;
    }
    CHECK_STATUS((mjwt_status)integer(json_object_get(vector, "code")), verifier_of(vector, &verifier));
    CHECK(verifier == NULL);
    blame(failures_before, vector);
  }
  json_decref(root);
}

/* Policy documents, good and bad, as they are written. */
static void policy_vectors(const char *folder) {
  json_t *root = load(folder, "policy.json"), *vector;
  size_t at;
  json_array_foreach(json_object_get(root, "vectors"), at, vector) {
    struct bytes document = copy(json_object_get(vector, "document"));
    mjwt_status code = (mjwt_status)integer(json_object_get(vector, "code"));
    unsigned long failures_before = failures;
    mjwt_config *config = NULL;
    CHECK_STATUS(MJWT_OK, mjwt_config_new(&config));
    CHECK_STATUS(code, mjwt_config_set_policy(config, document.at, document.len));
    if (code == MJWT_OK) CHECK(mjwt_config_error(config)[0] == '\0');
    else check_mention(config, vector);
    blame(failures_before, vector);
    mjwt_config_free(config);
    free(document.at);
  }
  json_decref(root);
}

/* The signer of a vector, whose key is a secret or in a JWK Set. */
static mjwt_status signer_from(json_t *vector, const mjwt_signer **out) {
  json_t *jwks = json_object_get(vector, "jwks"), *alg = json_object_get(vector, "alg"),
         *kid = json_object_get(vector, "kid");
  json_t *max_token_bytes = json_object_get(vector, "max_token_bytes");
  const char *kid_text = json_string_value(kid);
  size_t kid_len = json_string_length(kid), limit = max_token_bytes == NULL ? 16384 : (size_t)integer(max_token_bytes);
  uint32_t flags = json_is_true(json_object_get(vector, "allow_short_keys")) ? MJWT_SIGNER_ALLOW_SHORT_KEYS : 0;
  mjwt_algorithm algorithm = alg == NULL ? 0 : algorithm_of(json_string_value(alg));
  struct bytes secret;
  mjwt_status status;
  if (jwks != NULL)
    return mjwt_signer_new_jwks(json_string_value(jwks), json_string_length(jwks), kid_text, kid_len, algorithm, flags,
                                limit, out);
  if (algorithm == 0) algorithm = MJWT_ALG_HS256;
  secret = from_base64url(json_object_get(vector, "secret"));
  if (max_token_bytes == NULL)
    status = mjwt_signer_new((const uint8_t *)secret.at, secret.len, kid_text, kid_len, algorithm, flags, out);
  else
    status =
        mjwt_signer_new_sized((const uint8_t *)secret.at, secret.len, kid_text, kid_len, algorithm, flags, limit, out);
  free(secret.at);
  return status;
}

static void sign_vectors(const char *folder) {
  json_t *root = load(folder, "sign.json"), *vector;
  size_t at;
  json_array_foreach(json_object_get(root, "vectors"), at, vector) {
    struct bytes claims = copy(json_object_get(vector, "claims"));
    json_t *kid = json_object_get(vector, "kid"), *token = json_object_get(vector, "token");
    mjwt_status code = (mjwt_status)integer(json_object_get(vector, "code"));
    unsigned long failures_before = failures;
    const mjwt_signer *signer = NULL;
    mjwt_status status = signer_from(vector, &signer);
    if (status == MJWT_OK) {
      size_t bound = mjwt_sign_bound(signer, claims.len), len = 0;
      char *out = (char *)malloc(bound);
      status = mjwt_sign(signer, claims.at, claims.len, out, bound, &len);
      if (token != NULL) CHECK(len == json_string_length(token) && memcmp(out, json_string_value(token), len) == 0);
      free(out);
    }
    CHECK_STATUS(is_empty(kid) ? MJWT_OK : code, status);
    CHECK((token != NULL) == (code == MJWT_OK));
    blame(failures_before, vector);
    mjwt_signer_free(signer);
    free(claims.at);
  }
  json_decref(root);
}

/* The header is accepted as its token is, or holds none. */
static void bearer_vectors(const char *folder) {
  json_t *root = load(folder, "bearer.json"), *vector;
  int64_t now = integer(json_object_get(root, "now"));
  const mjwt_verifier *verifier = NULL;
  size_t at;
  CHECK_STATUS(MJWT_OK, verifier_of(root, &verifier));
  json_array_foreach(json_object_get(root, "vectors"), at, vector) {
    struct bytes header = copy(json_object_get(vector, "header"));
    json_t *token = json_object_get(vector, "token");
    unsigned long failures_before = failures;
    char from_header[4096], from_token[4096];
    mjwt_info info = MJWT_INFO_INIT, same = MJWT_INFO_INIT;
    CHECK_STATUS(token == NULL ? MJWT_ERR_NO_BEARER : MJWT_OK,
                 mjwt_verify_bearer(verifier, header.at, header.len, now, from_header, sizeof from_header, &info));
    if (token != NULL) {
      CHECK_STATUS(MJWT_OK, mjwt_verify(verifier, json_string_value(token), json_string_length(token), now, from_token,
                                        sizeof from_token, &same));
      CHECK(same.claims_len == info.claims_len && memcmp(from_token, from_header, info.claims_len) == 0);
    } else {
      CHECK(integer(json_object_get(vector, "code")) == MJWT_ERR_NO_BEARER);
    }
    blame(failures_before, vector);
    free(header.at);
  }
  mjwt_verifier_free(verifier);
  json_decref(root);
}

/* The names that the library gives are those of the table, and there is no other code. */
static void codes(const char *folder) {
  json_t *root = load(folder, "codes.json"), *row;
  size_t at, rows = json_array_size(json_object_get(root, "codes")), named = 0;
  mjwt_status status;
  json_array_foreach(json_object_get(root, "codes"), at, row) {
    const char *name = mjwt_status_name((mjwt_status)integer(json_object_get(row, "code")));
    CHECK(strcmp(name, json_string_value(json_object_get(row, "name"))) == 0);
  }
  for (status = -1; status < 1000; status++)
    named += status != MJWT_OK && strcmp(mjwt_status_name(status), "UNKNOWN") != 0;
  CHECK(named == rows);
  json_decref(root);
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  verify_vectors(argv[1]);
  config_vectors(argv[1]);
  policy_vectors(argv[1]);
  sign_vectors(argv[1]);
  bearer_vectors(argv[1]);
  codes(argv[1]);
  CHECK(empty_kids == 2);
  return done("vectors");
}
