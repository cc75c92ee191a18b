import Foundation
import TestServers

/// What stands where a store's server should, and means no good: the first word of a request's path says how.
///
/// `/huge` answers with 10 GB; `/elsewhere` sends on to another host, which is this server by its other name;
/// `/STATUS/CODE` refuses with PostgREST's words for a code.
final class HostileServer: Sendable {
    let port: Int
    private let process: TestProcess

    /// - Parameter isSecure: whether it speaks TLS, by a certificate for `localhost` that it signed itself.
    init(isSecure: Bool = false) async throws {
        var arguments = ["-u", "-c", Self.script]
        var folder: String?
        if isSecure {
            let path = FileManager.default.temporaryDirectory.path + "/rollcall-hostile-" + UUID().uuidString
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            folder = path
            arguments.append(path)
            _ = try await TestProcess(
                "openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                    "-keyout", path + "/key.pem", "-out", path + "/certificate.pem",
                ]
            )
            .finish()
        }
        process = try TestProcess("python3", arguments, removing: folder)
        port = Int(try await process.rest(of: "listening on 127.0.0.1:")) ?? 0
    }

    /// Host, method and path of every request, in order.
    var requests: [String] {
        process.log.split(separator: "\n").filter { $0.hasPrefix("request ") }
            .map { String($0.dropFirst("request ".count)) }
    }

    private static let script = """
        import http.server, json, ssl, sys

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *a): pass

            def answer(self):
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                print("request", self.headers.get("Host"), self.command, self.path)
                word, _, rest = self.path.strip("/").partition("/")
                if word == "huge":
                    self.begin(200, 10 << 30)
                    try:
                        for _ in range(10 << 10): self.wfile.write(b" " * (1 << 20))
                    except OSError:
                        self.close_connection = True
                elif word == "elsewhere":
                    self.begin(307, 0, ("Location", f"http://localhost:{server.server_port}/stolen"))
                else:
                    code = rest.split("/")[0]
                    body = json.dumps({"code": code, "message": "ada@example.com is a value"}).encode()
                    self.begin(int(word) if word.isdigit() else 200, len(body))
                    self.wfile.write(body)

            do_GET = do_POST = do_PATCH = do_DELETE = do_HEAD = answer

            def begin(self, status, length, *headers):
                self.send_response(status)
                for name, value in (("Content-Type", "application/json"), ("Content-Length", str(length))) + headers:
                    self.send_header(name, value)
                self.end_headers()

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        if len(sys.argv) > 1:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(sys.argv[1] + "/certificate.pem", sys.argv[1] + "/key.pem")
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        print(f"listening on 127.0.0.1:{server.server_port}")
        server.serve_forever()
        """
}
