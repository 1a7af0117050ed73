/* Changes the keys of a running service: threads verify a token all the while, as the main thread
 * puts one JWK Set after another into use. A set that is not good is refused as a whole, and the
 * keys before it stay.
 *
 *   ./rotate <token> <JWK Set file>...
 *
 * Each set serves until 1000 tokens were verified with it. Exits with 1 when a token was refused
 * meanwhile. */
#include <mjwt.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#define THREADS 4
#define TOKENS_PER_SET 1000

/* The verifier in use. Under the lock a reference is only taken or exchanged; nobody verifies under
 * it. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const mjwt_verifier *current;
static unsigned long accepted, refused;
static int stop;

/* Takes a reference, so that the verifier lives until this request is done with it, whoever
 * replaces it. */
static const mjwt_verifier *take(void) {
  const mjwt_verifier *verifier;
  pthread_mutex_lock(&lock);
  verifier = mjwt_verifier_retain(current);
  pthread_mutex_unlock(&lock);
  return verifier;
}

/* Puts a verifier into use. The one before lives on in the requests that hold a reference. */
static void replace(const mjwt_verifier *verifier) {
  const mjwt_verifier *before;
  pthread_mutex_lock(&lock);
  before = current;
  current = verifier;
  accepted = refused = 0;
  pthread_mutex_unlock(&lock);
  mjwt_verifier_free(before);
}

/* A verifier with the keys of a file, or NULL and why not on standard error. */
static const mjwt_verifier *load(const char *path) {
  static char json[65536];
  const mjwt_verifier *verifier = NULL;
  mjwt_config *config = NULL;
  size_t len;
  mjwt_status status;
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    perror(path);
    return NULL;
  }
  len = fread(json, 1, sizeof json, file);
  fclose(file);

  status = mjwt_config_new(&config);
  if (status == MJWT_OK) status = mjwt_config_add_jwks(config, json, len, NULL);
  if (status == MJWT_OK) status = mjwt_config_set(config, MJWT_OPT_REQUIRE_EXP, 1);
  if (status == MJWT_OK) status = mjwt_verifier_new(config, &verifier);
  if (status != MJWT_OK) fprintf(stderr, "%s: %s\n", path, mjwt_config_error(config));
  mjwt_config_free(config);
  memset(json, 0, sizeof json); /* The keys are in it. */
  return verifier;
}

static void *serve(void *argument) {
  const char *token = (const char *)argument;
  const size_t len = strlen(token);
  int done = 0;
  while (!done) {
    const mjwt_verifier *verifier = take();
    mjwt_status status = mjwt_verify(verifier, token, len, MJWT_NOW, NULL, 0, NULL);
    pthread_mutex_lock(&lock);
    if (verifier == current) { /* Else it counts for a set that is gone. */
      if (status == MJWT_OK) accepted++;
      else refused++;
    }
    done = stop;
    pthread_mutex_unlock(&lock);
    mjwt_verifier_free(verifier);
  }
  return NULL;
}

int main(int argc, char **argv) {
  pthread_t threads[THREADS];
  int at, started = 0, any_refused = 0;

  if (argc < 3) {
    fprintf(stderr, "usage: rotate <token> <JWK Set file>...\n");
    return 2;
  }
  current = load(argv[2]);
  if (current == NULL) return 2;
  while (started < THREADS && pthread_create(&threads[started], NULL, serve, argv[1]) == 0) started++;

  for (at = 2; started > 0 && at < argc; at++) {
    const mjwt_verifier *next = load(argv[at]);
    unsigned long good, bad;
    if (next != NULL) replace(next);
    do {
      sched_yield();
      pthread_mutex_lock(&lock);
      good = accepted;
      bad = refused;
      if (good + bad >= TOKENS_PER_SET) accepted = refused = 0;
      pthread_mutex_unlock(&lock);
    } while (good + bad < TOKENS_PER_SET);
    printf("%s: %s, %s\n", argv[at], next != NULL ? "in use" : "not used",
           bad == 0 ? "all accepted" : good == 0 ? "all refused" : "some refused");
    any_refused |= bad != 0;
  }

  pthread_mutex_lock(&lock);
  stop = 1;
  pthread_mutex_unlock(&lock);
  for (at = 0; at < started; at++) pthread_join(threads[at], NULL);
  mjwt_verifier_free(current);
  return started == 0 ? 2 : any_refused;
}
