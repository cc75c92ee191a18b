"""A server on loopback that behaves as a path says, well or badly, and keeps what it was sent.

python3 server.py [--certificate FILE --key FILE]   prints where it listens, ends when stdin closes.
"""

import argparse
import email.utils
import gzip
import http.server
import json
import os
import socket
import ssl
import struct
import sys
import threading
import time
import urllib.parse

lock = threading.Lock()
requests = []
turns = {}
meetings = {}
connections = 0


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Answers go out in one piece each.
    wbufsize = -1
    disable_nagle_algorithm = True

    def setup(self):
        global connections
        with lock:
            connections += 1
            self.connection_number = connections
        super().setup()

    def log_message(self, *arguments):
        pass

    def handle(self):
        try:
            super().handle()
        except (ConnectionError, ssl.SSLError):
            pass

    def finish(self):
        try:
            super().finish()
        except (ConnectionError, ValueError):
            pass

    def do_any(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length).decode("utf-8", "replace")
        if self.path == "/-/requests":
            with lock:
                return self.answer(200, requests)
        with lock:
            requests.append({
                "connection": self.connection_number, "method": self.command, "path": self.path,
                "headers": [[name, value] for name, value in self.headers.items()], "body": self.body,
            })
        address = urllib.parse.urlsplit(self.path)
        self.query = dict(urllib.parse.parse_qsl(address.query))
        word = address.path.strip("/").split("/")[0].replace("-", "_")
        getattr(self, "path_" + word, self.path_missing)()

    do_GET = do_HEAD = do_POST = do_PATCH = do_PUT = do_DELETE = do_any

    # Answers

    def answer(self, status, content, headers=(), body=None, type="application/json"):
        body = json.dumps(content).encode() if body is None else body
        self.send_response(status)
        self.send_header("Content-Type", type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def begin(self, *headers):
        self.send_response(200)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.flush()

    def reset(self):
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def path_missing(self):
        self.answer(404, {"path": self.path})

    def path_echo(self):
        self.answer(200, {
            "method": self.command, "path": self.path, "body": self.body,
            "headers": {name.lower(): value for name, value in self.headers.items()},
        })

    def path_interim(self):
        self.wfile.write(b"HTTP/1.1 103 Early Hints\r\nX-Interim: yes\r\n\r\n")
        self.answer(200, {"ok": True}, [("X-Twice", "a"), ("X-Twice", "b")])

    # Bodies

    def path_gzip(self):
        body = gzip.compress(json.dumps({"text": "x" * 100_000}).encode())
        self.answer(200, None, [("Content-Encoding", "gzip")], body)

    def path_bomb(self):
        self.answer(200, None, [("Content-Encoding", "gzip")], gzip.compress(bytes(200_000_000), 1))

    def path_bad_gzip(self):
        self.answer(200, None, [("Content-Encoding", "gzip")], b"this is not compressed")

    def path_chunked(self):
        self.begin(("Transfer-Encoding", "chunked"))
        for part in (b'{"parts"', b": [1, 2", b", 3]}"):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
            self.wfile.flush()
            time.sleep(0.01)
        self.wfile.write(b"0\r\n\r\n")

    def path_truncated(self):
        self.begin(("Content-Length", "1000"))
        self.wfile.write(b"x" * 500)
        self.close_connection = True

    def path_truncated_chunked(self):
        self.begin(("Transfer-Encoding", "chunked"))
        self.wfile.write(b"5\r\nhello\r\n")
        self.close_connection = True

    def path_huge(self):
        self.begin(("Content-Length", str(10 << 30)))
        block = bytes(1 << 20)
        for _ in range(10 << 10):
            self.wfile.write(block)

    def path_huge_headers(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            self.wfile.write(b"X-Header: %s\r\n" % (b"x" * 1000))

    def path_html(self):
        self.answer(503, None, body=b"<html><body>hidden@example.com</body></html>", type="text/html; charset=utf-8")

    def path_not_http(self):
        self.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")
        self.close_connection = True

    # Connections

    def path_reset(self):
        self.reset()

    def path_close(self):
        self.close_connection = True

    def path_close_second(self):
        """Answers the first request of a connection, and ends it at the next without a word."""
        if getattr(self, "has_answered", False):
            self.close_connection = True
        else:
            self.has_answered = True
            self.answer(200, {"connection": self.connection_number})

    def path_duplicate(self):
        for _ in range(2):
            self.answer(200, {"number": self.query["number"], "filling": "x" * int(self.query.get("size", 0))})
            time.sleep(float(self.query.get("pause", 0)))

    def path_slow(self):
        time.sleep(float(self.query["seconds"]))
        self.answer(200, {"ok": True})

    def path_meet(self):
        """Answers when as many requests of one key wait at the same time as `count` says."""
        count = int(self.query["count"])
        with lock:
            barrier = meetings.setdefault(self.query["key"], threading.Barrier(count))
        try:
            barrier.wait(timeout=300)
        except threading.BrokenBarrierError:
            return self.answer(504, {"met": False})
        self.answer(200, {"met": True})

    def path_stall(self):
        self.begin(("Content-Length", "1000"))
        self.wfile.write(b"x" * 10)
        self.wfile.flush()
        time.sleep(float(self.query.get("seconds", 30)))

    def path_drip(self):
        count = int(float(self.query.get("seconds", 6)) * 50)
        self.begin(("Content-Length", str(count)))
        for _ in range(count):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.02)

    def path_redirect(self):
        self.answer(int(self.query.get("status", 302)), {}, [("Location", self.query["to"])])

    # One after the other

    def path_turns(self):
        """/turns/503,429:7,close,200: what the first, the second… request for this path gets; the last one stays."""
        words = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path).split("/")[2].split(",")
        with lock:
            turn = turns[self.path] = turns.get(self.path, -1) + 1
        word, _, wait = words[min(turn, len(words) - 1)].partition(":")
        if word == "close":
            return self.path_close()
        headers = []
        if wait.startswith("date"):
            # By a clock that is an hour fast: what counts is the time from one to the other.
            now = time.time() + 3600
            self.date_time_string = lambda: email.utils.formatdate(now, usegmt=True)
            headers = [("Retry-After", email.utils.formatdate(now + int(wait[4:]), usegmt=True))]
        elif wait:
            headers = [("Retry-After", wait)]
        self.answer(int(word), {"turn": turn}, headers)

    # Google

    def path_token(self):
        """/token/status=&expires=&error=&skew=&seconds=: gives out token-1, token-2…"""
        options = dict(urllib.parse.parse_qsl(self.path.split("/")[2]))
        with lock:
            number = turns[self.path] = turns.get(self.path, 0) + 1
        time.sleep(float(options.get("seconds", 0)))
        now = time.time() + int(options.get("skew", 0))
        self.date_time_string = lambda: email.utils.formatdate(now, usegmt=True)
        status = int(options.get("status", 200))
        if status != 200:
            return self.answer(status, {"error": options.get("error"), "error_description": self.body})
        content = {"access_token": f"token-{number}", "expires_in": int(options.get("expires", 3600))}
        self.answer(200, content)

    def path_computeMetadata(self):
        if self.headers.get("Metadata-Flavor") != "Google":
            return self.answer(403, {})
        content = {"access_token": "machine-token", "expires_in": 3600, "token_type": "Bearer"}
        self.answer(200, content, [("Metadata-Flavor", "Google")])

    def path_guarded(self):
        """Takes the tokens of its query only."""
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        isKnown = token in self.query["tokens"].split(",")
        self.answer(200 if isKnown else 401, {})


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 4096

    def handle_error(self, request, address):
        pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    options = parser.parse_args()
    server = Server(("127.0.0.1", 0), Handler)
    if options.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.certificate, options.key)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"listening on 127.0.0.1:{server.server_address[1]}", flush=True)
    sys.stdin.read()
    os._exit(0)


main()
