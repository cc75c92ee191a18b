import Contacts
import Foundation
import TestSupport
import Testing
import Transport

@testable import Listener

@Suite("What is taken and what is refused", .timeLimit(.minutes(20)))
struct RefusalTests {
    /// A request, what it is answered and what is counted.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let status: Int
        let counter: String
        let request: HookRequest

        init(_ name: String, _ status: Int, _ counter: String, _ request: HookRequest) {
            testDescription = name
            self.status = status
            self.counter = counter
            self.request = request
        }
    }

    private static func refused(_ store: String, _ reason: String) -> String {
        "rollcall_webhooks_refused_total{store=\"\(store)\",reason=\"\(reason)\"}"
    }

    private static func changed(_ request: HookRequest, _ change: (inout HookRequest) -> Void) -> HookRequest {
        var request = request
        change(&request)
        return request
    }

    private static let signed = HookRequest.twenty(Message.twenty(), at: testTime)
    private static let shown = HookRequest.database(Message.database())
    private static let large = HookRequest.twenty(["a": .string(String(repeating: "a", count: 1 << 20))], at: testTime)

    static let cases = [
        Case(
            "a wrong signature",
            401,
            refused("crm", "signature"),
            .twenty(Message.twenty(), at: testTime, secret: "x")
        ),
        Case(
            "no signature",
            401,
            refused("crm", "signature"),
            changed(signed) { $0.headers[HookRequest.signatureHeader] = nil }
        ),
        Case(
            "no timestamp",
            401,
            refused("crm", "signature"),
            changed(signed) { $0.headers[HookRequest.timestampHeader] = nil }
        ),
        Case(
            "another timestamp",
            401,
            refused("crm", "signature"),
            changed(signed) { $0.headers[HookRequest.timestampHeader] = String(testTime + 1) }
        ),
        Case("another body", 401, refused("crm", "signature"), changed(signed) { $0.body.append(0x20) }),
        Case("the other store's proof", 401, refused("crm", "signature"), changed(shown) { $0.path = "/hooks/crm" }),
        Case("an old timestamp", 401, refused("crm", "expired"), .twenty(Message.twenty(), at: testTime - 300_001)),
        Case("a timestamp to come", 401, refused("crm", "expired"), .twenty(Message.twenty(), at: testTime + 300_001)),
        Case("the first timestamp", 401, refused("crm", "expired"), .twenty(Message.twenty(), at: 0)),
        Case("a wrong secret", 401, refused("app", "signature"), .database(Message.database(), secret: "x")),
        Case("no secret", 401, refused("app", "signature"), .database(Message.database(), secret: nil)),
        Case("an empty secret", 401, refused("app", "signature"), .database(Message.database(), secret: "")),
        Case("a signature for a secret", 401, refused("app", "signature"), changed(signed) { $0.path = "/hooks/app" }),
        Case("no JSON, signed", 400, refused("crm", "malformed"), .twenty(bytes: Array("{".utf8), at: testTime)),
        Case("nothing, signed", 400, refused("crm", "malformed"), .twenty(bytes: [], at: testTime)),
        Case(
            "invalid UTF-8, signed",
            400,
            refused("crm", "malformed"),
            .twenty(bytes: Array("\"".utf8) + [0xFF, 0x22], at: testTime)
        ),
        Case("no event, signed", 400, refused("crm", "malformed"), .twenty(["a": 1], at: testTime)),
        Case(
            "brackets without end",
            400,
            refused("crm", "malformed"),
            .twenty(bytes: Array(repeating: 0x5B, count: 1 << 20), at: testTime)
        ),
        Case("no event, with the secret", 400, refused("app", "malformed"), .database(["a": 1])),
        Case("a body too long", 413, refused("crm", "size"), large),
        Case("chunks too many", 413, refused("crm", "size"), changed(large) { $0.isChunked = true }),
        Case("a body too long, with the secret", 413, refused("app", "size"), changed(shown) { $0.body = large.body }),
        Case("another method", 405, refused("crm", "method"), changed(signed) { $0.method = "PUT" }),
        Case("a hook that is read", 405, refused("app", "method"), HookRequest(method: "GET", path: "/hooks/app")),
        Case(
            "another store",
            404,
            "rollcall_requests_refused_total{reason=\"path\"}",
            changed(signed) { $0.path = "/hooks/other" }
        ),
        Case(
            "no store",
            404,
            "rollcall_requests_refused_total{reason=\"path\"}",
            changed(signed) { $0.path = "/hooks/" }
        ),
        Case(
            "a store and more",
            404,
            "rollcall_requests_refused_total{reason=\"path\"}",
            changed(signed) { $0.path = "/hooks/crm/x" }
        ),
        Case(
            "dots",
            404,
            "rollcall_requests_refused_total{reason=\"path\"}",
            changed(signed) { $0.path = "/hooks/../hooks/crm" }
        ),
        Case(
            "a written page",
            405,
            "rollcall_requests_refused_total{reason=\"method\"}",
            changed(signed) { $0.path = "/metrics" }
        ),
    ]

    @Test(
        "what is not the sender's, not in time or no event is refused by its real reason, without a word",
        arguments: cases
    )
    func refuses(sample: Case) async throws {
        let box = HintBox()
        try await RunningListener.run(time: .still, sink: box.sink) { (listener) async throws in
            let answer = try await listener.send(sample.request)
            #expect(answer.status == sample.status)
            #expect(answer.body == "")
            #expect(answer.headers["allow"] != nil || sample.status != 405)
            #expect(try await listener.counters() == [sample.counter: 1])
            // The same listener takes what is right.
            #expect(try await listener.send(Self.signed).status == 202)
        }
        #expect(box.hints.count == 1)
    }

    @Test(
        "what is right is taken, at both ends of the window and in chunks",
        arguments: [
            signed, shown, .twenty(Message.twenty(), at: testTime - 300_000),
            .twenty(Message.twenty(), at: testTime + 300_000), changed(signed) { $0.isChunked = true },
            changed(shown) { $0.isChunked = true }, changed(signed) { $0.path += "?a=b" },
            changed(signed) {
                $0.headers[HookRequest.signatureHeader.lowercased()] = $0.headers.removeValue(
                    forKey: HookRequest.signatureHeader
                )
            },
            .twenty(Message.twenty("person.created"), at: testTime),
        ]
    )
    func takes(request: HookRequest) async throws {
        let box = HintBox()
        try await RunningListener.run(time: .still, sink: box.sink) { (listener) async throws in
            let answer = try await listener.send(request)
            #expect(answer.status == 202 && answer.body == "")
            let store = request.path.hasPrefix("/hooks/crm") ? "crm" : "app"
            #expect(try await listener.counters() == ["rollcall_webhooks_accepted_total{store=\"\(store)\"}": 1])
        }
        #expect(box.hints.map(\.contacts) == [["4711"]])
    }

    @Test("a body of exactly the limit is taken")
    func limit() async throws {
        let request = HookRequest.twenty(Message.twenty(), at: testTime)
        try await RunningListener.run(
            time: .still,
            settings: RunningListener.settings { $0.bodyLimit = request.body.count }
        ) { (listener) async throws in
            #expect(try await listener.send(request).status == 202)
            #expect(try await listener.send(.twenty(bytes: request.body + [0x20], at: testTime)).status == 413)
        }
    }

    @Test("a message of Twenty is taken once, whatever its nonce; one of a database as often as it comes")
    func replays() async throws {
        let box = HintBox()
        try await RunningListener.run(time: .still, sink: box.sink) { (listener) async throws in
            #expect(try await listener.send(Self.signed).status == 202)
            for nonce in ["0", "1", nil] {
                let again = Self.changed(Self.signed) { $0.headers["X-Twenty-Webhook-Nonce"] = nonce }
                #expect(try await listener.send(again).status == 409)
            }
            #expect(try await listener.send(.twenty(Message.twenty(salt: 1), at: testTime)).status == 202)
            for _ in 0..<3 { #expect(try await listener.send(Self.shown).status == 202) }
            let expected = [
                "rollcall_webhooks_accepted_total{store=\"crm\"}": 2,
                "rollcall_webhooks_accepted_total{store=\"app\"}": 3, Self.refused("crm", "replay"): 3,
            ]
            #expect(try await listener.counters() == expected)
        }
        #expect(box.hints.count == 5)
    }

    @Test("of a message that comes many times at once one is taken")
    func racing() async throws {
        let box = HintBox()
        try await RunningListener.run(time: .still, sink: box.sink) { (listener) async throws in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<40 { group.addTask { try await listener.send(Self.signed).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.count { $0 == 202 } == 1)
            #expect(statuses.count { $0 == 409 } == 39)
        }
        #expect(box.hints.count == 1)
    }

    @Test("what is about something else is answered, and counted apart")
    func ignores() async throws {
        let box = HintBox()
        try await RunningListener.run(time: .still, sink: box.sink) { (listener) async throws in
            #expect(try await listener.send(.twenty(Message.twenty("company.created"), at: testTime)).status == 204)
            #expect(try await listener.send(.database(Message.database(table: "orders"))).status == 204)
            let expected = ["crm", "app"].map { ("rollcall_webhooks_ignored_total{store=\"\($0)\"}", 1) }
            #expect(try await listener.counters() == Dictionary(uniqueKeysWithValues: expected))
        }
        #expect(box.hints == [])
    }

    @Test(
        "a store that sends too much waits until there is a token again; the other does not, and who proves nothing takes none"
    )
    func rates() async throws {
        let clock = SimulatedClock(.byAdvancing)
        let time = ListenerTime(now: { Date(timeIntervalSince1970: Double(testTime) / 1_000) }, clock: clock)
        try await RunningListener.run(time: time, settings: RunningListener.settings { $0.rate = .perMinute(3) }) {
            listener in
            for _ in 0..<10 {
                #expect(try await listener.send(.twenty(Message.twenty(), at: testTime, secret: "x")).status == 401)
            }
            for salt in 0..<3 {
                #expect(try await listener.send(.twenty(Message.twenty(salt: salt), at: testTime)).status == 202)
                #expect(try await listener.send(.twenty(Message.twenty(salt: 0), at: testTime)).status == 409)
            }
            let late = HookRequest.twenty(Message.twenty(salt: 3), at: testTime)
            let refused = try await listener.send(late)
            #expect(refused.status == 429 && refused.headers["retry-after"] == "20")
            #expect(try await listener.send(Self.shown).status == 202)
            clock.advance(by: .milliseconds(19_500))
            #expect(try await listener.send(late).headers["retry-after"] == "1")
            clock.advance(by: .milliseconds(500))
            #expect(try await listener.send(late).status == 202)
            #expect(try await listener.counters()[Self.refused("crm", "rate")] == 2)
        }
    }

    @Test("a hint that cannot be kept is a 503, and its message may come again")
    func sinkThrows() async throws {
        struct Full: Error {}
        let box = HintBox()
        let sink: ListenerResponder.Sink = { hint in
            box.keep(hint)
            if box.hints.count < 3 { throw Full() }
        }
        try await RunningListener.run(time: .still, sink: sink) { (listener) async throws in
            for _ in 0..<2 {
                let answer = try await listener.send(Self.signed)
                #expect(answer.status == 503 && answer.headers["retry-after"] == "5" && answer.body == "")
            }
            #expect(try await listener.send(Self.signed).status == 202)
            #expect(try await listener.send(Self.signed).status == 409)
            let expected = [
                "rollcall_webhooks_accepted_total{store=\"crm\"}": 1, Self.refused("crm", "unavailable"): 2,
                Self.refused("crm", "replay"): 1,
            ]
            #expect(try await listener.counters() == expected)
        }
    }
}
