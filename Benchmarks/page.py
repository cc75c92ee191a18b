#!/usr/bin/env python3
"""Measures the report page in headless Chromium.

    python3 Benchmarks/page.py PAGE.html [--rounds 5]

Each round starts a browser anew. Interactive is the time from the start of navigation until the first rows of the list
are laid out and painted and the main thread is idle; search is the time from typing until its first rows are painted,
the list's own wait for more letters included. The figures are medians. Prints a Markdown table. Exit codes: 0 every bar
is met, 1 a bar is missed, 2 wrong usage, or Chromium is missing or shows no list.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

INTERACTIVE_BAR, SIZE_BAR = 2000, 15_000_000
SECONDS = 60  # for one round

# Runs in the page before its own script.
PROBE = """
window.measured = new Promise((resolve) => {
  const tasks = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration)))
    .observe({ type: "longtask", buffered: true });
  const rows = () => document.querySelectorAll("#list tbody tr.finding");
  const painted = (then) => requestAnimationFrame(() => {
    rows()[0].getBoundingClientRect();
    setTimeout(() => then(performance.now()));
  });
  new MutationObserver((_, observer) => {
    if (!rows().length) return;
    observer.disconnect();
    const result = { rows: rows().length };
    painted((now) => {
      result.painted = now;
      requestIdleCallback(() => {
        result.interactive = performance.now();
        result.longest = Math.max(0, ...tasks);
        search(result);
      });
    });
  }).observe(document, { childList: true, subtree: true });
  function search(result) {
    const field = document.getElementById("search"), count = document.getElementById("count");
    const start = performance.now();
    new MutationObserver((_, observer) => {
      observer.disconnect();
      painted((now) => resolve(Object.assign(result, { search: now - start, found: count.textContent })));
    }).observe(count, { childList: true, characterData: true, subtree: true });
    field.value = "error 11";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
});
"""


def stop(text):
    print(f"page.py: {text}", file=sys.stderr)
    sys.exit(2)


class Browser:
    """Chromium in a process of its own, spoken to over a pipe in the DevTools protocol."""

    def __init__(self, program, folder):
        commands, self.write = os.pipe()
        self.read, answers = os.pipe()
        # Chromium reads commands from descriptor 3 and writes answers to 4.
        script = f"exec timeout --kill-after=5 {SECONDS} \"$@\" 3<&{commands} 4>&{answers}"
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                 "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder}", "--remote-debugging-pipe"]
        self.process = subprocess.Popen(["bash", "-c", script, "bash", program, *flags, "about:blank"],
                                        pass_fds=(commands, answers), stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(commands)
        os.close(answers)
        self.rest, self.last, self.session = b"", 0, None

    def call(self, method, **parameters):
        """The result of a command."""
        self.last += 1
        message = {"id": self.last, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") != self.last:
                continue
            if "error" in answer:
                stop(f"Chromium refused {method}: {answer['error'].get('message')}")
            return answer["result"]

    def receive(self):
        while b"\0" not in self.rest:
            data = os.read(self.read, 1 << 16)
            if not data:
                stop(f"Chromium ended before it showed a list of findings, or took more than {SECONDS} s")
            self.rest += data
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def measure(self, address):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")
        self.call("Page.addScriptToEvaluateOnNewDocument", source=PROBE)
        self.call("Page.navigate", url=address)
        answer = self.call("Runtime.evaluate", expression="measured", awaitPromise=True, returnByValue=True)
        value = answer["result"].get("value")
        return value if value else stop("the page's list could not be measured")

    def close(self):
        os.close(self.write)
        os.close(self.read)
        self.process.terminate()
        self.process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", type=Path, help="a report.html with findings")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if not options.page.is_file():
        stop(f"there is no file {options.page}")
    if options.rounds < 1:
        stop("--rounds is at least 1")
    program = shutil.which("chromium") or stop("chromium is not installed")

    rounds = []
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            browser = Browser(program, folder)
            try:
                rounds.append(browser.measure(options.page.resolve().as_uri()))
            finally:
                browser.close()
    size = options.page.stat().st_size
    middle = {key: statistics.median(one[key] for one in rounds)
              for key in ("painted", "interactive", "longest", "search")}
    print("| what | measured | bar |\n|---|---:|---:|")
    print(f"| file | {size / 1e6:.1f} MB | {SIZE_BAR / 1e6:.0f} MB |")
    print(f"| first {rounds[0]['rows']} rows painted | {middle['painted']:.0f} ms | |")
    print(f"| interactive | {middle['interactive']:.0f} ms | {INTERACTIVE_BAR} ms |")
    print(f"| longest task until then | {middle['longest']:.0f} ms | |")
    print(f"| search ({rounds[0]['found']}) | {middle['search']:.0f} ms | |")
    sys.exit(0 if middle["interactive"] <= INTERACTIVE_BAR and size <= SIZE_BAR else 1)


if __name__ == "__main__":
    main()
