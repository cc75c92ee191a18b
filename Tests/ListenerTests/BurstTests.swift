import Contacts
import Foundation
import Testing

@testable import Listener

@Suite("A burst", .timeLimit(.minutes(20)))
struct BurstTests {
    private static let connections = 50
    private static let perConnection = 100

    /// Sends valid messages one after the other on one connection; each is about a contact of its own.
    ///
    /// - Returns: the statuses.
    private static func send(port: Int, from first: Int) throws -> [Int] {
        let connection = try RawConnection(port: port)
        return try (first..<(first + perConnection))
            .map { number in
                let contact = JSONValue.string(String(number))
                let request: HookRequest =
                    number.isMultiple(of: 2)
                    ? .twenty(Message.twenty(contact: contact), at: testTime)
                    : .database(Message.database(record: ["contact_id": contact], old: nil))
                connection.send(request.bytes())
                return try connection.answer()?.status ?? 0
            }
    }

    @Test("five thousand webhooks over fifty connections are all taken, each once, with the usual settings")
    func burst() async throws {
        let box = HintBox()
        try await RunningListener.run(time: .still, sink: box.sink) { (listener) async throws in
            let port = listener.port
            let start = ContinuousClock.now
            let statuses = try await withThrowingTaskGroup(of: [Int].self) { group in
                for number in 0..<Self.connections {
                    let first = number * Self.perConnection
                    group.addTask { try await onThread { try Self.send(port: port, from: first) } }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            print("5,000 webhooks over 50 connections took \(ContinuousClock.now - start)")
            #expect(statuses.count { $0 == 202 } == 5_000)
            #expect(statuses.count == 5_000)
            let expected = ["crm", "app"].map { ("rollcall_webhooks_accepted_total{store=\"\($0)\"}", 2_500) }
            #expect(try await listener.counters() == Dictionary(uniqueKeysWithValues: expected))
        }
        #expect(box.hints.count == 5_000)
        let contacts = Set(box.hints.flatMap(\.contacts))
        let expected = Set((0..<5_000).map { String($0) })
        #expect(contacts == expected)
    }
}
