/* A panic inside the library is a status, and the library works on. Needs the feature test-panic.
 * */
#include "check.h"

mjwt_status mjwt_test_panic(void);

int main(void) {
  const mjwt_signer *signer = signer_of(SECRET_LEN, MJWT_ALG_HS256, "");
  const mjwt_verifier *verifier = NULL;
  size_t len;
  char *token = mint(signer, "{}", &len);
  CHECK_STATUS(MJWT_OK, mjwt_verifier_new_secret(SECRET, SECRET_LEN, &verifier));
  CHECK_STATUS(MJWT_ERR_PANIC, mjwt_test_panic());
  CHECK_STATUS(MJWT_ERR_PANIC, mjwt_test_panic());
  CHECK_STATUS(MJWT_OK, mjwt_verify(verifier, token, len, NOW, NULL, 0, NULL));
  mjwt_verifier_free(verifier);
  free(token);
  mjwt_signer_free(signer);
  return done("panic");
}
