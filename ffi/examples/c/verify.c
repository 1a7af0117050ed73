/* Verifies the value of an Authorization header and prints the claims:
 *
 *   MJWT_SECRET=... ./verify "Bearer eyJhbGciOi..."
 *
 * Exits with 0 when the token is good, 1 when it is refused, 2 when the program is at fault. */
#include <mjwt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
  static char claims[MJWT_CLAIMS_BOUND(16384)];
  const char *secret = getenv("MJWT_SECRET");
  const mjwt_verifier *verifier = NULL;
  mjwt_info info = MJWT_INFO_INIT;
  mjwt_status status;

  if (argc != 2 || secret == NULL) {
    fprintf(stderr, "usage: MJWT_SECRET=... verify \"Bearer <token>\"\n");
    return 2;
  }

  status = mjwt_verifier_new_secret((const uint8_t *)secret, strlen(secret), &verifier);
  if (status == MJWT_OK)
    status = mjwt_verify_bearer(verifier, argv[1], strlen(argv[1]), MJWT_NOW, claims, sizeof claims, &info);
  mjwt_verifier_free(verifier);

  if (status != MJWT_OK) {
    fprintf(stderr, "%s: %s\n", mjwt_status_name(status), mjwt_status_message(status));
    return MJWT_IS_TOKEN_ERROR(status) ? 1 : 2; /* A server answers 401 or 500. */
  }
  printf("%.*s\n", (int)info.claims_len, claims);
  if (info.sub_len > 0) fprintf(stderr, "subject: %.*s\n", (int)info.sub_len, claims + info.sub_offset);
  if (info.present & MJWT_CLAIM_EXP) fprintf(stderr, "expires: %lld\n", (long long)info.exp);
  return 0;
}
