/* Many threads share one verifier and one signer, and retain and free them all the while; whichever
 * thread is last frees. With HELGRIND, which does not know atomic operations, the main thread
 * frees, and makes the first calls, which find out what the processor can do. */
#include "check.h"

#include <pthread.h>

#define THREADS 8
#ifndef ROUNDS
#define ROUNDS 2000
#endif

struct shared {
  const mjwt_verifier *verifier;
  const mjwt_signer *signer;
  const char *token;
  size_t len;
};

static void *work(void *argument) {
  const struct shared *shared = (const struct shared *)argument;
  size_t wrong = 0;
  int round;
  for (round = 0; round < ROUNDS; round++) {
    const mjwt_verifier *verifier = mjwt_verifier_retain(shared->verifier);
    const mjwt_signer *signer = mjwt_signer_retain(shared->signer);
    mjwt_info info = MJWT_INFO_INIT;
    char claims[64], token[256];
    size_t len = 0;
    wrong += mjwt_verify(verifier, shared->token, shared->len, NOW, claims, sizeof claims, &info) != MJWT_OK;
    wrong += info.claims_len != 12 || memcmp(claims, "{\"sub\":\"me\"}", 12) != 0;
    wrong +=
        mjwt_verify(verifier, shared->token, shared->len - 1, NOW, claims, sizeof claims, &info) != MJWT_ERR_SIGNATURE;
    wrong += mjwt_sign(signer, MJWT_LIT("{\"sub\":\"me\"}"), token, sizeof token, &len) != MJWT_OK;
    wrong += len != shared->len || memcmp(token, shared->token, len) != 0;
    mjwt_verifier_free(verifier);
    mjwt_signer_free(signer);
  }
#ifndef HELGRIND
  mjwt_verifier_free(shared->verifier);
  mjwt_signer_free(shared->signer);
#endif
  return (void *)wrong;
}

int main(void) {
  struct shared shared = {NULL, NULL, NULL, 0};
  pthread_t threads[THREADS];
  char *token;
  size_t at;
  shared.signer = signer_of(SECRET_LEN, MJWT_ALG_HS256, "");
  CHECK_STATUS(MJWT_OK, mjwt_verifier_new_secret(SECRET, SECRET_LEN, &shared.verifier));
  shared.token = token = mint(shared.signer, "{\"sub\":\"me\"}", &shared.len);
#ifdef HELGRIND
  CHECK_STATUS(MJWT_OK, mjwt_verify(shared.verifier, token, shared.len, NOW, NULL, 0, NULL));
#else
  for (at = 1; at < THREADS; at++) { /* One reference each. */
    CHECK(mjwt_verifier_retain(shared.verifier) == shared.verifier);
    CHECK(mjwt_signer_retain(shared.signer) == shared.signer);
  }
#endif
  for (at = 0; at < THREADS; at++) CHECK(pthread_create(&threads[at], NULL, work, &shared) == 0);
  for (at = 0; at < THREADS; at++) {
    void *wrong = &shared;
    CHECK(pthread_join(threads[at], &wrong) == 0 && wrong == NULL);
  }
#ifdef HELGRIND
  mjwt_verifier_free(shared.verifier);
  mjwt_signer_free(shared.signer);
#endif
  free(token);
  return done("threads");
}
