/* Tokens of libjwt are accepted here, and tokens of ours by libjwt; changed ones by neither. */
#include "check.h"

#include <jwt.h>

static void one_algorithm(mjwt_algorithm algorithm, jwt_alg_t theirs, size_t secret_len, const char *name) {
  const mjwt_signer *signer = signer_of(secret_len, algorithm, "");
  const mjwt_verifier *verifier = NULL;
  mjwt_config *config = NULL;
  mjwt_info info = MJWT_INFO_INIT;
  char claims[256], text[64];
  size_t len, text_len;
  int64_t number;
  jwt_t *jwt = NULL;
  char *token;

  CHECK_STATUS(MJWT_OK, mjwt_config_new(&config));
  CHECK_STATUS(MJWT_OK, mjwt_config_set(config, MJWT_OPT_ALGORITHMS, algorithm));
  CHECK_STATUS(MJWT_OK, mjwt_config_add_secret(config, SECRET, secret_len, NULL, 0));
  CHECK_STATUS(MJWT_OK, mjwt_verifier_new(config, &verifier));
  mjwt_config_free(config);

  /* Theirs to us. */
  CHECK(jwt_new(&jwt) == 0);
  CHECK(jwt_add_grant(jwt, "sub", "J\xc3\xbcrgen \"J\"") == 0);
  CHECK(jwt_add_grant_int(jwt, "exp", 2000000060) == 0);
  CHECK(jwt_set_alg(jwt, theirs, SECRET, (int)secret_len) == 0);
  token = jwt_encode_str(jwt);
  CHECK(token != NULL);
  CHECK_STATUS(MJWT_OK, mjwt_verify(verifier, token, strlen(token), NOW, claims, sizeof claims, &info));
  CHECK(info.exp == 2000000060 && info.present == (MJWT_CLAIM_SUB | MJWT_CLAIM_EXP));
  CHECK_STATUS(MJWT_OK, mjwt_claims_get_string(claims, info.claims_len, MJWT_LIT("sub"), text, sizeof text, &text_len));
  CHECK(text_len == 11 && memcmp(text, "J\xc3\xbcrgen \"J\"", 11) == 0);
  CHECK_STATUS(MJWT_ERR_EXPIRED, mjwt_verify(verifier, token, strlen(token), NOW + 60, claims, sizeof claims, &info));
  token[strlen(token) - 5] ^= 1;
  CHECK(MJWT_IS_TOKEN_ERROR(mjwt_verify(verifier, token, strlen(token), NOW, claims, sizeof claims, &info)));
  free(token);
  jwt_free(jwt);

  /* Ours to them: they want a terminator. */
  token = mint(signer, "{\"sub\":\"J\xc3\xbcrgen \\\"J\\\"\",\"exp\":2000000060}", &len);
  token = (char *)realloc(token, len + 1);
  token[len] = '\0';
  jwt = NULL;
  CHECK(jwt_decode(&jwt, token, SECRET, (int)secret_len) == 0);
  CHECK(jwt_get_alg(jwt) == theirs);
  CHECK(strcmp(jwt_get_grant(jwt, "sub"), "J\xc3\xbcrgen \"J\"") == 0);
  number = jwt_get_grant_int(jwt, "exp");
  CHECK(number == 2000000060);
  jwt_free(jwt);
  token[len - 5] ^= 1;
  jwt = NULL;
  CHECK(jwt_decode(&jwt, token, SECRET, (int)secret_len) != 0);
  free(token);

  mjwt_verifier_free(verifier);
  mjwt_signer_free(signer);
  printf("interop_libjwt: %s\n", name);
}

int main(void) {
  one_algorithm(MJWT_ALG_HS256, JWT_ALG_HS256, 32, "HS256");
  one_algorithm(MJWT_ALG_HS384, JWT_ALG_HS384, 48, "HS384");
  one_algorithm(MJWT_ALG_HS512, JWT_ALG_HS512, 64, "HS512");
  return done("interop_libjwt");
}
