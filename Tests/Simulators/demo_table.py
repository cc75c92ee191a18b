#!/usr/bin/env python3
"""Runs `rollcall demo --stores simulated` for several seeds and prints a table; fails where a run does.

    python3 Tests/Simulators/demo_table.py [--program PATH] [--contacts 10000] [--seeds 1-20]

To be run in the repository, once `make setup-test` has installed the emulator of BigQuery.
"""
import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--program", default=".build/release/rollcall")
    parser.add_argument("--contacts", type=int, default=10_000)
    parser.add_argument("--seeds", default="1-20", help="as 1-20, or one")
    options = parser.parse_args()
    first, _, last = options.seeds.partition("-")
    names = ["seed", "faults", "found", "missed", "false", "applied", "refused", "again", "undone", "listed", "seconds", "exit"]
    print("  ".join(f"{name:>7}" for name in names), flush=True)
    failures = 0
    for seed in range(int(first), int(last or first) + 1):
        folder = tempfile.mkdtemp(prefix="rollcall-demo-")
        shutil.rmtree(folder)
        command = [options.program, "demo", folder, "--stores", "simulated", "--contacts", str(options.contacts),
                   "--seed", str(seed), "--format", "json"]
        start = time.monotonic()
        run = subprocess.run(command, capture_output=True, text=True)
        seconds = time.monotonic() - start
        shutil.rmtree(folder, ignore_errors=True)
        failures += run.returncode != 0
        if not run.stdout.strip():
            print(f"{seed:>7}  {run.stderr.strip()}", flush=True)
            continue
        answer = json.loads(run.stdout)
        repair = answer["repair"]
        applied = repair["applied"]
        values = [seed, answer["faults"], answer["found"], len(answer["missed"]), len(answer["falseAlarms"]),
                  applied.get("done", 0), sum(applied.values()) - applied.get("done", 0),
                  repair["appliedAgain"].get("done", 0), repair["undone"].get("done", 0), sum(repair["listed"].values()),
                  round(seconds), run.returncode]
        print("  ".join(f"{value:>7}" for value in values), *repair["problems"], flush=True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
