/* Does wrong on purpose, so that run.sh sees each watcher wake: bad
 * overflow|free|leak|undefined|uninitialised|race */
#include <limits.h>
#include <mjwt.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int counter;

static void *count(void *argument) {
  int *target = (int *)argument;
  int at;
  for (at = 0; at < 1000; at++) ++*target;
  return NULL;
}

int main(int argc, char **argv) {
  const char *how = argc > 1 ? argv[1] : "";
  volatile size_t size = 32;
  uint8_t *secret = (uint8_t *)malloc(size);
  const mjwt_verifier *verifier = NULL;
  if (secret == NULL) return 2;
  memset(secret, 1, size);
  if (strcmp(how, "overflow") == 0) {
    /* A buffer shorter than the length says, read by this program. */
    return secret[size] == 7;
  } else if (strcmp(how, "free") == 0) {
    if (mjwt_verifier_new_secret(secret, size, &verifier) != MJWT_OK) return 2;
    mjwt_verifier_free(verifier);
    return mjwt_verify(verifier, MJWT_LIT("a.b.c"), MJWT_NOW, NULL, 0, NULL) == MJWT_OK;
  } else if (strcmp(how, "leak") == 0) {
    if (mjwt_verifier_new_secret(secret, size, &verifier) != MJWT_OK) return 2;
    verifier = NULL;
  } else if (strcmp(how, "undefined") == 0) {
    volatile int big = INT_MAX;
    big++;
  } else if (strcmp(how, "uninitialised") == 0) {
    char *token = (char *)malloc(10);
    if (token == NULL || mjwt_verifier_new_secret(secret, size, &verifier) != MJWT_OK) return 2;
    if (mjwt_verify(verifier, token, 10, MJWT_NOW, NULL, 0, NULL) == MJWT_OK) puts("?");
    mjwt_verifier_free(verifier);
    free(token);
  } else if (strcmp(how, "race") == 0) {
    pthread_t other;
    if (pthread_create(&other, NULL, count, &counter) != 0) return 2;
    count(&counter);
    pthread_join(other, NULL);
  } else {
    return 2;
  }
  free(secret);
  return 0;
}
