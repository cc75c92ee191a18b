#!/usr/bin/env python3
"""Runs the benchmarks of Rollcall side by side with their baselines.

    python3 Benchmarks/run.py [--contacts 1000000] [--rounds 5] [--only scan|audit|four|full|apply]

Baseline and Rollcall alternate within each round; the figures are medians. Prints a Markdown table and writes
results.json to the work folder. Exit codes: 0 every bar is met, 1 a bar is missed or an answer is wrong, 2 wrong
usage or a program is missing.
"""

import argparse
import hashlib
import json
import os
import platform
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCES = {
    "make_store": HERE / "generator" / "make_store.c", "scan_text": HERE / "baseline" / "scan_text.c",
    "update_text": HERE / "baseline" / "update_text.c"}
SCAN_BAR, AUDIT_BAR, FOUR_BAR, FULL_BAR, APPLY_BAR, MEMORY_BAR = 1.6, 1.2, 2.2, 1.5, 2.0, 512
SEED = 1
STORES = {"a": None, "b": 2, "c": 3, "d": 4, "e": 5}  # name: seed of its differences
FOUR = ["a", "b", "c", "d"]
UPDATES = 100_000  # what apply changes in e
BATCH, SYNCHRONOUS = 500, "full"  # as Rollcall writes to SQLite


def say(text):
    print(text, file=sys.stderr, flush=True)


def stop(text):
    say(f"{Path(sys.argv[0]).name}: {text}")
    sys.exit(2)


class Measured:
    """One finished process: wall seconds, exit code, peak memory of the process in MB, standard output and error."""

    def __init__(self, command, keep_output=True, cores=None):
        if cores:
            command = ["taskset", "-c", ",".join(map(str, cores)), *command]
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            start = time.perf_counter()
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out if keep_output else subprocess.DEVNULL, stderr=err)
            _, status, usage = os.wait4(process.pid, 0)
            self.seconds = time.perf_counter() - start
            process.returncode = self.exit = os.waitstatus_to_exitcode(status)
            self.peak = usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1 << 20)
            self.cpu = usage.ru_utime + usage.ru_stime
            out.seek(0)
            err.seek(0)
            self.output = out.read().decode(errors="replace")
            self.error = err.read().decode(errors="replace")

    def values(self):
        return dict(line.split("=", 1) for line in self.output.splitlines() if "=" in line)


class Bench:
    def __init__(self, options):
        self.options = options
        self.work = Path(options.work).resolve()
        for folder in ("bin", "stores", "runs"):
            (self.work / folder).mkdir(parents=True, exist_ok=True)
        self.binary = Path(options.binary).resolve()
        self.programs = {}
        self.paths = {}
        self.rows = []       # the table
        self.samples = {}    # name: every measured value
        self.problems = []   # wrong answers
        available = sorted(os.sched_getaffinity(0))
        self.one, self.two = available[:1], available[:2]

    # Programs and stores

    def compile(self):
        compiler = os.environ.get("CC") or shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
        if not compiler:
            stop("no C compiler (cc, gcc or clang) was found")
        for name, source in SOURCES.items():
            target = self.work / "bin" / name
            built = subprocess.run(
                [compiler, "-std=c11", "-O2", "-Wall", "-Wextra", "-o", str(target), str(source), "-lsqlite3"],
                capture_output=True, text=True)
            if built.returncode != 0:
                stop(f"{name} does not compile (is the package libsqlite3-dev installed?)\n{built.stderr}")
            self.programs[name] = str(target)

    def generate(self, names, differences=None):
        """Makes the stores that are not there yet. The name of a file holds everything its content depends on."""
        o = self.options
        differences = o.differences if differences is None else differences
        version = hashlib.sha256(SOURCES["make_store"].read_bytes()).hexdigest()[:8]
        for name in names:
            seed2 = STORES[name]
            path = self.work / "stores" / (
                f"n{o.contacts}-s{SEED}" + (f"-d{differences}-x{seed2}" if seed2 else "") + f"-{o.journal}-{version}.db")
            self.paths[name] = path
            if path.exists():
                continue
            say(f"making {path.name} …")
            partial = path.with_suffix(".partial")
            command = [self.programs["make_store"], str(partial), "--contacts", str(o.contacts), "--seed", str(SEED)]
            if seed2:
                command += ["--differences", str(differences), "--seed2", str(seed2)]
            if o.journal == "wal":
                command += ["--wal"]
            made = Measured(command)
            if made.exit != 0:
                stop(f"make_store failed: {made.error.strip()}")
            partial.rename(path)

    def warm(self, names):
        size = sum(self.paths[n].stat().st_size for n in names)
        free = memory("MemAvailable")
        if free and size > free * 0.8:
            say(f"warning: {size >> 20} MB of stores do not fit into {free >> 20} MB of free memory: the page cache is not warm")
        for name in names:
            with open(self.paths[name], "rb", buffering=0) as file:
                while file.read(1 << 20):
                    pass

    # Rollcall

    def folder(self, names, paths=None):
        """A fresh folder with a configuration: no state, no history."""
        paths = paths or self.paths
        folder = Path(tempfile.mkdtemp(prefix="run-", dir=self.work / "runs"))
        lines = ["version: 1", f"canonical: {names[0]}", "stores:"]
        for name in names:
            lines += [f"  {name}:", "    kind: sqlite", f"    path: {json.dumps(str(paths[name]))}"]
        lines += ["state: state", "reports: reports", "recheck: {delay: 0s}"]
        (folder / "rollcall.yaml").write_text("\n".join(lines) + "\n")
        return folder

    def rollcall(self, names, cores, exit_code, findings, folder=None, kinds="drift"):
        """One audit, by the rules of these kinds (None: all). Returns the measured process and the seconds of its slowest
        store."""
        own = folder is None
        folder = folder or self.folder(names)
        report = folder / "report.json"
        report.unlink(missing_ok=True)
        try:
            run = Measured(
                [str(self.binary), "audit", "--config", str(folder / "rollcall.yaml"), "--json", str(report), "--quiet",
                 *(["--only", kinds] if kinds else [])], cores=cores)
            where = f"rollcall audit of {len(names)} store(s), {kinds or 'all'} rules"
            if run.exit != exit_code:
                self.problem(f"{where}: exit code {run.exit}, not {exit_code}: {last_line(run.error)}")
            scan = None
            try:
                content = json.loads(report.read_text())
                scan = self.judge(where, content, names, findings)
            except (OSError, ValueError, KeyError, TypeError) as error:
                self.problem(f"{where}: report.json cannot be read: {error!r}")
            return run, scan
        finally:
            if own:
                shutil.rmtree(folder, ignore_errors=True)

    def judge(self, where, report, names, findings):
        """Is the answer right? A fast wrong answer is no result."""
        if report["summary"]["byKind"] != ({"drift": findings} if findings else {}):
            self.problem(f"{where}: summary.byKind is {report['summary']['byKind']}, not {findings} of drift alone")
        if not report.get("truncated"):
            confirmed = sum(f["state"] == "confirmed" and f["kind"] == "drift" for f in report["findings"])
            if confirmed != findings:
                self.problem(f"{where}: {confirmed} confirmed drift findings, not {findings}")
        stores = {s["name"]: s for s in report["stores"]}
        for name in names:
            if stores[name]["records"] != self.options.contacts or not stores[name]["complete"]:
                self.problem(f"{where}: store {name} has {stores[name]['records']} records, complete: {stores[name]['complete']}")
        return max(stores[name]["seconds"] for name in names)

    def problem(self, text):
        if text not in self.problems:
            self.problems.append(text)
            say(f"PROBLEM: {text}")

    # Figures

    def take(self, name, value):
        if value is not None:
            self.samples.setdefault(name, []).append(value)

    def median(self, name):
        values = self.samples.get(name)
        return statistics.median(values) if values else None

    def compare(self, what, baseline, ours, bar):
        base, mine = self.median(baseline), self.median(ours)
        ratio = mine / base if mine is not None and base else None
        self.rows.append({
            "what": what, "baseline": base, "rollcall": mine, "ratio": ratio, "bar": bar, "unit": "s",
            "pass": None if bar is None or ratio is None else ratio <= bar})

    def memory_row(self, what, name):
        values = self.samples.get(name)
        peak = max(values) if values else None
        self.rows.append({
            "what": what, "baseline": None, "rollcall": peak, "ratio": None, "bar": MEMORY_BAR, "unit": "MB",
            "pass": None if peak is None else peak <= MEMORY_BAR})

    # The benchmarks

    def scan(self):
        self.generate(["a"])
        self.warm(["a"])
        checksum = None
        for round in range(1, self.options.rounds + 1):
            base = Measured([self.programs["scan_text"], str(self.paths["a"])], cores=self.one)
            lengths = Measured([self.programs["scan_text"], str(self.paths["a"]), "--lengths"], cores=self.one)
            self.take("scan.lengths", lengths.seconds)
            values = base.values()
            for run in (base, lengths):
                if run.exit != 0:
                    stop(f"scan_text failed: {run.error.strip()}")
            if int(values["rows"]) != self.options.contacts or checksum not in (None, values["checksum"]):
                self.problem("scan_text: other rows or another checksum than before")
            checksum, self.sqlite = values["checksum"], values["sqlite"]
            self.take("scan.baseline", base.seconds)
            self.take("scan.baseline.inside", float(values["seconds"]))
            line = f"scan {round}/{self.options.rounds}: scan_text {base.seconds:.2f} s, with lengths {lengths.seconds:.2f} s"
            if not self.options.baselines_only:
                run, seconds = self.rollcall(["a"], self.one, exit_code=0, findings=0)
                self.take("scan.rollcall", run.seconds)
                self.take("scan.rollcall.inside", seconds)
                self.take("scan.peak", run.peak)
                line += f", rollcall {run.seconds:.2f} s"
            say(line)
        self.compare("scan and fingerprint, one core: scan_text / rollcall, whole command", "scan.baseline", "scan.rollcall", SCAN_BAR)
        self.compare("the same, scan only: without process start, history and report", "scan.baseline.inside", "scan.rollcall.inside", None)
        self.compare("the same, whole command, against a scan_text that asks for lengths too", "scan.lengths", "scan.rollcall", None)
        self.memory_row("peak memory of the scan", "scan.peak")

    def audit(self):
        o = self.options
        self.generate(["a", "b"])
        self.warm(["a", "b"])
        if not shutil.which("sqldiff"):
            stop("sqldiff was not found: install the package sqlite3-tools")
        files = [str(self.paths["a"]), str(self.paths["b"])]
        truth = Measured(["sqldiff", *files])
        found = sum(line.startswith("UPDATE contacts_master SET") for line in truth.output.splitlines())
        if truth.exit != 0 or found != o.differences:
            self.problem(f"sqldiff: exit code {truth.exit}, {found} differences, not {o.differences}")
        for round in range(1, o.rounds + 1):
            base = Measured(["sqldiff", *files], keep_output=False, cores=self.two)
            self.take("audit.baseline", base.seconds)
            line = f"audit {round}/{o.rounds}: sqldiff {base.seconds:.2f} s"
            if not o.baselines_only:
                line += self.audited(["a", "b"], "audit")
            say(line)
        self.compare(f"audit of two stores, {o.differences} differences: sqldiff / rollcall", "audit.baseline", "audit.rollcall", AUDIT_BAR)
        if "audit.history" in self.samples:
            self.compare("the same, second run with history", "audit.baseline", "audit.history", None)
        self.memory_row("peak memory of the audit of two", "audit.peak")

    def four(self):
        self.generate(FOUR)
        self.warm(FOUR)
        if self.options.baselines_only:
            return
        for round in range(1, self.options.rounds + 1):
            line = f"four {round}/{self.options.rounds}: two stores" + self.audited(["a", "b"], "four.two")
            say(line + "; four stores" + self.audited(FOUR, "four.four"))
        self.compare("audit, two stores / four stores", "four.two.rollcall", "four.four.rollcall", FOUR_BAR)
        if "four.two.history" in self.samples:
            self.compare("the same, second runs with history", "four.two.history", "four.four.history", None)
        self.memory_row("peak memory of the audit of four", "four.four.peak")

    def full(self):
        self.generate(["a", "b"])
        self.warm(["a", "b"])
        if self.options.baselines_only:
            return
        for round in range(1, self.options.rounds + 1):
            line = f"full {round}/{self.options.rounds}: drift alone" + self.audited(["a", "b"], "full.drift")
            say(line + "; all rules" + self.audited(["a", "b"], "full.all", kinds=None))
        self.compare("audit of two stores, drift alone / all rules", "full.drift.rollcall", "full.all.rollcall", FULL_BAR)
        if "full.drift.history" in self.samples:
            self.compare("the same, second runs with history", "full.drift.history", "full.all.history", None)
        self.memory_row("peak memory of the audit by all rules", "full.all.peak")

    def apply(self):
        """Both programs give a store the same values; each starts from a copy of it."""
        o = self.options
        count = min(UPDATES, o.contacts)
        self.generate(["a"])
        self.generate(["e"], count)
        target = self.work / "runs" / "apply.db"
        folder = self.folder(["a", "e"], {"a": self.paths["a"], "e": target})
        try:
            changes = self.changes(folder / "changes.db", count)
            if not o.baselines_only:
                self.plan(folder, target, changes)
            for round in range(1, o.rounds + 1):
                self.renew(target)
                base = Measured(
                    [self.programs["update_text"], str(target), str(folder / "changes.db"), "--batch", str(BATCH),
                     "--synchronous", SYNCHRONOUS], cores=self.two)
                if base.exit != 0 or int(base.values()["changes"]) != count:
                    stop(f"update_text failed: {base.error.strip()}")
                self.agrees("update_text", target)
                self.take("apply.baseline", base.seconds)
                line = f"apply {round}/{o.rounds}: update_text {base.seconds:.2f} s"
                if not o.baselines_only:
                    run = self.applied(folder, target, count)
                    self.take("apply.rollcall", run.seconds)
                    self.take("apply.peak", run.peak)
                    line += f", rollcall {run.seconds:.2f} s, {run.peak:.0f} MB"
                say(line)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            self.renew(target, copies=False)
        self.compare(f"apply of {count:,} updates: update_text / rollcall", "apply.baseline", "apply.rollcall", APPLY_BAR)
        self.memory_row("peak memory of the apply", "apply.peak")

    def renew(self, target, copies=True):
        """The store e once more, as it was made, and nothing of it still to be written to the disk."""
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(f"{target}{suffix}").unlink(missing_ok=True)
        if copies:
            shutil.copyfile(self.paths["e"], target)
            os.sync()
            self.warm(["a"])

    def changes(self, path, count):
        """What e must get to be as a: (key, field, value), in the file for update_text, and as a list."""
        with sqlite3.connect(path) as database:
            database.execute("ATTACH ? AS a", (str(self.paths["a"]),))
            database.execute("ATTACH ? AS e", (str(self.paths["e"]),))
            database.execute("CREATE TABLE changes (key, field, value)")
            fields = [column[1] for column in database.execute("PRAGMA a.table_info(contacts_master)")][1:]
            found = " UNION ALL ".join(
                f"SELECT contact_id AS key, '{f}' AS field, x.{f} AS value FROM a.contacts_master x JOIN e.contacts_master y "
                f"USING (contact_id) WHERE x.{f} IS NOT y.{f}" for f in fields)
            database.execute(f"INSERT INTO changes SELECT key, field, value FROM ({found}) ORDER BY key")
            changes = database.execute("SELECT key, field, value FROM changes ORDER BY rowid").fetchall()
        database.close()
        if len(changes) != count:
            stop(f"the stores a and e differ in {len(changes)} values, not {count}")
        return changes

    def plan(self, folder, target, changes):
        """Rollcall's plan, which must hold exactly these changes, and the state that it leaves."""
        self.renew(target)
        run = Measured(
            [str(self.binary), "plan", "--config", str(folder / "rollcall.yaml"), "-o", str(folder / "plan.json"), "--quiet"],
            cores=self.two)
        if run.exit != 0:
            stop(f"rollcall plan: exit code {run.exit}: {last_line(run.error)}")
        planned = [
            (operation["locator"]["key"], field, change["to"])
            for operation in json.loads((folder / "plan.json").read_text())["operations"]
            if operation["store"] == "e" and operation["action"] == "update"
            for field, change in operation["fields"].items()]
        if sorted(planned) != sorted(changes):
            stop(f"rollcall plan: {len(planned)} values would be written, and they are not the {len(changes)} that differ")
        shutil.move(folder / "state", folder / "state.planned")

    def applied(self, folder, target, count):
        """The plan carried out on a fresh copy, with the state that the plan has left."""
        self.renew(target)
        shutil.rmtree(folder / "state", ignore_errors=True)
        shutil.copytree(folder / "state.planned", folder / "state")
        run = Measured(
            [str(self.binary), "apply", str(folder / "plan.json"), "--config", str(folder / "rollcall.yaml"), "--yes",
             "--allow-large", "--format", "json", "--quiet"], cores=self.two)
        try:
            report = json.loads(run.output)
            if run.exit != 0 or report["counts"] != {"e": {"done": count}} or report["changedSince"]:
                self.problem(f"rollcall apply: exit code {run.exit}, counts {report['counts']}")
        except (ValueError, KeyError, TypeError) as error:
            self.problem(f"rollcall apply: exit code {run.exit}, no report ({error!r}): {last_line(run.error)}")
        self.agrees("rollcall apply", target)
        return run

    def agrees(self, who, target):
        """Is every row of the copy as canonical's?"""
        database = sqlite3.connect(target)
        database.execute("ATTACH ? AS a", (str(self.paths["a"]),))
        left = database.execute(
            "SELECT count(*) FROM (SELECT * FROM main.contacts_master EXCEPT SELECT * FROM a.contacts_master)").fetchone()[0]
        database.close()
        if left:
            self.problem(f"{who}: {left} rows are not as canonical's")

    def audited(self, names, key, kinds="drift"):
        """An audit with fresh state; with --keep-history a second one on the state that it left."""
        findings = self.options.differences * (len(names) - 1)
        code = 1 if findings else 0
        folder = self.folder(names)
        try:
            run, seconds = self.rollcall(names, self.two, code, findings, folder, kinds)
            self.take(f"{key}.rollcall", run.seconds)
            self.take(f"{key}.rollcall.inside", seconds)
            self.take(f"{key}.rollcall.cpu", run.cpu)
            self.take(f"{key}.peak", run.peak)
            line = f", rollcall {run.seconds:.2f} s, {run.peak:.0f} MB"
            if self.options.keep_history:
                run, _ = self.rollcall(names, self.two, code, findings, folder, kinds)
                self.take(f"{key}.history", run.seconds)
                self.take(f"{key}.peak", run.peak)
                line += f", with history {run.seconds:.2f} s"
            return line
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    # Results

    def table(self):
        def figure(value, unit):
            return "–" if value is None else f"{value:.2f} s" if unit == "s" else f"{value:.0f} MB"

        lines = ["| what | baseline median | rollcall median | ratio | bar | pass? |", "|---|---|---|---|---|---|"]
        for r in self.rows:
            bar = "–" if r["bar"] is None else f"≤ {r['bar']}×" if r["unit"] == "s" else f"≤ {r['bar']} MB"
            ratio = "–" if r["ratio"] is None else f"{r['ratio']:.2f}×"
            verdict = {True: "yes", False: "**no**", None: "–"}[r["pass"]]
            mine = figure(r["rollcall"], r["unit"]) + (" (highest)" if r["unit"] == "MB" and r["rollcall"] is not None else "")
            lines.append(f"| {r['what']} | {figure(r['baseline'], r['unit'])} | {mine} | {ratio} | {bar} | {verdict} |")
        return "\n".join(lines)

    def machine(self):
        model = next((line.split(":", 1)[1].strip() for line in read("/proc/cpuinfo").splitlines()
                      if line.startswith("model name")), platform.processor() or platform.machine())
        sqlite = getattr(self, "sqlite", None)
        if sqlite is None:
            sqlite = Measured([self.programs["scan_text"], str(self.paths["a"])]).values().get("sqlite")
        return {
            "cpu": model, "cores": len(os.sched_getaffinity(0)), "memoryMB": (memory("MemTotal") or 0) >> 20,
            "kernel": f"{platform.system()} {platform.release()}", "sqlite": sqlite,
            "rollcall": None if self.options.baselines_only else last_line(Measured([str(self.binary), "--version"]).output)}

    def report(self):
        o, machine = self.options, self.machine()
        failed = any(r["pass"] is False for r in self.rows) or bool(self.problems)
        print()
        print(self.table())
        print()
        print(f"{o.contacts:,} contacts, {o.differences:,} differences per store, {o.rounds} rounds, journal mode {o.journal}, "
              f"page cache warm. {machine['cpu']}, {machine['cores']} cores, {machine['memoryMB'] / 1024:.0f} GB, "
              f"{machine['kernel']}, SQLite {machine['sqlite']}" + (f", rollcall {machine['rollcall']}." if machine["rollcall"] else "."))
        for text in self.problems:
            print(f"\nProblem: {text}")
        results = {
            "contacts": o.contacts, "differences": o.differences, "rounds": o.rounds, "journal": o.journal, "machine": machine,
            "rows": self.rows, "samples": self.samples, "problems": self.problems, "pass": not failed}
        target = self.work / "results.json"
        partial = target.with_suffix(".partial")
        partial.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
        partial.rename(target)
        say(f"\nresults: {target}")
        return 1 if failed else 0


def read(path):
    try:
        return Path(path).read_text()
    except OSError:
        return ""


def memory(key):
    """A value of /proc/meminfo in bytes."""
    for line in read("/proc/meminfo").splitlines():
        if line.startswith(key + ":"):
            return int(line.split()[1]) * 1024
    return None


def last_line(text):
    return text.strip().splitlines()[-1] if text.strip() else ""


def main():
    default = os.environ.get("ROLLCALL_BENCH_DIR") or str(HERE / ".work")
    parser = argparse.ArgumentParser(prog="run.py", description="Runs the benchmarks of Rollcall side by side with their baselines.")
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--differences", type=int, default=1_000, help="contacts changed in each store but the canonical one")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=["scan", "audit", "four", "full", "apply"])
    parser.add_argument("--binary", default=str(HERE.parent / ".build" / "release" / "rollcall"))
    parser.add_argument("--work", default=default, help="folder for programs, stores and results (default: $ROLLCALL_BENCH_DIR or Benchmarks/.work)")
    parser.add_argument("--journal", choices=["wal", "delete"], default="wal")
    parser.add_argument("--keep-history", action="store_true", help="also measure a second audit on the state of the first")
    parser.add_argument("--baselines-only", action="store_true", help="measure scan_text and sqldiff without rollcall")
    options = parser.parse_args()
    if options.contacts < 1 or options.rounds < 1 or not 0 <= options.differences <= options.contacts:
        parser.error("--contacts and --rounds are at least 1, --differences is between 0 and the contacts")
    if not shutil.which("taskset"):
        stop("taskset was not found: install the package util-linux")
    bench = Bench(options)
    if not options.baselines_only and not os.access(bench.binary, os.X_OK):
        stop(f"{options.binary} was not found: build it with `swift build -c release`, or name it with --binary")
    bench.compile()
    for name in ("scan", "audit", "four", "full", "apply"):
        if options.only in (None, name):
            getattr(bench, name)()
    sys.exit(bench.report())


if __name__ == "__main__":
    main()
