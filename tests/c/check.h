/* What the C tests share: a check that counts, and one secret with its handles. */
#ifndef CHECK_H
#define CHECK_H

#include <mjwt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned long checks, failures;

#define CHECK(condition) check((condition) != 0, __FILE__, __LINE__, #condition)
#define CHECK_STATUS(expected, call) check_status(expected, call, __FILE__, __LINE__, #call)

static inline void check(int holds, const char *file, int line, const char *what) {
  checks++;
  if (!holds) {
    failures++;
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
  }
}

static inline void check_status(mjwt_status expected, mjwt_status got, const char *file, int line, const char *what) {
  checks++;
  if (expected != got) {
    failures++;
    fprintf(stderr, "%s:%d: %s instead of %s: %s\n", file, line, mjwt_status_name(got), mjwt_status_name(expected),
            what);
  }
}

/* The exit code of a test. */
static int done(const char *name) {
  printf("%s: %lu checks, %lu failures\n", name, checks, failures);
  return checks == 0 || failures != 0;
}

/* An argument that is not UTF-8, and its length. */
#define BAD_UTF8 "\xff", 1

static const uint8_t SECRET[64] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde";
#define SECRET_LEN 32

/* 2033-05-18, a time at which the tests live. */
#define NOW ((int64_t)2000000000)

/* A signer for SECRET; the program ends when there is none. */
static inline const mjwt_signer *signer_of(size_t secret_len, mjwt_algorithm algorithm, const char *kid) {
  const mjwt_signer *signer = NULL;
  if (mjwt_signer_new(SECRET, secret_len, kid, strlen(kid), algorithm, 0, &signer) != MJWT_OK) exit(2);
  return signer;
}

/* A configuration with SECRET alone. */
static inline mjwt_config *config_with_key(void) {
  mjwt_config *config = NULL;
  if (mjwt_config_new(&config) != MJWT_OK || mjwt_config_add_secret(config, SECRET, SECRET_LEN, NULL, 0) != MJWT_OK)
    exit(2);
  return config;
}

/* The verifier of a configuration, which is freed. */
static inline const mjwt_verifier *build(mjwt_config *config) {
  const mjwt_verifier *verifier = NULL;
  if (mjwt_verifier_new(config, &verifier) != MJWT_OK) {
    fprintf(stderr, "no verifier: %s\n", mjwt_config_error(config));
    exit(2);
  }
  mjwt_config_free(config);
  return verifier;
}

/* The token of claims, in memory of its own, so that every byte read beyond it is found. */
static inline char *mint(const mjwt_signer *signer, const char *claims, size_t *len) {
  size_t bound = mjwt_sign_bound(signer, strlen(claims));
  char *token = (char *)malloc(bound);
  if (token == NULL || mjwt_sign(signer, claims, strlen(claims), token, bound, len) != MJWT_OK) exit(2);
  return token;
}

static inline int all_bytes(const void *memory, size_t len, unsigned char value) {
  const unsigned char *bytes = (const unsigned char *)memory;
  size_t at;
  for (at = 0; at < len; at++)
    if (bytes[at] != value) return 0;
  return 1;
}

#endif
