"""Counts with callgrind, compares with instructions.json: see instructions.sh."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

STORE = pathlib.Path(__file__).with_name("instructions.json")
SIZES = ["200", "1024", "4096", "16384"]
OPERATIONS = ["verify", "refuse", "sign"]
FEW, MANY = 80, 240  # multiples of the eight tokens of a set
TOLERANCE = 0.02


def counted(binary, what, size, times):
    """All instructions of one run of the program."""
    with tempfile.NamedTemporaryFile() as out:
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out.name}", binary, what, size, str(times)]
        run = subprocess.run(command, capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode != 0 or not found:
        sys.exit(f"bench-instructions: {' '.join(command)}\n{run.stderr}")
    return int(found[1])


def measure(binary):
    """Instructions an operation. The HMAC is counted by itself and taken off the others: callgrind
    knows no SHA instructions of the processor, so that it counts the hash in its portable form,
    which nobody runs and which would drown everything else."""

    def each(what, size):  # start and end of the program cancel out
        return (counted(binary, what, size, MANY) - counted(binary, what, size, FEW)) / (MANY - FEW)

    counts = {}
    for size in SIZES:
        hmac = each("hmac", size)
        counts[size] = {what: round(each(what, size) - hmac) for what in OPERATIONS}
    return counts


def main():
    binary, *options = sys.argv[1:]
    if options not in ([], ["--write"]):
        sys.exit("usage: instructions.sh [--write]")
    rustc = subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    counts = measure(binary)
    if options:
        STORE.write_text(json.dumps({"rustc": rustc, "instructions_beyond_hmac": counts}, indent=2) + "\n")
    before = json.loads(STORE.read_text())
    if before["rustc"] != rustc:
        compared = before["rustc"]
        print(f"The counts to compare with are of {compared}, this is {rustc}: run --write on the old code first.")
    worse = False
    print("Instructions beyond those of the HMAC")
    print(f"{'token':>6}  {'':8}{'now':>9}{'before':>9}{'change':>9}")
    for size, now in counts.items():
        for what, count in now.items():
            old = before["instructions_beyond_hmac"][size][what]
            change = count / old - 1
            worse |= change > TOLERANCE
            print(f"{size:>6}  {what:8}{count:>9}{old:>9}{change:>+9.1%}")
    if worse:
        sys.exit(f"bench-instructions: more than {TOLERANCE:.0%} above instructions.json")


main()
