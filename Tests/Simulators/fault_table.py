#!/usr/bin/env python3
"""Audits and applies through the fault proxy, again and again, and prints what came of it; fails where something is wrong.

    python3 Tests/Simulators/fault_table.py [--program PATH] [--store twenty|supabase|bigquery] [--rounds 100] [--seed 1]

To be run in the repository, once `make setup-test` has installed the emulator of BigQuery. Each of the proxy's faults befalls
the given part of the requests to one store; the other stores answer as they should. A stall lasts --stall-seconds, which is less
than any timeout of the program unless --timeout is less. The keys of these stores stay as they are: one that was taken before is
tried once more when it is refused, one that is refused at first ends a run. --expired gives refused keys a rate of their own.

An audit must report what the undisturbed audit reports, or say that it is inconclusive and report nothing that is not so, or
end with an error. An apply is repeated until it ends with a report, and must then leave every table of every store as the
undisturbed apply leaves them. Folders of rounds that went wrong are kept in --keep.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import faulty_stores

FAULTS = ["limited", "limited-silently", "error", "unavailable", "expired", "reset-before", "reset-after", "truncated",
          "stall", "duplicated"]
DONE, FINDINGS, INCONCLUSIVE, FAILURE = 0, 1, 3, 5
AUDITS = ["equal", "inconclusive", "error", "FALSE"]
APPLIES = ["at once", "resumed", "UNFINISHED", "DIFFERENT"]


class Worker:
    """Stores of its own, and what audit and apply do to them when nothing is disturbed."""

    def __init__(self, options, sample, number):
        self.options, self.number = options, number
        self.folder = os.path.join(options.folder, f"{options.store}-{number}")
        self.stores = faulty_stores.Stores(sample, self.folder, options.store, options.timeout)
        try:
            self.prepare()
        except BaseException:
            self.stores.stop()
            raise

    def prepare(self):
        """The history of the clean stores, then an audit of the faulty ones."""
        run, report = self.audit()
        assert run.returncode == DONE and report["verdict"] == "consistent", f"{run.stderr}{report and report['summary']}"
        self.stores.reset("faulty")
        self.keep_state("clean")
        self.start = self.stores.contents()
        run, self.audited = self.audit()
        assert run.returncode == FINDINGS and not is_inconclusive(self.audited), run.stderr
        if "apply" in self.options.verbs.split(","):
            self.prepare_apply()

    def prepare_apply(self):
        """The plan, and what it leaves."""
        run = self.run("plan", "-o", "plan.json", "--delete-orphans", "--adopt-orphans", "--merge-duplicates")
        assert run.returncode in (DONE, FINDINGS), run.stderr
        self.keep_state("planned")
        run, self.applied = self.apply()
        assert self.applied, run.stderr
        self.left = self.stores.contents()
        assert faulty_stores.difference(self.start, self.left), "the apply changes nothing"
        self.stores.reset("faulty")
        if self.number == 0:
            # What is not the same for two undisturbed applies would prove nothing below.
            self.restore_state("planned")
            self.apply()
            unlike = faulty_stores.difference(self.left, self.stores.contents())
            assert not unlike, f"two undisturbed applies leave other rows: {unlike}"
            self.stores.reset("faulty")

    def run(self, *words):
        return subprocess.run(
            [os.path.abspath(self.options.program), *words, "--config", "rollcall.yaml", "--format", "json", "--quiet"],
            cwd=self.folder, env={**os.environ, **self.stores.keys}, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=900)

    def audit(self):
        return self.answer(self.run("audit", "--json", "report.json"))

    def apply(self):
        return self.answer(self.run("apply", "plan.json", "--yes", "--allow-large"))

    @staticmethod
    def answer(run):
        """The run and its report; None where it ended without one."""
        return run, json.loads(run.stdout) if run.stdout.strip() else None

    def keep_state(self, name):
        """Keeps the program's own state."""
        shutil.copytree(f"{self.folder}/.rollcall", f"{self.folder}/state-{name}")

    def restore_state(self, name):
        shutil.rmtree(f"{self.folder}/.rollcall")
        shutil.copytree(f"{self.folder}/state-{name}", f"{self.folder}/.rollcall")

    def disturbed(self, seed, body):
        """What `body` returns behind a proxy with faults, and what the proxy did meanwhile."""
        rates = {fault: self.options.rate for fault in self.options.faults.split(",")}
        if self.options.expired is not None:
            rates["expired"] = self.options.expired
        rates = [word for fault, rate in rates.items() for word in (f"--{fault}", str(rate))]
        self.stores.proxy.stop()
        self.stores.proxy.start("--seed", str(seed), "--stall-seconds", str(self.options.stall_seconds), *rates)
        try:
            return body(), self.stores.faults()
        finally:
            self.stores.proxy.stop()
            self.stores.proxy.start()

    def keep(self, name, notes):
        """Copies the folder of a round that went wrong."""
        target = os.path.join(self.options.keep, name)
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.folder, target, ignore=shutil.ignore_patterns("bigquery"))
        with open(f"{target}/notes.txt", "w") as file:
            file.write("\n".join(notes) + "\n")

    # Rounds

    def audit_round(self, seed):
        # A finding may depend on what the last audit saw.
        self.restore_state("clean")
        (run, report), faults = self.disturbed(seed, self.audit)
        problems = audit_problems(run, report, self.audited)
        if problems:
            outcome = "FALSE"
            self.keep(f"{self.options.store}-audit-{seed}", [*problems, run.stderr])
        elif report is None:
            outcome = "error"
        else:
            outcome = "inconclusive" if is_inconclusive(report) else "equal"
        said = run.stderr.strip() if report is None else "\n".join(
            finding["message"] for finding in report["findings"] if finding["rule"] == "store.unproved")
        return outcome, faults, said, problems, 1

    def apply_round(self, seed):
        self.stores.reset("faulty")
        self.restore_state("planned")
        runs = []

        def attempts():
            for _ in range(self.options.attempts):
                runs.append(self.apply())
                if runs[-1][1] is not None or runs[-1][0].returncode != FAILURE:
                    return

        _, faults = self.disturbed(seed, attempts)
        run, report = runs[-1]
        problems = [f"exit {run.returncode}: {run.stderr}" for run, report in runs
                    if not (report or run.returncode == FAILURE and run.stderr.strip())]
        unlike = faulty_stores.difference(self.left, self.stores.contents())
        if report is None and not problems:
            outcome = "UNFINISHED"
            problems = [run.stderr]
        else:
            if carried_out(report) != carried_out(self.applied):
                problems.append(f"counts {report and report['counts']} and not {self.applied['counts']}")
            problems += [f"{table}: {len(rows['lost'])} lost, {len(rows['added'])} added" for table, rows in unlike.items()]
            outcome = "DIFFERENT" if problems else "at once" if len(runs) == 1 else "resumed"
        if problems:
            rows = [json.dumps(unlike, default=str, indent=1), *(run.stdout + run.stderr for run, _ in runs)]
            self.keep(f"{self.options.store}-apply-{seed}", [*problems, *rows])
        return outcome, faults, "\n".join(run.stderr.strip() for run, report in runs if report is None), problems, len(runs)


def unproved(report):
    """The stores that the report says were not read through."""
    return {store for finding in report["findings"] if finding["rule"] == "store.unproved" for store in finding["stores"]}


def is_inconclusive(report):
    """Whether a store was not read through, or what was found could not be read again."""
    return bool(unproved(report)) or any(finding["state"] == "unchecked" for finding in report["findings"])


def findings(report):
    """Findings as texts that are the same for the same state of the stores."""
    return {json.dumps(finding, sort_keys=True) for finding in report["findings"] if finding["rule"] != "store.unproved"}


def claims(report):
    """What the confirmed findings say of one store each, as texts.

    Without one of the stores the others still differ as they do; but which of them is behind, what is to be done, and in how
    many stores an identifier is shared, is seen from fewer.
    """
    said = set()
    for finding in report["findings"]:
        if finding["rule"] == "store.unproved" or finding["state"] != "confirmed":
            continue
        rule = "drift" if finding["rule"] in ("drift.field", "drift.stale", "drift.conflict") else finding["rule"]
        contacts = sorted([finding["contact"] or "", *finding["related"]])
        for store in finding["stores"] or [None]:
            said |= {json.dumps([rule, contacts, store, field], sort_keys=True) for field in finding["fields"] or [None]}
    return said


def audit_problems(run, report, truth):
    """What is wrong with a disturbed audit, in sentences."""
    if report is None:
        fine = run.returncode in (INCONCLUSIVE, FAILURE) and run.stderr.strip()
        return [] if fine else [f"exit {run.returncode} without a report: {run.stderr}"]
    if run.returncode != report["run"]["exit"]:
        return [f"exit {run.returncode} and not {report['run']['exit']}"]
    if is_inconclusive(report):
        problems = [f"is not so: {text}" for text in sorted(claims(report) - claims(truth))]
        expected = ("drift", FINDINGS) if claims(report) else ("inconclusive", INCONCLUSIVE)
        if (report["verdict"], run.returncode) != expected:
            problems.append(f"{report['verdict']} and exit {run.returncode} and not {expected}")
        return problems
    found, true = findings(report), findings(truth)
    problems = [f"not in the undisturbed report: {text}" for text in sorted(found - true)]
    problems += [f"not reported: {text}" for text in sorted(true - found)]
    for part in ("verdict", "agreement", "duplicates", "coverage"):
        if report[part] != truth[part]:
            problems.append(f"{part} is not as undisturbed")
    roots = [[(store["name"], store["records"], store["root"]) for store in each["stores"]] for each in (report, truth)]
    if roots[0] != roots[1]:
        problems.append(f"stores: {roots[0]} and not {roots[1]}")
    if run.returncode != truth["run"]["exit"]:
        problems.append(f"exit {run.returncode} and not {truth['run']['exit']}")
    return problems


def carried_out(report):
    """Operations by store and outcome; what was found written counts as written."""
    counts = collections.Counter()
    for store, outcomes in (report["counts"] if report else {}).items():
        for outcome, count in outcomes.items():
            counts[store, "done" if outcome == "already" else outcome] += count
    return counts


def rounds(options, workers, verb, outcomes):
    """Runs all rounds of a verb and prints its part of the table; how many went wrong."""
    free = queue.Queue()
    for worker in workers:
        free.put(worker)

    def one(seed):
        worker = free.get()
        start = time.monotonic()
        try:
            result = getattr(worker, f"{verb}_round")(seed)
        except Exception as error:  # A round that this script could not carry out is no proof of anything.
            result = outcomes[-1], {}, "", [f"{type(error).__name__}: {error}"], 0
        finally:
            free.put(worker)
        return seed, result, time.monotonic() - start

    counts, injected, said = collections.Counter(), collections.Counter(), collections.Counter()
    requests = attempts = most = 0
    start = time.monotonic()
    pool = concurrent.futures.ThreadPoolExecutor(len(workers))
    try:
        futures = [pool.submit(one, seed) for seed in range(options.seed, options.seed + options.rounds)]
        for future in concurrent.futures.as_completed(futures):
            seed, (outcome, faults, text, problems, runs), seconds = future.result()
            counts[outcome] += 1
            injected.update(faults.get("injected", {}))
            requests += faults.get("requests", 0)
            attempts += runs
            most = max(most, runs)
            lines = collections.Counter(line for line in text.splitlines() if line)
            said += lines
            if options.verbose or problems:
                told = [f"{count} x {line}" for line, count in lines.items()] if options.verbose else []
                print(f"  {verb} {seed}: {outcome}, {runs} runs, {seconds:.0f} s", *problems[:5], *told, sep="\n    ", flush=True)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    print(f"{options.store} {verb}: " + ", ".join(f"{counts[outcome]} {outcome}" for outcome in outcomes)
          + f"; seeds {options.seed}-{options.seed + options.rounds - 1}, {attempts} runs (at most {most} in a round), "
          + f"{requests} requests, {time.monotonic() - start:.0f} s", flush=True)
    print("  faults: " + ", ".join(f"{injected[fault]} {fault}" for fault in FAULTS), flush=True)
    for line, count in said.most_common(options.messages):
        print(f"  {count:>4} x {line}", flush=True)
    return sum(counts[outcome] for outcome in outcomes if outcome.isupper())


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--program", default=".build/release/rollcall")
    parser.add_argument("--store", choices=list(faulty_stores.STORES), default="twenty")
    parser.add_argument("--rounds", type=int, default=100, help="of audits, and of applies")
    parser.add_argument("--verbs", default="audit,apply")
    parser.add_argument("--faults", default=",".join(FAULTS), help="the proxy's, by comma")
    parser.add_argument("--rate", type=float, default=0.05, help="of each fault")
    parser.add_argument("--expired", type=float, help="the rate of refused keys, where it is another")
    parser.add_argument("--stall-seconds", type=float, default=0.2)
    parser.add_argument("--timeout", help="of the store behind the proxy, such as 1s: a longer stall is an answer that never comes")
    parser.add_argument("--seed", type=int, default=1, help="the proxy's in the first round; it grows by one with each")
    parser.add_argument("--sample-seed", type=int, default=1)
    parser.add_argument("--contacts", type=int, default=300)
    parser.add_argument("--workers", type=int, default=4, help="rounds at a time")
    parser.add_argument("--attempts", type=int, default=60, help="of one apply, the first included")
    parser.add_argument("--messages", type=int, default=12, help="kinds of messages that are printed")
    parser.add_argument("--keep", default="fault-rounds", help="the folder for rounds that went wrong")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    options.keep = os.path.abspath(options.keep)
    options.folder = tempfile.mkdtemp(prefix="rollcall-faults-")
    workers = []
    # What ends this script stops the servers, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    try:
        sample = os.path.join(options.folder, "sample")
        os.makedirs(sample)
        faulty_stores.make_sample(options.program, sample, options.contacts, options.sample_seed)
        for number in range(options.workers):
            workers.append(Worker(options, sample, number))
        failures = sum(rounds(options, workers, verb, outcomes) for verb, outcomes in
                       (("audit", AUDITS), ("apply", APPLIES)) if verb in options.verbs.split(","))
    finally:
        for worker in workers:
            worker.stores.stop()
        shutil.rmtree(options.folder, ignore_errors=True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
