/* mjwt_verify and mjwt_sign with the caller's buffer allocate nothing; freeing gives everything
 * back. The allocator functions are in this program, so the library calls them (glibc). */
#include "check.h"

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static long allocations, living;

static void *counted(void *memory) {
  allocations++;
  living += memory != NULL;
  return memory;
}

void *malloc(size_t size) { return counted(__libc_malloc(size)); }
void *calloc(size_t count, size_t size) { return counted(__libc_calloc(count, size)); }
void *memalign(size_t alignment, size_t size) { return counted(__libc_memalign(alignment, size)); }
void *aligned_alloc(size_t alignment, size_t size) { return counted(__libc_memalign(alignment, size)); }
int posix_memalign(void **out, size_t alignment, size_t size) {
  *out = counted(__libc_memalign(alignment, size));
  return *out == NULL;
}
void *realloc(void *memory, size_t size) {
  living -= memory != NULL;
  return counted(__libc_realloc(memory, size));
}
void free(void *memory) {
  living -= memory != NULL;
  __libc_free(memory);
}

/* Claims of about that many bytes. */
static char *claims_of(size_t size) {
  char *claims = (char *)malloc(size + 64);
  char *at = claims + sprintf(claims, "{\"sub\":\"me\",\"exp\":2000000060,\"pad\":\"");
  memset(at, 'x', size);
  strcpy(at + size, "\"}");
  return claims;
}

int main(void) {
  static const size_t sizes[] = {0, 100, 700, 5000, 12000};
  static const char *const kids[] = {"", "some-key"}; /* A header that is known, and one to parse. */
  static char out[17000], token_out[17000];
  const mjwt_verifier *verifier = NULL;
  mjwt_config *config = NULL;
  mjwt_info info = MJWT_INFO_INIT;
  size_t at, kid;
  long before = living, start;

  start = allocations;
  CHECK_STATUS(MJWT_OK, mjwt_config_new(&config));
  CHECK_STATUS(MJWT_OK, mjwt_config_add_secret(config, SECRET, SECRET_LEN, NULL, 0));
  CHECK_STATUS(MJWT_OK, mjwt_config_add_audience(config, MJWT_LIT("api")));
  CHECK_STATUS(MJWT_OK, mjwt_config_add_audience(config, MJWT_LIT("web")));
  mjwt_config_free(config);
  CHECK_STATUS(MJWT_OK, mjwt_verifier_new_secret(SECRET, SECRET_LEN, &verifier));
  CHECK(allocations > start); /* The counter does see what the library allocates. */

  for (kid = 0; kid < sizeof kids / sizeof *kids; kid++) {
    const mjwt_signer *signer = signer_of(SECRET_LEN, MJWT_ALG_HS256, kids[kid]);
    for (at = 0; at < sizeof sizes / sizeof *sizes; at++) {
      char *claims = claims_of(sizes[at]);
      size_t claims_len = strlen(claims), len, token_out_len;
      char *token = mint(signer, claims, &len);
      start = allocations;
      CHECK_STATUS(MJWT_OK, mjwt_verify(verifier, token, len, NOW, out, sizeof out, &info));
      CHECK(info.claims_len == claims_len);
      CHECK_STATUS(MJWT_OK, mjwt_verify(verifier, token, len, MJWT_NOW, NULL, 0, &info));
      CHECK_STATUS(MJWT_ERR_BUFFER_TOO_SMALL, mjwt_verify(verifier, token, len, NOW, out, claims_len - 1, &info));
      CHECK_STATUS(MJWT_ERR_EXPIRED, mjwt_verify(verifier, token, len, NOW + 60, out, sizeof out, &info));
      CHECK_STATUS(MJWT_ERR_SIGNATURE, mjwt_verify(verifier, token, len - 1, NOW, out, sizeof out, &info));
      CHECK_STATUS(MJWT_ERR_TOKEN_FORMAT, mjwt_verify(verifier, token, 10, NOW, out, sizeof out, &info));
      CHECK_STATUS(MJWT_ERR_NO_BEARER, mjwt_verify_bearer(verifier, token, len, NOW, out, sizeof out, &info));
      CHECK_STATUS(MJWT_OK, mjwt_sign(signer, claims, claims_len, token_out, sizeof token_out, &token_out_len));
      CHECK(allocations == start);
      free(token);
      free(claims);
    }
    mjwt_signer_free(signer);
  }
  mjwt_verifier_free(verifier);
  CHECK(living == before);
  return done("allocations");
}
