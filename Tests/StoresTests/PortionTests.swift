import Contacts
import GRDB
import Stores
import Testing

@Suite struct PortionTests {
    /// Row numbers, and in how many portions two connections read them.
    static let rows: [(numbers: [Int64], portions: Int)] = [
        ([], 1),
        ([5], 1),
        ([-3, 0, 7], 1),
        ([1, 20_000], 1),
        ([1, 20_001], 2),
        ([-30_000, -29_999, -1, 0, 1, 29_999, 30_000], 2),
        ([-90_000, -50_000, -40_001], 2),
        ([1, 2, 3, 4_000_000_000_000_000_000], 2),
        ([0, 1, .max - 1, .max], 2),
        // The span of these is beyond 64 bits.
        ([.min, 0, .max], 1),
        ([.min, .min + 1, -1], 2),
    ]

    @Test(arguments: rows, [1, 2, 8])
    func everyRowIsReadOnce(rows: (numbers: [Int64], portions: Int), limit: Int) async throws {
        let file = try TestDatabase("CREATE TABLE contacts_master (contact_id TEXT, first_name TEXT)")
        for number in rows.numbers {
            try file.execute("INSERT INTO contacts_master (rowid, contact_id) VALUES (?, ?)", [number, "k\(number)"])
        }
        try await file.store()
            .session { session in
                let portions = try await session.portions(limit: limit)
                #expect(portions.count <= limit)
                if limit == 2 { #expect(portions.count == rows.portions) }
                let reading = try await session.readAll(portions: limit)
                #expect(reading.records.map(\.row) == rows.numbers.map { .integer($0) })
                #expect(reading.values("contact_id") == rows.numbers.map { .text("k\($0)") })
                #expect(reading.proof.rows == rows.numbers.count)
            }
    }

    @Test(arguments: ["WITHOUT ROWID", ""])
    func whatHasNoRowNumberIsOnePortion(option: String) async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE base (contact_id INTEGER PRIMARY KEY, first_name TEXT) \(option);
            INSERT INTO base VALUES (1, 'a'), (100000, 'b');
            CREATE VIEW people AS SELECT * FROM base;
            """
        )
        let reading = try await file.store { $0.tables.table = option.isEmpty ? "people" : "base" }.read(portions: 2)
        #expect(reading.values("first_name") == [.text("a"), .text("b")])
        #expect(reading.records.map(\.row) == [.text("1"), .text("100000")])
    }

    @Test func aPortionThatWasNotReadLeavesTheStoreUnproved() async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE contacts_master (contact_id INTEGER PRIMARY KEY);
            INSERT INTO contacts_master VALUES (1), (30000);
            """
        )
        try await file.store()
            .session { session in
                let portions = try await session.portions(limit: 2)
                try #require(portions.count == 2)
                try await session.scan(portions[0], into: CollectingSink())
                let error = await #expect(throws: StoreError.self) { try await session.prove() }
                #expect(error?.code == .input)
                try await session.scan(portions[1], into: CollectingSink())
                #expect(try await session.prove().rows == 2)
            }
    }

    /// A scan looks for a cancellation every 1,024 rows.
    @Test func aCancelledScanStops() async throws {
        let file = try TestDatabase(
            """
            CREATE TABLE contacts_master (contact_id INTEGER PRIMARY KEY);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
                INSERT INTO contacts_master SELECT i FROM n;
            """
        )
        try await file.store()
            .session { session in
                let portions = try await session.portions(limit: 1)
                let task = Task {
                    var rows = 0
                    let sink = CollectingSink {
                        rows += 1
                        if rows == 2 { withUnsafeCurrentTask { $0?.cancel() } }
                    }
                    await #expect(throws: CancellationError.self) { try await session.scan(portions[0], into: sink) }
                    return sink.records.count
                }
                #expect(await task.value == 1024)
                await #expect(throws: StoreError.self) { try await session.prove() }
            }
    }
}
