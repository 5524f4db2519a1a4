"""`./run soak`: every long reliability run, or those named, as a table. Exit 0 only when all are green.

Each run has a process of its own, so that its memory is its own and a crash is one row, not the end.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "helpers"))

import soak

TOLD = 3


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="./run soak", description="The long reliability runs.")
    parser.add_argument("names", nargs="*", help="runs whose name contains one of these; all without")
    parser.add_argument("--list", action="store_true", help="only say which there are")
    parser.add_argument("--short", action="store_true", help="as few rounds as the test suite does")
    parser.add_argument("--rounds", type=int, help="this many rounds of each")
    parser.add_argument("--seed", type=int, default=1, help="the same seed repeats a run")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    every = soak.find()
    if asked.alone:
        print(json.dumps(_alone(next(run for run in every if run.name == asked.alone), asked)))
        return 0
    chosen = [run for run in every if not asked.names or any(name in run.name for name in asked.names)]
    if not chosen:
        parser.error("no such run; --list says which there are")
    if asked.list:
        for run in chosen:
            print(f"{run.name:<28} {run.long:>9,}  {run.promise}")
        return 0
    rows = []
    for run in chosen:
        rows.append(_in_its_own_process(run))
        if not asked.json:
            _print(rows[-1])
    if asked.json:
        print(json.dumps({"seed": asked.seed, "runs": rows}, ensure_ascii=False, indent=2))
    else:
        red = [row["name"] for row in rows if not row["green"]]
        print(f"\n{len(rows) - len(red)} green, {len(red)} red" + (f": {', '.join(red)}" if red else ""))
    return int(not all(row["green"] for row in rows))


def _in_its_own_process(run: soak.Soak) -> dict:
    ended = subprocess.run(
        [sys.executable, __file__, "--alone", run.name, *sys.argv[1:]],
        stdout=subprocess.PIPE,
        check=False,
        env=os.environ | {"PYTHONFAULTHANDLER": "1"},
    )
    try:
        return json.loads(ended.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        return {
            "name": run.name,
            "promise": run.promise,
            "green": False,
            "rounds": 0,
            "failures": 1,
            "told": [f"the process ended with {ended.returncode}"],
            "worst_ms": 0.0,
            "grown_mib": 0.0,
            "notes": [],
            "seconds": 0.0,
        }


def _alone(run: soak.Soak, asked: argparse.Namespace) -> dict:
    rounds = asked.rounds or (run.short if asked.short else run.long)
    # A round first, so that what every run loads is not counted as growth.
    run.run(1, random.Random(asked.seed))
    before, begun = soak.peak_mib(), time.monotonic()
    seen = run.run(rounds, random.Random(asked.seed))
    grown, told = soak.peak_mib() - before, list(seen.told)
    failures = seen.failures
    if run.limit_ms is not None and seen.worst_ms > run.limit_ms:
        failures += 1
        told.append(f"a round took {seen.worst_ms:.1f} ms, {run.limit_ms:g} are allowed")
    if run.limit_mib is not None and grown > run.limit_mib:
        failures += 1
        told.append(f"memory grew by {grown:.0f} MiB, {run.limit_mib:g} are allowed")
    return {
        "name": run.name,
        "promise": run.promise,
        "green": not failures,
        "rounds": seen.rounds,
        "failures": failures,
        "told": told,
        "worst_ms": round(seen.worst_ms, 2),
        "grown_mib": round(grown, 1),
        "notes": seen.notes,
        "seconds": round(time.monotonic() - begun, 1),
    }


def _print(row: dict) -> None:
    state = "green" if row["green"] else "RED"
    print(
        f"{state:<6} {row['name']:<28} {row['rounds']:>9,} rounds {row['seconds']:>7.1f} s"
        f"  worst {row['worst_ms']:>7.1f} ms  +{row['grown_mib']:.0f} MiB  failures {row['failures']}",
        flush=True,
    )
    print(f"       {row['promise']}")
    for note in row["notes"]:
        print(f"       {note}")
    for line in row["told"][:TOLD]:
        print(f"       ! {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
