import Contacts
import Testing
import Transport

@Suite("What a server is sent")
struct HTTPRequestTests {
    private let client = HTTPClient.impatient()
    private let key = "key-\(UInt64.random(in: 0 ... .max))"

    @Test(
        "each method arrives as itself, with and without a body",
        arguments: [HTTPRequest.Method.get, .post, .patch, .put, .delete],
        [true, false]
    )
    func methods(method: HTTPRequest.Method, hasBody: Bool) async throws {
        let json: JSONValue = ["name": "Zo\u{EB}", "numbers": [1, 2]]
        let server = try await LoopbackServer.shared()
        let request = HTTPRequest(method, "echo", json: hasBody ? json : .none)
        let echo = try await client.send(request, to: server.endpoint, secretHeaders: []).json()
        #expect(echo["method"]?.string == method.rawValue)
        #expect(echo["body"]?.string == (hasBody ? String(decoding: json.bytes, as: UTF8.self) : ""))
        #expect(echo["headers"]?["content-type"]?.string == (hasBody ? "application/json" : nil))
        #expect(echo["headers"]?["expect"] == nil)
    }

    @Test("of a head the headers are the answer")
    func head() async throws {
        let response = try await client.send(.head, "echo")
        #expect(response.status == 200)
        #expect(response.body == [])
        #expect(response.header("CONTENT-TYPE") == "application/json")
    }

    @Test("a large body arrives whole")
    func large() async throws {
        let text = String(repeating: "0123456789", count: 300_000)
        let response = try await client.send(.post, "echo") { request in
            request.body = Array(text.utf8)
            request.contentType = "text/plain"
        }
        #expect(try response.json()["body"]?.string == text)
    }

    @Test("queries and segments mean what they say")
    func encoding() async throws {
        let query = [
            ("or", "(a.eq.1,b.is.null)"), ("at", "2026-01-02T03:04:05+00:00"), ("e", "a&b=c #\u{FC}%?/"), ("n", ""),
        ]
        let segments = ["a/b", "..", ".", "\u{E9} ?#%", "x+y"].map(HTTPRequest.segment)
        let server = try await LoopbackServer.shared()
        let path = "echo/\(segments.joined(separator: "/"))"
        let request = HTTPRequest(.get, path, query: query)
        let echo = try await client.send(request, to: server.endpoint, secretHeaders: []).json()
        #expect(
            echo["path"]?.string == "/echo/a%2Fb/%2E%2E/%2E/%C3%A9%20%3F%23%25/x%2By"
                + "?or=%28a.eq.1%2Cb.is.null%29&at=2026-01-02T03%3A04%3A05%2B00%3A00"
                + "&e=a%26b%3Dc%20%23%C3%BC%25%3F%2F&n="
        )
    }

    @Test("the endpoint's path comes first", arguments: ["items", "/items"])
    func below(path: String) async throws {
        let server = try await LoopbackServer.shared()
        let endpoint = try Endpoint("\(server.endpoint)/echo/v1/")
        let echo = try await client.send(HTTPRequest(.get, path), to: endpoint, secretHeaders: []).json()
        #expect(echo["path"]?.string == "/echo/v1/items")
        let root = try await client.send(HTTPRequest(.get, ""), to: endpoint, secretHeaders: []).json()
        #expect(root["path"]?.string == "/echo/v1")
    }

    @Test("headers arrive, those with secrets too, and our name")
    func headers() async throws {
        let response = try await client.send(
            .get,
            "echo",
            secretHeaders: [("apikey", Secret("hunter2")), ("X-Empty", Secret(""))]
        ) {
            $0.headers = [("Prefer", "count=exact"), ("X-Tab", "a\tb")]
        }
        let headers = try response.json()["headers"]
        #expect(headers?["user-agent"]?.string == "rollcall/1.2.3")
        #expect(headers?["accept-encoding"]?.string == "gzip")
        #expect(headers?["apikey"]?.string == "hunter2")
        #expect(headers?["prefer"]?.string == "count=exact")
        #expect(headers?["x-tab"]?.string == "a\tb")
        #expect(headers?["x-empty"]?.string == "")
    }

    @Test("a header of more than one line is not sent", arguments: ["a\r\nX-Evil: 1", "a\n", "a\rb", "a\u{0}b"])
    func injection(value: String) async throws {
        let secret = try await failure {
            _ = try await client.send(.get, "echo", key: key, secretHeaders: [("apikey", Secret(value))])
        }
        #expect(secret.code == .credentials)
        let plain = try await failure {
            _ = try await client.send(.get, "echo", key: key) { $0.headers = [("X", value)] }
        }
        #expect(plain.code == .badEndpoint)
        let name = try await failure {
            _ = try await client.send(.get, "echo", key: key) { $0.headers = [(value, "x")] }
        }
        #expect(name.code == .badEndpoint)
        #expect(![secret, plain, name].contains { $0.wasSent || $0.isRetryable })
        #expect(try await LoopbackServer.shared().requests(key, client: client).isEmpty)
    }

    @Test("a path that is not encoded is not sent", arguments: ["a b", "a?b", "a#b", "a/../b", "\u{E9}", "a\nb"])
    func path(path: String) async throws {
        let error = try await failure { _ = try await client.send(.get, path) }
        #expect(error.code == .badEndpoint)
    }
}
