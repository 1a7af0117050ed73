/* Mints a token for a subject:
 *
 *   MJWT_SECRET=... ./mint <subject> <seconds>
 */
#include <mjwt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int main(int argc, char **argv) {
  const char *secret = getenv("MJWT_SECRET");
  const mjwt_signer *signer = NULL;
  mjwt_claims *claims = NULL;
  char json[1024], *token = NULL;
  size_t json_len = 0, token_len = 0, bound;
  int64_t now = (int64_t)time(NULL);
  mjwt_status status;

  if (argc != 3 || secret == NULL) {
    fprintf(stderr, "usage: MJWT_SECRET=... mint <subject> <seconds>\n");
    return 2;
  }

  status = mjwt_signer_new((const uint8_t *)secret, strlen(secret), NULL, 0, MJWT_ALG_HS256, 0, &signer);
  if (status == MJWT_OK) status = mjwt_claims_new(&claims);
  if (status == MJWT_OK) status = mjwt_claims_set_string(claims, MJWT_LIT("sub"), argv[1], strlen(argv[1]));
  if (status == MJWT_OK) status = mjwt_claims_set_int(claims, MJWT_LIT("iat"), now);
  if (status == MJWT_OK) status = mjwt_claims_set_int(claims, MJWT_LIT("exp"), now + atoi(argv[2]));
  if (status == MJWT_OK) status = mjwt_claims_set_json(claims, MJWT_LIT("roles"), MJWT_LIT("[\"user\"]"));
  if (status == MJWT_OK) status = mjwt_claims_json(claims, json, sizeof json, &json_len);

  if (status == MJWT_OK) {
    bound = mjwt_sign_bound(signer, json_len);
    token = (char *)malloc(bound);
    status = token == NULL ? MJWT_ERR_NO_MEMORY : mjwt_sign(signer, json, json_len, token, bound, &token_len);
  }
  if (status == MJWT_OK) printf("%.*s\n", (int)token_len, token);
  else fprintf(stderr, "%s: %s\n", mjwt_status_name(status), mjwt_status_message(status));

  free(token);
  mjwt_claims_free(claims);
  mjwt_signer_free(signer);
  return status != MJWT_OK;
}
