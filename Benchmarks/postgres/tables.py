"""Two Postgres tables of contacts, and the truth about what differs between them."""

import hashlib
import json
import random
import sqlite3
import subprocess
import sys
from pathlib import Path

from .server import DATABASE, LOAD, ServerError

# Columns of make_store that the tables have, and their types.
COLUMNS = {
    "contact_id": "bigint PRIMARY KEY", "apple_unique_id": "text", "canonical_name": "text", "name_normalized": "text",
    "first_name": "text", "last_name": "text", "middle_name": "text", "nickname": "text", "name_suffix": "text",
    "title": "text", "full_name": "text", "organization": "text", "job_title": "text", "department": "text",
    "category_code": "text", "subcategory_code": "text", "relationship_category": "text", "notes": "text",
    "birthday": "text", "is_business": "boolean", "emails": "text", "phones": "text", "version": "bigint",
    "last_updated": "timestamptz"}
TABLES = ["contacts_a", "contacts_b"]
SEED, SEED2 = 1, 2
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def load(server, contacts, differences, make_store, generator):
    """Fills both tables, unless they are as they would be filled.

    Of each twelve differences one is a contact that only contacts_a has, one a contact that only contacts_b has, and ten
    are contacts whose job_title or notes differ. Both tables have as many contacts, and keep them in the order of their ids.

    make_store: runs the generator with these arguments. generator: its source. Returns the ids that are changed in
    contacts_b, missing there, and extra.
    """
    own = Path(__file__).read_bytes()
    version = hashlib.sha256(generator.read_bytes() + own + f"{contacts} {differences}".encode()).hexdigest()
    kept = server.folder / "truth.json"
    if kept.exists():
        truth = json.loads(kept.read_text())
        if truth.pop("tables") == version:
            return truth
        kept.unlink()
    print("making the tables …", file=sys.stderr, flush=True)
    lost = differences // 12
    files = [server.folder / name for name in ("a.db", "b.db")]
    common = ["--contacts", str(contacts + lost), "--seed", str(SEED)]
    try:
        make_store([str(files[0]), *common])
        make_store([str(files[1]), *common, "--differences", str(differences - 2 * lost), "--seed2", str(SEED2)])
        if not server.query(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'", database="postgres"):
            server.query(f"CREATE DATABASE {DATABASE} TEMPLATE template0", database="postgres")
        columns = ", ".join(f"{name} {type}" for name, type in COLUMNS.items())
        for table in TABLES:
            server.query(f"DROP TABLE IF EXISTS {table}")
            server.query(f"CREATE TABLE {table} ({columns})")
        truth = copy(server, files, contacts + lost, lost)
    finally:
        for file in files:
            file.unlink(missing_ok=True)
    if len(truth["changed"]) + len(truth["missing"]) + len(truth["extra"]) != differences:
        raise ServerError(f"the tables differ otherwise than they should: {({k: len(v) for k, v in truth.items()})}")
    for table in TABLES:
        server.query(f"VACUUM (ANALYZE) {table}")
        if int(server.query(f"SELECT count(*) FROM {table}")) != contacts:
            raise ServerError(f"{table} has not {contacts} rows")
    kept.write_text(json.dumps({"tables": version, **truth}))
    return truth


def copy(server, files, rows, lost):
    """Copies what make_store wrote. Contacts for one table only are taken at random, but none that was changed."""
    places = random.Random(SEED).sample(range(rows - 2 * lost), 2 * lost)
    only_b, only_a = set(places[:lost]), set(places[lost:])
    truth = {"changed": [], "missing": [], "extra": []}
    names = ", ".join(COLUMNS)
    databases = [sqlite3.connect(file) for file in files]
    selected = [d.execute(f"SELECT {names} FROM contacts_master ORDER BY contact_id") for d in databases]
    writers = [
        subprocess.Popen(server.psql("--command", f"COPY {table} ({names}) FROM STDIN"), stdin=subprocess.PIPE, text=True, encoding="utf-8")
        for table in TABLES]
    try:
        a, b = (writer.stdin for writer in writers)
        wanted_b = wanted_a = 0
        for index, (left, right) in enumerate(zip(*selected)):
            wanted_b += index in only_b
            wanted_a += index in only_a
            line = text(left)
            if left != right:
                truth["changed"].append(left[0])
                a.write(line)
                b.write(text(right))
            elif wanted_a:
                wanted_a -= 1
                truth["missing"].append(left[0])
                a.write(line)
            elif wanted_b:
                wanted_b -= 1
                truth["extra"].append(left[0])
                b.write(line)
            else:
                a.write(line)
                b.write(line)
        for writer in writers:
            writer.stdin.close()
            if writer.wait(LOAD) != 0:
                raise ServerError("COPY fails")
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()
        for database in databases:
            database.close()
    return truth


def text(row):
    """A line of COPY's text format."""
    return "\t".join("\\N" if v is None else v.translate(ESCAPES) if type(v) is str else str(v) for v in row) + "\n"
