import Contacts
import Foundation
import Stores
import Synchronization
import Testing

/// Writes meet the record that they were planned for, whatever others do meanwhile.
@Suite(.serialized, .timeLimit(.minutes(20))) struct PostgresGuardTests {
    private static let sql = """
        CREATE TABLE contacts_master (contact_id text PRIMARY KEY, first_name text, version integer);
        INSERT INTO contacts_master SELECT i, 'a', 0 FROM generate_series(1, 20) i;
        """

    private static func update(_ key: Int, _ values: [Int: RawValue]) -> RecordChange {
        RecordChange(.update, key: "\(key)", rows: [.text("'\(key)'")], values: values)
    }

    @Test("nobody writes between the look and the write")
    func held() async throws {
        let schema = try await PostgresSchema(Self.sql)
        let store = schema.store()
        let other = Mutex<Task<String, any Error>?>(nil)
        let outcomes = try await store.writing { writer in
            try await writer.write(
                [Self.update(1, [1: .text("ours")])],
                decide: { _, records in
                    #expect(records.map { $0.values[1] } == [.text("a")])
                    let task = schema.later(
                        "UPDATE contacts_master SET first_name = first_name || '+' WHERE contact_id = '1'"
                    )
                    other.withLock { $0 = task }
                    // It waits for us.
                    Thread.sleep(forTimeInterval: 0.5)
                    return true
                },
                journal: { _ in }
            )
        }
        #expect(outcomes[0].postgresSteps != nil)
        _ = try await other.withLock { $0 }?.value
        #expect(try await store.fetch("1").map { $0.values[1] } == [.text("ours+")])
    }

    @Test(
        "many writers count together without a loss",
        arguments: [Self.sql, Self.sql.replacing("PRIMARY KEY", with: "")]
    )
    func counting(sql: String) async throws {
        let schema = try await PostgresSchema(sql)
        let store = schema.store()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<4 {
                group.addTask {
                    try await store.writing { writer in
                        for _ in 0..<5 {
                            // In another order each, so that they would meet crosswise.
                            let keys = (1...20).map { worker % 2 == 0 ? $0 : 21 - $0 }
                            for portion in [keys.prefix(10), keys.suffix(10)] {
                                try await Self.count(Array(portion), store, writer)
                            }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store.read().values("version") == [RawValue](repeating: .text("20"), count: 20))
    }

    /// Adds one to each, where nobody has meanwhile; else once more.
    private static func count(_ keys: [Int], _ store: PostgresStore, _ writer: any StoreWriter) async throws {
        var open = keys
        while !open.isEmpty {
            let seen = try await store.reading(forFetches: true) { session in
                try await session.fetch(open.map { RecordRequest(key: "\($0)", rows: []) })
            }
            let changes = zip(open, seen)
                .map { key, records in
                    let record = records[0]
                    guard case .text(let digits) = record.values[2] else { return update(key, [:]) }
                    let number = Int(String(decoding: digits, as: UTF8.self)) ?? 0
                    return RecordChange(.update, key: "\(key)", rows: [record.row], values: [2: .text("\(number + 1)")])
                }
            let outcomes = try await writer.write(
                changes,
                decide: { index, records in records.map { $0.values[2] } == seen[index].map { $0.values[2] } },
                journal: { _ in }
            )
            open = zip(open, outcomes).filter { $0.1.postgresSteps == nil }.map(\.0)
        }
    }

    @Test("of two who add one contact one does", arguments: [Self.sql, Self.sql.replacing("PRIMARY KEY", with: "")])
    func adding(sql: String) async throws {
        let schema = try await PostgresSchema(sql)
        let store = schema.store()
        let added = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let outcomes = try await store.writing { writer in
                        try await writer.write(
                            [RecordChange(.insert, key: "99", rows: [], values: [0: .text("99")])],
                            decide: { _, records in records.isEmpty },
                            journal: { _ in }
                        )
                    }
                    return outcomes[0].postgresSteps == nil ? 0 : 1
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(added == 1)
        #expect(try await store.fetch("99").count == 1)
    }

    private struct Stop: Error {}

    @Test("where the journal fails, nothing is written, and the next batch is")
    func journalFails() async throws {
        let schema = try await PostgresSchema(Self.sql)
        let store = schema.store()
        try await store.writing { writer in
            await #expect(throws: Stop.self) {
                try await writer.write(
                    [Self.update(1, [1: .text("x")])],
                    decide: { _, _ in true },
                    journal: { _ in throw Stop() }
                )
            }
            let outcomes = try await writer.write(
                [Self.update(2, [1: .text("y")])],
                decide: { _, _ in true },
                journal: { _ in }
            )
            #expect(outcomes[0].postgresSteps != nil)
        }
        #expect(try await store.fetch("1").map { $0.values[1] } == [.text("a")])
        #expect(try await store.fetch("2").map { $0.values[1] } == [.text("y")])
    }

    @Test("two changes of one contact are done one after the other")
    func twice() async throws {
        let schema = try await PostgresSchema(Self.sql)
        let store = schema.store()
        var seen: [RawValue] = []
        var journalled = 0
        let outcomes = try await store.writing { writer in
            try await writer.write(
                [Self.update(1, [1: .text("x")]), Self.update(1, [1: .text("y")])],
                decide: { _, records in
                    seen.append(records[0].values[1])
                    return true
                },
                journal: { journalled += $0.count }
            )
        }
        #expect(seen == [.text("a"), .text("x")])
        #expect(journalled == 2)
        #expect(outcomes.allSatisfy { $0.postgresSteps != nil })
    }

    @Test("a row that is not exactly as a step has it is left alone, and a list is written whole or not at all")
    func steps() async throws {
        let schema = try await PostgresSchema(Self.sql)
        let store = schema.store()
        func step(_ key: Int, _ before: [String: RawValue]?, _ after: [String: RawValue]?) -> RowStep {
            RowStep(table: "contacts_master", row: .text("'\(key)'"), before: before, after: after)
        }
        let good = step(1, ["first_name": .text("a")], ["first_name": .text("n")])
        for before: [String: RawValue] in [
            ["first_name": .text("A")], ["first_name": .null], ["version": .text("1")], ["version": .integer(0)],
            ["nothing": .null],
        ] {
            let stale = step(2, before, ["first_name": .text("n")])
            #expect(
                try await store.carryOut([[stale], [good, stale], [step(2, before, nil)]]) == [
                    .skipped, .skipped, .skipped,
                ]
            )
        }
        let added = RowStep(table: "contacts_master", row: nil, before: nil, after: ["contact_id": .text("50")])
        #expect(try await store.carryOut([[good], [added]]).allSatisfy { $0.postgresSteps != nil })
        // Carried out again, as behind a crash, it finds that all is done.
        let again = try await store.writing { writer in
            try await writer.carryOut([[good], [added]]) { _ in Issue.record("what is done was journalled again") }
        }
        #expect(again[0] == .written([good]))
        #expect(again[1].postgresSteps?[0].row == .text("'50'"))
        #expect(try schema.execute("SELECT count(*) FROM contacts_master") == "21\n")
    }

    @Test("a row that another holds for too long is told, and written later")
    func locked() async throws {
        let schema = try await PostgresSchema(Self.sql)
        let change = Self.update(1, [1: .text("x")])
        try await schema.holding("UPDATE contacts_master SET version = 9 WHERE contact_id = '1'") {
            let error = await #expect(throws: StoreError.self) {
                try await schema.store { $0.timeout = .milliseconds(300) }.write([change])
            }
            #expect(error?.code == .locked && error?.isRetryable == true)
        }
        #expect(try await schema.store().write([change])[0].postgresSteps != nil)
        #expect(try await schema.store().fetch("1").map { $0.values } == [[.text("1"), .text("x"), .text("0")]])
    }
}
