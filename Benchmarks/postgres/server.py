"""A PostgreSQL server of the benchmarks' own."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

USER = DATABASE = "bench"
# Both tables fit into the server's memory; the rest is as PostgreSQL comes.
SETTINGS = {
    "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "shared_buffers": "2GB", "work_mem": "256MB",
    "maintenance_work_mem": "512MB", "effective_cache_size": "4GB", "max_wal_size": "8GB", "random_page_cost": "1.1",
    "timezone": "UTC", "lc_messages": "C"}
START, STOP, SETUP, LOAD = 60, 30, 120, 900  # seconds


class ServerError(Exception):
    """What PostgreSQL does not do, and why."""


class Server:
    """One cluster in a folder, which stays when the server is stopped, and with it what was loaded."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.programs = programs()
        self.owner = owner()
        self.port = None

    @contextmanager
    def running(self):
        """Starts the server on a free port of 127.0.0.1, and stops it however the block ends. libpq's variables in the environment
        name it for whatever is started inside."""
        self.make()
        self.port = free_port()
        log = self.folder / "server.log"
        with open(log, "wb") as output:
            process = subprocess.Popen(
                [self.programs / "postgres", "-D", self.folder / "data", "-c", f"port={self.port}",
                 *(word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}"))],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=self.folder, **self.owner)
        try:
            os.environ["PGPASSWORD"] = (self.folder / "password").read_text()
            self.wait(process, log)
            yield self
        finally:
            stop(process)

    def make(self):
        """Makes the cluster where there is none."""
        if (self.folder / "data" / "PG_VERSION").exists():
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        password = self.folder / "password"
        password.touch(mode=0o600)
        password.write_text(secrets.token_hex(16))
        if self.owner:
            for path in (self.folder, password):
                os.chown(path, self.owner["user"], self.owner["group"])
        made = subprocess.run(
            [self.programs / "initdb", "--pgdata", self.folder / "data", "--username", USER, "--pwfile", password,
             "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SETUP, cwd=self.folder, **self.owner)
        if made.returncode != 0:
            raise ServerError(f"initdb fails (can the user that it runs as reach {self.folder}?): {made.stderr.strip()}")

    def wait(self, process, log):
        until = time.monotonic() + START
        while subprocess.run(
                [self.programs / "pg_isready", "--quiet", "--host", "127.0.0.1", "--port", str(self.port)],
                timeout=START).returncode != 0:
            if process.poll() is not None or time.monotonic() > until:
                raise ServerError(
                    f"the server does not start ({self.folder} may be deleted):\n{log.read_text(errors='replace').strip()}")
            time.sleep(0.1)

    def address(self, database=DATABASE):
        """For libpq; the password comes from the environment, so that no list of processes shows it."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def psql(self, *words, database=DATABASE):
        """The command line of psql that runs statements and stops at the first that fails."""
        return [
            str(self.programs / "psql"), "--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--set=ON_ERROR_STOP=1",
            f"--dbname={self.address(database)}", *words]

    def query(self, sql, database=DATABASE):
        """What a statement prints."""
        done = subprocess.run(
            self.psql("--command", sql, database=database), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LOAD)
        if done.returncode != 0:
            raise ServerError(done.stderr.strip())
        return done.stdout.strip()


def stop(process):
    """At once, but with what was written kept; killed where it does not end."""
    process.send_signal(2)
    try:
        process.wait(STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(STOP)


def programs():
    """Where PostgreSQL's programs are: where Debian puts them, the newest first, else in PATH."""
    debian = [p for p in Path("/usr/lib/postgresql").glob("*/bin") if p.parent.name.isdecimal()]
    folders = sorted(debian, key=lambda p: int(p.parent.name), reverse=True)
    for folder in folders + [Path(p) for p in os.environ.get("PATH", "").split(":") if p]:
        if all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres", "psql", "pg_isready")):
            return folder
    raise ServerError("PostgreSQL's initdb, postgres, psql and pg_isready were not found: install the package postgresql")


def owner():
    """For Popen: the user that the server runs as, as it refuses to be root's."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        except KeyError:
            continue
    raise ServerError("there is no user postgres to run PostgreSQL as: install the package postgresql")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
