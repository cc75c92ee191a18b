import Contacts
import Foundation
import Synchronization
import TestSupport
import Testing
import Transport

@Suite("One service", .timeLimit(.minutes(20)))
struct ServiceTests {
    private let client = HTTPClient.impatient()
    private let clock = SimulatedClock()
    private let notes = Notes()
    private let key = UUID().uuidString

    /// What a service says while it waits.
    private final class Notes: Sendable {
        private let kept = Mutex<[String]>([])
        var all: [String] { kept.withLock { $0 } }
        func keep(_ note: String) { kept.withLock { $0.append(note) } }
    }

    private func service(
        authorization: any Authorization = StaticAuthorization([("apikey", Secret("hunter2"))]),
        rate: String? = nil,
        attempts: Int = 6,
        endpoint: Endpoint? = nil
    ) async throws -> Service {
        var retry = RetryPolicy()
        retry.attempts = attempts
        let service = Service(
            name: "crm",
            endpoint: try await endpoint.asyncOr { try await LoopbackServer.shared().endpoint },
            authorization: authorization,
            client: client,
            rate: rate.flatMap(Rate.init),
            retry: retry,
            clock: clock,
            random: SeededGenerator(7)
        )
        service.report(to: notes.keep)
        return service
    }

    /// A request for which the server does one thing after the other.
    private func turns(_ turns: String, _ method: HTTPRequest.Method = .get) -> HTTPRequest {
        HTTPRequest(method, "turns/\(turns)", query: [("key", key)])
    }

    private func requests() async throws -> [LoopbackServer.Request] {
        try await LoopbackServer.shared().requests(key, client: client)
    }

    @Test(
        "what may be repeated is, until it works",
        arguments: ["200", "503,200", "500,502,504,200", "close,200", "429,close,503,429,200"]
    )
    func repeats(words: String) async throws {
        let count = words.split(separator: ",").count
        #expect(try await service().send(turns(words)).status == 200)
        #expect(try await requests().count == count)
        #expect(clock.sleeps.count == count - 1)
        let longest = [0.5, 1, 2, 4].map { Duration.seconds($0) }
        #expect(zip(clock.sleeps, longest).allSatisfy { $0 > .zero && $0 <= $1 })
        #expect(try await requests().allSatisfy { $0.header("apikey") == "hunter2" })
    }

    @Test("in the end the last answer is the answer, or the last failure is thrown")
    func givesUp() async throws {
        #expect(try await service().send(turns("503")).status == 503)
        // Five attempts open the circuit, whose rest is waited for.
        #expect(try await requests().count == 6)
        #expect(clock.sleeps.count == 6)
        #expect(clock.sleeps.filter { $0 > .seconds(20) }.count == 1)
        let error = try await failure { _ = try await service(attempts: 3).send(turns("close")) }
        #expect(error.code == .reset)
        #expect(try await requests().filter { $0.path.contains("close") }.count == 3)
    }

    @Test("what may not be repeated is sent once, but after a 429", arguments: ["500", "502", "503", "504", "close"])
    func once(word: String) async throws {
        let service = try await service()
        if word == "close" {
            let error = try await failure { _ = try await service.send(turns(word, .post)) }
            #expect(error.wasSent)
        } else {
            #expect(try await service.send(turns(word, .post)).status == Int(word))
        }
        #expect(try await requests().count == 1)
        #expect(try await service.send(turns("429,429,201", .post)).status == 201)
        #expect(try await requests().count == 4)
    }

    @Test("a caller may say that a POST does no harm twice")
    func repeatablePost() async throws {
        var request = turns("503,close,200", .post)
        request.isRepeatable = true
        #expect(try await service().send(request).status == 200)
    }

    @Test("that the service may have acted is not forgotten over what comes later")
    func mayHaveActed() async throws {
        let clock = SimulatedClock(.byAdvancing)
        let service = Service(
            name: "crm",
            endpoint: try await LoopbackServer.shared().endpoint,
            authorization: StaticAuthorization([]),
            client: client,
            clock: clock
        )
        for (words, wasSent) in [("503:60,200", true), ("429:60,200", false)] {
            let task = Task { try await failure { _ = try await service.send(turns(words)) } }
            await clock.waitForSleepers(1)
            task.cancel()
            let error = try await task.value
            #expect(error.code == .cancelled)
            #expect(error.wasSent == wasSent)
        }
    }

    @Test("what was never sent is sent again, whatever it is")
    func neverSent() async throws {
        let service = try await service(endpoint: try Endpoint("http://127.0.0.1:1"))
        let error = try await failure { _ = try await service.send(HTTPRequest(.post, "")) }
        #expect(error.code == .connect)
        #expect(clock.sleeps.count == 6)
    }

    @Test(
        "the wait that a server asks for is kept",
        arguments: [("429:7,200", 7), ("503:12,200", 12), ("429:date9,200", 9), ("429:290,200", 290)]
    )
    func retryAfter(words: String, seconds: Int) async throws {
        #expect(try await service().send(turns(words)).status == 200)
        #expect(clock.sleeps == [.seconds(seconds)])
        #expect(notes.all == ["crm answers with status \(words.prefix(3)); it is asked again in \(seconds) s"])
    }

    @Test("a wait that is longer than the budget is not begun")
    func tooLong() async throws {
        #expect(try await service().send(turns("429:301,200")).status == 429)
        #expect(try await requests().count == 1)
        #expect(clock.sleeps == [])
    }

    @Test("requests keep the rate, and a 429 empties the bucket")
    func rate() async throws {
        let service = try await service(rate: "10/min")
        try await withThrowingTaskGroup { group in
            for _ in 0..<30 {
                group.addTask {
                    let status = try await service.send(turns("200")).status
                    #expect(status == 200)
                }
            }
            try await group.waitForAll()
        }
        #expect(clock.now.offset == .seconds(120))
        #expect(try await requests().count == 30)
        clock.advance(by: .seconds(3_600))
        let before = clock.now.offset
        #expect(try await service.send(turns("429:0,200")).status == 200)
        #expect(clock.now.offset - before == .seconds(6))
    }

    @Test("a service that failed five times in a row is left alone for 30 s, then tried")
    func circuit() async throws {
        let service = try await service(attempts: 1)
        for _ in 0..<5 { #expect(try await service.send(turns("503,503,503,503,503,200")).status == 503) }
        for _ in 0..<3 {
            let error = try await failure { _ = try await service.send(turns("503,503,503,503,503,200")) }
            #expect(error.code == .circuitOpen)
            #expect(error.isRetryable)
            #expect(!error.wasSent)
        }
        #expect(try await requests().count == 5)
        clock.advance(by: .seconds(30))
        #expect(try await service.send(turns("503,503,503,503,503,200")).status == 200)
        #expect(try await service.send(turns("503,503,503,503,503,200")).status == 200)
    }

    @Test("answers that blame the request do not count as failures of the service")
    func clientErrors() async throws {
        let service = try await service(attempts: 1)
        for _ in 0..<10 { #expect(try await service.send(turns("404")).status == 404) }
        for _ in 0..<10 { #expect(try await service.send(turns("429")).status == 429) }
        for _ in 0..<10 {
            let error = try await failure {
                _ = try await service.send(HTTPRequest(.get, "redirect", query: [("to", "/")]))
            }
            #expect(error.code == .redirect)
        }
    }

    /// Tokens one after the other; the number of the one in use.
    private actor Tokens: Authorization {
        private(set) var number = 1
        private let isRefused: Bool
        init(isRefused: Bool = false) { self.isRefused = isRefused }
        func headers() throws(TransportError) -> [(name: String, value: Secret)] {
            if isRefused { throw TransportError(.credentials, "No.") }
            return [("Authorization", Secret("Bearer token-\(number)"))]
        }
        func renew() { number += 1 }
        nonisolated var canRenew: Bool { true }
        nonisolated func mayGo(to endpoint: Endpoint) -> Bool { endpoint.isLoopback }
    }

    @Test(
        "after a 401 the credential is fetched anew, once",
        arguments: [("token-1", 200, 1), ("token-2", 200, 2), ("none", 401, 2)]
    )
    func unauthorized(known: String, status: Int, count: Int) async throws {
        let tokens = Tokens()
        let request = HTTPRequest(.post, "guarded", query: [("tokens", known), ("key", key)])
        #expect(try await service(authorization: tokens).send(request).status == status)
        #expect(try await requests().count == count)
        #expect(await tokens.number == count)
        #expect(clock.sleeps == [])
    }

    @Test("a key that cannot be fetched anew and was never taken is not tried twice")
    func fixedKey() async throws {
        #expect(try await service().send(turns("401,200")).status == 401)
        #expect(try await requests().count == 1)
    }

    @Test("a key that was taken before is tried once more behind a pause", arguments: [HTTPRequest.Method.get, .post])
    func fixedKeyThatWorked(method: HTTPRequest.Method) async throws {
        let service = try await service()
        #expect(try await service.send(turns("200")).status == 200)
        #expect(try await service.send(turns("401,200", method)).status == 200)
        #expect(clock.sleeps.count == 1)
        #expect(try await service.send(turns("401,401,200", method)).status == 401)
        #expect(try await requests().count == 5)
    }

    @Test("without a credential nothing is sent")
    func noCredential() async throws {
        let error = try await failure {
            _ = try await service(authorization: Tokens(isRefused: true)).send(turns("200"))
        }
        #expect(error.code == .credentials)
        #expect(try await requests().isEmpty)
    }

    @Test("a credential goes nowhere but where it may")
    func untrusted() async throws {
        let endpoint = try Endpoint("https://evil.example.net")
        let error = try await failure {
            _ = try await service(authorization: Tokens(), endpoint: endpoint).send(turns("200"))
        }
        #expect(error.code == .untrusted)
        #expect(error.message.contains("evil.example.net"))
        #expect(!error.wasSent)
    }

    @Test("cancelling ends the waiting")
    func cancellation() async throws {
        let clock = SimulatedClock(.byAdvancing)
        let service = Service(
            name: "crm",
            endpoint: try await LoopbackServer.shared().endpoint,
            authorization: StaticAuthorization([]),
            client: client,
            clock: clock
        )
        let task = Task { try await failure { _ = try await service.send(turns("429:60,200")) } }
        await clock.waitForSleepers(1)
        task.cancel()
        #expect(try await task.value.code == .cancelled)
        #expect(try await requests().count == 1)
    }
}

extension Optional where Wrapped: Sendable {
    fileprivate func asyncOr(_ other: () async throws -> Wrapped) async rethrows -> Wrapped {
        if let self { return self }
        return try await other()
    }
}
