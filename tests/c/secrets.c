/* Nothing of a secret stays in the memory of the process (Linux): it is searched for in every
 * mapping, in heap that was freed and in stack that was left. What is searched for is kept masked,
 * or it would find itself; and its first 16 bytes are passed over, since an allocator writes there
 * when it takes memory back. */
#define OPENSSL_SUPPRESS_DEPRECATED /* SHA256_CTX shows the state. */
#include "check.h"

#include <fcntl.h>
#include <openssl/sha.h>
#include <unistd.h>

#define MASK 0xa7
#define SKIP 16
#define LONGEST 512

/* What is searched for, masked. */
struct needle {
  unsigned char masked[LONGEST];
  size_t len;
};

static void wipe(void *memory, size_t len) {
  volatile unsigned char *at = (volatile unsigned char *)memory;
  while (len-- > 0) *at++ = 0;
}

static struct needle needle_of(const void *memory, size_t len) {
  struct needle needle;
  size_t at;
  needle.len = len;
  for (at = 0; at < len; at++) needle.masked[at] = ((const unsigned char *)memory)[at] ^ MASK;
  return needle;
}

/* The same under the pad of HMAC (RFC 2104 section 2), which is as good as the secret. */
static struct needle padded(struct needle needle, unsigned char pad) {
  size_t at;
  for (at = 0; at < needle.len; at++) needle.masked[at] ^= pad;
  return needle;
}

/* How often the needle from SKIP on is in a part of memory. */
static unsigned long count_in(const unsigned char *from, const unsigned char *to, const struct needle *needle) {
  const size_t len = needle->len - SKIP;
  const unsigned char *masked = needle->masked + SKIP;
  unsigned long count = 0;
  while (from + len <= to &&
         (from = (const unsigned char *)memchr(from, masked[0] ^ MASK, (size_t)(to - from) - len + 1)) != NULL) {
    size_t at = 0;
    while (at < len && (from[at] ^ MASK) == masked[at]) at++;
    count += at == len;
    from++;
  }
  return count;
}

static unsigned long count(const struct needle *needle) {
  static char maps[1 << 16];
  unsigned long found = 0;
  size_t size = 0;
  ssize_t got;
  char *line;
  int file = open("/proc/self/maps", O_RDONLY);
  while (file >= 0 && (got = read(file, maps + size, sizeof maps - 1 - size)) > 0) size += (size_t)got;
  close(file);
  if (size == 0 || size == sizeof maps - 1) exit(2);
  maps[size] = '\0';
  for (line = maps; *line != '\0'; line = strchr(line, '\n') + 1) {
    unsigned long from, to;
    char readable;
    if (sscanf(line, "%lx-%lx %c", &from, &to, &readable) != 3) exit(2);
    line += strcspn(line, "[\n"); /* The name of a mapping that is not a file's, such as [heap]. */
    if (readable == 'r' && (*line == '\n' || strncmp(line, "[heap]", 6) == 0 || strncmp(line, "[stack]", 7) == 0))
      found += count_in((const unsigned char *)from, (const unsigned char *)to, needle);
  }
  return found;
}

static void gone(const char *what, struct needle secret) {
  const struct needle inner = padded(secret, 0x36), outer = padded(secret, 0x5c);
  unsigned long plain = count(&secret), pads = count(&inner) + count(&outer);
  CHECK(plain == 0 && pads == 0);
  if (plain != 0 || pads != 0) fprintf(stderr, "  %s: found %lu times, %lu times as a pad\n", what, plain, pads);
}

/* Fresh bytes, which nothing else in the process has. */
static uint8_t *fresh(size_t len) {
  uint8_t *bytes = (uint8_t *)malloc(len);
  int file = open("/dev/urandom", O_RDONLY);
  if (bytes == NULL || file < 0 || read(file, bytes, len) != (ssize_t)len) exit(2);
  close(file);
  return bytes;
}

static void forget(void *bytes, size_t len) {
  wipe(bytes, len);
  free(bytes);
}

/* The state of SHA-256 after the block of the inner pad, which signs as well as the secret does. */
static struct needle inner_state(const uint8_t *secret, size_t len) {
  unsigned char block[64];
  struct needle needle;
  SHA256_CTX context;
  size_t at;
  for (at = 0; at < sizeof block; at++) block[at] = (unsigned char)((at < len ? secret[at] : 0) ^ 0x36);
  SHA256_Init(&context);
  SHA256_Update(&context, block, sizeof block);
  needle = needle_of(context.h, sizeof context.h);
  wipe(block, sizeof block);
  wipe(&context, sizeof context);
  return needle;
}

static const mjwt_algorithm ALL = MJWT_ALG_HS256 | MJWT_ALG_HS384 | MJWT_ALG_HS512;

/* A secret that goes into a verifier: through a configuration, and by itself. */
static void verifiers(size_t len) {
  uint8_t *secret = fresh(len);
  const struct needle needle = needle_of(secret, len), state = len <= 64 ? inner_state(secret, len) : needle;
  const mjwt_verifier *first = NULL, *second = NULL;
  mjwt_config *config = NULL;
  CHECK(count(&needle) == 1); /* It is found where it is. */
  CHECK_STATUS(MJWT_OK, mjwt_config_new(&config));
  CHECK_STATUS(MJWT_OK, mjwt_config_set(config, MJWT_OPT_ALGORITHMS, ALL));
  CHECK_STATUS(MJWT_OK, mjwt_config_set(config, MJWT_OPT_ALLOW_SHORT_KEYS, 1));
  CHECK_STATUS(MJWT_OK, mjwt_config_add_secret(config, secret, len, MJWT_LIT("kid")));
  CHECK_STATUS(MJWT_ERR_DUPLICATE_KID, mjwt_config_add_secret(config, secret, len, MJWT_LIT("kid")));
  CHECK_STATUS(MJWT_OK, mjwt_verifier_new(config, &first));
  CHECK_STATUS(MJWT_OK, mjwt_verifier_new_secret(secret, len, &second));
  CHECK_STATUS(MJWT_ERR_TOKEN_FORMAT, mjwt_verify(first, "", 0, NOW, NULL, 0, NULL));
  mjwt_config_free(config);
  forget(secret, len);
  gone("verifiers that are in use", needle);
  if (len <= 64) CHECK(count(&state) == 2); /* One in each verifier, and no copy. */
  mjwt_verifier_free(first);
  mjwt_verifier_free(second);
  gone("verifiers that were freed", needle);
  if (len <= 64) CHECK(count(&state) == 0);
}

static void signers(size_t len) {
  static const mjwt_algorithm algorithms[] = {MJWT_ALG_HS256, MJWT_ALG_HS384, MJWT_ALG_HS512};
  size_t at;
  for (at = 0; at < 3; at++) {
    uint8_t *secret = fresh(len);
    const struct needle needle = needle_of(secret, len);
    const mjwt_signer *signer = NULL;
    char token[256];
    size_t token_len;
    CHECK_STATUS(MJWT_OK, mjwt_signer_new(secret, len, NULL, 0, algorithms[at], MJWT_SIGNER_ALLOW_SHORT_KEYS, &signer));
    CHECK_STATUS(MJWT_OK, mjwt_sign(signer, MJWT_LIT("{}"), token, sizeof token, &token_len));
    forget(secret, len);
    gone("a signer that is in use", needle);
    mjwt_signer_free(signer);
    gone("a signer that was freed", needle);
  }
}

/* What is refused is forgotten too. */
static void refused(void) {
  static const char head[] = "-----BEGIN PRIVATE KEY-----\n";
  uint8_t *secret = fresh(200);
  struct needle needle;
  mjwt_config *config = NULL;
  size_t at;
  for (at = 0; at < 200; at++) secret[at] = (uint8_t)('a' + secret[at] % 26);
  memcpy(secret, head, sizeof head - 1);
  needle = needle_of(secret + sizeof head, 200 - sizeof head);
  CHECK_STATUS(MJWT_OK, mjwt_config_new(&config));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_config_add_secret(config, secret, 200, NULL, 0));
  forget(secret, 200);
  gone("a secret that was refused", needle);
  mjwt_config_free(config);
}

/* The k of a JWK, as text and as the bytes that it means; good sets and bad ones. `escape` writes
 * one of its characters as \u00XX. */
static void jwks(size_t len, int escape, const char *tail, mjwt_status expected) {
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  static const char head[] = "{\"keys\":[{\"kty\":\"oct\",\"k\":\"";
  uint8_t *secret = fresh(len);
  const struct needle needle = needle_of(secret, len);
  struct needle text;
  const size_t room = sizeof head + len * 4 / 3 + 64;
  char *json = (char *)malloc(room);
  const mjwt_verifier *verifier = NULL;
  const mjwt_signer *signer = NULL;
  mjwt_config *config = NULL;
  size_t json_len = sizeof head - 1, bits = 0, count_of_bits = 0, at;
  memcpy(json, head, json_len);
  for (at = 0; at < len; at++) {
    bits = bits << 8 | secret[at];
    for (count_of_bits += 8; count_of_bits >= 6; count_of_bits -= 6) {
      if (escape && json_len == sizeof head - 1)
        json_len += (size_t)sprintf(json + json_len, "\\u%04x", (unsigned)alphabet[bits >> (count_of_bits - 6) & 63]);
      else
        json[json_len++] = alphabet[bits >> (count_of_bits - 6) & 63];
    }
  }
  if (count_of_bits != 0) json[json_len++] = alphabet[bits << (6 - count_of_bits) & 63];
  bits = 0;
  text = needle_of(json + sizeof head - 1 + (escape ? 6 : 0), json_len - (sizeof head - 1) - (escape ? 6 : 0));
  json_len += (size_t)sprintf(json + json_len, "\"%s", tail);

  CHECK(count(&text) == 1);
  CHECK_STATUS(MJWT_OK, mjwt_config_new(&config));
  CHECK_STATUS(expected, mjwt_config_add_jwks(config, json, json_len, NULL));
  CHECK_STATUS(expected == MJWT_OK ? MJWT_OK : MJWT_ERR_NO_KEYS, mjwt_verifier_new(config, &verifier));
  CHECK_STATUS(expected, mjwt_signer_new_jwks(json, json_len, NULL, 0, 0, 0, 16384, &signer));
  mjwt_config_free(config);
  forget(secret, len);
  forget(json, room);
  gone("a JWK, in use, as bytes", needle);
  gone("a JWK, in use, as text", text);
  mjwt_verifier_free(verifier);
  mjwt_signer_free(signer);
  gone("a JWK, freed, as bytes", needle);
  gone("a JWK, freed, as text", text);
}

int main(void) {
  static const size_t lengths[] = {32, 33, 48, 64, 65, 100, 128, 129, 200};
  size_t at;
  for (at = 0; at < sizeof lengths / sizeof *lengths; at++) {
    verifiers(lengths[at]);
    signers(lengths[at]);
    jwks(lengths[at], 0, "}]}", MJWT_OK);
    jwks(lengths[at], 1, "}]}", MJWT_OK);
    jwks(lengths[at], 0, ",\"use\":1}]}", MJWT_ERR_JWK_SYNTAX);
    jwks(lengths[at], 0, "},{\"kty\":\"oct\",\"k\":\"!\"}]}", MJWT_ERR_JWK_SYNTAX);
    jwks(lengths[at], 0, "},", MJWT_ERR_JWK_SYNTAX);
    jwks(lengths[at], 0, "!\"}]}", MJWT_ERR_JWK_SYNTAX);
  }
  refused();
  return done("secrets");
}
