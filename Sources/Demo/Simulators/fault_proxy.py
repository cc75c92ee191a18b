#!/usr/bin/env python3
"""A reverse proxy on loopback that fails now and then, for trying out clients.

    python3 fault_proxy.py --to http://127.0.0.1:9050 --port 0 --seed 7 --error 0.05 --stall 0.05

prints `listening on 127.0.0.1:PORT` and passes requests on to the server until it gets SIGTERM or its standard input is
closed. Each fault has an option of its name, whose value is the part of all requests that it befalls, from 0 to 1; a
request gets one fault at most:

    limited           429 with Retry-After; not forwarded
    limited-silently  429 without it; not forwarded
    error             500; not forwarded
    unavailable       503 with a page of HTML, as a gateway answers; not forwarded
    expired           401 as of an expired token; not forwarded. The same request is not refused so a second time in a row.
    reset-before      the connection is reset; not forwarded
    reset-after       forwarded, then the connection is reset without an answer
    truncated         forwarded; the connection ends in the middle of the answer, before the Content-Length is reached
    stall             forwarded; the answer comes after --stall-seconds
    duplicated        forwarded; the answer comes twice
    stale             forwarded; the answer is that to the request before it on the same connection. No fault where it is
                      the first.

Which requests they befall depends on the seed, the request's method, target and body, and on how often the same request
came before: neither on the order in which requests come nor on their headers. Nothing is ever forwarded twice.

GET /__faults answers with what was done so far, and is no request itself:

    {"requests": 120, "forwarded": 98, "unreachable": 0, "injected": {"error": 6, …}}

`forwarded` counts the requests that were sent to the server, `unreachable` those that got no whole answer from it
(answered with 502).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import json
import os
import signal
import socket
import struct
import sys
import threading
from collections import Counter
from urllib.parse import urlsplit

FAULTS = [
    "limited", "limited-silently", "error", "unavailable", "expired", "reset-before",
    "reset-after", "truncated", "stall", "duplicated", "stale",
]
REFUSED = {"limited", "limited-silently", "error", "unavailable", "expired"}
PAGE = b"<html><head><title>503 Service Temporarily Unavailable</title></head><body><h1>503</h1></body></html>\n"
LONGEST_HEAD = 1 << 20
# Of the connection alone, so that they are not passed on.
HOP_BY_HOP = {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "expect"}


def json_bytes(value):
    return json.dumps(value).encode()


def refusal(fault, shape, retry_after):
    """The status, the headers and the body of an answer that the proxy makes itself, as the imitated service has them."""
    kind = [("Content-Type", "application/json; charset=utf-8")]
    if fault == "unavailable":
        return 503, [("Content-Type", "text/html")], PAGE
    if fault == "error":
        body = {
            "bigquery": {"error": {
                "code": 500, "message": "An internal error occurred and the request could not be completed.",
                "errors": [{"reason": "internalError", "domain": "global", "message": "An internal error occurred."}],
                "status": "INTERNAL"}},
            "postgrest": {"code": "XX000", "message": "internal error", "details": None, "hint": None},
            "twenty": {
                "statusCode": 500, "error": "InternalServerErrorException", "messages": ["Internal server error"]},
        }
        return 500, kind, json_bytes(body.get(shape, {"error": "internal error"}))
    if fault == "expired":
        body = {
            "bigquery": {"error": {
                "code": 401, "message": "Request had invalid authentication credentials.",
                "errors": [{"reason": "authError", "domain": "global", "message": "Invalid Credentials"}],
                "status": "UNAUTHENTICATED"}},
            "postgrest": {"code": "PGRST303", "message": "JWT expired", "details": None, "hint": None},
            "twenty": {"statusCode": 401, "error": "UNAUTHENTICATED", "messages": ["Token has expired."]},
        }
        challenge = ("WWW-Authenticate", 'Bearer error="invalid_token"')
        return 401, kind + [challenge], json_bytes(body.get(shape, {"error": "token expired"}))
    if fault == "limited":
        body = {
            "bigquery": {"error": {
                "code": 429, "message": "Quota exceeded", "status": "RESOURCE_EXHAUSTED",
                "errors": [{"reason": "rateLimitExceeded", "domain": "global", "message": "Quota exceeded"}]}},
            "twenty": {
                "statusCode": 429, "error": "RATE_LIMITED", "limitKind": "speed", "exhaustedKind": "limit",
                "messages": ["Rate limit exceeded for apiKey: 100 requests per 60s."], "limit": 100, "remaining": 0,
                "periodCount": 60, "periodUnit": "second", "retryAfterSeconds": retry_after},
        }
        headers = kind + [("Retry-After", str(retry_after))]
        return 429, headers, json_bytes(body.get(shape, {"message": "too many requests"}))
    body = {"twenty": {
        "statusCode": 429, "error": "HttpException", "messages": ["Limit reached (100 tokens per 60000 ms)"]}}
    return 429, kind, json_bytes(body.get(shape, {"message": "too many requests"}))


class Malformed(Exception):
    """What is no HTTP/1.1 message."""


class Message:
    """A request or an answer, read whole."""

    def __init__(self, start, headers, body=b""):
        self.start = start
        self.headers = headers
        self.body = body

    def header(self, name):
        return next((value for key, value in self.headers if key.lower() == name), None)

    def passed_on(self):
        return [(key, value) for key, value in self.headers if key.lower() not in HOP_BY_HOP | {"content-length"}]


async def read_head(reader):
    """The next head; None where the other side has closed the connection instead."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise Malformed("the connection ended in a head") from None
        return None
    except asyncio.LimitOverrunError:
        raise Malformed("the head is too long") from None
    lines = head[:-4].decode("latin-1").split("\r\n")
    headers = []
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon:
            raise Malformed("a header has no colon")
        headers.append((name, value.strip()))
    return Message(lines[0], headers)


async def read_body(reader, message, is_answer):
    """Reads the body as its headers say; of an answer that says nothing, until the connection ends."""
    if "chunked" in (message.header("transfer-encoding") or "").lower():
        parts = []
        while True:
            size = int((await reader.readuntil(b"\r\n")).split(b";")[0].strip() or b"x", 16)
            if size == 0:
                while await reader.readuntil(b"\r\n") != b"\r\n":
                    pass
                message.body = b"".join(parts)
                return
            parts.append(await reader.readexactly(size))
            await reader.readexactly(2)
    length = message.header("content-length")
    if length is not None:
        message.body = await reader.readexactly(int(length))
    elif is_answer:
        message.body = await reader.read()


def head_bytes(start, headers):
    return "\r\n".join([start] + [f"{name}: {value}" for name, value in headers] + ["", ""]).encode("latin-1")


def has_body(method, answer):
    status = answer.start.split(" ")[1]
    return method != "HEAD" and status not in ("204", "304") and not status.startswith("1")


class Proxy:
    def __init__(self, options):
        self.options = options
        target = urlsplit(options.to)
        self.host, self.port = target.hostname, target.port or 80
        self.base = target.path.rstrip("/")
        self.rates = [(fault, getattr(options, fault.replace("-", "_"))) for fault in FAULTS]
        self.seen = Counter()
        self.refused_as_expired = set()
        self.counts = Counter()
        self.injected = Counter({fault: 0 for fault in FAULTS})

    def draw(self, method, target, body):
        """The request's digest, and the fault that befalls it or None."""
        digest = hashlib.sha256(b"\n".join([method.encode(), target.encode("latin-1"), body])).digest()
        number = self.seen[digest]
        self.seen[digest] += 1
        drawn = hashlib.sha256(f"{self.options.seed} {number} ".encode() + digest).digest()
        place = int.from_bytes(drawn[:7], "big") / (1 << 56)
        for fault, rate in self.rates:
            if place < rate:
                return digest, fault
            place -= rate
        return digest, None

    async def serve(self, reader, writer):
        """One connection of a client, to its end."""
        previous = None
        broken = (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, Malformed, ValueError)
        with contextlib.suppress(*broken):
            while True:
                request = await read_head(reader)
                if request is None:
                    break
                if (request.header("expect") or "").lower() == "100-continue":
                    writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                await read_body(reader, request, is_answer=False)
                goes_on, previous = await self.answer(request, writer, previous)
                if not goes_on or (request.header("connection") or "").lower() == "close":
                    break
        with contextlib.suppress(*broken):
            writer.close()
            await writer.wait_closed()

    async def answer(self, request, writer, previous):
        """Whether the connection goes on, and the answer that a stale one would be next."""
        method, target, _ = request.start.split(" ", 2)
        if target == "/__faults":
            body = json_bytes({
                **{name: self.counts[name] for name in ("requests", "forwarded", "unreachable")},
                "injected": dict(self.injected)})
            await self.send(writer, 200, [("Content-Type", "application/json")], body)
            return True, previous
        self.counts["requests"] += 1
        digest, fault = self.draw(method, target, request.body)
        if fault == "expired" and digest in self.refused_as_expired:
            fault = None
        if fault == "stale" and previous is None:
            fault = None
        if fault:
            self.injected[fault] += 1
        if fault == "expired":
            self.refused_as_expired.add(digest)
        if fault in REFUSED:
            status, headers, body = refusal(fault, self.options.shape, self.options.retry_after)
            await self.send(writer, status, headers, b"" if method == "HEAD" else body)
            return True, previous
        if fault == "reset-before":
            reset(writer)
            return False, None

        self.refused_as_expired.discard(digest)
        try:
            answer = await self.forward(request, method, target)
        except (OSError, Malformed, ValueError, asyncio.IncompleteReadError):
            self.counts["unreachable"] += 1
            await self.send(writer, 502, [("Content-Type", "text/plain")], b"the server did not answer\n")
            return True, previous
        own = self.encoded(method, answer)
        if fault == "reset-after":
            reset(writer)
            return False, None
        if fault == "truncated":
            writer.write(truncated(method, answer, own))
            await writer.drain()
            return False, None
        if fault == "stall":
            await asyncio.sleep(self.options.stall_seconds)
        writer.write({"stale": previous, "duplicated": own + own}.get(fault, own))
        await writer.drain()
        # A HEAD's answer behind another request would leave the client waiting for a body.
        return True, own if method != "HEAD" else previous

    async def forward(self, request, method, target):
        """The server's answer. Once the connection stands, the request counts as forwarded, and is not sent again."""
        reader, writer = await asyncio.open_connection(self.host, self.port, limit=LONGEST_HEAD)
        try:
            host = self.host if self.port == 80 else f"{self.host}:{self.port}"
            headers = [(key, value) for key, value in request.passed_on() if key.lower() != "host"]
            headers += [("Host", host), ("Connection", "close")]
            if request.body or request.header("content-length") or request.header("transfer-encoding"):
                headers.append(("Content-Length", str(len(request.body))))
            self.counts["forwarded"] += 1
            writer.write(head_bytes(f"{method} {self.base}{target} HTTP/1.1", headers) + request.body)
            await writer.drain()
            while True:
                answer = await read_head(reader)
                if answer is None:
                    raise Malformed("there is no answer")
                if not answer.start.split(" ")[1].startswith("1"):
                    break
            if has_body(method, answer):
                await read_body(reader, answer, is_answer=True)
            return answer
        finally:
            with contextlib.suppress(ConnectionError):
                writer.close()
                await writer.wait_closed()

    def encoded(self, method, answer):
        headers = answer.passed_on()
        if has_body(method, answer):
            headers.append(("Content-Length", str(len(answer.body))))
        elif answer.header("content-length"):
            headers.append(("Content-Length", answer.header("content-length")))
        return head_bytes(answer.start, headers) + answer.body

    async def send(self, writer, status, headers, body):
        reasons = {200: "OK", 401: "Unauthorized", 429: "Too Many Requests", 500: "Internal Server Error",
                   502: "Bad Gateway", 503: "Service Unavailable"}
        start = f"HTTP/1.1 {status} {reasons[status]}"
        writer.write(head_bytes(start, headers + [("Content-Length", str(len(body)))]) + body)
        await writer.drain()


def truncated(method, answer, own):
    """The answer without its end. A body is announced longer than it is where there is nothing to leave out."""
    if not has_body(method, answer):
        return own[:len(own) // 2]
    if answer.body:
        return own[:len(own) - (len(answer.body) + 1) // 2]
    return head_bytes(answer.start, answer.passed_on() + [("Content-Length", "16")])


def reset(writer):
    """Ends a connection by RST, as a crashed server does."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def parse(arguments):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    parser.add_argument("--to", required=True, metavar="URL", help="the server, as http://HOST:PORT")
    parser.add_argument("--port", type=int, default=0, help="where to listen on 127.0.0.1 (default: a free port)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--retry-after", type=int, default=1, metavar="SECONDS", help="of `limited` (default: 1)")
    parser.add_argument("--stall-seconds", type=float, default=30, metavar="SECONDS", help="of `stall` (default: 30)")
    parser.add_argument(
        "--shape", choices=["plain", "bigquery", "postgrest", "twenty"], default="plain",
        help="whose error bodies are imitated (default: plain)")
    for fault in FAULTS:
        parser.add_argument(f"--{fault}", type=float, default=0, metavar="RATE")
    options = parser.parse_args(arguments)
    target = urlsplit(options.to)
    if target.scheme != "http" or not target.hostname:
        parser.error("--to must be http://HOST:PORT")
    rates = [getattr(options, fault.replace("-", "_")) for fault in FAULTS]
    # Eleven rates of a decimal fraction each may sum up to a little more than 1.
    if any(not 0 <= rate <= 1 for rate in rates) or sum(rates) > 1 + 1e-9:
        parser.error("rates must be from 0 to 1, and 1 at most together")
    return options


async def run(options):
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)

    def wait_for_end_of_input():
        # Not through sys.stdin, whose lock would be held when the interpreter ends.
        with contextlib.suppress(OSError):
            while os.read(0, 4096):
                pass
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(stopped.set)

    threading.Thread(target=wait_for_end_of_input, daemon=True).start()
    proxy = Proxy(options)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", options.port, limit=LONGEST_HEAD)
    print(f"listening on 127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await stopped.wait()
    server.close()
    # Requests that are under way are not waited for: a stall is longer than whoever ends us is patient.
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()


if __name__ == "__main__":
    try:
        asyncio.run(run(parse(sys.argv[1:])))
    except KeyboardInterrupt:
        pass
