import Contacts
import Foundation
import TestServers

/// What stands between a store and the emulator, and answers some requests by itself or changes what the emulator answers: for
/// what real BigQuery says and the emulator does not.
final class BigQueryInterceptor: Sendable {
    let endpoint: String
    private let process: TestProcess

    /// What is done to requests whose method and path (with its query) match a regular expression.
    struct Rule: Sendable {
        let pattern: String
        /// A part of the body that the request must have; empty: any.
        var body = ""
        /// How many requests it is done to, at most.
        var times = 1_000_000
        /// The answer in the emulator's place; nil: the emulator answers.
        var answer: (status: Int, json: JSONValue)?
        /// Members that are set in the emulator's answer, by their paths.
        var set: [(path: [String], value: JSONValue)] = []
        /// Whether the emulator's answer is dropped and the connection with it.
        var isLost = false

        /// An error as BigQuery words it.
        static func error(
            _ pattern: String,
            body: String = "",
            times: Int = 1_000_000,
            _ status: Int,
            _ reason: String,
            _ message: String = ""
        )
            -> Rule
        {
            var rule = Rule(pattern: pattern, body: body, times: times)
            let error: JSONValue = ["reason": .string(reason), "message": .string(message), "domain": "global"]
            rule.answer = (
                status,
                ["error": ["code": .number(Int64(status)), "message": .string(message), "errors": [error]]]
            )
            return rule
        }

        fileprivate var json: JSONValue {
            [
                "pattern": .string(pattern), "body": .string(body), "times": .number(Int64(times)),
                "status": .number(Int64(answer?.status ?? 0)), "answer": answer?.json ?? .null,
                "set": .array(set.map { [.array($0.path.map(JSONValue.string)), $0.value] }), "lost": .bool(isLost),
            ]
        }
    }

    init(to server: String, _ rules: [Rule]) async throws {
        let text = String(decoding: JSONValue.array(rules.map(\.json)).bytes, as: UTF8.self)
        process = try TestProcess(
            "python3",
            ["-u", "-c", Self.script, server, text],
            environment: ["PYTHONDONTWRITEBYTECODE": "1"]
        )
        endpoint = "http://127.0.0.1:" + (try await process.rest(of: "listening on 127.0.0.1:"))
    }

    /// Method, path and query of every request, in order.
    var requests: [String] {
        process.log.split(separator: "\n").filter { $0.hasPrefix("request ") }
            .map { String($0.dropFirst("request ".count)) }
    }

    /// Bytes of all answers.
    var answeredBytes: Int {
        process.log.split(separator: "\n").filter { $0.hasPrefix("bytes ") }.compactMap { Int($0.dropFirst(6)) }
            .reduce(0, +)
    }

    private static let script = """
        import http.server, json, re, sys, threading, urllib.error, urllib.request
        server, rules = sys.argv[1], json.loads(sys.argv[2])
        lock = threading.Lock()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *a): pass

            def answer(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length) if length else None
                line = self.command + " " + self.path
                chosen = None
                with lock:
                    print("request " + line)
                    for rule in rules:
                        if rule["times"] > 0 and re.search(rule["pattern"], line) and rule["body"] in (body or b"").decode():
                            rule["times"] -= 1
                            chosen = rule
                            break
                if chosen and chosen["status"]:
                    return self.reply(chosen["status"], json.dumps(chosen["answer"]).encode())
                headers = {"Content-Type": self.headers.get("Content-Type") or "application/json"}
                request = urllib.request.Request(server + self.path, body, headers, method=self.command)
                try:
                    with urllib.request.urlopen(request, timeout=300) as reply: status, data = reply.status, reply.read()
                except urllib.error.HTTPError as error:
                    status, data = error.code, error.read()
                if chosen and chosen["lost"]:
                    self.close_connection = True
                    self.connection.close()
                    return
                if chosen and chosen["set"] and status == 200:
                    value = json.loads(data)
                    for path, member in chosen["set"]:
                        place = value
                        for name in path[:-1]: place = place.setdefault(name, {})
                        place[path[-1]] = member
                    data = json.dumps(value).encode()
                self.reply(status, data)

            def reply(self, status, data):
                with lock: print("bytes %d" % len(data))
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

        httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        httpd.daemon_threads = True
        print("listening on 127.0.0.1:%d" % httpd.server_port)
        httpd.serve_forever()
        """
}
