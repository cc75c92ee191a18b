"""The demo's simulated stores in a folder of their own, with servers that can be set back, and the fault proxy before one."""
import collections
import contextlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.request
import uuid

SIMULATORS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Sources", "Demo", "Simulators")
EMULATOR = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".bqemu")
DATABASES = ["warehouse", "crm", "app", "local"]
KEYS = {"crm": "ROLLCALL_DEMO_CRM_KEY", "app": "ROLLCALL_DEMO_APP_KEY"}
# The store's name and the shape of its errors, by the word on the command line.
STORES = {"twenty": ("crm", "twenty"), "supabase": ("app", "postgrest"), "bigquery": ("warehouse", "bigquery")}
# What only a server sets.
SET_BY_TWENTY = {"createdAt", "updatedAt", "createdBy", "updatedBy", "position"}
PROJECT, DATASET = "rollcall-demo", "identity"
DATASETS = f"/bigquery/v2/projects/{PROJECT}/datasets"
TABLES = ["contacts_master", "contact_identifiers"]


def make_sample(program, folder, contacts, seed):
    """Lets the demo make its stores, and keeps them as they are at first, in `clean`, and with faults, in `faulty`.

    The configuration, the rules and the schemas of BigQuery's tables come along. A copy is taken while the demo only reads.
    """
    demo = os.path.join(folder, "demo")
    with open(os.path.join(folder, "demo.log"), "w") as log:
        run = subprocess.Popen(
            [program, "demo", demo, "--stores", "simulated", "--contacts", str(contacts), "--seed", str(seed), "--quiet"],
            stdout=log, stderr=log)
        for name, mark, behind in (("clean", "rollcall.yaml", "expected.json"), ("faulty", "expected.json", "plan.json")):
            while not os.path.exists(os.path.join(demo, mark)):
                assert run.poll() is None, f"the demo ended with {run.returncode}; see {log.name}"
                time.sleep(0.001)
            os.makedirs(os.path.join(folder, name))
            for database in DATABASES:
                copy_database(f"{demo}/{database}.db", f"{folder}/{name}/{database}.db")
            if name == "clean":
                keep_schemas(f"{demo}/rollcall.yaml", f"{folder}/schemas.json")
            assert not os.path.exists(os.path.join(demo, behind)), "the demo was too fast to be copied; try again"
        assert run.wait(600) == 0, f"the demo ended with {run.returncode}; see {log.name}"


def keep_schemas(configuration, file):
    """Asks the demo's emulator for its tables."""
    with open(configuration) as text:
        address = re.search(r"endpoint: (\S+)", text.read()).group(1)
    schemas = {}
    for table in TABLES:
        with urllib.request.urlopen(f"{address}{DATASETS}/{DATASET}/tables/{table}", timeout=30) as answer:
            schemas[table] = json.load(answer)["schema"]
    with open(file, "w") as output:
        json.dump(schemas, output)


def copy_database(source, target):
    """A copy of a SQLite file, also of one that is open."""
    for suffix in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            os.remove(target + suffix)
    source, target = sqlite3.connect(source), sqlite3.connect(target)
    source.backup(target)
    target.close()
    source.close()


class Process:
    """A server that ends when its standard input is closed."""

    def __init__(self, command, log, line, port=0, environment=None):
        self.command, self.log, self.line, self.port = command, log, line, port
        self.environment = environment
        self.process = None

    def start(self, *options):
        """Starts it, under the port that it had the last time."""
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [*self.command, "--port", str(self.port), *options], stdin=subprocess.PIPE, stdout=log, stderr=log,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **(self.environment or {})})
        end = time.monotonic() + 120
        while time.monotonic() < end:
            with open(self.log) as log:
                found = re.search(self.line, log.read())
            if found:
                self.port = int(found.group(1))
                return
            assert self.process.poll() is None, f"{self.command} did not start; see {self.log}"
            time.sleep(0.01)
        raise AssertionError(f"{self.command} says nothing; see {self.log}")

    def stop(self):
        if self.process is None:
            return
        self.process.stdin.close()
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"


class Stores:
    """Four stores in a folder, one of them behind the proxy. BigQuery is a SQLite file unless it is the one: that is faster."""

    def __init__(self, sample, folder, behind, timeout=None):
        """`timeout`: how long the program waits for the store behind the proxy, as the configuration has it."""
        self.sample, self.folder, self.timeout = sample, folder, timeout
        self.name, self.shape = STORES[behind]
        os.makedirs(folder)
        shutil.copytree(f"{sample}/demo/rules", f"{folder}/rules")
        self.keys = {KEYS["crm"]: str(uuid.uuid4()), KEYS["app"]: "sb_secret_" + str(uuid.uuid4())}
        python, listening = [sys.executable], r"listening on 127\.0\.0\.1:(\d+)\n"
        self.servers = {
            store: Process(
                [*python, f"{SIMULATORS}/{script}", "--database", f"{folder}/{store}.db", "--key", self.keys[KEYS[store]]],
                f"{folder}/{store}.log", listening)
            for store, script in (("crm", "twenty.py"), ("app", "postgrest.py"))}
        self.emulator = self.proxy = None
        try:
            self.start(behind == "bigquery")
        except BaseException:
            self.stop()
            raise

    def start(self, has_emulator):
        """Starts all servers, with the clean stores, and writes the configuration."""
        folder, python, listening = self.folder, [sys.executable], r"listening on 127\.0\.0\.1:(\d+)\n"
        if has_emulator:
            with open(f"{self.sample}/schemas.json") as file:
                self.schemas = json.load(file)
            self.emulator = Process(
                [f"{EMULATOR}/bin/local-bigquery", "--host", "127.0.0.1", "--grpc-port", "0", "--project", PROJECT,
                 "--data-dir", f"{folder}/bigquery"],
                f"{folder}/bigquery.log", r"Uvicorn running on http://127\.0\.0\.1:(\d+)", environment={"HOME": f"{EMULATOR}/home"})
            self.emulator.start()
            self.ask("POST", DATASETS, {"datasetReference": {"projectId": PROJECT, "datasetId": DATASET}})
            for table in TABLES:
                self.ask("POST", f"{DATASETS}/{DATASET}/tables",
                         {"tableReference": self.reference(table), "schema": self.schemas[table]})
        self.reset("clean")
        upstream = self.emulator or self.servers[self.name]
        self.proxy = Process(
            [*python, f"{SIMULATORS}/fault_proxy.py", "--to", upstream.address, "--shape", self.shape],
            f"{folder}/proxy.log", listening)
        self.proxy.start()
        self.write_configuration()

    def write_configuration(self):
        """The demo's, with the addresses of here."""
        with open(f"{self.sample}/demo/rollcall.yaml") as file:
            parts = re.split(r"(?m)^(?=  \w+:$|reports:)", file.read())
        for index, part in enumerate(parts):
            name = part.strip().partition(":")[0]
            server = self.proxy if name == self.name else self.servers.get(name)
            if name == "warehouse" and self.emulator is None:
                parts[index] = "  warehouse:\n    kind: sqlite\n    path: warehouse.db\n"
            elif server:
                parts[index] = re.sub(r"(url|endpoint): \S+", rf"\1: {server.address}", part)
                if name == self.name and self.timeout:
                    parts[index] = parts[index].rstrip("\n") + f"\n    timeout: {self.timeout}\n"
        with open(f"{self.folder}/rollcall.yaml", "w") as file:
            file.write("".join(parts))

    def reset(self, state):
        """Gives all stores the contents of `clean` or `faulty`."""
        for server in self.servers.values():
            server.stop()
        for database in DATABASES:
            copy_database(f"{self.sample}/{state}/{database}.db", f"{self.folder}/{database}.db")
        for server in self.servers.values():
            server.start()
        if self.emulator:
            self.fill_emulator()

    def stop(self):
        for process in [self.proxy, *self.servers.values(), self.emulator]:
            if process:
                process.stop()

    def faults(self):
        """What the proxy has done since it was started."""
        with urllib.request.urlopen(self.proxy.address + "/__faults", timeout=30) as answer:
            return json.load(answer)

    # BigQuery

    def ask(self, method, path, body=None, kind="application/json"):
        if isinstance(body, dict):
            body = json.dumps(body).encode()
        request = urllib.request.Request(self.emulator.address + path, body, {"Content-Type": kind}, method=method)
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)

    @staticmethod
    def reference(table):
        return {"projectId": PROJECT, "datasetId": DATASET, "tableId": table}

    def query(self, sql):
        base = f"/bigquery/v2/projects/{PROJECT}/queries"
        page = self.ask("POST", base, {
            "query": sql, "useLegacySql": False, "maxResults": 5000, "timeoutMs": 60_000,
            "defaultDataset": {"projectId": PROJECT, "datasetId": DATASET}})
        assert page["jobComplete"] and not page.get("pageToken"), "a query did not end in one page"
        return page.get("rows", [])

    def fill_emulator(self):
        """As the demo does: with load jobs of the rows that the file of the warehouse holds."""
        database = sqlite3.connect(f"{self.folder}/warehouse.db")
        for table in TABLES:
            fields = self.schemas[table]["fields"]
            names = ", ".join(f'"{field["name"]}"' for field in fields)
            self.query(f"TRUNCATE TABLE {table}")
            lines = "\n".join(
                "{" + ",".join(f'"{field["name"]}":{warehouse_json(field, value)}'
                               for field, value in zip(fields, row) if value is not None) + "}"
                for row in database.execute(f"SELECT {names} FROM {table} ORDER BY rowid"))
            load = {"configuration": {"load": {
                "destinationTable": self.reference(table), "schema": self.schemas[table],
                "sourceFormat": "NEWLINE_DELIMITED_JSON", "writeDisposition": "WRITE_APPEND"}}}
            body = "".join(f"--part\r\nContent-Type: {kind}\r\n\r\n{text}\r\n" for kind, text in (
                ("application/json", json.dumps(load)), ("application/octet-stream", lines))) + "--part--\r\n"
            job = self.ask("POST", f"/upload/bigquery/v2/projects/{PROJECT}/jobs?uploadType=multipart", body.encode(),
                           "multipart/related; boundary=part")
            id_ = job["jobReference"]["jobId"]
            while (job := self.ask("GET", f"/bigquery/v2/projects/{PROJECT}/jobs/{id_}"))["status"]["state"] != "DONE":
                time.sleep(0.02)
            assert "errorResult" not in job["status"], f"the rows of {table} were not taken"
        database.close()

    # Contents

    def contents(self):
        """All rows of all tables of all stores, by `store.table`, each a text; but for what only a server sets."""
        contents = {}
        for store in DATABASES:
            if store == "warehouse" and self.emulator:
                for table in TABLES:
                    contents[f"{store}.{table}"] = collections.Counter(map(json.dumps, self.query(f"SELECT * FROM {table}")))
                continue
            database = sqlite3.connect(f"{self.folder}/{store}.db")
            database.text_factory = bytes
            known = self.people("faulty") if store == "crm" else set()
            tables = [row[0].decode() for row in database.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")]
            for table in tables:
                rows = database.execute(f'SELECT * FROM "{table}"')
                names = [column[0] for column in rows.description]
                if store == "crm" and table == "people":
                    texts = (person_text(row[names.index("record")], known) for row in rows)
                else:
                    own = store == "app" and table == "contact_identifiers"
                    texts = (repr([value for name, value in zip(names, row) if not (own and name == "id")]) for row in rows)
                contents[f"{store}.{table}"] = collections.Counter(texts)
            database.close()
        return contents

    def people(self, state):
        database = sqlite3.connect(f"{self.sample}/{state}/crm.db")
        ids = {json.loads(row[0])["id"] for row in database.execute("SELECT record FROM people")}
        database.close()
        return ids


def warehouse_json(field, value):
    """A value of the file as a load job takes it."""
    if field.get("mode") == "REPEATED" or field["type"] in ("JSON", "INTEGER", "INT64"):
        return str(value)
    if field["type"] in ("BOOLEAN", "BOOL"):
        return "false" if str(value) == "0" else "true"
    return json.dumps(str(value))


def person_text(record, known):
    """Someone's record; the server gave who is not known an id, and the time of a deletion."""
    person = {name: value for name, value in json.loads(record).items() if name not in SET_BY_TWENTY}
    if person["id"] not in known:
        person["id"] = "of the server"
    person["deletedAt"] = person.get("deletedAt") is not None
    return json.dumps({name: value for name, value in person.items() if value is not None}, sort_keys=True)


def difference(a, b):
    """Rows that only one of two contents has, by table; empty where they are equal."""
    tables = {table: (a.get(table, collections.Counter()), b.get(table, collections.Counter())) for table in {*a, *b}}
    return {table: {"lost": list((first - second).elements()), "added": list((second - first).elements())}
            for table, (first, second) in tables.items() if first != second}
