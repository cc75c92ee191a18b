#!/usr/bin/env python3
"""Lets the sync service keep four stores equal while people and programs change them, and fails where something is lost.

    python3 Tests/Simulators/soak.py [--program PATH] [--seconds 1800] [--rate 50] [--contacts 2000] [--kills 3] [--seed 1]

The stores are the demo's: SQLite files for BigQuery (`warehouse`) and the local database, and the simulators of Twenty (`crm`) and
PostgREST (`app`), Twenty's behind the fault proxy. Twenty sends its webhooks itself; for PostgREST this script sends them, as a
trigger would; files are seen by polling. Each contact is changed in one store only, so that its last change is what all stores must
hold at the end. Meanwhile the service is killed by SIGKILL --kills times and started again, and PostgREST is away for a sixth of the
time.

At the end, within --patience seconds: every store holds the last change of every contact, no contact is there twice or gone, a
further `sync --once` writes nothing, an audit finds nothing, and the memory of the service has not grown.
"""
import argparse
import json
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import faulty_stores

SECRETS = {"crm": "soak-webhook-of-twenty", "app": "soak-webhook-of-supabase"}
FAULTS = ["limited", "error", "unavailable", "reset-before", "reset-after", "truncated", "duplicated"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def call(method, address, body=None, headers=None):
    request = urllib.request.Request(
        address, json.dumps(body).encode() if body is not None else None,
        {"Content-Type": "application/json", **(headers or {})}, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        text = answer.read()
        return json.loads(text) if text else None


def key(contact):
    """One name for a contact, however a store spells its key: `007`, `+7`, `7.0`."""
    return re.sub(r"^\+?0*(\d+)(\.0+)?$", r"\1", str(contact))


def text_of(value):
    """A text, also where it is kept as bytes."""
    return value.decode() if isinstance(value, bytes) else value


class Editors:
    """Whoever changes contacts: each has a store of its own, and contacts that nobody else changes."""

    def __init__(self, stores, hooks, seed):
        self.stores, self.hooks = stores, hooks
        self.random = random.Random(seed)
        self.contacts = {name: [] for name in faulty_stores.DATABASES}
        people = sqlite3.connect(f"{stores.folder}/crm.db")
        self.people = {}
        for (text,) in people.execute("SELECT record FROM people"):
            record = json.loads(text)
            if record.get("contactId") and not record.get("deletedAt"):
                self.people[key(record["contactId"])] = record["id"]
        people.close()
        self.spellings = {}
        for store in ("warehouse", "app", "local"):
            database = sqlite3.connect(f"{stores.folder}/{store}.db")
            rows = database.execute("SELECT contact_id FROM contacts_master")
            self.spellings[store] = {key(row[0]): row[0] for row in rows}
            database.close()
        self.people = {name: id_ for name, id_ in self.people.items()
                       if all(name in spellings for spellings in self.spellings.values())}
        for number, contact in enumerate(sorted(self.people)):
            self.contacts[faulty_stores.DATABASES[number % 4]].append(contact)
        self.last, self.done, self.failed, self.times = {}, 0, 0, []

    def edit(self, number):
        store = faulty_stores.DATABASES[number % 4]
        contact = self.random.choice(self.contacts[store])
        title = f"Title {number}"
        try:
            getattr(self, "edit_" + store)(contact, title)
        except (urllib.error.URLError, OSError, sqlite3.OperationalError):
            # The editor is told that it failed, and does not count on it.
            self.failed += 1
            return
        self.last[contact] = title
        self.done += 1

    def title(self, store, contact):
        database = sqlite3.connect(f"{self.stores.folder}/{store}.db", timeout=30)
        row = database.execute("SELECT job_title FROM contacts_master WHERE contact_id = ?",
                               (self.spellings[store][contact],)).fetchone()
        database.close()
        return row and text_of(row[0])

    def edit_crm(self, contact, title):
        call("PATCH", f"{self.stores.servers['crm'].address}/rest/people/{self.people[contact]}", {"jobTitle": title},
             {"Authorization": f"Bearer {self.stores.keys[faulty_stores.KEYS['crm']]}"})

    def edit_app(self, contact, title):
        key = self.stores.keys[faulty_stores.KEYS["app"]]
        call("PATCH", f"{self.stores.servers['app'].address}/contacts_master?contact_id=eq.{urllib.parse.quote(str(self.spellings['app'][contact]))}", {"job_title": title},
             {"apikey": key, "Prefer": "return=minimal"})
        self.tell("app", {"type": "UPDATE", "table": "contacts_master", "schema": "public",
                          "record": {"contact_id": self.spellings["app"][contact]}, "old_record": None})

    def tell(self, store, body):
        try:
            call("POST", f"{self.hooks}/hooks/{store}", body, {"X-Rollcall-Secret": SECRETS[store]})
        except (urllib.error.URLError, OSError):
            pass  # A hook that is lost is seen by polling.

    def edit_warehouse(self, contact, title):
        self.edit_file("warehouse", contact, title)

    def edit_local(self, contact, title):
        self.edit_file("local", contact, title)

    def edit_file(self, store, contact, title):
        database = sqlite3.connect(f"{self.stores.folder}/{store}.db", timeout=30)
        with database:
            count = database.execute("UPDATE contacts_master SET job_title = ? WHERE contact_id = ?",
                                     (title, self.spellings[store][contact])).rowcount
        database.close()
        assert count == 1, (store, contact, count)


class Service:
    """The program, and how much memory it takes."""

    def __init__(self, options, stores):
        self.options, self.stores, self.process = options, stores, None
        self.memory = []
        self.log = open(f"{stores.folder}/sync.log", "ab")

    def start(self):
        self.process = subprocess.Popen(
            [os.path.abspath(self.options.program), "sync", "--skip-check", "--interval", self.options.interval],
            cwd=self.stores.folder, env={**os.environ, **self.stores.keys}, stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=self.log)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        """Ends it as a person does; the seconds that it took."""
        start = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(30) == 130, self.process.returncode
        return time.monotonic() - start

    def measure(self):
        assert self.process.poll() is None, f"the service ended with {self.process.returncode}"
        with open(f"/proc/{self.process.pid}/status") as file:
            self.memory += [int(line.split()[1]) / 1024 for line in file if line.startswith("VmRSS")]


def titles(stores, contacts):
    """What every store holds, by contact: a list, since a contact may be there twice."""
    held = {name: {} for name in faulty_stores.DATABASES}
    for name in ("warehouse", "app", "local"):
        database = sqlite3.connect(f"{stores.folder}/{name}.db", timeout=30)
        for contact, title in database.execute("SELECT contact_id, job_title FROM contacts_master"):
            held[name].setdefault(key(contact), []).append(text_of(title))
        database.close()
    database = sqlite3.connect(f"{stores.folder}/crm.db", timeout=30)
    for (text,) in database.execute("SELECT record FROM people"):
        record = json.loads(text)
        if not record.get("deletedAt"):
            held["crm"].setdefault(key(record.get("contactId")), []).append(record.get("jobTitle"))
    database.close()
    return {name: {contact: held[name].get(contact, []) for contact in contacts} for name in held}


def behind(stores, editors):
    """`store contact` of what does not hold the last change once."""
    held = titles(stores, editors.people)
    return [f"{name} {contact}: {held[name][contact]} and not {title!r}"
            for name in held for contact, title in editors.last.items() if held[name][contact] != [title]]


def latency(stores, editors, service, rounds):
    """Seconds from a change in the CRM, which its webhook tells of, until all stores hold it."""
    times = []
    for number in range(rounds):
        contact = editors.random.choice(editors.contacts["crm"])
        title = f"Probe {number}"
        start = time.monotonic()
        editors.edit_crm(contact, title)
        editors.last[contact] = title
        while time.monotonic() - start < 60:
            if all(editors.title(name, contact) == title for name in ("warehouse", "app", "local")):
                break
            time.sleep(0.01)
        times.append(time.monotonic() - start)
    return times


def run(options, folder):
    sample = os.path.join(folder, "sample")
    os.makedirs(sample)
    faulty_stores.make_sample(options.program, sample, options.contacts, options.seed)
    stores = faulty_stores.Stores(sample, os.path.join(folder, "stores"), "twenty")
    port = free_port()
    with open(f"{stores.folder}/rollcall.yaml", "a") as file:
        file.write(f"sync: {{listen: 127.0.0.1:{port}, webhookSecret: {{crm: {SECRETS['crm']}, app: {SECRETS['app']}}}}}\n")
    hooks = f"http://127.0.0.1:{port}"
    problems = []
    service = None
    try:
        once = [os.path.abspath(options.program), "sync", "--once", "--skip-check", "--quiet", "--format", "json"]
        settings = {"cwd": stores.folder, "env": {**os.environ, **stores.keys}, "stdin": subprocess.DEVNULL,
                    "capture_output": True, "text": True}
        first = subprocess.run(once, **settings)
        assert first.returncode == 0, first.stdout + first.stderr
        call("POST", f"{stores.servers['crm'].address}/rest/metadata/webhooks",
             {"targetUrl": f"{hooks}/hooks/crm", "operations": ["person.*"], "secret": SECRETS["crm"]},
             {"Authorization": f"Bearer {stores.keys[faulty_stores.KEYS['crm']]}"})
        editors = Editors(stores, hooks, options.seed)
        service = Service(options, stores)
        service.start()
        time.sleep(3)
        quiet = latency(stores, editors, service, options.probes)
        print(f"webhook to all stores: median {statistics.median(quiet):.2f} s, longest {max(quiet):.2f} s, {len(quiet)} changes",
              flush=True)
        rates = [word for fault in FAULTS for word in (f"--{fault}", str(options.faults))]
        stores.proxy.stop()
        stores.proxy.start("--seed", str(options.seed), "--retry-after", "1", *rates)

        start = time.monotonic()
        kills = [options.seconds * (number + 1) / (options.kills + 1) for number in range(options.kills)]
        away = (options.seconds * 0.4, options.seconds * (0.4 + 1 / 6))
        is_away = False
        number = 0
        while (now := time.monotonic() - start) < options.seconds:
            if kills and now >= kills[0]:
                kills.pop(0)
                service.kill()
                service.start()
            if away[0] <= now < away[1] and not is_away:
                stores.servers["app"].stop()
                is_away = True
            if now >= away[1] and is_away:
                stores.servers["app"].start()
                is_away = False
            if number < now * options.rate:
                editors.edit(number)
                number += 1
            else:
                time.sleep(0.002)
            if number % 100 == 0:
                service.measure()
        if is_away:
            stores.servers["app"].start()
        print(f"{editors.done} changes in {now:.0f} s, {editors.failed} refused to their editors; faults: {stores.faults()['injected']}",
              flush=True)
        end = time.monotonic()
        while behind(stores, editors) and time.monotonic() - end < options.patience:
            time.sleep(0.5)
            service.measure()
        rest = behind(stores, editors)
        print(f"all stores equal {time.monotonic() - end:.0f} s after the last change; {len(rest)} behind", flush=True)
        problems += rest[:20]
        print(f"stopped in {service.stop():.1f} s", flush=True)
        stores.proxy.stop()
        stores.proxy.start()
        last = subprocess.run(once, **settings)
        report = json.loads(last.stdout) if last.stdout.strip() else None
        written = sum(counts.get("done", 0) for counts in report["outcomes"].values()) if report else -1
        if last.returncode != 0 or written != 0:
            problems.append(f"a further sync ended with {last.returncode} and wrote {written}: {last.stdout}{last.stderr}")
        audit = subprocess.run([os.path.abspath(options.program), "audit", "--quiet", "--only", "drift"], **settings)
        if audit.returncode != 0:
            problems.append(f"an audit ended with {audit.returncode}: {audit.stdout}{audit.stderr}")
        held = titles(stores, editors.people)
        for name, contacts in held.items():
            doubled = [contact for contact, found in contacts.items() if len(found) != 1]
            if doubled:
                problems.append(f"{name}: {len(doubled)} contacts are gone or there twice: {doubled[:5]}")
        half = len(service.memory) // 2
        early, late = max(service.memory[:half]), max(service.memory[half:])
        print(f"memory: {early:.0f} MB at most in the first half, {late:.0f} MB in the second", flush=True)
        if late > early * 1.5 + 20:
            problems.append("the memory grows")
        ledger = sqlite3.connect(f"{stores.folder}/.rollcall/ledger.sqlite")
        counts = dict(ledger.execute("SELECT status, count(*) FROM sync_processed_events GROUP BY status"))
        hops = ledger.execute(
            "SELECT max(n) FROM (SELECT count(*) AS n FROM sync_processed_events WHERE status = 'done' GROUP BY event_id)").fetchone()
        print(f"events: {counts}; at most {hops[0]} stores were written for one", flush=True)
        if counts.get("dead"):
            problems.append(f"{counts['dead']} changes were given up")
        if (hops[0] or 0) > 3:
            problems.append("a change was written to more stores than there are others")
    except AssertionError as error:
        problems.append(f"{error}")
    finally:
        if service and service.process and service.process.poll() is None:
            service.kill()
        stores.stop()
        if problems:
            shutil.rmtree(options.keep, ignore_errors=True)
            shutil.copytree(stores.folder, options.keep)
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--program", default=".build/release/rollcall")
    parser.add_argument("--seconds", type=float, default=1800)
    parser.add_argument("--rate", type=float, default=50, help="changes a second")
    parser.add_argument("--contacts", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--faults", type=float, default=0.01, help="the part of the requests to Twenty that each fault befalls")
    parser.add_argument("--interval", default="10s", help="between two readings of all stores")
    parser.add_argument("--patience", type=float, default=60, help="seconds until all stores must be equal")
    parser.add_argument("--probes", type=int, default=11, help="changes whose way is measured first")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", default="soak-kept", help="the folder for stores that went wrong")
    options = parser.parse_args()
    options.keep = os.path.abspath(options.keep)
    folder = tempfile.mkdtemp(prefix="rollcall-soak-")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    try:
        problems = run(options, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for problem in problems:
        print(f"WRONG {problem}", flush=True)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
