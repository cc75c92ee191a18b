import Foundation
import TestServers
import Testing

/// The owner is told of each reason once when it comes, and once when it is gone.
@Suite(.timeLimit(.minutes(20))) struct AlertTests {
    /// Takes alerts and prints their bodies, one a line; refuses the first where it is told to.
    private static let server = """
        import http.server, sys
        refusals = int(sys.argv[1])
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                global refusals
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self.send_response(503 if refusals > 0 else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()
                print("refused" if refusals > 0 else "told " + body, flush=True)
                refusals -= 1
            def log_message(self, *words):
                pass
        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        print("port", server.server_address[1], flush=True)
        server.serve_forever()
        """

    private func told(_ server: TestProcess) -> [String] {
        server.log.split(separator: "\n").filter { $0.hasPrefix("told ") }.map { String($0.dropFirst(5)) }
    }

    @Test func aReasonIsToldWhenItComesAndWhenItIsGone() async throws {
        let server = try TestProcess("python3", ["-u", "-c", Self.server, "1"])
        let port = try await server.rest(of: "port ")
        let workspace = try Workspace.pair(top: [
            "recheck: {delay: 0s}", "alert: {url: \"http://127.0.0.1:\(port)/secret\"}",
        ])
        for store in ["a", "b"] { try workspace.fill(store, contacts: 3) }
        #expect(try await workspace.run("audit", "--quiet").exit == 0)
        #expect(told(server) == [])

        let (file, away) = (workspace.file("b.db"), workspace.file("b.db.away"))
        try FileManager.default.moveItem(atPath: file, toPath: away)
        // The first is refused, and that is said; it is told by the next run, and by no further one.
        let first = try await workspace.run("audit", "--quiet")
        #expect(first.exit == 3)
        #expect(first.errors.contains("the alert was not sent: the address of alert.url answered with status 503"))
        #expect(!first.errors.contains("/secret"))
        for _ in 0..<3 { #expect(try await workspace.run("audit", "--quiet").exit == 3) }
        #expect(told(server).count == 1)
        #expect(told(server).first?.contains("OPEN b missing: there is no file") == true, "\(told(server))")
        let listed = try await workspace.run("errors")
        #expect(listed.output.contains("not_found"))
        #expect(listed.output.contains("4 times"))

        try FileManager.default.moveItem(atPath: away, toPath: file)
        for _ in 0..<2 { #expect(try await workspace.run("audit", "--quiet").exit == 0) }
        #expect(told(server).count == 2)
        #expect(told(server).last?.contains("CLEARED b missing") == true, "\(told(server))")
        #expect(try await workspace.run("errors").output == "no open errors\n")

        try FileManager.default.moveItem(atPath: workspace.file("a.db"), toPath: workspace.file("a.db.away"))
        #expect(try await workspace.run("audit", "--quiet").exit == 5)
        #expect(told(server).count == 3)
    }
}
