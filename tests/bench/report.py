"""Puts the measurements together: results.json, results.svg, and on the terminal which rows of
budget.json hold.

report.py PARTS OUT SET [quick]    PARTS is the directory of what was measured, see run.sh; SET is
                                   one set, or `all`
Ends with 1 when a row does not hold, except after a quick run, whose figures mean nothing.
"""

import datetime
import itertools
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys

import draw

HERE = pathlib.Path(__file__).parent
SIZES = {"200B": 200, "1KiB": 1024, "4KiB": 4096, "16KiB": 16384}


# --- reading ----------------------------------------------------------------


def kind_of(name):
    return "ours" if name.startswith("mjwt") else "floor" if name.startswith("floor") else "peer"


def go_rows(paths, backend):
    """One row a benchmark, over all passes; `ratio` is the median over the passes of (this one /
    the first of its group)."""
    pattern = re.compile(
        r"Benchmark(\w+)/(\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op(?:\s+([\d.]+) B/op\s+(\d+) allocs/op)?"
    )
    passes = []
    for path in paths:
        found = [pattern.match(line) for line in path.read_text().splitlines()]
        passes.append({(m[1], m[2]): (float(m[3]), m[5] and int(m[5])) for m in found if m})
    rows = []
    for group, rest in passes[0] if passes else ():
        variant, _, name = rest.rpartition("/")
        first = next(key for key in passes[0] if key[0] == group and key[1].rpartition("/")[0] == variant)
        times = sorted(one[group, rest][0] for one in passes)
        rows.append({
            "set": "go",
            "backend": backend,
            "op": "sign" if group == "Sign" else "verify",
            "case": {
                "Refuse": {"signature": "bad signature"}.get(variant, variant),
                "Parallel": "accept, all processors",
            }.get(group, "accept"),
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


def read(parts):
    rows = [json.loads(line) for path in sorted(parts.glob("*.jsonl")) for line in path.read_text().splitlines()]
    for backend in ("cgo", "wasm"):
        rows += go_rows(sorted(parts.glob(f"go-{backend}-*.txt")), backend)
    return rows


def versions():
    def said(*command):
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    crates = re.findall(r'name = "([\w-]+)"\nversion = "([\d.]+)"', (HERE / "rust/Cargo.lock").read_text())
    wanted = {"jsonwebtoken", "jwt-simple", "hmac", "sha2", "aws-lc-rs"}
    packages = json.loads((HERE / "node/package-lock.json").read_text())["packages"]
    direct = packages[""]["dependencies"]
    nodes = json.loads((HERE / "../runtimes/package-lock.json").read_text())["packages"]
    mastra = json.loads((HERE / "../mastra/newest/package.json").read_text())["dependencies"]
    modules = re.findall(r"^\t(\S+) v(\S+)$", (HERE / "go/go.mod").read_text(), re.M)
    return {
        "mastra-jwt": said("git", "-C", str(HERE), "describe", "--always", "--dirty"),
        "rustc": said("rustc", "--version").split()[1],
        "go": said("go", "env", "GOVERSION").removeprefix("go"),
        "node": {name: nodes[f"node_modules/node-{name}"]["version"] for name in ("22", "24")},
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


# --- checking ---------------------------------------------------------------


def one(rows, wanted):
    """The row that has all these members; null is for a member that it must not have."""
    found = [row for row in rows if all(row.get(member) == value for member, value in wanted.items())]
    if len(found) != 1:
        sys.exit(f"report: {len(found)} rows instead of one for {wanted}")
    return found[0]


def value_of(rows, goal, which, where):
    given = goal[which]
    wanted = {**where, **({"name": given} if isinstance(given, str) else given)}
    field = wanted.pop("field", goal.get("field", "ratio"))
    row = one(rows, wanted)
    return row[field] / (row[goal["per"]] if "per" in goal else 1)


def check(rows, goals, chosen):
    """See README.md for the members of a goal."""
    checked = []
    for goal in goals:
        if chosen not in ("all", goal["in"]["set"]):
            continue
        each = goal.get("each", {})
        for values in itertools.product(*each.values()):
            more = dict(zip(each, values))
            where = {**goal["in"], **more}
            result = value_of(rows, goal, "of", where)
            if "over" in goal:
                result /= value_of(rows, goal, "over", where)
            if "minus" in goal:
                result -= value_of(rows, goal, "minus", where)
            result /= goal.get("scale", 1)
            most, least = goal.get("at_most"), goal.get("at_least")
            checked.append({
                "row": goal["row"] + "".join(f", {member.title()} {value}" for member, value in more.items()),
                "set": goal["in"]["set"],
                "goal": f"at most {most}" if least is None else f"at least {least}",
                "result": round(result, 3),
                "unit": goal.get("unit", "x"),
                "holds": result <= most if least is None else result >= least,
            })
    if not checked:
        sys.exit(f"report: budget.json has no row of the set {chosen}")
    return checked


def main():
    parts, out, chosen, *mode = sys.argv[1:]
    parts, out, quick = pathlib.Path(parts), pathlib.Path(out), mode == ["quick"]
    rows = read(parts)
    checked = check(rows, json.loads((HERE / "budget.json").read_text()), chosen)
    for row in rows:
        row.update({key: float(f"{value:.4g}") for key, value in row.items() if isinstance(value, float)})
    about = {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "quick": quick,
        "machine": machine(),
        "versions": versions() if chosen == "all" else None,
        "load": [round(value, 2) for value in os.getloadavg()],
    }
    text = json.dumps(about, indent=2, ensure_ascii=False)
    lists = {"budget": checked, "rows": rows}
    listed = (
        f'  "{name}": [\n' + ",\n".join("    " + json.dumps(row, ensure_ascii=False) for row in rows) + "\n  ]"
        for name, rows in lists.items()
    )
    (out / "results.json").write_text(f"{text[:-2]},\n" + ",\n".join(listed) + "\n}\n")
    if chosen == "all":
        (out / "results.svg").write_text(draw.picture(rows, about, one))
    width = max(len(row["row"]) for row in checked)
    for row in checked:
        result = f"{row['result']:.2f} {row['unit']}" if row["result"] < 1000 else f"{row['result']:,.0f} {row['unit']}"
        print(f"{row['row']:{width}}  {row['goal']:>15}  {result:>12}  {'holds' if row['holds'] else 'DOES NOT HOLD'}")
    failed = sum(not row["holds"] for row in checked)
    print(f"{len(checked) - failed} of {len(checked)} rows of the budget hold; all figures are in {out}/results.json")
    if quick:
        print("A quick run: its figures mean nothing.")
    elif failed:
        sys.exit(
            f"bench: {failed} rows of tests/bench/budget.json do not hold; "
            "known ones and their reasons are in tests/bench/README.md"
        )


main()
