/* A program that holds libmjwt.a and another Rust library. */
#include "check.h"

size_t second_digits(uint32_t n);

int main(void) {
  const mjwt_signer *signer = signer_of(SECRET_LEN, MJWT_ALG_HS256, "");
  const mjwt_verifier *verifier = NULL;
  size_t len;
  char *token = mint(signer, "{}", &len);
  CHECK(second_digits(7) == 77);
  CHECK(second_digits(12) == 14);
  CHECK_STATUS(MJWT_OK, mjwt_verifier_new_secret(SECRET, SECRET_LEN, &verifier));
  CHECK_STATUS(MJWT_OK, mjwt_verify(verifier, token, len, MJWT_NOW, NULL, 0, NULL));
  mjwt_verifier_free(verifier);
  mjwt_signer_free(signer);
  free(token);
  return done("second");
}
