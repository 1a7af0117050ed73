"""Tokens to and from PyJWT, through libmjwt and ctypes: interop.py LIBMJWT.SO"""

import base64
import ctypes
import hashlib
import hmac
import json
import sys
import time
import unittest
from ctypes import POINTER, byref, c_char_p, c_int32, c_int64, c_size_t, c_uint32, c_void_p

import jwt

NOW = -(2**63)  # MJWT_NOW
OPTIONS = {"leeway": 1, "max_age": 3, "require_exp": 4, "check_iat": 5, "algorithms": 7}
ALGORITHMS = {"HS256": 1, "HS384": 2, "HS512": 4}
CLAIMS = {"iss": 1, "sub": 2, "aud": 4, "exp": 8, "nbf": 16, "iat": 32, "jti": 64}
HOUR = 3600


class Info(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("claims_len", c_size_t),
        ("exp", c_int64),
        ("nbf", c_int64),
        ("iat", c_int64),
        ("sub_offset", c_size_t),
        ("sub_len", c_size_t),
        ("present", c_uint32),
        ("failed", c_uint32),
        ("key_index", c_uint32),
        ("reserved", c_uint32),
    ]


STR = [c_char_p, c_size_t]
SIGNATURES = {
    "mjwt_status_name": (c_char_p, [c_int32]),
    "mjwt_config_new": (c_int32, [POINTER(c_void_p)]),
    "mjwt_config_free": (None, [c_void_p]),
    "mjwt_config_set": (c_int32, [c_void_p, c_uint32, c_int64]),
    "mjwt_config_add_secret": (c_int32, [c_void_p, *STR, *STR]),
    "mjwt_config_add_issuer": (c_int32, [c_void_p, *STR]),
    "mjwt_config_add_audience": (c_int32, [c_void_p, *STR]),
    "mjwt_config_set_subject": (c_int32, [c_void_p, *STR]),
    "mjwt_config_require_claim": (c_int32, [c_void_p, *STR]),
    "mjwt_verifier_new": (c_int32, [c_void_p, POINTER(c_void_p)]),
    "mjwt_verifier_free": (None, [c_void_p]),
    "mjwt_verify": (c_int32, [c_void_p, *STR, c_int64, *STR, POINTER(Info)]),
    "mjwt_verify_bearer": (c_int32, [c_void_p, *STR, c_int64, *STR, POINTER(Info)]),
    "mjwt_signer_new": (c_int32, [*STR, *STR, c_uint32, c_uint32, POINTER(c_void_p)]),
    "mjwt_signer_free": (None, [c_void_p]),
    "mjwt_sign_bound": (c_size_t, [c_void_p, c_size_t]),
    "mjwt_sign": (c_int32, [c_void_p, *STR, *STR, POINTER(c_size_t)]),
}


class Refused(Exception):
    """A status that is not MJWT_OK, by its name, and the claim that was refused."""

    def __init__(self, name, failed=0):
        super().__init__(name)
        self.name, self.failed = name, failed


def load(path):
    library = ctypes.CDLL(path)
    for name, (result, arguments) in SIGNATURES.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


def text(value):
    """Pointer and length; NULL goes with length 0."""
    value = value.encode() if isinstance(value, str) else value
    return (value, len(value)) if value else (None, 0)


def ok(status, failed=0):
    if status != 0:
        raise Refused(LIBRARY.mjwt_status_name(status).decode(), failed)


class Verifier:
    def __init__(self, keys, issuer=(), audience=(), subject=None, required=(), **options):
        config = c_void_p()
        ok(LIBRARY.mjwt_config_new(byref(config)))
        try:
            for secret, kid in keys:
                ok(LIBRARY.mjwt_config_add_secret(config, *text(secret), *text(kid or "")))
            for one in issuer:
                ok(LIBRARY.mjwt_config_add_issuer(config, *text(one)))
            for one in audience:
                ok(LIBRARY.mjwt_config_add_audience(config, *text(one)))
            if subject is not None:
                ok(LIBRARY.mjwt_config_set_subject(config, *text(subject)))
            for name in required:
                ok(LIBRARY.mjwt_config_require_claim(config, *text(name)))
            for name, value in options.items():
                ok(LIBRARY.mjwt_config_set(config, OPTIONS[name], value))
            self.handle = c_void_p()
            ok(LIBRARY.mjwt_verifier_new(config, byref(self.handle)))
        finally:
            LIBRARY.mjwt_config_free(config)

    def __del__(self):
        if getattr(self, "handle", None):
            LIBRARY.mjwt_verifier_free(self.handle)

    def verify(self, token, function="mjwt_verify"):
        """The claims as text, and what was found."""
        info = Info(struct_size=ctypes.sizeof(Info))
        claims = ctypes.create_string_buffer(len(token) + 1)
        status = getattr(LIBRARY, function)(self.handle, *text(token), NOW, claims, len(claims), byref(info))
        ok(status, info.failed)
        return claims.raw[: info.claims_len].decode(), info


class Signer:
    def __init__(self, secret, algorithm="HS256", kid=""):
        self.handle = c_void_p()
        ok(LIBRARY.mjwt_signer_new(*text(secret), *text(kid), ALGORITHMS[algorithm], 0, byref(self.handle)))

    def __del__(self):
        if self.handle:
            LIBRARY.mjwt_signer_free(self.handle)

    def sign(self, claims):
        room = LIBRARY.mjwt_sign_bound(self.handle, len(claims.encode()))
        token, length = ctypes.create_string_buffer(room), c_size_t()
        ok(LIBRARY.mjwt_sign(self.handle, *text(claims), token, room, byref(length)))
        return token.raw[: length.value].decode()


SECRETS = {"HS256": b"k" * 32, "HS384": b"\x00\xff" * 24, "HS512": bytes(range(64))}


def samples():
    now = int(time.time())
    return [
        {},
        {"sub": "me"},
        {
            "iss": "https://issuer.example", "sub": "me", "aud": ["api", "web"], "jti": "1",
            "iat": now, "nbf": now - HOUR, "exp": now + HOUR,
        },
        {"name": "Zoë 日本 🦀", "clé": {"nested": [1, 2.5, None, True, "\"\\\n"]}},
        {"exp": now + HOUR + 0.5},
        {"roles": [f"role{number}" for number in range(500)]},
    ]


class FromPyJWT(unittest.TestCase):
    def test_every_algorithm_and_kid(self):
        kids = {"kid": "2026-11"}, {"kid": "clé"}
        for algorithm, secret in SECRETS.items():
            for headers in (None, *kids, {"typ": "at+jwt"}, {"x5u": "https://example.com"}):
                for claims in samples():
                    token = jwt.encode(claims, secret, algorithm, headers=headers)
                    verifier = Verifier([(secret, (headers or {}).get("kid"))], algorithms=ALGORITHMS[algorithm])
                    found, info = verifier.verify(token)
                    self.assertEqual(json.loads(found), claims)
                    self.assertEqual(info.present, sum(bit for name, bit in CLAIMS.items() if name in claims))
                    if "exp" in claims:
                        self.assertEqual(info.exp, int(claims["exp"]))
                    self.assertEqual(verifier.verify(f"Bearer {token}", "mjwt_verify_bearer")[0], found)

    def test_the_key_is_found_by_kid(self):
        keys = [(b"a" * 32, "a"), (b"b" * 32, "b"), (b"c" * 32, None)]
        verifier = Verifier(keys)
        for index, (secret, kid) in enumerate(keys):
            for headers in ({"kid": kid} if kid else {"kid": "unknown"}, None):
                token = jwt.encode({"sub": "me"}, secret, "HS256", headers=headers)
                self.assertEqual(verifier.verify(token)[1].key_index, index)
        with self.assertRaises(Refused) as refused:
            verifier.verify(jwt.encode({}, b"b" * 32, "HS256", headers={"kid": "a"}))
        self.assertEqual(refused.exception.name, "SIGNATURE")


class ToPyJWT(unittest.TestCase):
    def test_every_algorithm_and_kid(self):
        for algorithm, secret in SECRETS.items():
            for kid in ("", "2026-11", 'clé "🦀"'):
                for claims in samples():
                    written = json.dumps(claims, separators=(",", ":"), ensure_ascii=False)
                    token = Signer(secret, algorithm, kid).sign(written)
                    options = {"verify_aud": False}
                    self.assertEqual(jwt.decode(token, secret, [algorithm], options=options), claims)
                    expected = {"alg": algorithm, "typ": "JWT", **({"kid": kid} if kid else {})}
                    self.assertEqual(list(jwt.get_unverified_header(token).items()), list(expected.items()))

    def test_the_same_bytes(self):
        for algorithm, secret in SECRETS.items():
            theirs = jwt.encode({"sub": "me", "n": 1}, secret, algorithm)
            self.assertEqual(Signer(secret, algorithm).sign('{"sub":"me","n":1}'), theirs)


class Alike(unittest.TestCase):
    """What one refuses, the other does, and for the same reason."""

    def both(self, token, name, error, failed=None, policy=None, options=None):
        policy = policy or {}
        with self.assertRaises(Refused) as refused:
            Verifier([(SECRETS["HS256"], None)], **policy).verify(token)
        self.assertEqual(refused.exception.name, name)
        if failed is not None:
            self.assertEqual(refused.exception.failed, CLAIMS[failed])
        with self.assertRaises(jwt.InvalidTokenError) as theirs:
            jwt.decode(token, SECRETS["HS256"], ["HS256"], **(options or {}))
        self.assertIs(type(theirs.exception), error)

    def token(self, **claims):
        return jwt.encode(claims, SECRETS["HS256"], "HS256")

    def test_claims(self):
        now = int(time.time())
        wants = lambda **options: {"policy": options, "options": options}
        self.both(self.token(exp=now - HOUR), "EXPIRED", jwt.ExpiredSignatureError, "exp")
        self.both(self.token(nbf=now + HOUR), "NOT_YET_VALID", jwt.ImmatureSignatureError, "nbf")
        future = self.token(iat=now + HOUR)
        self.both(future, "ISSUED_IN_FUTURE", jwt.ImmatureSignatureError, "iat", policy={"check_iat": 1})
        issuer = wants(issuer=["i", "j"])
        self.both(self.token(iss="x"), "ISSUER", jwt.InvalidIssuerError, "iss", **issuer)
        audience = wants(audience=["a", "b"])
        self.both(self.token(aud="x"), "AUDIENCE", jwt.InvalidAudienceError, "aud", **audience)
        self.both(self.token(aud=["x", "y"]), "AUDIENCE", jwt.InvalidAudienceError, "aud", **audience)
        self.both(self.token(sub="x"), "SUBJECT", jwt.exceptions.InvalidSubjectError, "sub", **wants(subject="s"))
        required = {"policy": {"required": ["jti"]}, "options": {"options": {"require": ["jti"]}}}
        self.both(self.token(a=1), "MISSING_CLAIM", jwt.MissingRequiredClaimError, "jti", **required)
        self.both(self.token(a=1), "MISSING_CLAIM", jwt.MissingRequiredClaimError, "exp",
                  policy={"require_exp": 1}, options={"options": {"require": ["exp"]}})
        self.both(self.sealed('{"exp":"soon"}'), "CLAIM_MALFORMED", jwt.DecodeError, "exp")

    def test_leeway(self):
        now = int(time.time())
        for claims in ({"exp": now - HOUR}, {"nbf": now + HOUR}):
            token = self.token(**claims)
            found, _ = Verifier([(SECRETS["HS256"], None)], leeway=2 * HOUR).verify(token)
            self.assertEqual(json.loads(found), jwt.decode(token, SECRETS["HS256"], ["HS256"], leeway=2 * HOUR))

    def sealed(self, payload, header='{"alg":"HS256","typ":"JWT"}'):
        encode = lambda value: base64.urlsafe_b64encode(value).rstrip(b"=")
        text = encode(header.encode()) + b"." + encode(payload.encode())
        return (text + b"." + encode(hmac.digest(SECRETS["HS256"], text, hashlib.sha256))).decode()

    def test_tokens(self):
        good = self.token(sub="me")
        header, payload, signature = good.split(".")
        self.both(jwt.encode({}, b"x" * 32, "HS256"), "SIGNATURE", jwt.InvalidSignatureError)
        self.both(jwt.encode({}, SECRETS["HS512"], "HS512"), "ALGORITHM", jwt.InvalidAlgorithmError)
        self.both(f"{header}.{payload}.{'A' * 43}", "SIGNATURE", jwt.InvalidSignatureError)
        self.both(f"{header}.{payload}.{signature[:20]}", "SIGNATURE", jwt.InvalidSignatureError)
        self.both(f"{header}.{payload}", "TOKEN_FORMAT", jwt.DecodeError)
        self.both("", "TOKEN_FORMAT", jwt.DecodeError)
        self.both(jwt.encode({}, None, "none"), "SIGNATURE_MISSING", jwt.InvalidAlgorithmError)
        self.both(self.sealed("[]"), "CLAIMS_JSON", jwt.DecodeError)
        self.both(self.sealed("{}", '["HS256"]'), "HEADER_JSON", jwt.DecodeError)
        self.both(self.sealed("{}", '{"alg":"HS256","crit":["x"],"x":1}'), "CRITICAL_HEADER", jwt.InvalidTokenError)

    def test_every_changed_character(self):
        good = self.token(sub="me")
        verifier = Verifier([(SECRETS["HS256"], None)])
        for at, character in enumerate(good):
            changed = good[:at] + ("A" if character != "A" else "B") + good[at + 1 :]
            for verify in (verifier.verify, lambda token: jwt.decode(token, SECRETS["HS256"], ["HS256"])):
                # PyJWT decodes the signature, and so takes the last character's spare bits for
                # nothing.
                if at == len(good) - 1 and verify is not verifier.verify:
                    continue
                with self.assertRaises((Refused, jwt.InvalidTokenError)):
                    verify(changed)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    LIBRARY = load(sys.argv.pop())
    unittest.main(verbosity=1)
