/*
 * mjwt.h - libmjwt: verifies and signs HS256, HS384 and HS512 JSON Web Tokens (RFC 7519) with a
 * shared secret.
 *
 *   mjwt_info info = MJWT_INFO_INIT;
 *   char claims[MJWT_CLAIMS_BOUND(16384)];
 *   const mjwt_verifier *v = NULL;
 *   mjwt_status s = mjwt_verifier_new_secret(key, key_len, &v);
 *   if (s == MJWT_OK)
 *     s = mjwt_verify_bearer(v, header, strlen(header), MJWT_NOW, claims, sizeof claims, &info);
 *   if (s == MJWT_OK) printf("%.*s\n", (int)info.claims_len, claims);
 *   else fprintf(stderr, "%s\n", mjwt_status_message(s));
 *   mjwt_verifier_free(v);
 *
 * In this order below: types; verifying and signing with one secret; a verifier with options and
 * several keys; claims; tools; constants.
 *
 * THREADS. A const handle is shared freely between threads. A handle that is not const belongs to
 * one thread at a time. There are no globals, no thread-local state, no callbacks, no environment
 * variables.
 *
 * MEMORY. Every input is a pointer and a length; no terminator is needed. NULL goes with length 0
 * only (else MJWT_ERR_NULL_POINTER). Inputs are borrowed for the call. Every output buffer is the
 * caller's, and overlaps no input. The only things to free are handles; each _free takes NULL, and
 * does nothing then. Every const char * result is static and never NULL; only the text of
 * mjwt_config_error belongs to the configuration, and is good until the next call on it.
 *
 * TEXT is UTF-8; other bytes are MJWT_ERR_INVALID_ARGUMENT, except where a token, an Authorization
 * header, claims or a JWK Set is refused with a code of its own. Nothing that is written has a
 * terminator.
 *
 * ERRORS. Every call that can fail returns mjwt_status. Outputs are written on MJWT_OK only, with
 * two exceptions: mjwt_info, and the length that comes with MJWT_ERR_BUFFER_TOO_SMALL, which is the
 * size needed. On a refusal the claims buffer is zeroed. MJWT_ERR_BUFFER_TOO_SMALL is reported only
 * for a token that is otherwise valid. A call that fails leaves its handle as it was. A pointer
 * that is not a handle, or a handle that was freed, is undefined behaviour, as in free().
 *
 * PANICS never cross: a defect of the library becomes MJWT_ERR_PANIC, and a line on standard error.
 * As in every Rust program, the process ends when there is no memory left; MJWT_ERR_NO_MEMORY is
 * reserved.
 *
 * STACK. No call needs more than MJWT_STACK_BYTES of stack, whatever its arguments are.
 *
 * GROWTH. Status codes and options are integers and #defines, not enums. mjwt_info starts with its
 * own size. New options get new numbers. A number is never used twice.
 *
 * Generated from ffi/src and ffi/mjwt.h.in: do not edit. `make header` writes it.
 */
#ifndef MJWT_H
#define MJWT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Warns where a result is dropped, if the compiler can. Define it empty to switch that off. */
#ifndef MJWT_MUST_USE
#ifdef __GNUC__
#define MJWT_MUST_USE __attribute__((__warn_unused_result__))
#else
#define MJWT_MUST_USE
#endif
#endif

/* == Types */

/*
 * The result of a call: MJWT_OK, or an MJWT_ERR_ code. Later versions may return codes that this
 * header does not name; MJWT_IS_TOKEN_ERROR and mjwt_status_message know what to do with them.
 */
typedef int32_t mjwt_status;

/* What a token must be, and the keys. Immutable, reference counted, shared between threads. */
typedef struct mjwt_verifier mjwt_verifier;

/* A key that signs. Immutable, reference counted, shared freely between threads. */
typedef struct mjwt_signer mjwt_signer;

/* What a token must be, and the keys, in the making. Belongs to one thread at a time. */
typedef struct mjwt_config mjwt_config;

/*
 * Claims in the making: a JSON object whose members keep the order in which they were first set.
 * Belongs to one thread at a time.
 */
typedef struct mjwt_claims mjwt_claims;

/*
 * What was found in a token. Start it with MJWT_INFO_INIT: its size tells the library which
 * members the program knows, so that later versions may add some. It is written whatever the
 * status is, except when struct_size is smaller than in the first version, which is
 * MJWT_ERR_INVALID_ARGUMENT. What was not found is 0.
 */
typedef struct mjwt_info {
  /* In: sizeof(mjwt_info). */
  size_t struct_size;
  /* Bytes of the claims: written; needed when MJWT_ERR_BUFFER_TOO_SMALL; 0 when refused. */
  size_t claims_len;
  /*
   * exp, seconds since 1970, rounded down; what no int64_t can hold becomes INT64_MIN or
   * INT64_MAX. Valid when MJWT_CLAIM_EXP is in present, and the status is not
   * MJWT_ERR_CLAIM_MALFORMED with MJWT_CLAIM_EXP in failed. The same for nbf and iat.
   */
  int64_t exp;
  /* nbf. */
  int64_t nbf;
  /* iat. */
  int64_t iat;
  /*
   * Where sub is in the claims buffer: the raw content of the JSON string, without its quotes,
   * escapes as they are. Both 0 when sub is absent or not a string, or nothing was written.
   */
  size_t sub_offset;
  /* Bytes of the raw content of sub. */
  size_t sub_len;
  /*
   * The claims found: a sum of MJWT_CLAIM_ bits. 0 for a token refused before its claims were
   * read (100 to 199).
   */
  uint32_t present;
  /* The claim refused: one MJWT_CLAIM_ bit for status 201 to 210, or 0. */
  uint32_t failed;
  /*
   * Which key signed the token, in order of adding, from 0. Valid on MJWT_OK,
   * MJWT_ERR_BUFFER_TOO_SMALL, and for status 200 to 299.
   */
  uint32_t key_index;
  /*
   * Which required claim is missing, in order of adding, from 0, on MJWT_ERR_MISSING_CLAIM. Else
   * UINT32_MAX; also for exp and iat, which other options require.
   */
  uint32_t missing_index;
} mjwt_info;

/* Which option: an MJWT_OPT_ number. Later versions may know more of them. */
typedef uint32_t mjwt_option;

/* Which algorithm: an MJWT_ALG_ number. */
typedef uint32_t mjwt_algorithm;

/* == Verifying with one secret */

/*
 * Makes a verifier from one secret of 32 bytes or more, with the defaults: HS256, leeway 0, exp
 * and nbf checked where present. The secret is copied. Free the verifier with mjwt_verifier_free.
 */
MJWT_MUST_USE
mjwt_status mjwt_verifier_new_secret(const uint8_t *secret,
                                     size_t secret_len,
                                     const mjwt_verifier **out);

/* Gives a reference back. The last one wipes the keys. NULL is nothing. */
void mjwt_verifier_free(const mjwt_verifier *verifier);

/*
 * As mjwt_verify, for the value of an HTTP Authorization header: "Bearer" in any case, spaces, the
 * token (RFC 6750 section 2.1). Any other value, and one that is not UTF-8, is MJWT_ERR_NO_BEARER.
 */
MJWT_MUST_USE
mjwt_status mjwt_verify_bearer(const mjwt_verifier *verifier,
                               const char *authorization,
                               size_t authorization_len,
                               int64_t now,
                               char *claims,
                               size_t claims_cap,
                               mjwt_info *info);

/*
 * Verifies a token and writes its claims: the payload, a JSON object in UTF-8, without terminator.
 *
 * `now` is the time in seconds since 1970, or MJWT_NOW for the system clock, in whole seconds.
 * `claims` needs at most MJWT_CLAIMS_BOUND(token_len) bytes; NULL with 0 verifies only.
 * `info` may be NULL when `claims` is. The token must not overlap `claims`.
 * When the result is not MJWT_OK, `claims` is zeroed as far as the longest token that the verifier
 * looks at could have written, so that no claims of an earlier token are left in it. Nothing is
 * allocated on the heap for a token of up to 16384 bytes whose claims nest less than 64 deep.
 */
MJWT_MUST_USE
mjwt_status mjwt_verify(const mjwt_verifier *verifier,
                        const char *token,
                        size_t token_len,
                        int64_t now,
                        char *claims,
                        size_t claims_cap,
                        mjwt_info *info);

/*
 * The name of a status, such as "EXPIRED"; "OK" for MJWT_OK, "UNKNOWN" for a number not in use.
 * Static: do not free. Never NULL.
 */
MJWT_MUST_USE const char *mjwt_status_name(mjwt_status status);

/*
 * One English sentence for a status. It holds nothing of a token or a secret.
 * Static: do not free. Never NULL.
 */
MJWT_MUST_USE const char *mjwt_status_message(mjwt_status status);

/*
 * Writes the value of the WWW-Authenticate header for an answer 401 (RFC 6750 section 3), without
 * terminator. `status` is why the token was refused:
 *
 *   Bearer realm="api", error="invalid_token", error_description="the token has expired"
 *   Bearer realm="api"            for MJWT_ERR_NO_BEARER: there was no token
 *
 * A status for which MJWT_IS_TOKEN_ERROR is 0 is MJWT_ERR_INVALID_ARGUMENT: answer 500 instead.
 * `realm` names what is protected. It is put between quotes, with `"` and `\` escaped; it must not
 * be empty, or have a control character other than TAB (MJWT_ERR_INVALID_ARGUMENT). `out_len`
 * receives the bytes written, or, with MJWT_ERR_BUFFER_TOO_SMALL, needed. The realm must not
 * overlap `out`.
 */
MJWT_MUST_USE
mjwt_status mjwt_www_authenticate(mjwt_status status,
                                  const char *realm,
                                  size_t realm_len,
                                  char *out,
                                  size_t out_cap,
                                  size_t *out_len);

/* == Signing with one secret */

/*
 * Makes a signer from a secret, which is copied. Length 0 of kid: the tokens name no key.
 * `algorithm` is one MJWT_ALG_ number; `flags` a sum of MJWT_SIGNER_ bits, or 0. It signs tokens
 * of up to 16384 bytes, the default limit of a verifier: see mjwt_signer_new_sized. Free it with
 * mjwt_signer_free.
 */
MJWT_MUST_USE
mjwt_status mjwt_signer_new(const uint8_t *secret,
                            size_t secret_len,
                            const char *kid,
                            size_t kid_len,
                            mjwt_algorithm algorithm,
                            uint32_t flags,
                            const mjwt_signer **out);

/* Gives a reference back. The last one wipes the key. NULL is nothing. */
void mjwt_signer_free(const mjwt_signer *signer);

/* The length of the token that claims of that length give; 0 for NULL, or beyond PTRDIFF_MAX. */
MJWT_MUST_USE size_t mjwt_sign_bound(const mjwt_signer *signer, size_t claims_len);

/*
 * Signs claims, a JSON object in UTF-8, and writes the token, without terminator.
 *
 * `token` needs mjwt_sign_bound(signer, claims_len) bytes. `token_len` receives the bytes written,
 * or, with MJWT_ERR_BUFFER_TOO_SMALL, needed. The claims must not overlap `token`. Nothing is
 * added to the claims: iat and exp are the caller's to set. What a verifier would refuse is not
 * signed: exp, nbf or iat that is not a number is MJWT_ERR_CLAIM_TYPE, claims that are too long
 * are MJWT_ERR_TOKEN_TOO_LONG.
 */
MJWT_MUST_USE
mjwt_status mjwt_sign(const mjwt_signer *signer,
                      const char *claims,
                      size_t claims_len,
                      char *token,
                      size_t token_cap,
                      size_t *token_len);

/* == A verifier with options and several keys. A configuration is for one thread at a time. */

/* Makes a configuration with the defaults and no keys. Free it with mjwt_config_free. */
MJWT_MUST_USE mjwt_status mjwt_config_new(mjwt_config **out);

/* Frees a configuration. Verifiers made from it live on. NULL is nothing. */
void mjwt_config_free(mjwt_config *config);

/*
 * What the last failed call on this configuration found wrong, mjwt_verifier_new included: which
 * argument, option or key, and what it must be. One line of English in UTF-8, which holds nothing
 * of a secret; "" when no call has failed. The text belongs to the configuration, and is good
 * until the next call on it. Never NULL.
 */
MJWT_MUST_USE const char *mjwt_config_error(const mjwt_config *config);

/*
 * Adds a shared secret, which is copied, and wiped when the last handle that uses it is freed.
 * Length 0 of kid: the key has no kid, and serves every token whose kid no other key has.
 * The order of adding is the order of trying, and of key_index in mjwt_info.
 *
 * Refused with MJWT_ERR_INVALID_ARGUMENT is what is a key of another kind: a PEM block, an OpenSSH
 * public key, a JWK or JWK Set, a public key in DER. Whoever knows a public key could sign.
 */
MJWT_MUST_USE
mjwt_status mjwt_config_add_secret(mjwt_config *config,
                                   const uint8_t *secret,
                                   size_t secret_len,
                                   const char *kid,
                                   size_t kid_len);

/*
 * Adds the symmetric keys of a JWK Set (RFC 7517), a JSON object with the member keys, that are
 * for signatures and whose key_ops, if present, hold "verify". Keys of other kinds are passed
 * over. `added` receives how many were added, and may be NULL. All are added, or none.
 */
MJWT_MUST_USE
mjwt_status mjwt_config_add_jwks(mjwt_config *config,
                                 const char *json,
                                 size_t json_len,
                                 size_t *added);

/*
 * Sets the options that a policy document names, a JSON object that services in all languages
 * share (core/policy.schema.json):
 *
 *   {"algorithms": ["HS256"], "issuer": ["login.example"], "audience": ["api"],
 *    "subject": "me", "jwtId": "1", "type": "at+jwt", "leeway": 5, "maxAge": 3600,
 *    "requiredClaims": ["tenant"], "requireExp": true, "checkIat": false, "strictClaims": false,
 *    "ignoreExpiration": false, "allowShortKeys": false, "maxTokenBytes": 16384}
 *
 * Every member may be absent; a secret is never one of them. A member that is unknown, out of its
 * range, or set already by an option is MJWT_ERR_INVALID_ARGUMENT; mjwt_config_error names it. All
 * of the document is taken, or nothing.
 */
MJWT_MUST_USE
mjwt_status mjwt_config_set_policy(mjwt_config *config,
                                   const char *json,
                                   size_t json_len);

/*
 * Sets an option. An unknown option, or a value out of its range, is MJWT_ERR_INVALID_ARGUMENT; as
 * with every call that fails, the configuration then stays as it was.
 */
MJWT_MUST_USE mjwt_status mjwt_config_set(mjwt_config *config, mjwt_option option, int64_t value);

/* Adds an issuer: iss must be one of those added (RFC 7519 section 4.1.1). */
MJWT_MUST_USE
mjwt_status mjwt_config_add_issuer(mjwt_config *config,
                                   const char *iss,
                                   size_t iss_len);

/*
 * Adds an audience: aud must be, or contain, one of those added (RFC 7519 section 4.1.3). Without
 * one aud is not checked; PyJWT, for instance, refuses a token that has aud then: see
 * MJWT_OPT_STRICT_CLAIMS.
 */
MJWT_MUST_USE
mjwt_status mjwt_config_add_audience(mjwt_config *config,
                                     const char *aud,
                                     size_t aud_len);

/* Sets the subject that sub must be (RFC 7519 section 4.1.2). */
MJWT_MUST_USE
mjwt_status mjwt_config_set_subject(mjwt_config *config,
                                    const char *sub,
                                    size_t sub_len);

/* Sets the id that jti must be (RFC 7519 section 4.1.7). */
MJWT_MUST_USE
mjwt_status mjwt_config_set_jwt_id(mjwt_config *config,
                                   const char *jti,
                                   size_t jti_len);

/*
 * Sets the type that typ in the token's header must be (RFC 7515 section 4.1.9), such as "JWT" or
 * "at+jwt". Case and a leading "application/" do not count.
 */
MJWT_MUST_USE
mjwt_status mjwt_config_set_type(mjwt_config *config,
                                 const char *typ,
                                 size_t typ_len);

/*
 * Adds the name of a claim that a token must have, whatever its value. At most 64 names that RFC
 * 7519 section 4.1 does not register.
 */
MJWT_MUST_USE
mjwt_status mjwt_config_require_claim(mjwt_config *config,
                                      const char *name,
                                      size_t name_len);

/*
 * Makes a verifier from a configuration, which stays the caller's, and can go on to make others.
 * Without a key it is MJWT_ERR_NO_KEYS; with one that is too short for an algorithm that is
 * allowed, MJWT_ERR_KEY_TOO_SHORT; mjwt_config_error says which. Free the verifier with
 * mjwt_verifier_free.
 */
MJWT_MUST_USE mjwt_status mjwt_verifier_new(const mjwt_config *config, const mjwt_verifier **out);

/* == Sharing: verifiers and signers are immutable and reference counted */

/* Adds a reference and returns its argument. Each reference is freed once, by any thread. */
const mjwt_verifier *mjwt_verifier_retain(const mjwt_verifier *verifier);

/* Adds a reference and returns its argument. Each reference is freed once, by any thread. */
const mjwt_signer *mjwt_signer_retain(const mjwt_signer *signer);

/* == A signer with a limit of its own, or from a JWK Set */

/*
 * As mjwt_signer_new, with a limit of its own to the length of tokens: 1 to 16777216 bytes. For
 * verifiers that allow as much: see MJWT_OPT_MAX_TOKEN_BYTES.
 */
MJWT_MUST_USE
mjwt_status mjwt_signer_new_sized(const uint8_t *secret,
                                  size_t secret_len,
                                  const char *kid,
                                  size_t kid_len,
                                  mjwt_algorithm algorithm,
                                  uint32_t flags,
                                  size_t max_token_bytes,
                                  const mjwt_signer **out);

/*
 * Makes a signer from a JWK Set (RFC 7517): with its first symmetric key that is for signatures
 * and whose key_ops, if present, hold "sign". Without one it is MJWT_ERR_JWK_UNSUPPORTED. Length 0
 * of kid: the tokens name the kid of the key, if it has one. `algorithm` 0: the alg of the key, or
 * HS256. The rest is as in mjwt_signer_new_sized.
 */
MJWT_MUST_USE
mjwt_status mjwt_signer_new_jwks(const char *json,
                                 size_t json_len,
                                 const char *kid,
                                 size_t kid_len,
                                 mjwt_algorithm algorithm,
                                 uint32_t flags,
                                 size_t max_token_bytes,
                                 const mjwt_signer **out);

/* == Reading claims: any JSON object, such as mjwt_verify writes it, from any thread */

/*
 * If a member is there twice the last one counts, as in verification. Every call can fail with
 * MJWT_ERR_CLAIMS_NOT_OBJECT, MJWT_ERR_CLAIM_ABSENT and MJWT_ERR_CLAIM_TYPE.
 */

/*
 * Copies a string member, escapes decoded, in UTF-8, without terminator; it may hold NUL
 * characters. It is never longer than claims_len. `out_len` receives the bytes written, or, with
 * MJWT_ERR_BUFFER_TOO_SMALL, needed. The claims must not overlap `out`.
 */
MJWT_MUST_USE
mjwt_status mjwt_claims_get_string(const char *claims,
                                   size_t claims_len,
                                   const char *name,
                                   size_t name_len,
                                   char *out,
                                   size_t out_cap,
                                   size_t *out_len);

/*
 * Reads a number member whose value is exactly an int64_t, however it is written: 12, 12.0 and
 * 1.2e1 are 12. Nothing is rounded: any other number is MJWT_ERR_CLAIM_TYPE.
 */
MJWT_MUST_USE
mjwt_status mjwt_claims_get_int(const char *claims,
                                size_t claims_len,
                                const char *name,
                                size_t name_len,
                                int64_t *out);

/* Reads a number member as the double nearest to it. */
MJWT_MUST_USE
mjwt_status mjwt_claims_get_double(const char *claims,
                                   size_t claims_len,
                                   const char *name,
                                   size_t name_len,
                                   double *out);

/* Reads a member that is true (1) or false (0). */
MJWT_MUST_USE
mjwt_status mjwt_claims_get_bool(const char *claims,
                                 size_t claims_len,
                                 const char *name,
                                 size_t name_len,
                                 int *out);

/*
 * Whether a member is this string, or an array that has it as an element: for aud, roles and the
 * like. `out` receives 1 or 0. Elements that are not strings are passed over. Any other type, and
 * an absent member, is an error.
 */
MJWT_MUST_USE
mjwt_status mjwt_claims_contains(const char *claims,
                                 size_t claims_len,
                                 const char *name,
                                 size_t name_len,
                                 const char *value,
                                 size_t value_len,
                                 int *out);

/*
 * Steps through the elements of an array member. Start with `*cursor` 0. Each call receives where
 * the JSON text of the next element is in `claims`, and moves the cursor; after the last one it is
 * MJWT_ERR_CLAIM_ABSENT:
 *
 *   size_t cursor = 0, at, len;
 *   while (mjwt_claims_next(claims, claims_len, MJWT_LIT("roles"), &cursor, &at, &len) == MJWT_OK)
 *     printf("%.*s\n", (int)len, claims + at);
 *
 * Claims and name must stay the same from call to call.
 */
MJWT_MUST_USE
mjwt_status mjwt_claims_next(const char *claims,
                             size_t claims_len,
                             const char *name,
                             size_t name_len,
                             size_t *cursor,
                             size_t *offset,
                             size_t *len);

/* Finds a member of any type: `offset` and `len` receive where its JSON text is in `claims`. */
MJWT_MUST_USE
mjwt_status mjwt_claims_get_json(const char *claims,
                                 size_t claims_len,
                                 const char *name,
                                 size_t name_len,
                                 size_t *offset,
                                 size_t *len);

/* == Writing claims: a JSON object in the making, for one thread at a time */

/* Makes an empty JSON object. Free it with mjwt_claims_free. */
MJWT_MUST_USE mjwt_status mjwt_claims_new(mjwt_claims **out);

/* Frees claims. NULL is nothing. */
void mjwt_claims_free(mjwt_claims *claims);

/*
 * Sets a member to a string. A member of that name is replaced, and keeps its place. Name and
 * value are copied; both must be UTF-8 (MJWT_ERR_INVALID_ARGUMENT) and may hold any character.
 */
MJWT_MUST_USE
mjwt_status mjwt_claims_set_string(mjwt_claims *claims,
                                   const char *name,
                                   size_t name_len,
                                   const char *value,
                                   size_t value_len);

/*
 * Sets a member to an integer. Readers that hold numbers as doubles, such as JavaScript, round
 * what lies beyond 2^53 either way.
 */
MJWT_MUST_USE
mjwt_status mjwt_claims_set_int(mjwt_claims *claims,
                                const char *name,
                                size_t name_len,
                                int64_t value);

/*
 * Sets a member to any JSON value, given as JSON text: `true`, `null`, `1.5`, `["a","b"]`,
 * `{"a":1}`. MJWT_ERR_INVALID_ARGUMENT when the text is not one JSON value.
 */
MJWT_MUST_USE
mjwt_status mjwt_claims_set_json(mjwt_claims *claims,
                                 const char *name,
                                 size_t name_len,
                                 const char *json,
                                 size_t json_len);

/*
 * Writes the claims as JSON, without terminator. `out_len` receives the bytes written, or, with
 * MJWT_ERR_BUFFER_TOO_SMALL, needed.
 */
MJWT_MUST_USE
mjwt_status mjwt_claims_json(const mjwt_claims *claims,
                             char *out,
                             size_t out_cap,
                             size_t *out_len);

/* == Tools */

/*
 * Reads a token WITHOUT VERIFYING it, for logs and tools. Nothing it writes may be trusted.
 *
 * A buffer that is NULL with 0 is not wanted. Each length may be NULL when its buffer is; it
 * receives the bytes written, or, with MJWT_ERR_BUFFER_TOO_SMALL, needed; no buffer is then
 * written. The token must not overlap the buffers, nor these each other.
 */
MJWT_MUST_USE
mjwt_status mjwt_decode_insecure(const char *token,
                                 size_t token_len,
                                 char *header,
                                 size_t header_cap,
                                 size_t *header_len,
                                 char *claims,
                                 size_t claims_cap,
                                 size_t *claims_len);

/* MJWT_CLAIMS_BOUND as a function: bytes that hold the claims of every token of that length. */
MJWT_MUST_USE size_t mjwt_claims_bound(size_t token_len);

/* MJWT_IS_TOKEN_ERROR as a function: 1 when the status refuses the token, else 0. */
MJWT_MUST_USE int mjwt_is_token_error(mjwt_status status);

/* MJWT_VERSION_NUMBER of the library that runs, which may be newer than the header. */
MJWT_MUST_USE uint32_t mjwt_version_number(void);

/* MJWT_VERSION_STRING of the library that runs. Static: do not free. Never NULL. */
MJWT_MUST_USE const char *mjwt_version_string(void);

/* MJWT_ABI_VERSION of the library that runs. */
MJWT_MUST_USE uint32_t mjwt_abi_version(void);

/* == Macros */

/* A string literal as a pair of arguments, pointer and length: MJWT_LIT("sub"). */
#define MJWT_LIT(literal) ("" literal ""), (sizeof("" literal "") - 1)
/* Bytes that hold the claims of every token of that length. */
#define MJWT_CLAIMS_BOUND(token_len) ((sizeof(char) * (token_len) / 4 + 1) * 3)
/* Whether a status refuses the token (answer 401). Else it is the caller's fault (answer 500). */
#define MJWT_IS_TOKEN_ERROR(status) ((status) >= 100 && (status) <= 299)
/* The start value of an mjwt_info: mjwt_info info = MJWT_INFO_INIT; */
#define MJWT_INFO_INIT {sizeof(mjwt_info), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
/* The `now` that means the system clock. */
#define MJWT_NOW INT64_MIN
/* Bytes of stack that are enough for every call, on top of what the caller uses. */
#define MJWT_STACK_BYTES 32768

/* == Status codes */

/* Success. */
#define MJWT_OK 0

/* == 1 to 99: the caller's fault, answer 500 */

/* A pointer is NULL that must not be. */
#define MJWT_ERR_NULL_POINTER 1
/* An argument is out of its range. */
#define MJWT_ERR_INVALID_ARGUMENT 2
/* The output buffer is too small. */
#define MJWT_ERR_BUFFER_TOO_SMALL 3
/* Out of memory. */
#define MJWT_ERR_NO_MEMORY 4
/* Internal error: a defect of this library was caught. */
#define MJWT_ERR_PANIC 5
/* The system clock is before 1970. */
#define MJWT_ERR_CLOCK 6
/* The secret is empty or shorter than the hash output of its algorithm. */
#define MJWT_ERR_KEY_TOO_SHORT 20
/* No key was given. */
#define MJWT_ERR_NO_KEYS 21
/* The JWK Set is malformed. */
#define MJWT_ERR_JWK_SYNTAX 22
/* The JWK Set holds no symmetric (oct) signing key. */
#define MJWT_ERR_JWK_UNSUPPORTED 23
/* Two keys carry the same kid. */
#define MJWT_ERR_DUPLICATE_KID 24
/* The claims are not a JSON object. */
#define MJWT_ERR_CLAIMS_NOT_OBJECT 40
/* The claim is absent. */
#define MJWT_ERR_CLAIM_ABSENT 41
/* The claim has another type. */
#define MJWT_ERR_CLAIM_TYPE 42

/* == 100 to 199: the token is refused before its claims are read, answer 401 */

/* The Authorization header holds no bearer token. */
#define MJWT_ERR_NO_BEARER 100
/* The token is longer than the limit. */
#define MJWT_ERR_TOKEN_TOO_LONG 101
/* The token is not three segments. */
#define MJWT_ERR_TOKEN_FORMAT 102
/* A segment of the token is not base64url. */
#define MJWT_ERR_TOKEN_BASE64 103
/* The token's header is not a proper JSON object. */
#define MJWT_ERR_HEADER_JSON 104
/* The token's algorithm is not allowed. */
#define MJWT_ERR_ALGORITHM 105
/* The token's header requires an extension. */
#define MJWT_ERR_CRITICAL_HEADER 106
/* The token's type is not the expected one. */
#define MJWT_ERR_TYPE_HEADER 107
/* No key serves the token's kid. */
#define MJWT_ERR_UNKNOWN_KID 108
/* The token is not signed. */
#define MJWT_ERR_SIGNATURE_MISSING 109
/* The token's signature does not match. */
#define MJWT_ERR_SIGNATURE 120

/* == 200 to 299: the signature is good, the claims are refused, answer 401 */

/* The token's payload is not a proper JSON object. */
#define MJWT_ERR_CLAIMS_JSON 200
/* The token has expired. */
#define MJWT_ERR_EXPIRED 201
/* The token is not valid yet. */
#define MJWT_ERR_NOT_YET_VALID 202
/* The token was issued in the future. */
#define MJWT_ERR_ISSUED_IN_FUTURE 203
/* The token is too old. */
#define MJWT_ERR_TOO_OLD 204
/* The token's issuer is not the expected one. */
#define MJWT_ERR_ISSUER 205
/* The token is meant for another audience. */
#define MJWT_ERR_AUDIENCE 206
/* The token's subject is not the expected one. */
#define MJWT_ERR_SUBJECT 207
/* The token's jti is not the expected one. */
#define MJWT_ERR_JWT_ID 208
/* The token lacks a required claim. */
#define MJWT_ERR_MISSING_CLAIM 209
/* A registered claim of the token is malformed. */
#define MJWT_ERR_CLAIM_MALFORMED 210
/* The token's claims do not fit the wanted type. */
#define MJWT_ERR_CLAIMS_MISMATCH 211

/* == Options of mjwt_config_set */

/* Seconds that exp, nbf and iat may be off, 0 to 86400. Default 0. */
#define MJWT_OPT_LEEWAY_SECONDS 1
/* Bytes of the longest token that is looked at, 1 to 16777216. Default 16384. */
#define MJWT_OPT_MAX_TOKEN_BYTES 2
/*
 * Seconds after iat from which a token is too old, 1 to 2^53. iat is then required, and must not
 * lie ahead. Default 0: no limit.
 */
#define MJWT_OPT_MAX_AGE_SECONDS 3
/* 1 refuses a token without exp. Default 0. */
#define MJWT_OPT_REQUIRE_EXP 4
/* 1 refuses a token whose iat lies in the future. Default 0. */
#define MJWT_OPT_CHECK_IAT 5
/* 1 takes secrets that are shorter than RFC 7518 section 3.2 requires. Default 0. */
#define MJWT_OPT_ALLOW_SHORT_KEYS 6
/* The algorithms that are allowed, a sum of MJWT_ALG_ bits. Default MJWT_ALG_HS256. */
#define MJWT_OPT_ALGORITHMS 7
/*
 * 1 leaves exp and MJWT_OPT_MAX_AGE_SECONDS unchecked, for end-points that renew tokens; nbf is
 * still checked. Default 0.
 */
#define MJWT_OPT_IGNORE_EXPIRATION 8
/*
 * 1 refuses what RFC 7519 does not allow to the letter: a registered claim of the wrong type, or
 * twice, and aud where no audience is expected. Default 0.
 */
#define MJWT_OPT_STRICT_CLAIMS 9

/* == Algorithms */

/* HMAC with SHA-256 (RFC 7518 section 3.2); secrets of 32 bytes or more. */
#define MJWT_ALG_HS256 1
/* HMAC with SHA-384; secrets of 48 bytes or more. */
#define MJWT_ALG_HS384 2
/* HMAC with SHA-512; secrets of 64 bytes or more. */
#define MJWT_ALG_HS512 4

/* == Flags of mjwt_signer_new */

/* Takes a secret that is shorter than RFC 7518 section 3.2 requires. */
#define MJWT_SIGNER_ALLOW_SHORT_KEYS 1

/* == Claims, in the members present and failed of mjwt_info */

/* The issuer (RFC 7519 section 4.1.1). */
#define MJWT_CLAIM_ISS 1
/* The subject. */
#define MJWT_CLAIM_SUB 2
/* The audience. */
#define MJWT_CLAIM_AUD 4
/* The expiration time. */
#define MJWT_CLAIM_EXP 8
/* Not before. */
#define MJWT_CLAIM_NBF 16
/* Issued at. */
#define MJWT_CLAIM_IAT 32
/* The token's own id. */
#define MJWT_CLAIM_JTI 64
/* Another claim, that mjwt_config_require_claim named. */
#define MJWT_CLAIM_OTHER 0x80000000u

/* == Version of this header */

/* As text. */
#define MJWT_VERSION_STRING "0.1.0"
/* Major. */
#define MJWT_VERSION_MAJOR 0
/* Minor. */
#define MJWT_VERSION_MINOR 1
/* Patch. */
#define MJWT_VERSION_PATCH 0
/* As one number that grows: major * 1000000 + minor * 1000 + patch. */
#define MJWT_VERSION_NUMBER 1000
/*
 * Version of the binary interface, the number in libmjwt.so.0. Programs built with one number run
 * with every library of that number which is as new as their header, or newer.
 */
#define MJWT_ABI_VERSION 0

#ifdef __cplusplus
}
#endif

#endif /* MJWT_H */
