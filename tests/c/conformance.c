/* The header in every C and C++ it is meant for: all macros and functions, without a warning. */
#include <mjwt.h>
#include <mjwt.h>

#include <stdio.h>
#include <string.h>

#if MJWT_VERSION_NUMBER < 1000 || MJWT_ABI_VERSION != 0
#error "the versions serve the preprocessor"
#endif

/* Bounds and counts are constants. */
static char claims[MJWT_CLAIMS_BOUND(16384)];

static const char *describe(mjwt_status status) {
  switch (status) { /* Codes are distinct constants. */
  case MJWT_OK:
  case MJWT_ERR_BUFFER_TOO_SMALL:
  case MJWT_ERR_EXPIRED:
    return mjwt_status_name(status);
  default:
    return MJWT_IS_TOKEN_ERROR(status) ? mjwt_status_message(status) : "?";
  }
}

int main(void) {
  static const unsigned char secret[32] = {1};
  const mjwt_verifier *verifier = NULL;
  const mjwt_signer *signer = NULL;
  mjwt_config *config = NULL;
  mjwt_claims *writer = NULL;
  mjwt_info info = MJWT_INFO_INIT;
  struct mjwt_info *same = &info;
  char token[256], text[16];
  size_t len = 0, at = 0, cursor = 0;
  int64_t number = 0;
  double real = 0;
  int flag = 0;
  mjwt_status status;

  status = mjwt_config_new(&config);
  if (status == MJWT_OK) status = mjwt_config_set(config, MJWT_OPT_LEEWAY_SECONDS, 1);
  if (status == MJWT_OK)
    status = mjwt_config_set(config, MJWT_OPT_ALGORITHMS, MJWT_ALG_HS256 | MJWT_ALG_HS384 | MJWT_ALG_HS512);
  if (status == MJWT_OK) status = mjwt_config_set(config, MJWT_OPT_ALLOW_SHORT_KEYS, 1);
  if (status == MJWT_OK) status = mjwt_config_add_secret(config, secret, sizeof secret, MJWT_LIT("k"));
  if (status == MJWT_OK) status = mjwt_config_add_issuer(config, MJWT_LIT("i"));
  if (status == MJWT_OK) status = mjwt_config_set_policy(config, MJWT_LIT("{\"requiredClaims\":[\"n\"]}"));
  if (status == MJWT_OK) status = mjwt_verifier_new(config, &verifier);
  if (status == MJWT_OK)
    status =
        mjwt_signer_new(secret, sizeof secret, MJWT_LIT("k"), MJWT_ALG_HS512, MJWT_SIGNER_ALLOW_SHORT_KEYS, &signer);
  if (status == MJWT_OK) status = mjwt_claims_new(&writer);
  if (status == MJWT_OK) status = mjwt_claims_set_string(writer, MJWT_LIT("iss"), MJWT_LIT("i"));
  if (status == MJWT_OK) status = mjwt_claims_set_int(writer, MJWT_LIT("n"), -5);
  if (status == MJWT_OK) status = mjwt_claims_set_json(writer, MJWT_LIT("a"), MJWT_LIT("[1]"));
  if (status == MJWT_OK) status = mjwt_claims_json(writer, claims, sizeof claims, &len);
  if (status == MJWT_OK) status = mjwt_sign(signer, claims, len, token, sizeof token, &len);
  if (status == MJWT_OK && len != mjwt_sign_bound(signer, sizeof "{'iss':'i','n':-5,'a':[1]}" - 1)) status = -1;
  if (status == MJWT_OK) status = mjwt_verify(verifier, token, len, MJWT_NOW, claims, sizeof claims, same);
  if (status == MJWT_OK) status = mjwt_claims_get_int(claims, info.claims_len, MJWT_LIT("n"), &number);
  if (status == MJWT_OK) status = mjwt_claims_get_json(claims, info.claims_len, MJWT_LIT("a"), &at, &len);
  if (status == MJWT_OK)
    status = mjwt_claims_get_string(claims, info.claims_len, MJWT_LIT("iss"), text, sizeof text, &len);
  if (status == MJWT_OK && (number != -5 || len != 1 || text[0] != 'i' || at == 0)) status = -1;
  if (status == MJWT_OK && (info.present != MJWT_CLAIM_ISS || info.failed != 0)) status = -1;
  if (status == MJWT_OK) status = mjwt_claims_contains(claims, info.claims_len, MJWT_LIT("iss"), MJWT_LIT("i"), &flag);
  if (status == MJWT_OK && (!flag || info.missing_index != UINT32_MAX)) status = -1;
  if (status == MJWT_OK) status = mjwt_claims_next(claims, info.claims_len, MJWT_LIT("a"), &cursor, &at, &len);
  if (status == MJWT_OK && (len != 1 || claims[at] != '1')) status = -1;
  if (status == MJWT_OK) status = mjwt_claims_get_double(claims, info.claims_len, MJWT_LIT("n"), &real);
  if (status == MJWT_OK && !(real < -4.5 && real > -5.5)) status = -1;
  if (status == MJWT_OK && mjwt_claims_get_bool(claims, info.claims_len, MJWT_LIT("n"), &flag) != MJWT_ERR_CLAIM_TYPE)
    status = -1;
  if (status == MJWT_OK) status = mjwt_www_authenticate(MJWT_ERR_NO_BEARER, MJWT_LIT("r"), token, sizeof token, &len);
  if (status == MJWT_OK && mjwt_claims_bound(16384) != sizeof claims) status = -1;
  if (status == MJWT_OK && mjwt_is_token_error(MJWT_ERR_EXPIRED) != MJWT_IS_TOKEN_ERROR(MJWT_ERR_EXPIRED)) status = -1;
  if (status == MJWT_OK && (MJWT_CLAIM_OTHER & MJWT_CLAIM_JTI) != 0) status = -1;
  if (status == MJWT_OK && strcmp(mjwt_version_string(), MJWT_VERSION_STRING) != 0) status = -1;

  mjwt_claims_free(writer);
  mjwt_signer_free(signer);
  mjwt_verifier_free(verifier);
  if (status == MJWT_OK && mjwt_config_error(config)[0] != '\0') status = -1;
  mjwt_config_free(config);
  if (status != MJWT_OK) fprintf(stderr, "conformance: %s\n", describe(status));
  return status != MJWT_OK;
}
