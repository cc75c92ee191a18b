import Contacts
import Foundation
import TestSupport
import Testing
import Transport

@testable import Listener

@Suite("Ten thousand that mean no good", .timeLimit(.minutes(20)))
struct HostileTests {
    /// What is sent, by what it is refused for.
    private enum Kind: CaseIterable {
        case forged, altered, unsigned, old, future, replayed, oversized, chunked, noJSON, noEvent
        case wrongSecret, noSecret, oversizedShown, noJSONShown, lost, wrongMethod, garbage, cutOff, header

        /// The status, nil where it may be closed without a word; and the counter.
        var expected: (status: Int?, counter: String?) {
            switch self {
            case .forged, .altered, .unsigned: (401, Self.refused("crm", "signature"))
            case .old, .future: (401, Self.refused("crm", "expired"))
            case .replayed: (409, Self.refused("crm", "replay"))
            case .oversized, .chunked: (413, Self.refused("crm", "size"))
            case .noJSON, .noEvent: (400, Self.refused("crm", "malformed"))
            case .wrongSecret, .noSecret: (401, Self.refused("app", "signature"))
            case .oversizedShown: (413, Self.refused("app", "size"))
            case .noJSONShown: (400, Self.refused("app", "malformed"))
            case .lost: (404, "rollcall_requests_refused_total{reason=\"path\"}")
            case .wrongMethod: (405, Self.refused("crm", "method"))
            case .garbage, .cutOff, .header: (nil, nil)
            }
        }

        private static func refused(_ store: String, _ reason: String) -> String {
            "rollcall_webhooks_refused_total{store=\"\(store)\",reason=\"\(reason)\"}"
        }
    }

    private static let limit = 4 << 10

    /// The messages that are taken before, to be replayed.
    private static let taken = (0..<20).map { HookRequest.twenty(Message.twenty(salt: -1 - $0), at: testTime) }

    /// The bytes of one request; `number` makes its message another than all before.
    private static func bytes(_ kind: Kind, _ number: Int, _ random: inout SeededGenerator) -> [UInt8] {
        let message = Message.twenty(salt: number)
        var signed = HookRequest.twenty(message, at: testTime)
        var shown = HookRequest.database(Message.database())
        let large = Array(repeating: UInt8(ascii: "a"), count: limit + Int.random(in: 1...10_000, using: &random))
        switch kind {
        case .forged:
            let signature = random.bytes(32...32).map { String(format: "%02x", $0) }.joined()
            signed.headers[HookRequest.signatureHeader] = signature
        case .altered:
            let place = Int.random(in: signed.body.indices, using: &random)
            signed.body[place] ^= UInt8.random(in: 1...255, using: &random)
        case .unsigned: signed.headers[HookRequest.signatureHeader] = nil
        case .old:
            signed = .twenty(message, at: testTime - 300_001 - Int64.random(in: 0...testTime / 2, using: &random))
        case .future: signed = .twenty(message, at: testTime + 300_001 + Int64.random(in: 0...testTime, using: &random))
        case .replayed: signed = random.pick(taken)
        case .oversized: signed = .twenty(bytes: large, at: testTime)
        case .chunked:
            signed = .twenty(bytes: large, at: testTime)
            signed.isChunked = true
        case .noJSON:
            signed = .twenty(bytes: random.bytes(0...200) + [UInt8(ascii: "x"), UInt8(number & 0x7F)], at: testTime)
        case .noEvent:
            signed = .twenty(["eventName": "person.updated", "record": ["id": .number(Int64(number))]], at: testTime)
        case .wrongSecret: shown.headers[HookRequest.secretHeader] = random.digits(1...60)
        case .noSecret: shown.headers[HookRequest.secretHeader] = nil
        case .oversizedShown: shown.body = large
        case .noJSONShown: shown.body = random.bytes(0...200) + [UInt8(ascii: "x")]
        case .lost: signed.path = "/hooks/" + random.pick(["", "c", "crm2", "CRM", "%63rm", "crm/", "..", "crm%00"])
        case .wrongMethod: signed.method = random.pick(["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])
        case .garbage: return random.bytes(1...300) + Array("\r\n\r\n".utf8)
        case .cutOff: return Array(signed.bytes().dropLast(Int.random(in: 1...signed.body.count, using: &random)))
        case .header: signed.headers["X-Long"] = String(repeating: "a", count: 40_000)
        }
        switch kind {
        case .wrongSecret, .noSecret, .oversizedShown, .noJSONShown: return shown.bytes()
        default: return signed.bytes()
        }
    }

    /// Sends so many one after the other, on one connection as long as it lasts.
    ///
    /// - Returns: what was wrong, and how often each counter is to have counted.
    private static func attack(port: Int, seed: Int, count: Int) throws -> (wrong: [String], counts: [String: Int]) {
        var random = SeededGenerator(UInt64(seed))
        var connection = try RawConnection(port: port)
        var wrong: [String] = []
        var counts: [String: Int] = [:]
        for number in 0..<count {
            let kind = random.pick(Kind.allCases)
            let expected = kind.expected
            connection.send(bytes(kind, seed * count + number, &random))
            if let status = expected.status {
                let answer = try connection.answer()
                if answer?.status != status || answer?.body != "" { wrong.append("\(kind): \(answer?.status ?? 0)") }
                if answer == nil { connection = try RawConnection(port: port) }
            } else {
                if kind != .cutOff {
                    while let answer = try connection.answer() {
                        if (200..<300).contains(answer.status) { wrong.append("\(kind): \(answer.status)") }
                    }
                }
                connection = try RawConnection(port: port)
            }
            if let counter = expected.counter { counts[counter, default: 0] += 1 }
        }
        return (wrong, counts)
    }

    @Test("of forged, replayed, oversized and malformed requests none is taken, and the listener goes on")
    func attack() async throws {
        let box = HintBox()
        let settings = RunningListener.settings {
            $0.bodyLimit = Self.limit
            $0.rate = .perMinute(100_000)
        }
        try await RunningListener.run(time: .still, sink: box.sink, settings: settings) { (listener) async throws in
            for request in Self.taken { #expect(try await listener.send(request).status == 202) }
            let port = listener.port
            var expected = ["rollcall_webhooks_accepted_total{store=\"crm\"}": Self.taken.count]
            try await withThrowingTaskGroup(of: (wrong: [String], counts: [String: Int]).self) { group in
                for seed in 0..<10 {
                    group.addTask { try await onThread { try Self.attack(port: port, seed: seed, count: 1_000) } }
                }
                for try await (wrong, counts) in group {
                    #expect(wrong == [])
                    expected.merge(counts, uniquingKeysWith: +)
                }
            }
            #expect(box.hints.count == Self.taken.count)
            #expect(try await listener.counters() == expected)
            #expect(try await listener.get("/healthz").status == 200)
            #expect(try await listener.send(.twenty(Message.twenty(salt: 1 << 40), at: testTime)).status == 202)
            #expect(try await listener.send(.database(Message.database())).status == 202)
        }
    }
}
