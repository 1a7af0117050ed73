"""The picture of the README: one SVG by hand, readable on light and dark ground."""

import html
import math

STYLE = """
  svg {
    --paper: #ffffff; --ink: #1f2328; --soft: #59636e; --grid: #d8dee4;
    --ours: #0b6e4f; --peer: #6e7781; --floor: #9a6700
  }
  @media (prefers-color-scheme: dark) {
    svg {
      --paper: #0d1117; --ink: #e6edf3; --soft: #9198a1; --grid: #30363d;
      --ours: #3fb950; --peer: #8b949e; --floor: #d29922
    }
  }
  text { font: 12px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: var(--ink) }
  .title { font-size: 17px; font-weight: 600 } .panel { font-size: 14px; font-weight: 600 }
  .soft { fill: var(--soft); font-size: 11px }
  .label { text-anchor: end } .ours { fill: var(--ours); font-weight: 600 } .grid { stroke: var(--grid) }
  .bar { stroke-width: 3 } .bar-ours { stroke: var(--ours); fill: var(--ours); stroke-width: 6 }
  .bar-peer { stroke: var(--peer); fill: var(--peer) } .bar-floor { stroke: var(--floor); fill: var(--paper) }
"""

CORE, NODE = {"set": "core", "shape": "mixed"}, {"set": "node", "node": "24", "shape": "mixed"}
C, GO = {"set": "c"}, {"set": "go", "backend": "cgo"}
# The contender that the others are compared with comes first.
PANELS = [
    ("Rust", "rustc", CORE, {
        "verify": {
            "mastra-jwt verify_into": "mastra-jwt",
            "floor: prekeyed HMAC": "HMAC alone",
            "jwt-simple": "jwt-simple",
            "jsonwebtoken rust_crypto, struct": "jsonwebtoken, RustCrypto",
            "jsonwebtoken aws_lc_rs, struct": "jsonwebtoken, AWS-LC",
        },
        "sign": {
            "mastra-jwt sign_into": "mastra-jwt",
            "floor: prekeyed HMAC": "HMAC alone",
            "jwt-simple": "jwt-simple",
            "jsonwebtoken rust_crypto": "jsonwebtoken, RustCrypto",
            "jsonwebtoken aws_lc_rs": "jsonwebtoken, AWS-LC",
        },
    }),
    ("C", None, C, {
        "verify": {
            "mjwt_verify": "mastra-jwt",
            "openssl HMAC()": "OpenSSL HMAC() alone",
            "libjwt jwt_decode": "libjwt",
        },
        "sign": {"mjwt_sign": "mastra-jwt", "libjwt jwt_encode_str": "libjwt"},
    }),
    ("Go", "go", GO, {
        "verify": {
            "mjwt_claims": "mastra-jwt, Verify",
            "floor_cgo": "empty cgo call",
            "mjwt_append": "mastra-jwt, AppendClaims",
            "cristalhq_struct": "cristalhq/jwt",
            "golang-jwt_struct": "golang-jwt",
            "jwx": "lestrrat-go/jwx",
        },
        "sign": {
            "mjwt_struct": "mastra-jwt, Sign",
            "mjwt_append": "mastra-jwt, AppendSign",
            "cristalhq_struct": "cristalhq/jwt",
            "golang-jwt_struct": "golang-jwt",
            "jwx": "lestrrat-go/jwx",
        },
    }),
    ("Node", "24", NODE, {
        "verify": {
            "mastra-jwt authenticateToken": "mastra-jwt",
            "floor: JSON.parse + HMAC + native call": "JSON.parse + HMAC + call",
            "mastra-jwt wasm authenticateToken": "mastra-jwt, WebAssembly",
            "fast-jwt, its cache": "fast-jwt, its cache",
            "fast-jwt, no cache": "fast-jwt, no cache",
            "@node-rs/jsonwebtoken verifySync": "@node-rs/jsonwebtoken",
            "@mastra/auth authenticateToken": "@mastra/auth",
            "jose jwtVerify": "jose",
        },
        "sign": {
            "mastra-jwt createSigner": "mastra-jwt",
            "floor: JSON.stringify + HMAC + native call": "JSON.stringify + HMAC + call",
            "mastra-jwt wasm createSigner": "mastra-jwt, WebAssembly",
            "fast-jwt": "fast-jwt",
            "@node-rs/jsonwebtoken signSync": "@node-rs/jsonwebtoken",
            "jsonwebtoken, secret string": "jsonwebtoken",
            "jose SignJWT": "jose",
        },
    }),
]

COLUMN, LABEL, BAR, LINE = 470, 200, 145, 20
LEAST, MOST = 20, 200_000  # ns


def spoken(ns):
    if ns < 995:
        return f"{ns:.0f} ns"
    micro = ns / 1000
    return f"{micro:.1f} µs" if micro < 9.95 else f"{micro:.0f} µs"


def times(ratio):
    return f"{ratio:.0f} ×" if ratio >= 9.95 else f"{ratio:.1f} ×" if ratio >= 0.095 else f"{ratio:.2f} ×"


def text(x, y, words, kind=""):
    return f'<text x="{x:.0f}" y="{y:.0f}"' + (f' class="{kind}"' if kind else "") + f">{html.escape(words)}</text>"


def panel(x, y, title, contenders, place, value):
    """A line for each contender: what it is, its bar, and in words how long it is and how many
    times that of the first."""
    parts = [text(x + 8, y + 12, title, "panel")]
    for at, (label, row) in enumerate(contenders):
        middle = y + 30 + at * LINE
        end = x + LABEL + min(BAR, max(4, place(row) * BAR))
        bold = " ours" if row["kind"] == "ours" else ""
        parts.append(text(x + LABEL - 8, middle + 4, label, "label" + bold))
        parts.append(f'<path class="bar bar-{row["kind"]}" d="M{x + LABEL} {middle}H{end:.1f}"/>')
        parts.append(
            f'<circle class="bar-{row["kind"]}" cx="{end:.1f}" cy="{middle}" r="4" style="stroke-width: 1.5"/>'
        )
        ratio = row["ratio"] / contenders[0][1]["ratio"]
        parts.append(text(end + 10, middle + 4, value(row) + (f"  ·  {times(ratio)}" if at else ""), bold.strip()))
    return parts


def logarithmic(row):
    return (math.log10(row["ns"]) - math.log10(LEAST)) / (math.log10(MOST) - math.log10(LEAST))


def picture(rows, about, one):
    versions = about["versions"]
    named = {"rustc": versions["rustc"], "go": versions["go"], "24": versions["node"]["24"], None: ""}
    parts = [
        text(8, 24, "Time for one HS256 token of about 200 bytes", "title"),
        text(8, 44, "Less is better; the scale is logarithmic. After each time: how many times that of mastra-jwt, "
                    "the first line. Amber is work that nobody can leave out.", "soft"),
    ]
    y = 66
    for title, version, where, ops in PANELS:
        deepest = max(map(len, ops.values()))
        bottom = y + 24 + deepest * LINE
        for column, (op, names) in enumerate(ops.items()):
            x = column * COLUMN
            for decade in (100, 1_000, 10_000, 100_000):
                line = x + LABEL + logarithmic({"ns": decade}) * BAR
                parts.append(f'<path class="grid" d="M{line:.1f} {y + 20}V{bottom}"/>')
            of = {**where, "case": "accept", "size": 200}
            chosen = [
                (label, one(rows, {**of, "op": "verify" if name.startswith("openssl") else op, "name": name}))
                for name, label in names.items()
            ]
            heading = f"{title} {named[version]}".strip() + f": {op}"
            parts += panel(x, y, heading, chosen, logarithmic, lambda row: spoken(row["ns"]))
        y = bottom + 16
    requests = [
        sorted(
            (row for row in rows if row["set"] == "server" and row["case"] == case),
            key=lambda row: row["name"] != "mastra-jwt",
        )
        for case in ("accept", "bad signature")
    ]
    fastest = max(row["per_second"] for case in requests for row in case)
    parts.append(text(8, y + 8, "Requests a second of a Mastra server; more is better", "title"))
    y += 28
    for column, (title, case) in enumerate(zip(("good tokens", "a flood of bad ones"), requests)):
        shorter = {"a provider that checks nothing": "checks nothing"}
        chosen = [(shorter.get(row["name"], row["name"]), row) for row in case]
        parts += panel(
            column * COLUMN, y, f"Node {named['24']}: {title}", chosen,
            lambda row: 0.9 * row["per_second"] / fastest, lambda row: f"{row['per_second']:,.0f}/s",
        )
    y += 40 + max(map(len, requests)) * LINE
    how = "a quick run, not to be quoted" if about["quick"] else "medians of interleaved rounds"
    if about["load"][2] > about["machine"]["processors"]:
        how += f", on a machine that did other work (load {about['load'][2]:.0f}): ratios hold better than times"
    measured = f"{about['machine']['processor']}, {about['date'].split()[0]}"
    parts.append(text(8, y, f"{measured}; {how}; all figures and versions: results.json", "soft"))
    height, width = y + 16, 2 * COLUMN
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
        f"<style>{STYLE}</style>",
        f'<rect width="{width}" height="{height}" style="fill: var(--paper)"/>',
        *parts,
        "</svg>",
        "",
    ])
