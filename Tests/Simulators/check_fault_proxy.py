#!/usr/bin/env python3
"""Checks the fault proxy with Python's own server behind it and Python's own client before it.

Prints one line for each check and ends with 1 where one fails.
"""
import http.client
import http.server
import json
import os
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PROXY = os.path.join(HERE, "..", "..", "Sources", "Demo", "Simulators", "fault_proxy.py")
REFUSALS = {"limited": 429, "limited-silently": 429, "error": 500, "unavailable": 503, "expired": 401}
FAULTS = [*REFUSALS, "reset-before", "reset-after", "truncated", "stall", "duplicated", "stale"]
STALL = 0.4


class Server(http.server.ThreadingHTTPServer):
    """Answers with what it was asked, and keeps that."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.requests.append((self.command, self.path, body, self.headers.get("Authorization")))
        text = f"{self.command} {self.path} {body.decode()}".encode()
        self.send_response(200)
        if self.path.startswith("/chunked"):
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(text), text))
        else:
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(text)

    do_GET = do_HEAD = do_POST = do_PATCH = do_DELETE = answer

    def log_message(self, *words):
        pass


class Proxy:
    def __init__(self, port, *options):
        self.process = subprocess.Popen(
            [sys.executable, PROXY, "--to", f"http://127.0.0.1:{port}", *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline().strip()
        assert line.startswith("listening on 127.0.0.1:"), line
        self.port = int(line.rpartition(":")[2])

    def connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)

    def faults(self):
        connection = self.connection()
        connection.request("GET", "/__faults")
        return json.load(connection.getresponse())

    def stop(self):
        self.process.stdin.close()
        assert self.process.wait(10) == 0


def ask(connection, method, path, body=None, headers={}):
    """The status, the body and the headers of an answer; or the name of what went wrong."""
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.headers
    except (ConnectionError, http.client.HTTPException) as error:
        return type(error).__name__, "", {}


def equal(found, expected):
    assert found == expected, f"{found!r} is not {expected!r}"


def check_passing_on(server):
    proxy = Proxy(server.server_address[1])
    connection = proxy.connection()
    equal(ask(connection, "PATCH", "/a%20b?c=%2B&d=", "body", {"Authorization": "Bearer x"})[:2],
          (200, "PATCH /a%20b?c=%2B&d= body"))
    equal(server.requests[-1], ("PATCH", "/a%20b?c=%2B&d=", b"body", "Bearer x"))
    equal(ask(connection, "GET", "/chunked")[:2], (200, "GET /chunked "))
    status, body, headers = ask(connection, "HEAD", "/head")
    equal((status, body, headers["Content-Length"]), (200, "", str(len("HEAD /head "))))
    equal(ask(connection, "POST", "/chunked", iter([b"in ", b"parts"]))[1], "POST /chunked in parts")
    equal(ask(connection, "POST", "/late", "x", {"Expect": "100-continue"})[:2], (200, "POST /late x"))
    equal(proxy.faults(), {"requests": 5, "forwarded": 5, "unreachable": 0, "injected": dict.fromkeys(FAULTS, 0)})
    proxy.stop()


def check_refusals(server):
    for shape in ("plain", "bigquery", "postgrest", "twenty"):
        for fault, status in REFUSALS.items():
            server.requests.clear()
            proxy = Proxy(server.server_address[1], f"--{fault}", "1", "--shape", shape, "--retry-after", "7")
            found, body, headers = ask(proxy.connection(), "POST", "/", "x")
            equal((found, headers["Retry-After"]), (status, "7" if fault == "limited" else None))
            assert body.startswith("<html>") if fault == "unavailable" else json.loads(body), body
            equal((server.requests, proxy.faults()["injected"][fault]), ([], 1))
            proxy.stop()


def check_expired_once(server):
    proxy = Proxy(server.server_address[1], "--expired", "1")
    found = [ask(proxy.connection(), "GET", path)[0] for path in ("/1", "/2", "/1", "/2", "/1")]
    equal(found, [401, 401, 200, 200, 401])
    proxy.stop()


def check_lost_answers(server):
    for fault, reaches in {"reset-before": False, "reset-after": True, "truncated": True}.items():
        proxy = Proxy(server.server_address[1], f"--{fault}", "1")
        expected = "IncompleteRead" if fault == "truncated" else "ConnectionResetError"
        for method in ("GET", "POST", "PATCH"):
            server.requests.clear()
            equal(ask(proxy.connection(), method, "/once", "x")[0], expected)
            equal(len(server.requests), int(reaches))
        equal(proxy.faults()["forwarded"], 3 * int(reaches))
        proxy.stop()


def check_stall(server):
    proxy = Proxy(server.server_address[1], "--stall", "1", "--stall-seconds", str(STALL))
    start = time.monotonic()
    equal(ask(proxy.connection(), "GET", "/slow")[:2], (200, "GET /slow "))
    assert time.monotonic() - start >= STALL
    proxy.stop()


def check_other_answers(server):
    proxy = Proxy(server.server_address[1], "--stale", "1")
    connection = proxy.connection()
    equal([ask(connection, "GET", f"/{number}")[1] for number in range(3)], ["GET /0 ", "GET /0 ", "GET /1 "])
    equal((proxy.faults()["forwarded"], proxy.faults()["injected"]["stale"]), (3, 2))
    equal(ask(proxy.connection(), "GET", "/new")[1], "GET /new ")
    proxy.stop()
    proxy = Proxy(server.server_address[1], "--duplicated", "1")
    connection = proxy.connection()
    connection.connect()
    connection.sock.sendall(b"GET /twice HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    received = b""
    while part := connection.sock.recv(4096):
        received += part
    equal(received.count(b"GET /twice "), 2)
    proxy.stop()


def check_seed(server):
    options = [word for fault in FAULTS if fault not in ("stall", "stale") for word in (f"--{fault}", "0.05")]

    def outcomes(seed, order):
        proxy = Proxy(server.server_address[1], "--seed", seed, *options)
        found = {number: ask(proxy.connection(), "GET", f"/{number}")[0] for number in order}
        counts = proxy.faults()
        proxy.stop()
        for fault, count in counts["injected"].items():
            assert fault in ("stall", "stale") or 10 <= count <= 50, (fault, count)
        equal(counts["requests"], 500)
        return found, counts

    equal(outcomes("5", range(500)), outcomes("5", range(499, -1, -1)))
    assert outcomes("5", range(500)) != outcomes("6", range(500))


def check_unreachable(server):
    proxy = Proxy(1)
    equal(ask(proxy.connection(), "POST", "/", "x")[0], 502)
    equal((proxy.faults()["forwarded"], proxy.faults()["unreachable"]), (0, 1))
    proxy.stop()


def check_options(server):
    for options in (["--error", "2"], ["--error", "-0.1"], ["--error", "0.6", "--stall", "0.6"], ["--to", "https://x"]):
        run = subprocess.run(
            [sys.executable, PROXY, "--to", "http://127.0.0.1:1", *options], stdin=subprocess.DEVNULL,
            capture_output=True, timeout=30)
        equal(run.returncode, 2)


def main():
    server = Server()
    checks = [check_passing_on, check_refusals, check_expired_once, check_lost_answers, check_stall,
              check_other_answers, check_seed, check_unreachable, check_options]
    failed = 0
    for check in checks:
        server.requests.clear()
        try:
            check(server)
            print(f"ok      {check.__name__}")
        except AssertionError as error:
            failed += 1
            print(f"FAILED  {check.__name__}: {error}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
