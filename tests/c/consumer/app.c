/* A program of somebody else: signs a token, verifies it, prints its claims. */
#include <mjwt.h>
#include <stdio.h>

int main(void) {
  static const uint8_t secret[] = "supersecretdevkeythatishs256safe!";
  const mjwt_signer *signer = NULL;
  const mjwt_verifier *verifier = NULL;
  mjwt_info info = MJWT_INFO_INIT;
  char token[256], claims[MJWT_CLAIMS_BOUND(sizeof token)];
  size_t len = 0;
  mjwt_status s = mjwt_signer_new(secret, sizeof secret - 1, NULL, 0, MJWT_ALG_HS256, 0, &signer);
  if (s == MJWT_OK) s = mjwt_sign(signer, MJWT_LIT("{\"sub\":\"me\"}"), token, sizeof token, &len);
  if (s == MJWT_OK) s = mjwt_verifier_new_secret(secret, sizeof secret - 1, &verifier);
  if (s == MJWT_OK) s = mjwt_verify(verifier, token, len, MJWT_NOW, claims, sizeof claims, &info);
  if (s == MJWT_OK) printf("%.*s\n", (int)info.claims_len, claims);
  else fprintf(stderr, "%s\n", mjwt_status_message(s));
  mjwt_verifier_free(verifier);
  mjwt_signer_free(signer);
  return s != MJWT_OK;
}
