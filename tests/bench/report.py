"""Puts the measurements together: results.json, results.svg, and the budget on the terminal.

report.py PARTS OUT [quick]; PARTS is the folder of what the programs printed, see run.sh.
"""

import datetime
import json
import pathlib
import platform
import re
import statistics
import subprocess
import sys

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402

HERE = pathlib.Path(__file__).parent
SIZES = {"200B": 200, "1KiB": 1024, "4KiB": 4096, "16KiB": 16384}


# --- reading ---------------------------------------------------------------------------------------------------------------------


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def kind_of(name):
    return "ours" if name.startswith("mjwt") else "floor" if name.startswith(("floor", "openssl")) else "peer"


def c_rows(path):
    """Two sizes: with the five claims of a session, and with a long string beside them."""
    rows = lines(path)
    longest = max(row["bytes"] for row in rows)
    for row in rows:
        name = row["name"]
        row.update(
            face="c",
            op="sign" if name.endswith(("sign", "encode_str")) else "verify",
            case="bad signature" if "refused" in name else "accept",
            size=16384 if row["bytes"] == longest else 200,
            shape="one string" if row["bytes"] == longest else "mixed",
            kind=kind_of(name),
        )
        ours = next(other for other in rows if other["bytes"] == row["bytes"] and other["name"] == f"mjwt_{row['op']}")
        row["ratio"] = row["ns"] / ours["ns"]
    return rows


def go_rows(paths):
    """One row a benchmark, over all passes; `ratio` is the median over the passes of (this one / the first of its group)."""
    pattern = re.compile(r"Benchmark(\w+)/(\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op(?:\s+([\d.]+) B/op\s+(\d+) allocs/op)?")
    passes = []
    for path in paths:
        found = [pattern.match(line) for line in path.read_text().splitlines()]
        passes.append({(m[1], m[2]): (float(m[3]), m[5] and int(m[5])) for m in found if m})
    rows = []
    for group, rest in passes[0]:
        variant, _, name = rest.rpartition("/")
        first = next(key for key in passes[0] if key[0] == group and key[1].rpartition("/")[0] == variant)
        times = sorted(one[group, rest][0] for one in passes)
        rows.append({
            "face": "go",
            "op": "sign" if group == "Sign" else "verify",
            "case": {"Refuse": {"signature": "bad signature"}.get(variant, variant), "Parallel": "accept, all processors"}.get(group, "accept"),
            "size": SIZES.get(variant, 200),
            "shape": "mixed" if SIZES.get(variant, 200) == 200 else "one string",
            "name": name,
            "kind": kind_of(name),
            "ns": statistics.median(times),
            "p25": times[len(times) // 4],
            "p75": times[len(times) * 3 // 4],
            "ratio": statistics.median(one[group, rest][0] / one[first][0] for one in passes),
            "allocations": passes[0][group, rest][1],
        })
    return rows


def versions():
    def said(*command):
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    crates = re.findall(r'name = "([\w-]+)"\nversion = "([\d.]+)"', (HERE / "rust/Cargo.lock").read_text())
    wanted = {"jsonwebtoken", "jwt-simple", "hmac", "sha2", "aws-lc-rs"}
    packages = json.loads((HERE / "node/package-lock.json").read_text())["packages"]
    direct = packages[""]["dependencies"]
    mastra = json.loads((HERE / "../mastra/newest/package.json").read_text())["dependencies"]
    modules = re.findall(r"^\t(\S+) v(\S+)$", (HERE / "go/go.mod").read_text(), re.M)
    return {
        "mastra-jwt": said("git", "-C", str(HERE), "describe", "--always", "--dirty"),
        "rustc": said("rustc", "--version"),
        "go": said("go", "version"),
        "node": said("node", "--version"),
        "cc": said("cc", "--version").splitlines()[0],
        "crates": [f"{name} {version}" for name, version in crates if name in wanted],
        "npm": {name: packages[f"node_modules/{name}"]["version"] for name in direct},
        "mastra": {name: mastra[name] for name in ("@mastra/core", "@mastra/server", "@mastra/hono")},
        "go modules": {name: version for name, version in modules if not name.endswith("/ffi/go")},
        "libjwt": said("pkg-config", "--modversion", "libjwt"),
        "openssl": said("pkg-config", "--modversion", "libcrypto"),
    }


def machine():
    info = pathlib.Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*: (.*)", info)
    flags = re.search(r"flags\s*: (.*)", info)
    return {
        "processor": model[1] if model else platform.processor(),
        "processors": len(re.findall(r"^processor\s*:", info, re.M)),
        "sha_instructions": bool(flags and "sha_ni" in flags[1].split()),
        "kernel": platform.release(),
    }


# --- judging ---------------------------------------------------------------------------------------------------------------------


class Rows(list):
    def one(self, face, op, name, case="accept", size=200, shape=None):
        found = [
            row for row in self
            if (row["face"], row["op"], row["name"]) == (face, op, name)
            and row.get("case", "accept") == case and row.get("size", size) == size
            and (shape is None or row["shape"] == shape) and "keys" not in row
        ]
        if len(found) != 1:
            sys.exit(f"report: {len(found)} rows for {face} {op} {name!r} {case} {size} {shape}")
        return found[0]

    def faster(self, face, op, ours, peer, **which):
        """How many times as long the peer takes."""
        return self.one(face, op, peer, **which)["ratio"] / self.one(face, op, ours, **which)["ratio"]


def budget(rows, memory):
    table = []

    def at_most(what, goal, result):
        table.append({"row": what, "goal": f"at most {goal} x", "result": round(result, 2), "met": result <= goal})

    def at_least(what, goal, result):
        table.append({"row": what, "goal": f"at least {goal} x", "result": round(result, 2), "met": result >= goal})

    def none(what, result):
        table.append({"row": what, "goal": "0", "result": result, "met": result == 0})

    floor = "floor: prekeyed HMAC"
    for op, ours, limit, least in (("verify", "mastra-jwt verify_into", 2.0, 4), ("sign", "mastra-jwt sign_into", 1.7, 3)):
        at_most(f"core {op}, 200 B: time beside the HMAC alone", limit, rows.faster("rust", op, floor, ours))
        if op == "verify":
            for shape in ("mixed", "one string"):
                time = rows.faster("rust", op, floor, ours, size=16384, shape=shape)
                at_most(f"core {op}, 16 KiB, {shape}: time beside the HMAC alone", 1.6, time)
        for backend in ("rust_crypto", "aws_lc_rs"):
            peer = f"jsonwebtoken {backend}" + (", struct" if op == "verify" else "")
            at_least(f"core {op}: faster than {peer}", least, rows.faster("rust", op, ours, peer))
        none(f"core {op}: heap allocations", rows.one("rust", op, ours)["allocations"])
    at_least("C verify: faster than libjwt", 9, rows.faster("c", "verify", "mjwt_verify", "libjwt jwt_decode"))
    at_least("C sign: faster than libjwt", 9, rows.faster("c", "sign", "mjwt_sign", "libjwt jwt_encode_str"))
    for what in ("struct", "map"):
        at_least(f"Go Verify: faster than golang-jwt, {what}", 7, rows.faster("go", "verify", "mjwt_claims", f"golang-jwt_{what}"))
    none("Go AppendClaims: heap allocations", rows.one("go", "verify", "mjwt_append")["allocations"])
    node = "mastra-jwt authenticateToken"
    reference = "@mastra/auth authenticateToken"
    at_least("Node authenticateToken: faster than @mastra/auth", 22, rows.faster("node", "verify", node, reference))
    at_least("Node authenticateToken: faster than fast-jwt uncached", 4, rows.faster("node", "verify", node, "fast-jwt, no cache"))
    at_least("Node authenticateToken: faster than fast-jwt with its cache", 1, rows.faster("node", "verify", node, "fast-jwt, its cache"))
    for case in ("bad signature", "expired"):
        at_least(f"Node refusal, {case}: faster than @mastra/auth", 10, rows.faster("node", "verify", node, reference, case=case))
    at_least("Node sign: faster than jsonwebtoken", 15, rows.faster("node", "sign", "mastra-jwt createSigner", "jsonwebtoken, secret string"))
    at_least("Node sign: faster than fast-jwt", 2.5, rows.faster("node", "sign", "mastra-jwt createSigner", "fast-jwt"))
    for row, goal in zip(memory, (0.25, 2)):  # memory.c and memory.mjs fail beyond that
        table.append({
            "row": f"{'C' if row['face'] == 'c' else 'Node'} memory: MiB grown over {row['verifications']:,} verifications",
            "goal": f"at most {goal}",
            "result": round(row["grown_bytes"] / 2**20, 2),
            "met": row["grown_bytes"] <= goal * 2**20,
        })
    return table


# --- drawing ---------------------------------------------------------------------------------------------------------------------

OURS, PEER, FLOOR, INK = "#0b6e4f", "#8a8f98", "#c98b1b", "#1f2328"

PANELS = [
    ("Rust", "rust", {
        "verify": {
            "floor: prekeyed HMAC": "HMAC alone (floor)",
            "mastra-jwt verify_into": "mastra-jwt",
            "jsonwebtoken rust_crypto, struct": "jsonwebtoken, RustCrypto",
            "jsonwebtoken aws_lc_rs, struct": "jsonwebtoken, AWS-LC",
            "jwt-simple": "jwt-simple",
        },
        "sign": {
            "floor: prekeyed HMAC": "HMAC alone (floor)",
            "mastra-jwt sign_into": "mastra-jwt",
            "jsonwebtoken rust_crypto": "jsonwebtoken, RustCrypto",
            "jsonwebtoken aws_lc_rs": "jsonwebtoken, AWS-LC",
            "jwt-simple": "jwt-simple",
        },
    }),
    ("C", "c", {
        "verify": {
            "openssl HMAC()": "OpenSSL HMAC() alone",
            "mjwt_verify": "mastra-jwt",
            "libjwt jwt_decode": "libjwt",
        },
        "sign": {"mjwt_sign": "mastra-jwt", "libjwt jwt_encode_str": "libjwt"},
    }),
    ("Go", "go", {
        "verify": {
            "floor_cgo": "empty cgo call (floor)",
            "mjwt_append": "mastra-jwt, AppendClaims",
            "mjwt_claims": "mastra-jwt, Verify",
            "cristalhq_struct": "cristalhq/jwt",
            "golang-jwt_struct": "golang-jwt",
            "jwx": "lestrrat-go/jwx",
        },
        "sign": {
            "mjwt_append": "mastra-jwt, AppendSign",
            "mjwt_struct": "mastra-jwt, Sign",
            "cristalhq_struct": "cristalhq/jwt",
            "golang-jwt_struct": "golang-jwt",
            "jwx": "lestrrat-go/jwx",
        },
    }),
    ("Node", "node", {
        "verify": {
            "floor: empty native call": "empty native call (floor)",
            "floor: JSON.parse of the payload": "JSON.parse alone (floor)",
            "mastra-jwt authenticateToken": "mastra-jwt",
            "fast-jwt, its cache": "fast-jwt, its cache",
            "fast-jwt, no cache": "fast-jwt, no cache",
            "@node-rs/jsonwebtoken verifySync": "@node-rs/jsonwebtoken",
            "@mastra/auth authenticateToken": "@mastra/auth",
            "jose jwtVerify": "jose",
        },
        "sign": {
            "floor: JSON.stringify of the claims": "JSON.stringify alone (floor)",
            "mastra-jwt createSigner": "mastra-jwt",
            "fast-jwt": "fast-jwt",
            "@node-rs/jsonwebtoken signSync": "@node-rs/jsonwebtoken",
            "jsonwebtoken, secret string": "jsonwebtoken",
            "jose SignJWT": "jose",
        },
    }),
]


def spoken(ns):
    if ns < 995:
        return f"{ns:.0f} ns"
    micro = ns / 1000
    return f"{micro:.1f} µs" if micro < 9.95 else f"{micro:.0f} µs"


def panel(axes, chosen, places):
    """One contender a line, of `places` lines: what it is, a dot, how long it takes."""
    for place, (label, row) in enumerate(chosen):
        colour = {"ours": OURS, "peer": PEER, "floor": FLOOR}[row["kind"]]
        ours = row["kind"] == "ours"
        axes.plot([LEFT, row["ns"]], [place, place], color=colour, lw=3 if ours else 1.6, solid_capstyle="butt", zorder=1)
        hollow = "white" if row["kind"] == "floor" else colour
        axes.plot(row["ns"], place, "o", ms=7, mfc=hollow, mec=colour, mew=1.6, zorder=2)
        axes.annotate(
            spoken(row["ns"]), (row["ns"], place), xytext=(8, 0), textcoords="offset points",
            va="center", fontsize=9.5, color=OURS if ours else INK, fontweight="bold" if ours else "normal",
        )
    axes.set_yticks(range(len(chosen)), [label for label, _ in chosen], fontsize=9.5)
    for tick, (_, row) in zip(axes.get_yticklabels(), chosen):
        if row["kind"] == "ours":
            tick.set(color=OURS, fontweight="bold")
    axes.set_ylim(places - 0.4, -0.6)
    axes.set_xscale("log")
    axes.set_xlim(LEFT, RIGHT)
    axes.set_xticks([10, 100, 1_000, 10_000, 100_000], ["10 ns", "", "1 µs", "", "100 µs"], fontsize=9)
    axes.xaxis.minorticks_off()
    axes.tick_params(axis="both", length=0, colors=INK)
    axes.grid(axis="x", color="#e4e6ea", lw=0.8)
    axes.set_axisbelow(True)
    for side in axes.spines.values():
        side.set_visible(False)


LEFT, RIGHT = 10, 1_000_000


def draw(rows, server, out, about):
    plt.rcParams.update({"font.family": "DejaVu Sans", "svg.fonttype": "path", "svg.hashsalt": "mastra-jwt"})
    heights = [max(len(names) for names in ops.values()) + 0.9 for _, _, ops in PANELS]
    requests = [sorted((row for row in server if row["case"] == case), key=lambda row: row["kind"]) for case in ("accept", "bad signature")]
    heights.append(max(map(len, requests)) + 0.9)
    figure, grid = plt.subplots(
        len(heights), 2, figsize=(9, sum(heights) * 0.27 + 2.2), gridspec_kw={"height_ratios": heights}, layout="constrained",
    )
    figure.get_layout_engine().set(hspace=0.05, wspace=0.02, rect=(0, 0.025, 1, 0.92))
    for line, (title, face, ops) in enumerate(PANELS):
        for column, op in enumerate(("verify", "sign")):
            chosen = [(label, rows.one(face, op, name, size=200)) for name, label in ops[op].items()]
            panel(grid[line][column], chosen, max(map(len, ops.values())))
            grid[line][column].set_title(f"{title}: {op}", loc="left", fontsize=11, fontweight="bold", color=INK)
    for column, (title, case) in enumerate(zip(("Server: good tokens", "Server: flood of bad ones"), requests)):
        axes = grid[-1][column]
        for place, row in enumerate(case):
            colour = {"ours": OURS, "peer": PEER, "floor": FLOOR}[row["kind"]]
            axes.barh(place, row["per_second"], height=0.5, color="white" if row["kind"] == "floor" else colour, ec=colour, lw=1.6)
            axes.annotate(
                f"{row['per_second']:,.0f}/s", (row["per_second"], place), xytext=(6, 0), textcoords="offset points",
                va="center", fontsize=9.5, color=OURS if row["kind"] == "ours" else INK,
            )
        axes.set_yticks(range(len(case)), [row["name"] for row in case], fontsize=9.5)
        axes.set_ylim(max(map(len, requests)) - 0.4, -0.6)
        axes.set_xlim(0, 1.3 * max(row["per_second"] for row in server))
        axes.set_xticks([])
        axes.tick_params(length=0, colors=INK)
        axes.set_title(title, loc="left", fontsize=11, fontweight="bold", color=INK)
        for side in axes.spines.values():
            side.set_visible(False)
    figure.text(0.01, 0.988, "Time for one HS256 token of about 200 bytes", fontsize=13, fontweight="bold", color=INK, va="top")
    figure.text(
        0.01, 0.962, "Less is better; each grid line is ten times slower than the one before. Below: requests a second, more is better.",
        fontsize=9.5, color=INK, va="top",
    )
    figure.text(0.99, 0.006, about, fontsize=8.5, color="#5b616b", ha="right", va="bottom")
    figure.savefig(out / "results.svg", metadata={"Date": None})
    plt.close(figure)


# --- all of it -------------------------------------------------------------------------------------------------------------------


def main():
    parts, out, *mode = sys.argv[1:]
    parts, out = pathlib.Path(parts), pathlib.Path(out)
    rows = Rows(lines(parts / "rust.jsonl") + c_rows(parts / "c.jsonl") + go_rows(sorted(parts.glob("go-*.txt"))) + lines(parts / "node.jsonl"))
    server, memory, startup = (lines(parts / f"{name}.jsonl") for name in ("server", "memory", "startup"))
    judged = budget(rows, memory)
    results = {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "quick": mode == ["quick"],
        "machine": machine(),
        "versions": versions(),
        "budget": judged,
        "server": server,
        "startup": startup,
        "memory": memory,
        "rows": rows,
    }
    for row in rows + server + startup:
        row.update({key: float(f"{value:.4g}") for key, value in row.items() if isinstance(value, float)})
    text = json.dumps({key: value for key, value in results.items() if key != "rows"}, indent=2, ensure_ascii=False)
    measured = ",\n".join("    " + json.dumps(row, ensure_ascii=False) for row in rows)
    (out / "results.json").write_text(f'{text[:-2]},\n  "rows": [\n{measured}\n  ]\n}}\n')
    date = results["date"].split()[0]
    how = "a quick run, not to be quoted" if results["quick"] else "medians of interleaved rounds; see results.json"
    draw(rows, server, out, f"{results['machine']['processor']}, {date}; {how}")
    width = max(len(row["row"]) for row in judged)
    for row in judged:
        print(f"{row['row']:{width}}  {row['goal']:>14}  {row['result']:>8}  {'met' if row['met'] else 'NOT MET'}")
    print(f"wrote {out}/results.json and {out}/results.svg")


main()
