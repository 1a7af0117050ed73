/* libmjwt, libjwt and OpenSSL on the same token, in turns: bench [quick]
 *
 * Prints one JSON line a case: ns is the median over the rounds, ratio the median over the rounds
 * of (this case / mjwt_verify). */
#include <jwt.h>
#include <mjwt.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MOST_ROUNDS 61

static const char SECRET[] = "supersecretdevkeythatishs256safe!";
#define SECRET_LEN (sizeof SECRET - 1)
#define NOW ((int64_t)1900000000)

/* One token and everything about it. */
static struct {
  char claims[13000], token[17000];
  size_t claims_len, len, signed_len;
} subject;

static const mjwt_verifier *verifier;
static const mjwt_signer *signer;
static jwt_t *grants;
static char out[17000];

static void must(int good, const char *what) {
  if (!good) {
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
  }
}

static void run_hmac(void) {
  unsigned char mac[32];
  unsigned len;
  must(HMAC(EVP_sha256(), SECRET, (int)SECRET_LEN, (const unsigned char *)subject.token, subject.signed_len, mac,
            &len) != NULL,
       "HMAC");
}

static void run_verify(void) {
  mjwt_info info = MJWT_INFO_INIT;
  must(mjwt_verify(verifier, subject.token, subject.len, NOW, out, sizeof out, &info) == MJWT_OK, "mjwt_verify");
}

static void run_refuse(void) {
  mjwt_info info = MJWT_INFO_INIT;
  size_t cap = MJWT_CLAIMS_BOUND(subject.len);
  must(mjwt_verify(verifier, subject.token, subject.len - 1, NOW, out, cap, &info) == MJWT_ERR_SIGNATURE, "refusal");
}

static void run_sign(void) {
  size_t len;
  must(mjwt_sign(signer, subject.claims, subject.claims_len, out, sizeof out, &len) == MJWT_OK, "mjwt_sign");
}

static void run_libjwt_verify(void) {
  jwt_t *jwt = NULL;
  must(jwt_decode(&jwt, subject.token, (const unsigned char *)SECRET, (int)SECRET_LEN) == 0, "jwt_decode");
  jwt_free(jwt);
}

static void run_libjwt_sign(void) {
  char *token = jwt_encode_str(grants);
  must(token != NULL, "jwt_encode_str");
  free(token);
}

static const struct {
  const char *name, *kind, *op, *what;
  void (*run)(void);
} CASES[] = {
  {"mjwt_verify", "ours", "verify", "accept", run_verify},
  {"mjwt_verify", "ours", "verify", "bad signature", run_refuse},
  {"mjwt_sign", "ours", "sign", "accept", run_sign},
  {"libjwt jwt_decode", "peer", "verify", "accept", run_libjwt_verify},
  {"libjwt jwt_encode_str", "peer", "sign", "accept", run_libjwt_sign},
  {"openssl HMAC()", "floor", "verify", "accept", run_hmac},
};
#define COUNT (sizeof CASES / sizeof *CASES)

static double clock_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now); /* Other programs may run in between. */
  return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static double time_of(void (*run)(void), long times) {
  double start = clock_ns();
  long at;
  for (at = 0; at < times; at++) run();
  return (clock_ns() - start) / (double)times;
}

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* A token whose claims hold so many bytes of padding. */
static void prepare(size_t pad) {
  int len = sprintf(
      subject.claims,
      "{\"sub\":\"user-1\",\"name\":\"Johannes Doe\",\"iss\":\"example\",\"iat\":1800000000,\"exp\":2000000000");
  subject.claims_len = (size_t)len;
  jwt_free(grants);
  must(jwt_new(&grants) == 0, "jwt_new");
  jwt_add_grants_json(
      grants,
      "{\"sub\":\"user-1\",\"name\":\"Johannes Doe\",\"iss\":\"example\",\"iat\":1800000000,\"exp\":2000000000}");
  if (pad > 0) {
    char *text = (char *)malloc(pad + 1);
    must(text != NULL, "memory");
    memset(text, 'x', pad);
    text[pad] = '\0';
    subject.claims_len += (size_t)sprintf(subject.claims + len, ",\"pad\":\"%s\"", text);
    jwt_add_grant(grants, "pad", text);
    free(text);
  }
  subject.claims[subject.claims_len++] = '}';
  jwt_set_alg(grants, JWT_ALG_HS256, (const unsigned char *)SECRET, (int)SECRET_LEN);
  must(mjwt_sign(signer, subject.claims, subject.claims_len, subject.token, sizeof subject.token, &subject.len) ==
           MJWT_OK,
       "mjwt_sign");
  subject.token[subject.len] = '\0';
  subject.signed_len = subject.len - 44;
}

static void measure(size_t rounds, double round_ns) {
  static double ns[COUNT][MOST_ROUNDS], ratio[COUNT][MOST_ROUNDS];
  long times[COUNT];
  size_t at, round;
  for (at = 0; at < COUNT; at++) {
    time_of(CASES[at].run, 1000);
    times[at] = (long)(round_ns / time_of(CASES[at].run, 1000)) + 1;
  }
  for (round = 0; round < rounds; round++) {
    for (at = 0; at < COUNT; at++) {
      size_t who = (at + round) % COUNT;
      ns[who][round] = time_of(CASES[who].run, times[who]);
    }
    for (at = 0; at < COUNT; at++) ratio[at][round] = ns[at][round] / ns[0][round];
  }
  for (at = 0; at < COUNT; at++) {
    qsort(ns[at], rounds, sizeof **ns, by_size);
    qsort(ratio[at], rounds, sizeof **ratio, by_size);
    printf("{\"set\":\"c\",\"op\":\"%s\",\"case\":\"%s\",\"size\":%d,\"shape\":\"%s\",\"name\":\"%s\",\"kind\":\"%s\","
           "\"ns\":%.1f,\"p25\":%.1f,\"p75\":%.1f,\"ratio\":%.4f}\n",
           CASES[at].op, CASES[at].what, subject.len > 1000 ? 16384 : 200, subject.len > 1000 ? "one string" : "mixed",
           CASES[at].name, CASES[at].kind, ns[at][rounds / 2], ns[at][rounds / 4], ns[at][rounds * 3 / 4],
           ratio[at][rounds / 2]);
  }
}

int main(int argc, char **argv) {
  int quick = argc == 2 && strcmp(argv[1], "quick") == 0;
  size_t rounds = quick ? 7 : MOST_ROUNDS;
  double round_ns = quick ? 1e6 : 4e6;
  must(argc == 1 || quick, "usage: bench [quick]");
  must(mjwt_verifier_new_secret((const uint8_t *)SECRET, SECRET_LEN, &verifier) == MJWT_OK, "verifier");
  must(mjwt_signer_new((const uint8_t *)SECRET, SECRET_LEN, NULL, 0, MJWT_ALG_HS256, 0, &signer) == MJWT_OK, "signer");
  prepare(0);
  measure(rounds, round_ns);
  prepare(12110);
  measure(rounds, round_ns);
  jwt_free(grants);
  mjwt_signer_free(signer);
  mjwt_verifier_free(verifier);
  return 0;
}
