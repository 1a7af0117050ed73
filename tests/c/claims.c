/* Reading claims and writing them: every argument of every function, and what is written. */
#include "check.h"

static void read_claims(void) {
  static const char claims[] =
      "{\"s\":\"a\\u00e9\\n\\u0000b\",\"i\":-12,\"big\":9223372036854775807,\"small\":-9223372036854775808,"
      "\"over\":9223372036854775808,\"f\":1.5,\"e\":1.2e1,\"z\":12.0,\"a\":[1, 2],\"t\":true,\"n\":null,"
      "\"u\":\"\\ud800\",\"\":\"empty\",\"i2\":1,\"i2\":2,\"far\":1e300,"
      "\"1e18\":1e18,\"e0\":123456789012345678e0,\"exact\":9007199254740993.0,\"zero\":-0,\"tail\":1.5e1,"
      "\"half\":9007199254740993.5,\"under\":-9223372036854775809,\"small e\":1e-1}";
  static const char decoded[] = "a\xc3\xa9\n\0b";
  const size_t claims_len = sizeof claims - 1;
  char out[16];
  size_t len = 99, offset = 99, cap;
  int64_t number = 99;

  for (cap = 0; cap <= sizeof out; cap++) {
    int enough = cap >= 6;
    memset(out, 'x', sizeof out);
    len = 99;
    CHECK_STATUS(enough ? MJWT_OK : MJWT_ERR_BUFFER_TOO_SMALL,
                 mjwt_claims_get_string(claims, claims_len, MJWT_LIT("s"), cap ? out : NULL, cap, &len));
    CHECK(len == 6);
    if (enough) CHECK(memcmp(out, decoded, 6) == 0);
    CHECK(all_bytes(out + (enough ? 6 : 0), sizeof out - (enough ? 6 : 0), 'x'));
  }
  CHECK_STATUS(MJWT_OK, mjwt_claims_get_string(claims, claims_len, NULL, 0, out, sizeof out, &len));
  CHECK(len == 5 && memcmp(out, "empty", 5) == 0);
  len = 99;
  CHECK_STATUS(MJWT_ERR_CLAIM_ABSENT, mjwt_claims_get_string(claims, claims_len, MJWT_LIT("x"), out, sizeof out, &len));
  CHECK_STATUS(MJWT_ERR_CLAIM_TYPE, mjwt_claims_get_string(claims, claims_len, MJWT_LIT("i"), out, sizeof out, &len));
  CHECK_STATUS(MJWT_ERR_CLAIM_TYPE, mjwt_claims_get_string(claims, claims_len, MJWT_LIT("u"), out, sizeof out, &len));
  CHECK_STATUS(MJWT_ERR_CLAIMS_NOT_OBJECT, mjwt_claims_get_string(NULL, 0, MJWT_LIT("s"), out, sizeof out, &len));
  CHECK_STATUS(MJWT_ERR_CLAIMS_NOT_OBJECT,
               mjwt_claims_get_string(MJWT_LIT("[]"), MJWT_LIT("s"), out, sizeof out, &len));
  CHECK_STATUS(MJWT_ERR_CLAIMS_NOT_OBJECT, mjwt_claims_get_string(BAD_UTF8, MJWT_LIT("s"), out, sizeof out, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_get_string(NULL, 1, MJWT_LIT("s"), out, sizeof out, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_get_string(claims, claims_len, NULL, 1, out, sizeof out, &len));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_claims_get_string(claims, claims_len, BAD_UTF8, out, sizeof out, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_get_string(claims, claims_len, MJWT_LIT("s"), NULL, 1, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_get_string(claims, claims_len, MJWT_LIT("s"), out, sizeof out, NULL));
  CHECK(len == 99);

#define INTEGER(name, value)                                                                           \
  CHECK_STATUS(MJWT_OK, mjwt_claims_get_int(claims, claims_len, MJWT_LIT(name), &number));             \
  CHECK(number == (value))
  INTEGER("i", -12);
  INTEGER("1e18", 1000000000000000000);
  INTEGER("e0", 123456789012345678);
  INTEGER("exact", 9007199254740993);
  INTEGER("zero", 0);
  INTEGER("tail", 15);
  INTEGER("big", INT64_MAX);
  INTEGER("small", INT64_MIN);
  INTEGER("e", 12);
  INTEGER("z", 12);
  INTEGER("i2", 2);
#undef INTEGER
  number = 99;
  CHECK_STATUS(MJWT_ERR_CLAIM_TYPE, mjwt_claims_get_int(claims, claims_len, MJWT_LIT("over"), &number));
  CHECK_STATUS(MJWT_ERR_CLAIM_TYPE, mjwt_claims_get_int(claims, claims_len, MJWT_LIT("under"), &number));
  CHECK_STATUS(MJWT_ERR_CLAIM_TYPE, mjwt_claims_get_int(claims, claims_len, MJWT_LIT("half"), &number));
  CHECK_STATUS(MJWT_ERR_CLAIM_TYPE, mjwt_claims_get_int(claims, claims_len, MJWT_LIT("small e"), &number));
  CHECK_STATUS(MJWT_ERR_CLAIM_TYPE, mjwt_claims_get_int(claims, claims_len, MJWT_LIT("far"), &number));
  CHECK_STATUS(MJWT_ERR_CLAIM_TYPE, mjwt_claims_get_int(claims, claims_len, MJWT_LIT("f"), &number));
  CHECK_STATUS(MJWT_ERR_CLAIM_TYPE, mjwt_claims_get_int(claims, claims_len, MJWT_LIT("s"), &number));
  CHECK_STATUS(MJWT_ERR_CLAIM_TYPE, mjwt_claims_get_int(claims, claims_len, MJWT_LIT("n"), &number));
  CHECK_STATUS(MJWT_ERR_CLAIM_ABSENT, mjwt_claims_get_int(claims, claims_len, MJWT_LIT("x"), &number));
  CHECK_STATUS(MJWT_ERR_CLAIMS_NOT_OBJECT, mjwt_claims_get_int(NULL, 0, MJWT_LIT("i"), &number));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_get_int(NULL, 1, MJWT_LIT("i"), &number));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_get_int(claims, claims_len, NULL, 1, &number));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_get_int(claims, claims_len, MJWT_LIT("i"), NULL));
  CHECK(number == 99);

  len = 99;
  CHECK_STATUS(MJWT_ERR_CLAIM_ABSENT, mjwt_claims_get_json(claims, claims_len, MJWT_LIT("x"), &offset, &len));
  CHECK_STATUS(MJWT_ERR_CLAIMS_NOT_OBJECT, mjwt_claims_get_json(MJWT_LIT("{"), MJWT_LIT("x"), &offset, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_get_json(NULL, 1, MJWT_LIT("a"), &offset, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_get_json(claims, claims_len, NULL, 1, &offset, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_get_json(claims, claims_len, MJWT_LIT("a"), NULL, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_get_json(claims, claims_len, MJWT_LIT("a"), &offset, NULL));
  CHECK(offset == 99 && len == 99);
  CHECK_STATUS(MJWT_OK, mjwt_claims_get_json(claims, claims_len, MJWT_LIT("a"), &offset, &len));
  CHECK(len == 6 && memcmp(claims + offset, "[1, 2]", 6) == 0);
}

static void read_scalars(void) {
  static const char claims[] =
      "{\"t\":true,\"f\":false,\"n\":null,\"one\":1,\"s\":\"true\",\"d\":-1.5,\"e\":1e300,\"big\":9007199254740993,"
      "\"third\":0.333333333333333333333,\"zero\":-0.0}";
  const size_t claims_len = sizeof claims - 1;
  int flag = 99;
  double number = 99;

  CHECK_STATUS(MJWT_OK, mjwt_claims_get_bool(claims, claims_len, MJWT_LIT("t"), &flag));
  CHECK(flag == 1);
  CHECK_STATUS(MJWT_OK, mjwt_claims_get_bool(claims, claims_len, MJWT_LIT("f"), &flag));
  CHECK(flag == 0);
  flag = 99;
  CHECK_STATUS(MJWT_ERR_CLAIM_TYPE, mjwt_claims_get_bool(claims, claims_len, MJWT_LIT("n"), &flag));
  CHECK_STATUS(MJWT_ERR_CLAIM_TYPE, mjwt_claims_get_bool(claims, claims_len, MJWT_LIT("one"), &flag));
  CHECK_STATUS(MJWT_ERR_CLAIM_TYPE, mjwt_claims_get_bool(claims, claims_len, MJWT_LIT("s"), &flag));
  CHECK_STATUS(MJWT_ERR_CLAIM_ABSENT, mjwt_claims_get_bool(claims, claims_len, MJWT_LIT("x"), &flag));
  CHECK_STATUS(MJWT_ERR_CLAIMS_NOT_OBJECT, mjwt_claims_get_bool(MJWT_LIT("true"), MJWT_LIT("t"), &flag));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_get_bool(NULL, 1, MJWT_LIT("t"), &flag));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_get_bool(claims, claims_len, NULL, 1, &flag));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_get_bool(claims, claims_len, MJWT_LIT("t"), NULL));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_claims_get_bool(claims, claims_len, BAD_UTF8, &flag));
  CHECK(flag == 99);

#define DOUBLE(name, value)                                                                   \
  CHECK_STATUS(MJWT_OK, mjwt_claims_get_double(claims, claims_len, MJWT_LIT(name), &number)); \
  CHECK(number == (value))
  DOUBLE("d", -1.5);
  DOUBLE("one", 1);
  DOUBLE("e", 1e300);
  DOUBLE("big", 9007199254740992.0);
  DOUBLE("third", 1.0 / 3);
  DOUBLE("zero", 0);
#undef DOUBLE
  number = 99;
  CHECK_STATUS(MJWT_ERR_CLAIM_TYPE, mjwt_claims_get_double(claims, claims_len, MJWT_LIT("s"), &number));
  CHECK_STATUS(MJWT_ERR_CLAIM_TYPE, mjwt_claims_get_double(claims, claims_len, MJWT_LIT("n"), &number));
  CHECK_STATUS(MJWT_ERR_CLAIM_ABSENT, mjwt_claims_get_double(claims, claims_len, MJWT_LIT("x"), &number));
  CHECK_STATUS(MJWT_ERR_CLAIMS_NOT_OBJECT, mjwt_claims_get_double(MJWT_LIT("{\"a\":1e400}"), MJWT_LIT("a"), &number));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_get_double(NULL, 1, MJWT_LIT("d"), &number));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_get_double(claims, claims_len, NULL, 1, &number));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_get_double(claims, claims_len, MJWT_LIT("d"), NULL));
  CHECK(number == 99);
}

static void lists(void) {
  static const char claims[] =
      "{\"aud\":\"api\",\"roles\":[ \"a\\u0062\" , 1,[\"x\"],{\"k\":\"y\"},\"\",\"\\ud800\", \"z\" ] ,"
      "\"none\":[],\"n\":5,\"scope\":\"read write\"}";
  static const char *const elements[] = {
      "\"a\\u0062\"", "1", "[\"x\"]", "{\"k\":\"y\"}", "\"\"", "\"\\ud800\"", "\"z\""};
  const size_t claims_len = sizeof claims - 1, count = sizeof elements / sizeof *elements;
  size_t cursor, offset = 99, len = 99, at;
  int found = 99;

#define CONTAINS(name, value, expected)                                                                         \
  CHECK_STATUS(MJWT_OK, mjwt_claims_contains(claims, claims_len, MJWT_LIT(name), MJWT_LIT(value), &found));     \
  CHECK(found == (expected))
  CONTAINS("aud", "api", 1);
  CONTAINS("aud", "ap", 0);
  CONTAINS("aud", "apis", 0);
  CONTAINS("roles", "ab", 1);
  CONTAINS("roles", "z", 1);
  CONTAINS("roles", "", 1);
  CONTAINS("roles", "1", 0);
  CONTAINS("roles", "x", 0); /* Not an element itself. */
  CONTAINS("roles", "y", 0);
  CONTAINS("roles", "\xef\xbf\xbd", 0); /* U+FFFD does not pass for a lone surrogate. */
  CONTAINS("none", "", 0);
  CONTAINS("scope", "read", 0); /* One string. */
#undef CONTAINS
  found = 99;
  CHECK_STATUS(MJWT_ERR_CLAIM_TYPE, mjwt_claims_contains(claims, claims_len, MJWT_LIT("n"), MJWT_LIT("5"), &found));
  CHECK_STATUS(MJWT_ERR_CLAIM_ABSENT, mjwt_claims_contains(claims, claims_len, MJWT_LIT("x"), MJWT_LIT("5"), &found));
  CHECK_STATUS(MJWT_ERR_CLAIMS_NOT_OBJECT, mjwt_claims_contains(MJWT_LIT("[]"), MJWT_LIT("x"), MJWT_LIT("5"), &found));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_claims_contains(claims, claims_len, MJWT_LIT("aud"), BAD_UTF8, &found));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_claims_contains(claims, claims_len, BAD_UTF8, MJWT_LIT("api"), &found));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_contains(NULL, 1, MJWT_LIT("aud"), MJWT_LIT("api"), &found));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_contains(claims, claims_len, NULL, 1, MJWT_LIT("api"), &found));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_contains(claims, claims_len, MJWT_LIT("aud"), NULL, 1, &found));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_contains(claims, claims_len, MJWT_LIT("aud"), MJWT_LIT("api"), NULL));
  CHECK(found == 99);

  for (cursor = at = 0; mjwt_claims_next(claims, claims_len, MJWT_LIT("roles"), &cursor, &offset, &len) == MJWT_OK;
       at++) {
    CHECK(at < count && len == strlen(elements[at]) && memcmp(claims + offset, elements[at], len) == 0);
  }
  CHECK(at == count);
  CHECK_STATUS(MJWT_ERR_CLAIM_ABSENT,
               mjwt_claims_next(claims, claims_len, MJWT_LIT("roles"), &cursor, &offset, &len)); /* Again. */
  cursor = 0;
  offset = len = 99;
  CHECK_STATUS(MJWT_ERR_CLAIM_ABSENT, mjwt_claims_next(claims, claims_len, MJWT_LIT("none"), &cursor, &offset, &len));
  CHECK_STATUS(MJWT_ERR_CLAIM_ABSENT, mjwt_claims_next(claims, claims_len, MJWT_LIT("x"), &cursor, &offset, &len));
  CHECK_STATUS(MJWT_ERR_CLAIM_TYPE, mjwt_claims_next(claims, claims_len, MJWT_LIT("aud"), &cursor, &offset, &len));
  CHECK_STATUS(MJWT_ERR_CLAIMS_NOT_OBJECT, mjwt_claims_next(MJWT_LIT("["), MJWT_LIT("x"), &cursor, &offset, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_next(NULL, 1, MJWT_LIT("roles"), &cursor, &offset, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_next(claims, claims_len, NULL, 1, &cursor, &offset, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_next(claims, claims_len, MJWT_LIT("roles"), NULL, &offset, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_next(claims, claims_len, MJWT_LIT("roles"), &cursor, NULL, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_next(claims, claims_len, MJWT_LIT("roles"), &cursor, &offset, NULL));
  CHECK(cursor == 0 && offset == 99 && len == 99);
  /* A cursor of one's own is refused, or reads some element; never a byte that is not there. */
  for (at = 1; at <= claims_len + 2; at++) {
    mjwt_status status;
    cursor = at;
    status = mjwt_claims_next(claims, claims_len, MJWT_LIT("roles"), &cursor, &offset, &len);
    CHECK(status == MJWT_ERR_INVALID_ARGUMENT || status == MJWT_ERR_CLAIM_ABSENT ||
          (status == MJWT_OK && offset + len <= cursor && cursor <= claims_len));
  }
  cursor = SIZE_MAX;
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT,
               mjwt_claims_next(claims, claims_len, MJWT_LIT("roles"), &cursor, &offset, &len));
}

static void write_claims(void) {
  static const char expected[] =
      "{\"sub\":\"\\\"me\\\"\",\"exp\":-9223372036854775808,\"roles\":[\"a\", 1],\"\":\"\\u0000\xc3\xa9\"}";
  static const char *const malformed[] = {
      "", " ", "1,", "1 2", "1,\"\":2", "{", "}", "nul", "'a'", "[1,]", "01", "\"\n\"", "1}{"};
  const size_t expected_len = sizeof expected - 1;
  mjwt_claims *claims = NULL;
  char out[128];
  size_t len = 99, cap, at;

  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_new(NULL));
  mjwt_claims_free(NULL);
  CHECK_STATUS(MJWT_OK, mjwt_claims_new(&claims));
  CHECK_STATUS(MJWT_OK, mjwt_claims_json(claims, out, sizeof out, &len));
  CHECK(len == 2 && memcmp(out, "{}", 2) == 0);

  CHECK_STATUS(MJWT_OK, mjwt_claims_set_string(claims, MJWT_LIT("sub"), MJWT_LIT("\"me\"")));
  CHECK_STATUS(MJWT_OK, mjwt_claims_set_string(claims, MJWT_LIT("exp"), MJWT_LIT("soon")));
  CHECK_STATUS(MJWT_OK, mjwt_claims_set_json(claims, MJWT_LIT("roles"), MJWT_LIT(" \t\r\n[\"a\", 1] ")));
  CHECK_STATUS(MJWT_OK, mjwt_claims_set_int(claims, MJWT_LIT("exp"), INT64_MIN));
  CHECK_STATUS(MJWT_OK, mjwt_claims_set_string(claims, NULL, 0, "\0\xc3\xa9", 3));

  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_set_string(NULL, MJWT_LIT("a"), MJWT_LIT("b")));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_set_string(claims, NULL, 1, MJWT_LIT("b")));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_set_string(claims, MJWT_LIT("a"), NULL, 1));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_claims_set_string(claims, BAD_UTF8, MJWT_LIT("b")));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_claims_set_string(claims, MJWT_LIT("a"), BAD_UTF8));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_set_int(NULL, MJWT_LIT("a"), 1));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_set_int(claims, NULL, 1, 1));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_claims_set_int(claims, BAD_UTF8, 1));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_set_json(NULL, MJWT_LIT("a"), MJWT_LIT("1")));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_set_json(claims, NULL, 1, MJWT_LIT("1")));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_set_json(claims, MJWT_LIT("a"), NULL, 1));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_claims_set_json(claims, MJWT_LIT("a"), NULL, 0));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_claims_set_json(claims, BAD_UTF8, MJWT_LIT("1")));
  CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT, mjwt_claims_set_json(claims, MJWT_LIT("a"), BAD_UTF8));
  for (at = 0; at < sizeof malformed / sizeof *malformed; at++)
    CHECK_STATUS(MJWT_ERR_INVALID_ARGUMENT,
                 mjwt_claims_set_json(claims, MJWT_LIT("a"), malformed[at], strlen(malformed[at])));

  len = 99;
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_json(NULL, out, sizeof out, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_json(claims, NULL, 1, &len));
  CHECK_STATUS(MJWT_ERR_NULL_POINTER, mjwt_claims_json(claims, out, sizeof out, NULL));
  CHECK(len == 99);
  for (cap = 0; cap <= expected_len + 2; cap++) {
    int enough = cap >= expected_len;
    memset(out, 'x', sizeof out);
    len = 99;
    CHECK_STATUS(enough ? MJWT_OK : MJWT_ERR_BUFFER_TOO_SMALL, mjwt_claims_json(claims, cap ? out : NULL, cap, &len));
    CHECK(len == expected_len);
    if (enough) CHECK(memcmp(out, expected, expected_len) == 0);
    CHECK(all_bytes(out + (enough ? len : 0), sizeof out - (enough ? len : 0), 'x'));
  }
  mjwt_claims_free(claims);
}

int main(void) {
  read_claims();
  read_scalars();
  lists();
  write_claims();
  return done("claims");
}
