#!/usr/bin/env python3
"""Measures Rollcall beside reladiff on two Postgres tables.

    python3 Benchmarks/reladiff.py [--contacts 1000000] [--differences 600] [--rounds 5]

Starts a PostgreSQL server of its own on 127.0.0.1, fills two tables of 24 columns, and stops it at the end. reladiff is
tried with several settings first, and the fastest of each of its two ways is measured: by hashes, as it compares tables
of two databases, and by a join, which it can where both are in one. All alternate within each round; the figures are
medians. Prints a Markdown table and writes reladiff.json to the work folder. Exit codes: 0 every bar is met, 1 a bar is
missed or an answer is wrong, 2 wrong usage, or a program is missing or fails.
"""

import argparse
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

from postgres import tables
from postgres.server import Server, ServerError
from run import HERE, SOURCES, Bench, Measured, last_line, say, stop

BAR = 3.0
LIMIT = 600  # seconds of one run of reladiff
REQUIREMENTS = HERE / "postgres" / "reladiff.txt"
# What it can be told, by its two ways. It cannot sort rows that hold NULL: its hashdiff then ends early, with exit code 0.
WAYS = {
    "hashdiff": [
        ["--algorithm", "hashdiff", "--skip-sort-results", *more] for more in (
            [], ["-j", "2"], ["-j", "4"], ["-j", "4", "--assume-unique-key"], ["-j", "4", "--bisection-factor", "1000"])],
    "joindiff": [["--algorithm", "joindiff", *more] for more in ([], ["-j", "2"], ["-j", "4"])]}
# Fields of the schema that the tables do not have.
ABSENT = [
    "apple_identity_unique_id", "apple_link_id", "is_me", "llm_context", "communication_stats", "social_network",
    "ai_insights", "recommendations", "last_updated_by"]


class TableBench(Bench):
    def __init__(self, options):
        super().__init__(options)
        self.server = Server(self.work / "postgres")
        self.truth = None
        self.sqlite = sqlite3.sqlite_version  # from which the tables are filled
        self.program = self.work / "reladiff" / "bin" / "reladiff"

    def install(self):
        """reladiff in an environment of its own, made again when its pinned packages change."""
        folder = self.work / "reladiff"
        mark = folder / REQUIREMENTS.name
        if mark.exists() and mark.read_bytes() == REQUIREMENTS.read_bytes():
            return
        say("installing reladiff …")
        shutil.rmtree(folder, ignore_errors=True)
        for command in (
                [sys.executable, "-m", "venv", str(folder)],
                [str(folder / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", "-r", str(REQUIREMENTS)]):
            done = subprocess.run(["timeout", str(LIMIT), *command], stdin=subprocess.DEVNULL, capture_output=True, text=True)
            if done.returncode != 0:
                stop(f"reladiff cannot be installed: {last_line(done.stderr)}")
        shutil.copyfile(REQUIREMENTS, mark)

    def load(self):
        def make_store(arguments):
            made = Measured([self.programs["make_store"], *arguments])
            if made.exit != 0:
                stop(f"make_store failed: {made.error.strip()}")

        o = self.options
        self.truth = tables.load(self.server, o.contacts, o.differences, make_store, SOURCES["make_store"])
        for table in tables.TABLES:  # into the server's memory
            self.server.query(f"SELECT count(*) FROM {table} c WHERE c.notes IS NULL")

    # reladiff

    def reladiff(self, way, settings):
        """One run, whose answer is judged."""
        address = self.server.address()
        a, b = tables.TABLES
        places = [address, a, address, b] if way == "hashdiff" else [address, a, b]
        key, *others = tables.COLUMNS
        columns = [word for name in others for word in ("-c", name)]
        # It breaks lines where the terminal ends, JSON or not.
        run = Measured(
            ["env", "COLUMNS=1000000", "timeout", str(LIMIT), str(self.program), *places, "-k", key, *columns, "--json", *settings])
        found = {sign: set() for sign in "-+"}
        for sign, key in re.findall(r'^\["([-+])", \["(\d+)"', run.output, re.MULTILINE):
            found[sign].add(int(key))
        self.agrees(
            f"reladiff {' '.join(settings)}", run, 0, changed=found["-"] & found["+"], missing=found["-"] - found["+"],
            extra=found["+"] - found["-"])
        return run

    def fastest(self):
        """The settings by which each way takes least time in one run."""
        best = {}
        for way, candidates in WAYS.items():
            took = []
            for settings in candidates:
                run = self.reladiff(way, settings)
                took.append((run.seconds, settings))
                say(f"reladiff {' '.join(settings)}: {run.seconds:.2f} s")
            best[way] = min(took)[1]
        return best

    # Rollcall

    def folder(self, names, paths=None):
        folder = Path(tempfile.mkdtemp(prefix="run-", dir=self.work / "runs"))
        absent = ", ".join(f"{name}: null" for name in ABSENT)
        lines = ["version: 1", f"canonical: {names[0]}", "stores:"]
        for name in names:
            lines += [
                f"  {name}:", "    kind: postgres", f"    dsn: {json.dumps(self.server.address())}", f"    table: {name}",
                "    identifiers: null", f"    fields: {{{absent}}}"]
        lines += ["state: state", "reports: reports", "recheck: {delay: 0s}"]
        (folder / "rollcall.yaml").write_text("\n".join(lines) + "\n")
        return folder

    def judge(self, where, report, names, findings):
        ids = {rule: {int(f["contact"]) for f in report["findings"] if f["rule"] == f"drift.{rule}"}
               for rule in ("field", "missing", "orphan")}
        self.agrees(where, None, None, changed=ids["field"], missing=ids["missing"], extra=ids["orphan"])
        return super().judge(where, report, names, findings)

    def agrees(self, who, run, code, **found):
        """Are these the ids that differ, each by its kind?"""
        problems = [f"exit code {run.exit}"] if run and run.exit != code else []
        for kind, ids in found.items():
            truth = set(self.truth[kind])
            if ids != truth:
                problems.append(f"{kind}: {len(ids - truth)} contacts that are not, without {len(truth - ids)} that are")
        if problems:
            said = [line for line in run.error.splitlines() if "WARNING" not in line] if run else []
            self.problem(f"{who}: {'; '.join(problems + said[-1:])}")

    # Figures

    def measure(self):
        o = self.options
        best = self.fastest()
        for round in range(1, o.rounds + 1):
            line = f"round {round}/{o.rounds} (load {os.getloadavg()[0]:.1f}):"
            for way, settings in best.items():
                seconds = self.reladiff(way, settings).seconds
                self.take(way, seconds)
                line += f" {way} {seconds:.2f} s,"
            for name, kinds in (("drift", "drift"), ("all", None)):
                run, inside = self.rollcall(tables.TABLES, None, 1 if o.differences else 0, o.differences, kinds=kinds)
                self.take(name, run.seconds)
                self.take(f"{name}.inside", inside)
                self.take(f"{name}.cpu", run.cpu)
                self.take("peak", run.peak)
                line += f" rollcall {name} {run.seconds:.2f} s,"
            say(line.rstrip(","))
        for way, what in (("hashdiff", "as of two databases"), ("joindiff", "within one database")):
            title = f"`reladiff {' '.join(best[way])}` ({what})"
            # The bar is set beside the way that tables of two databases can be compared in.
            self.compare(f"{title} / drift alone", way, "drift", BAR if way == "hashdiff" else None)
            self.compare(f"{title} / all rules", way, "all", None)
        self.memory_row("peak memory", "peak")

    def compare(self, what, baseline, ours, bar):
        """The ratio is how many times as fast Rollcall is."""
        base, mine = self.median(baseline), self.median(ours)
        self.rows.append({
            "what": what, "baseline": base, "rollcall": mine, "ratio": base / mine, "bar": bar, "unit": "s",
            "pass": None if bar is None else base / mine >= bar})

    def table(self):
        lines = ["| what | reladiff median | rollcall median | times as fast | bar | pass? |", "|---|---|---|---|---|---|"]
        for r in self.rows:
            verdict = {True: "yes", False: "**no**", None: "–"}[r["pass"]]
            if r["unit"] == "MB":
                lines.append(f"| {r['what']} | – | {r['rollcall']:.0f} MB (highest) | – | ≤ {r['bar']} MB | {verdict} |")
                continue
            bar = "–" if r["bar"] is None else f"≥ {r['bar']:g}×"
            lines.append(f"| {r['what']} | {r['baseline']:.2f} s | {r['rollcall']:.2f} s | {r['ratio']:.2f}× | {bar} | {verdict} |")
        return "\n".join(lines)

    def machine(self):
        return {
            **super().machine(), "postgres": self.server.query("SHOW server_version"),
            "reladiff": last_line(Measured([str(self.program), "--version"]).output)}

    def report(self):
        o, machine = self.options, self.machine()
        failed = any(r["pass"] is False for r in self.rows) or bool(self.problems)
        kinds = ", ".join(f"{len(ids)} {kind}" for kind, ids in self.truth.items())
        print(f"\n{self.table()}\n\n{o.contacts:,} contacts a table, {len(tables.COLUMNS)} columns, {o.differences:,} differences ({kinds}), "
              f"{o.rounds} rounds. {machine['cpu']}, {machine['cores']} cores, {machine['memoryMB'] / 1024:.0f} GB, "
              f"{machine['kernel']}, PostgreSQL {machine['postgres']}, reladiff {machine['reladiff']}, rollcall {machine['rollcall']}.")
        for text in self.problems:
            print(f"\nProblem: {text}")
        target = self.work / "reladiff.json"
        target.write_text(json.dumps({
            "contacts": o.contacts, "differences": o.differences, "rounds": o.rounds, "machine": machine, "rows": self.rows,
            "samples": self.samples, "problems": self.problems, "pass": not failed}, indent=1, ensure_ascii=False) + "\n")
        say(f"\nresults: {target}")
        return 1 if failed else 0


def main():
    default = os.environ.get("ROLLCALL_BENCH_DIR") or str(HERE / ".work")
    parser = argparse.ArgumentParser(prog="reladiff.py", description="Measures Rollcall beside reladiff on two Postgres tables.")
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--differences", type=int, default=600, help="contacts that are changed, missing or extra in the second table")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--binary", default=str(HERE.parent / ".build" / "release" / "rollcall"))
    parser.add_argument("--work", default=default, help="folder for the server and results (default: $ROLLCALL_BENCH_DIR or Benchmarks/.work)")
    options = parser.parse_args()
    if options.contacts < 1_000 or options.rounds < 1 or not 0 <= options.differences <= options.contacts // 10:
        parser.error("--contacts is at least 1000, --rounds at least 1, --differences at most a tenth of the contacts")
    options.baselines_only = False
    # Ended from outside, it stops the server too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        bench = TableBench(options)
        if not os.access(bench.binary, os.X_OK):
            stop(f"{options.binary} was not found: build it with `swift build -c release`, or name it with --binary")
        bench.compile()
        bench.install()
        with bench.server.running():
            bench.load()
            bench.measure()
            sys.exit(bench.report())
    except (ServerError, OSError, subprocess.TimeoutExpired) as error:
        stop(str(error))


if __name__ == "__main__":
    main()
