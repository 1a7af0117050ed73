/* One verifier for all threads; each thread holds a reference of its own:
 *
 *   MJWT_SECRET=... ./threads <token>
 */
#include <mjwt.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define THREADS 4
#define ROUNDS 1000

struct work {
  const mjwt_verifier *verifier;
  const char *token;
  int accepted;
};

static void *run(void *argument) {
  struct work *work = (struct work *)argument;
  size_t len = strlen(work->token);
  int round;
  for (round = 0; round < ROUNDS; round++)
    if (mjwt_verify(work->verifier, work->token, len, MJWT_NOW, NULL, 0, NULL) == MJWT_OK) work->accepted++;
  mjwt_verifier_free(work->verifier);
  return NULL;
}

int main(int argc, char **argv) {
  const char *secret = getenv("MJWT_SECRET");
  const mjwt_verifier *verifier = NULL;
  pthread_t threads[THREADS];
  struct work works[THREADS];
  int at, started = 0, accepted = 0;
  mjwt_status status;

  if (argc != 2 || secret == NULL) {
    fprintf(stderr, "usage: MJWT_SECRET=... threads <token>\n");
    return 2;
  }
  status = mjwt_verifier_new_secret((const uint8_t *)secret, strlen(secret), &verifier);
  if (status != MJWT_OK) {
    fprintf(stderr, "%s: %s\n", mjwt_status_name(status), mjwt_status_message(status));
    return 2;
  }

  for (at = 0; at < THREADS; at++) {
    works[at].verifier = mjwt_verifier_retain(verifier);
    works[at].token = argv[1];
    works[at].accepted = 0;
    if (pthread_create(&threads[at], NULL, run, &works[at]) != 0) {
      mjwt_verifier_free(works[at].verifier);
      break;
    }
    started++;
  }
  mjwt_verifier_free(verifier); /* The threads have theirs. */

  for (at = 0; at < started; at++) {
    pthread_join(threads[at], NULL);
    accepted += works[at].accepted;
  }
  printf("%d of %d accepted\n", accepted, THREADS * ROUNDS);
  return accepted != THREADS * ROUNDS;
}
