import Contacts
import Foundation
import Testing
import Transport

@Suite("Connections", .timeLimit(.minutes(20)))
struct ConnectionTests {
    private let client = HTTPClient.impatient()
    private let key = UUID().uuidString

    /// A client that trusts the secure server.
    private func secureClient() async throws -> HTTPClient {
        .impatient(certificateFile: try await Certificate.shared.value.certificate)
    }

    private func send(_ request: HTTPRequest, by client: HTTPClient) async throws -> HTTPResponse {
        var request = request
        request.query.append(("key", key))
        return try await client.send(request, to: try await LoopbackServer.sharedSecure().endpoint, secretHeaders: [])
    }

    @Test("a connection with TLS serves one request after the other")
    func reuse() async throws {
        let client = try await secureClient()
        for _ in 0..<10 { #expect(try await send(HTTPRequest(.get, "echo"), by: client).status == 200) }
        let requests = try await LoopbackServer.sharedSecure().requests(key, client: client)
        #expect(requests.count == 10)
        #expect(Set(requests.map(\.connection)).count == 1)
    }

    @Test("what may be repeated goes again by itself when a kept connection is dead, what may not goes once")
    func deadConnection() async throws {
        let client = try await secureClient()
        #expect(try await send(HTTPRequest(.get, "close-second"), by: client).status == 200)
        // The server ends the kept connection without an answer: whether it has acted, nobody knows.
        #expect(try await send(HTTPRequest(.get, "close-second"), by: client).status == 200)
        #expect(try await send(HTTPRequest(.post, "close-second"), by: client).status == 200)
        let requests = try await LoopbackServer.sharedSecure().requests(key, client: client)
        #expect(requests.map(\.method) == ["GET", "GET", "GET", "POST"])
        #expect(requests.map(\.connection).last != requests.dropLast().last?.connection)
    }

    @Test(
        "an answer that comes twice is not taken for that to the next request",
        arguments: [0, 60_000],
        ["0", "0.05"]
    )
    func duplicate(size: Int, pause: String) async throws {
        for number in 0..<5 {
            let query = [("number", String(number)), ("size", String(size)), ("pause", pause)]
            let answer = try await client.send(.get, "duplicate", query: query).json()
            #expect(answer["number"]?.string == String(number))
        }
    }

    @Test("many requests at once are all answered, each by its own answer")
    func many() async throws {
        let bodies = try await withThrowingTaskGroup(of: (Int, String?).self) { group in
            for number in 0..<100 {
                group.addTask {
                    (
                        number,
                        try await client.send(.post, "echo") { $0.body = Array("\(number)".utf8) }.json()["body"]?
                            .string
                    )
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(bodies == Dictionary(uniqueKeysWithValues: (0..<100).map { ($0, "\($0)") }))
    }

    @Test("requests that wait for an answer do not hold up others", arguments: [false, true])
    func parallel(isSecure: Bool) async throws {
        let server = try await isSecure ? LoopbackServer.sharedSecure() : LoopbackServer.shared()
        let client = try await secureClient()
        try await withThrowingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    let request = HTTPRequest(.get, "meet", query: [("count", "8"), ("key", key)])
                    let answer = try await client.send(request, to: server.endpoint, secretHeaders: [])
                    #expect(answer.status == 200)
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("a port where nobody listens is told")
    func refused() async throws {
        let error = try await failure {
            _ = try await client.send(HTTPRequest(.get, ""), to: try Endpoint("http://127.0.0.1:1"), secretHeaders: [])
        }
        #expect(error.code == .connect)
        #expect(error.isRetryable)
        #expect(!error.wasSent)
    }

    @Test("a name without an address is told")
    func unresolved() async throws {
        let error = try await failure {
            let endpoint = try Endpoint("https://rollcall.invalid")
            _ = try await client.send(HTTPRequest(.get, ""), to: endpoint, secretHeaders: [])
        }
        #expect(error.code == .resolve)
        #expect(error.message.contains("rollcall.invalid"))
        #expect(!error.wasSent)
    }

    @Test("a closed client sends nothing, and breaks off what is under way")
    func close() async throws {
        async let slow = failure { _ = try await client.send(.get, "slow", key: key, query: [("seconds", "20")]) }
        while try await LoopbackServer.shared().requests(key, client: .impatient()).isEmpty {}
        client.close()
        #expect(try await slow.code == .cancelled)
        #expect(try await failure { _ = try await client.send(.get, "echo") }.code == .cancelled)
        client.close()
    }

    @Test("a proxy of the environment is used, but not for this machine")
    func proxy() async throws {
        // In a process of its own, whose environment no other test reads.
        await #expect(processExitsWith: .success) {
            let (server, client) = (try await LoopbackServer.shared(), HTTPClient.impatient())
            setenv("http_proxy", "http://user:hunter2@127.0.0.1:\(server.port)", 1)
            let endpoint = try Endpoint("http://service.invalid", trusted: true)
            // A proxy is asked with the whole address.
            let proxied = try await client.send(HTTPRequest(.get, "echo"), to: endpoint, secretHeaders: []).json()
            #expect(proxied["path"]?.string == "http://service.invalid/echo")
            let direct = try await client.send(HTTPRequest(.get, "echo"), to: server.endpoint, secretHeaders: []).json()
            #expect(direct["path"]?.string == "/echo")

            unsetenv("http_proxy")
            setenv("HTTPS_PROXY", "http://user:hunter2@127.0.0.1:1", 1)
            let error = try await failure {
                let endpoint = try Endpoint("https://service.invalid")
                _ = try await client.send(HTTPRequest(.get, "echo"), to: endpoint, secretHeaders: [])
            }
            #expect(error.code == .connect)
            #expect(!error.message.contains("hunter2"))
        }
    }
}
