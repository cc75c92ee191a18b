import Contacts
import Foundation
import Testing
import Transport

@Suite("Time and cancellation", .timeLimit(.minutes(20)))
struct TimeoutTests {
    private let key = UUID().uuidString

    /// Whether a body was faster than the server would have been.
    private func isQuick(_ body: () async throws -> Void) async throws -> Bool {
        try await ContinuousClock().measure { try await body() } < .seconds(300)
    }

    @Test(
        "a server that is silent, stops or goes on for ever is not waited for",
        arguments: [
            ("slow", Duration.seconds(1), Duration.seconds(60)), ("stall", .seconds(1), .seconds(60)),
            ("slow", .seconds(60), .seconds(1)), ("stall", .seconds(60), .seconds(1)),
            ("drip", .seconds(1), .seconds(3)),
        ]
    )
    func timeouts(path: String, idle: Duration, total: Duration) async throws {
        let client = HTTPClient.impatient(idle: idle, total: total)
        let isQuick = try await isQuick {
            let error = try await failure { _ = try await client.send(.get, path, query: [("seconds", "600")]) }
            #expect(error.code == .timeout)
            #expect(error.isRetryable)
            #expect(error.wasSent)
        }
        #expect(isQuick)
    }

    @Test("a request's own time counts")
    func ownTimeout() async throws {
        let client = HTTPClient.impatient()
        let error = try await failure {
            _ = try await client.send(.get, "slow", query: [("seconds", "600")]) { $0.timeout = .seconds(1) }
        }
        #expect(error.code == .timeout)
    }

    @Test("a server that takes its time, but not too much, is waited for")
    func patient() async throws {
        let client = HTTPClient.impatient(connect: .seconds(1), idle: .seconds(20))
        #expect(try await client.send(.get, "slow", query: [("seconds", "1.5")]).status == 200)
        let dripping = HTTPClient.impatient(idle: .seconds(2))
        let began = ContinuousClock.now
        #expect(try await dripping.send(.get, "drip").body.count == 300)
        // Longer than it may be silent.
        #expect(ContinuousClock.now - began > .seconds(3))
    }

    @Test("a connection that does not come about is not waited for")
    func connecting() async throws {
        let silent = try SilentPort()
        let client = HTTPClient.impatient(connect: .milliseconds(300))
        let isQuick = try await isQuick {
            let error = try await failure {
                let endpoint = try Endpoint("https://127.0.0.1:\(silent.port)")
                _ = try await client.send(HTTPRequest(.get, ""), to: endpoint, secretHeaders: [])
            }
            #expect(error.code == .timeout)
            #expect(error.isRetryable)
            #expect(!error.wasSent)
        }
        #expect(isQuick)
    }

    @Test("cancelling the task breaks the transfer off", arguments: ["slow", "stall", "drip"])
    func cancellation(path: String) async throws {
        // Nothing but the cancellation ends it, however busy the machine is.
        let client = HTTPClient.impatient(idle: .seconds(600), total: .seconds(1_200))
        let isQuick = try await isQuick {
            let task = Task {
                try await failure { _ = try await client.send(.get, path, key: key, query: [("seconds", "600")]) }
            }
            while try await LoopbackServer.shared().requests(key, client: client).isEmpty {
                try await Task.sleep(for: .milliseconds(20))
            }
            task.cancel()
            let error = try await task.value
            #expect(error.code == .cancelled)
            #expect(error.wasSent)
        }
        #expect(isQuick)
        // The client is as good as before.
        #expect(try await client.send(.get, "echo").status == 200)
    }

    @Test("a task that is cancelled already gets nothing")
    func cancelledBefore() async throws {
        let client = HTTPClient.impatient()
        for _ in 0..<50 {
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await failure { _ = try await client.send(.get, "slow", query: [("seconds", "600")]) }
            }
            #expect(try await task.value.code == .cancelled)
        }
    }
}
