import Contacts
import GRDB
import Testing

@testable import Stores

/// Tables of many columns: a row is passed as the arguments of a function, of which SQLite takes so many.
@Suite struct WideTableTests {
    private func store(_ count: Int) throws -> (SQLiteStore, TestDatabase) {
        let names = (0..<count).map { "extra_\($0)" }
        let values = (0..<count).map { "'value \($0)'" }
        let file = try TestDatabase(
            """
            CREATE TABLE contacts_master (contact_id TEXT, first_name TEXT, \(names.map { "\($0) TEXT" }.joined(separator: ", ")));
            INSERT INTO contacts_master VALUES ('7', 'Ada', \(values.joined(separator: ", "))), ('8', NULL, \(values.joined(separator: ", ")));
            """
        )
        let schema = ContactSchema.standard.adding(names.map { FieldDefinition($0, .text, group: "extra") })
        let settings = SQLiteStoreSettings(path: file.path)
        return (SQLiteStore(name: "local", settings: settings, schema: schema, scratch: file.scratch), file)
    }

    /// The row number and two columns come with the extra ones.
    @Test(arguments: [10, 124, 125, 300])
    func everyColumnIsRead(count: Int) async throws {
        let (store, file) = try store(count)
        try await store.session { session async throws in
            let reading = try await session.readAll()
            #expect(reading.records.count == 2)
            #expect(reading.values("first_name") == [.text("Ada"), .null])
            for number in [0, count / 2, count - 1] {
                #expect(reading.values("extra_\(number)") == Array(repeating: .text("value \(number)"), count: 2))
            }
        }
        withExtendedLifetime(file) {}
    }

    @Test func theLimitIsTheConnections() throws {
        let queue = try DatabaseQueue()
        queue.inDatabase { database in
            #expect(SQLiteRowFunction.takes(127, database))
            #expect(!SQLiteRowFunction.takes(128, database))
        }
    }

    struct Stop: Error {}

    /// What the sink throws is what the scan throws, and the connection is as it was: it can be scanned again.
    @Test(arguments: [10, 300])
    func whatTheSinkThrowsIsThrown(count: Int) async throws {
        let (store, file) = try store(count)
        try await store.session { session async throws in
            let portion = try await session.portions(limit: 1)[0]
            for _ in 0..<2 {
                let sink = CollectingSink { throw Stop() }
                await #expect(throws: Stop.self) { try await session.scan(portion, into: sink) }
                #expect(sink.records == [])
            }
            await #expect(throws: StoreError.self) { try await session.prove() }
            let sink = CollectingSink()
            try await session.scan(portion, into: sink)
            #expect(sink.records.count == 2)
            #expect(try await session.prove().rows == 2)
        }
        withExtendedLifetime(file) {}
    }
}
