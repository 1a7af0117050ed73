/* Resident memory over many verifications of good and bad tokens: memory COUNT
 * Also makes and frees a verifier for every thousandth token. Prints one JSON object. Linux only
 * (/proc/self/statm). */
#include <mjwt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOW ((int64_t)1800000000)

static const uint8_t SECRET[] = "supersecretdevkeythatishs256safe!";
#define SECRET_LEN (sizeof SECRET - 1)

static void must(int good, const char *what) {
  if (!good) {
    fprintf(stderr, "memory: %s\n", what);
    exit(1);
  }
}

static long resident(void) {
  long pages = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  must(file != NULL && fscanf(file, "%*s %ld", &pages) == 1, "/proc/self/statm cannot be read");
  fclose(file);
  return pages * sysconf(_SC_PAGESIZE);
}

static const mjwt_verifier *verifier(void) {
  const mjwt_verifier *made = NULL;
  must(mjwt_verifier_new_secret(SECRET, SECRET_LEN, &made) == MJWT_OK, "mjwt_verifier_new_secret");
  return made;
}

static size_t sign(const mjwt_signer *signer, const char *claims, char *token, size_t cap) {
  size_t len = 0;
  must(mjwt_sign(signer, claims, strlen(claims), token, cap, &len) == MJWT_OK, "mjwt_sign");
  return len;
}

int main(int argc, char **argv) {
  static char good[512], expired[512], large[8192], text[5000], claims[8192];
  long count = argc == 2 ? atol(argv[1]) : 0, at, refused = 0, start, early = 0, late;
  size_t good_len, expired_len, large_len;
  const mjwt_signer *signer = NULL;
  const mjwt_verifier *shared = verifier();
  must(count >= 1000, "usage: memory COUNT, at least 1000");
  must(mjwt_signer_new(SECRET, SECRET_LEN, NULL, 0, MJWT_ALG_HS256, 0, &signer) == MJWT_OK, "mjwt_signer_new");
  good_len = sign(signer, "{\"sub\":\"user-42\",\"name\":\"Ada Lovelace\",\"iat\":1700000000,\"exp\":4102444800}", good,
                  sizeof good);
  expired_len = sign(signer, "{\"sub\":\"user-42\",\"name\":\"Ada Lovelace\",\"iat\":1700000000,\"exp\":1700003600}",
                     expired, sizeof expired);
  strcpy(text, "{\"note\":\"");
  memset(text + 9, 'x', 3000);
  strcpy(text + 3009, "\"}");
  large_len = sign(signer, text, large, sizeof large);

  start = resident();
  for (at = 0; at < count; at++) {
    mjwt_info info = MJWT_INFO_INIT;
    const char *token = at % 100 == 99 ? large : at % 10 == 9 ? expired : good;
    size_t len = at % 100 == 99 ? large_len : at % 10 == 9 ? expired_len : good_len;
    mjwt_status status = mjwt_verify(shared, token, len, NOW, claims, MJWT_CLAIMS_BOUND(len), &info);
    must(status == (token == expired ? MJWT_ERR_EXPIRED : MJWT_OK), mjwt_status_message(status));
    refused += status != MJWT_OK;
    if (at % 1000 == 0) mjwt_verifier_free(verifier());
    if (at == count / 10) early = resident();
  }
  late = resident();
  printf(
      "{\"set\":\"memory\",\"op\":\"memory\",\"name\":\"mjwt_verify\",\"kind\":\"ours\",\"verifications\":%ld,"
      "\"refused\":%ld,\"start_bytes\":%ld,\"early_bytes\":%ld,\"late_bytes\":%ld,\"grown_bytes\":%ld}\n",
      count, refused, start, early, late, late - early);
  mjwt_signer_free(signer);
  mjwt_verifier_free(shared);
  return 0;
}
