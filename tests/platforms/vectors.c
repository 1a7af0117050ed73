/* tests/vectors in C, with nothing but libmjwt: prints how many were as they say, and exits with 1
 * where one was not. With an argument, the first of them is wrong. */
#include <mjwt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct key {
  const char *secret;
  size_t secret_len;
  const char *kid;
  size_t kid_len;
};
struct verified {
  const char *name;
  const struct key *keys;
  size_t key_count;
  const char *jwks;
  size_t jwks_len;
  const char *policy;
  size_t policy_len;
  const char *token;
  size_t token_len;
  int64_t now;
  mjwt_status code;
  const char *claims;
  size_t claims_len;
};
struct made {
  const char *name, *secret;
  size_t secret_len;
  const char *kid;
  size_t kid_len;
  mjwt_algorithm alg;
  uint32_t flags;
  size_t limit;
  const char *claims;
  size_t claims_len;
  const char *token;
  size_t token_len;
};

#include "vectors.h"

static int accepts(const struct verified *v, mjwt_status wanted) {
  mjwt_config *config = NULL;
  const mjwt_verifier *verifier = NULL;
  mjwt_info info = MJWT_INFO_INIT;
  size_t at, cap = MJWT_CLAIMS_BOUND(v->token_len);
  char *claims = (char *)malloc(cap);
  mjwt_status status = mjwt_config_new(&config);
  int good;
  for (at = 0; at < v->key_count && status == MJWT_OK; at++)
    status = mjwt_config_add_secret(config, (const uint8_t *)v->keys[at].secret, v->keys[at].secret_len,
                                    v->keys[at].kid, v->keys[at].kid_len);
  if (status == MJWT_OK && v->jwks != NULL) status = mjwt_config_add_jwks(config, v->jwks, v->jwks_len, NULL);
  if (status == MJWT_OK && v->policy != NULL) status = mjwt_config_set_policy(config, v->policy, v->policy_len);
  if (status == MJWT_OK) status = mjwt_verifier_new(config, &verifier);
  if (status == MJWT_OK) status = mjwt_verify(verifier, v->token, v->token_len, v->now, claims, cap, &info);
  good = status == wanted;
  if (good && status == MJWT_OK)
    good = info.claims_len == v->claims_len && memcmp(claims, v->claims, v->claims_len) == 0;
  mjwt_verifier_free(verifier);
  mjwt_config_free(config);
  free(claims);
  if (!good) fprintf(stderr, "%s: %s, and not %s\n", v->name, mjwt_status_name(status), mjwt_status_name(wanted));
  return good;
}

static int makes(const struct made *v) {
  const mjwt_signer *signer = NULL;
  size_t len = 0, bound;
  char *token;
  int good;
  mjwt_status status = mjwt_signer_new_sized((const uint8_t *)v->secret, v->secret_len, v->kid, v->kid_len, v->alg,
                                             v->flags, v->limit, &signer);
  if (status != MJWT_OK) {
    fprintf(stderr, "%s: %s\n", v->name, mjwt_status_name(status));
    return 0;
  }
  bound = mjwt_sign_bound(signer, v->claims_len);
  token = (char *)malloc(bound);
  status = mjwt_sign(signer, v->claims, v->claims_len, token, bound, &len);
  good = status == MJWT_OK && len == v->token_len && memcmp(token, v->token, len) == 0;
  mjwt_signer_free(signer);
  free(token);
  if (!good) fprintf(stderr, "%s: another token, %s\n", v->name, mjwt_status_name(status));
  return good;
}

int main(int argc, char **argv) {
  size_t at, good = 0, verify_count = sizeof verified / sizeof *verified, sign_count = sizeof made / sizeof *made;
  (void)argv;
  for (at = 0; at < verify_count; at++)
    good += (size_t)accepts(&verified[at], verified[at].code + (at == 0 && argc > 1 ? 1 : 0));
  for (at = 0; at < sign_count; at++) good += (size_t)makes(&made[at]);
  printf("%lu of %lu vectors, libmjwt %s\n", (unsigned long)good, (unsigned long)(verify_count + sign_count),
         mjwt_version_string());
  return good == verify_count + sign_count ? 0 : 1;
}
