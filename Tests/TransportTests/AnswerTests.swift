import Contacts
import Foundation
import Testing
import Transport

@Suite("Answers, good and bad", .timeLimit(.minutes(20)))
struct AnswerTests {
    private let client = HTTPClient.impatient()

    @Test("a compressed answer is handed over as it was before")
    func gzip() async throws {
        let response = try await client.send(.get, "gzip")
        #expect(try response.json()["text"]?.string == String(repeating: "x", count: 100_000))
    }

    @Test("an answer in pieces is one")
    func chunked() async throws {
        #expect(try await client.send(.get, "chunked").json() == ["parts": [1, 2, 3]])
    }

    @Test("interim answers are not the answer")
    func interim() async throws {
        let response = try await client.send(.get, "interim")
        #expect(response.status == 200)
        #expect(response.header("x-interim") == nil)
        #expect(response.headers.filter { $0.name == "X-Twice" }.map(\.value) == ["a", "b"])
    }

    @Test("any status is an answer", arguments: [200, 201, 204, 304, 400, 401, 403, 404, 409, 429, 500, 503])
    func status(status: Int) async throws {
        let response = try await client.send(.get, "turns/\(status)")
        #expect(response.status == status)
    }

    @Test("a page instead of JSON is told without its content")
    func html() async throws {
        let response = try await client.send(.get, "html")
        #expect(response.status == 503)
        let error = try #require(throws: TransportError.self) { try response.json() }
        #expect(error.code == .badAnswer)
        #expect(error.message.contains("status 503, text/html"))
        #expect(!error.message.contains("hidden"))
    }

    @Test(
        "an answer that cannot be trusted is an error",
        arguments: [
            ("truncated", TransportError.Code.truncated, true), ("truncated-chunked", .truncated, true),
            ("reset", .reset, true), ("close", .reset, true), ("bad-gzip", .badAnswer, true),
            ("huge-headers", .badAnswer, false), ("not-http", .badAnswer, false),
        ]
    )
    func broken(path: String, code: TransportError.Code, isRetryable: Bool) async throws {
        let error = try await failure { _ = try await client.send(.get, path) }
        #expect(error.code == code)
        #expect(error.isRetryable == isRetryable)
        #expect(error.wasSent)
    }

    @Test("an answer as large as it may be is taken, one byte more is not", arguments: [0, 1])
    func limit(excess: Int) async throws {
        let size = try await client.send(.get, "gzip").body.count
        let change: (inout HTTPRequest) -> Void = { $0.maximumBytes = size - excess }
        if excess == 0 {
            #expect(try await client.send(.get, "gzip", change: change).body.count == size)
        } else {
            let error = try await failure { _ = try await client.send(.get, "gzip", change: change) }
            #expect(error.code == .tooLarge)
            #expect(!error.isRetryable)
            #expect(error.wasSent)
        }
    }

    @Test("10 GB, or what unpacks to far too much, do not fill the memory")
    func huge() async throws {
        // In a process of its own, whose memory no other test fills.
        await #expect(processExitsWith: .success) {
            let client = HTTPClient.impatient()
            _ = try await client.send(.get, "gzip")
            let before = try AnswerTests.peakMemory()
            for path in ["huge", "bomb"] {
                let error = try await failure { _ = try await client.send(.get, path) { $0.maximumBytes = 8 << 20 } }
                #expect(error.code == .tooLarge)
            }
            let growth = try AnswerTests.peakMemory() - before
            #expect(growth < 64 << 20)
        }
    }

    /// The most bytes that this process had in memory at once.
    fileprivate static func peakMemory() throws -> Int {
        var usage = rusage()
        guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { throw UnexpectedAnswer() }
        return usage.ru_maxrss << 10
    }

    @Test(
        "a redirect is not followed, and names the host",
        arguments: [
            ("https://user:hunter2@evil.example.net/steal?key=hunter2", "evil.example.net"),
            ("//evil.example.net/steal", "evil.example.net"),
            ("/other?hunter2", "another path of 127.0.0.1"),
            ("https://ev\u{E4}l/", "another host"),
        ],
        [301, 302, 303, 307, 308]
    )
    func redirect(to: (location: String, shown: String), status: Int) async throws {
        let error = try await failure {
            _ = try await client.send(.get, "redirect", query: [("to", to.location), ("status", String(status))])
        }
        #expect(error.code == .redirect)
        #expect(error.message.contains(to.shown))
        #expect(!error.message.contains("hunter2"))
        #expect(!error.isRetryable)
    }

    @Test("a key does not go with a redirect")
    func redirectedKey() async throws {
        let server = try await LoopbackServer.shared()
        let key = UUID().uuidString
        let target = "http://localhost:\(server.port)/echo?stolen-\(key)"
        let error = try await failure {
            _ = try await client.send(
                .post,
                "redirect",
                key: key,
                query: [("to", target), ("status", "307")],
                secretHeaders: [("apikey", Secret("hunter2"))]
            )
        }
        #expect(error.code == .redirect)
        let requests = try await server.requests(key, client: client)
        #expect(requests.map(\.method) == ["POST"])
        #expect(requests.filter { $0.path.hasPrefix("/echo") }.isEmpty)
    }
}
