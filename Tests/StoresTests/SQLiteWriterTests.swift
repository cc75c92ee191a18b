import Contacts
import Demo
import Fingerprint
import Stores
import Testing

/// Tables of every shape are written, and taken back row by row.
@Suite(.timeLimit(.minutes(20))) struct SQLiteWriterTests {
    /// Updates, removals and insertions in one batch.
    @Test(
        "every sample store is written, undone and written again, equal to the row each time",
        arguments: SampleStores.names
    )
    func samples(name: String) async throws {
        let folder = try TestDatabase()
        let samples = try SampleStores.write(to: folder.folder + "/samples", contacts: 120, seed: 7)
        let settings = try #require(samples.settings(for: name))
        let store = SQLiteStore(name: name, settings: settings, schema: .standard, scratch: folder.scratch)
        let start = try Dump(settings.path)
        let reading = try await store.read()
        let layout = reading.layout
        let records = reading.records
        let keyIndex = try #require(layout.index(of: ContactSchema.Name.key))
        var changes: [RecordChange] = []
        for (index, record) in records.enumerated() {
            let key = try #require(record.values[keyIndex].withCell { CanonicalKey.text(of: $0) })
            let text = String(decoding: key, as: UTF8.self)
            let source = records[(index + 1) % records.count]
            switch index % 6 {
            case 0..<4:
                changes.append(
                    RecordChange(.update, key: text, rows: [record.row], values: Self.values(of: source, layout, index))
                )
            case 4: changes.append(RecordChange(.remove, key: text, rows: [record.row], values: [:]))
            default:
                var values = Self.values(of: source, layout, index)
                let number = 900_000 + index
                if case .integer = record.values[keyIndex] {
                    values[keyIndex] = .integer(Int64(number))
                } else {
                    values[keyIndex] = .text("\(number)")
                }
                changes.append(RecordChange(.insert, key: "\(number)", rows: [], values: values))
            }
        }
        let written = try await store.writing { writer in
            var journalled = 0
            let outcomes = try await writer.write(
                changes,
                decide: { index, records in
                    let isThere = records.contains { changes[index].rows.contains($0.row) }
                    #expect(isThere == (changes[index].action != .insert))
                    return true
                },
                journal: { journalled += $0.count }
            )
            #expect(journalled == changes.count)
            return outcomes
        }
        let steps = try written.map { try #require($0.steps) }
        let end = try Dump(settings.path)
        #expect(end != start)

        // What a session reads is what was asked for.
        let after = try await store.read().records
        for change in changes {
            switch change.action {
            case .update:
                let old = try #require(records.first { [$0.row] == change.rows })
                let expected = try #require(RecordEdit.applying(change.values, to: old.values, layout: layout))
                let new = try #require(after.first { [$0.row] == change.rows })
                #expect(new.values.map(Self.unordered) == expected.map(Self.unordered))
            case .remove: #expect(after.contains { [$0.row] == change.rows } == false)
            case .insert:
                let new = try #require(after.first { $0.values[keyIndex] == change.values[keyIndex] })
                let nothing = [RawValue](repeating: .null, count: layout.fields.count)
                let expected = try #require(RecordEdit.applying(change.values, to: nothing, layout: layout))
                #expect(new.values.map(Self.unordered) == expected.map(Self.unordered))
            }
        }

        let back = steps.reversed().map { $0.reversed().map(\.reversed) }
        let undone = try await store.writing { try await $0.carryOut(back) { _ in } }
        #expect(try Dump(settings.path).differences(from: start) == [])
        let undoneSteps = try undone.map { try #require($0.steps) }
        let again = try await store.writing {
            try await $0.carryOut(undoneSteps.reversed().map { $0.reversed().map(\.reversed) }) { _ in }
        }
        #expect(again.allSatisfy { $0.steps != nil })
        #expect(try Dump(settings.path).differences(from: end) == [])
    }

    /// A source's values for every field but the key, those inside JSON as members.
    private static func values(of source: ContactRecord, _ layout: StoreLayout, _ index: Int) -> [Int: RawValue] {
        var values: [Int: RawValue] = [:]
        for (place, mapping) in layout.fields.enumerated() where mapping.field.name != ContactSchema.Name.key {
            values[place] = source.values[place]
            guard !mapping.path.isEmpty else { continue }
            values[place] =
                switch mapping.field.type {
                case .int: .integer(Int64(index) + 1_000)
                case .set: .list([.text("a"), .text("b\"")], primary: nil)
                default: index % 5 == 0 ? .null : .text("w\(index)")
                }
        }
        return values
    }

    /// A list as what of it is compared: its members in order of their text, and the primary one.
    private static func unordered(_ value: RawValue) -> RawValue {
        guard case .list(let members, let primary) = value else { return value }
        let marked = primary.map { "\(members[$0])" } ?? ""
        return .text(members.map { "\($0)" }.sorted().joined(separator: "|") + " " + marked)
    }

    private static let shapes = [
        "CREATE TABLE contacts_master (contact_id INTEGER PRIMARY KEY, first_name TEXT, version INTEGER, other BLOB)",
        "CREATE TABLE contacts_master (contact_id TEXT, first_name TEXT, version INTEGER, other BLOB)",
        "CREATE TABLE contacts_master (contact_id TEXT PRIMARY KEY, first_name TEXT, version INTEGER, other BLOB)",
        "CREATE TABLE contacts_master (contact_id TEXT PRIMARY KEY, first_name TEXT, version INTEGER, other BLOB) WITHOUT ROWID",
        "CREATE TABLE contacts_master (other ANY, version INT, n INTEGER PRIMARY KEY AUTOINCREMENT, contact_id TEXT UNIQUE, first_name TEXT) STRICT",
        "CREATE TABLE contacts_master (contact_id INTEGER PRIMARY KEY DESC, first_name TEXT, version INTEGER, other BLOB)",
        "CREATE TABLE contacts_master (rowid TEXT, contact_id ANY, first_name TEXT, version INTEGER, other BLOB, upper AS (upper(first_name)) STORED)",
        "PRAGMA encoding = 'UTF-16le'; CREATE TABLE contacts_master (contact_id TEXT, first_name TEXT, version INTEGER, other BLOB)",
        "PRAGMA journal_mode = WAL; CREATE TABLE contacts_master (contact_id TEXT, first_name TEXT, version INTEGER, other BLOB)",
        "CREATE TABLE contacts_master (contact_id TEXT, first_name TEXT, version INTEGER, other BLOB DEFAULT (randomblob(8)))",
    ]

    @Test("a table of any shape is written and taken back", arguments: shapes)
    func shape(sql: String) async throws {
        let file = try TestDatabase(
            sql + """
                ; INSERT INTO contacts_master (contact_id, first_name, version, other) VALUES
                (1, 'a', 1, x'00ff'), (2, 'b', NULL, 3.5), (3, 'ä', 2, 'text'), (4, '', 9, NULL);
                """
        )
        let start = try Dump(file.path)
        let store = file.store()
        let records = try await store.read().records
        let rows = records.map(\.row)
        let layout = try await store.read().layout
        let name = try #require(layout.index(of: "first_name"))
        let version = try #require(layout.index(of: "version"))
        let key = try #require(layout.index(of: "contact_id"))
        let steps = try await store.writing { writer in
            try await writer.writeAll([
                RecordChange(
                    .update,
                    key: "1",
                    rows: [rows[0]],
                    values: [name: .text("é'x\0y"), version: .integer(5)]
                ),
                RecordChange(.update, key: "2", rows: [rows[1]], values: [name: .null]),
                RecordChange(.remove, key: "3", rows: [rows[2]], values: [:]),
                RecordChange(
                    .insert,
                    key: "9",
                    rows: [],
                    values: [key: .text("9"), name: .text("neu"), version: .text("7")]
                ),
                RecordChange(.update, key: "4", rows: [rows[3]], values: [name: .text("")]),
            ])
        }
        #expect(steps.map(\.count) == [1, 1, 1, 1, 0])
        #expect(steps[0][0].before?.count == 2)
        #expect(steps[1][0].before == ["first_name": .text("b")])
        #expect(steps[1][0].after == ["first_name": .null])
        // All that is stored, so that it can be put back.
        #expect(steps[2][0].before?.keys.contains("other") == true)
        #expect(steps[2][0].before?.keys.contains("upper") == false)
        #expect(steps[3][0].row != nil)
        #expect(steps[3][0].after?["version"] == .integer(7))
        let end = try Dump(file.path)
        let names = try await store.read().values("first_name")
        #expect(Set(names) == [.text("é'x\0y"), .null, .text(""), .text("neu")])
        let back = steps.reversed().map { $0.reversed().map(\.reversed) }
        let undone = try await store.writing { try await $0.carryOut(back) { _ in } }
        #expect(try Dump(file.path).differences(from: start) == [])
        let forth = try undone.map { try #require($0.steps) }.reversed().map { $0.reversed().map(\.reversed) }
        _ = try await store.writing { try await $0.carryOut(Array(forth)) { _ in } }
        #expect(try Dump(file.path).differences(from: end) == [])
    }

    private static let people = """
        CREATE TABLE contacts_master (contact_id TEXT, first_name TEXT, version INTEGER, sync_metadata TEXT);
        INSERT INTO contacts_master VALUES ('1', 'a', 1, NULL), ('2', 'b', 2, NULL), ('02', 'c', 3, NULL);
        """

    @Test("what decide declines and what is not there is left alone, and not journalled")
    func declined() async throws {
        let file = try TestDatabase(Self.people)
        let start = try Dump(file.path)
        let store = file.store()
        let name = try #require(try await store.read().layout.index(of: "first_name"))
        let changes = [
            RecordChange(.update, key: "1", rows: [.integer(1)], values: [name: .text("x")]),
            RecordChange(.update, key: "7", rows: [.integer(77)], values: [name: .text("x")]),
            RecordChange(.remove, key: "8", rows: [.integer(78)], values: [:]),
            RecordChange(.update, key: "2", rows: [.integer(2)], values: [name: .text("b")]),
        ]
        let outcomes = try await store.writing { writer in
            try await writer.write(
                changes,
                decide: { index, records in
                    // Those of its rows first, then those of its key in any spelling.
                    if index == 3 { #expect(records.map(\.row) == [.integer(2), .integer(3)]) }
                    return index != 0
                },
                journal: { _ in Issue.record("nothing is written") }
            )
        }
        #expect(outcomes == [.skipped, .skipped, .skipped, .written([])])
        #expect(try Dump(file.path) == start)
    }

    struct Stop: Error {}

    @Test("where the journal throws, nothing is written, and the writer goes on")
    func journalThrows() async throws {
        let file = try TestDatabase(Self.people)
        let start = try Dump(file.path)
        let store = file.store()
        let name = try #require(try await store.read().layout.index(of: "first_name"))
        let change = RecordChange(.update, key: "1", rows: [.integer(1)], values: [name: .text("x")])
        try await store.writing { writer async throws in
            await #expect(throws: Stop.self) {
                _ = try await writer.write([change], decide: { _, _ in true }, journal: { _ in throw Stop() })
            }
            #expect(try Dump(file.path) == start)
            await #expect(throws: Stop.self) {
                _ = try await writer.write([change], decide: { _, _ in throw Stop() }, journal: { _ in })
            }
            #expect(try Dump(file.path) == start)
            #expect(try await writer.writeAll([change]).count == 1)
        }
        #expect(try await store.read().values("first_name") == [.text("x"), .text("b"), .text("c")])
    }

    @Test("the journal is called before anything is written")
    func journalFirst() async throws {
        let file = try TestDatabase("PRAGMA journal_mode = WAL;" + Self.people)
        let start = try Dump(file.path)
        let store = file.store()
        let name = try #require(try await store.read().layout.index(of: "first_name"))
        let changes = (1...2)
            .map {
                RecordChange(.update, key: "\($0)", rows: [.integer(Int64($0))], values: [name: .text("x")])
            }
        var calls: [[Int]] = []
        try await store.writing { writer async throws in
            let outcomes = try await writer.write(
                changes,
                decide: { _, _ in true },
                journal: { entries throws in
                    calls.append(entries.map(\.change))
                    #expect(entries[0].steps[0].before == ["first_name": .text("a")])
                    #expect(entries[0].steps[0].after == ["first_name": .text("x")])
                    #expect(try Dump(file.path) == start)
                }
            )
            #expect(outcomes.count == 2)
        }
        #expect(calls == [[0, 1]])
        #expect(try Dump(file.path) != start)
    }

    @Test("two changes of one contact in a batch follow each other")
    func sameContactTwice() async throws {
        let file = try TestDatabase(Self.people)
        let store = file.store()
        let layout = try await store.read().layout
        let name = try #require(layout.index(of: "first_name"))
        let version = try #require(layout.index(of: "version"))
        let start = try Dump(file.path)
        let steps = try await store.writing { writer in
            try await writer.writeAll([
                RecordChange(.update, key: "1", rows: [.integer(1)], values: [name: .text("x"), version: .integer(2)]),
                RecordChange(.update, key: "1", rows: [.integer(1)], values: [name: .text("y"), version: .integer(2)]),
            ])
        }
        #expect(steps[1][0].before == ["first_name": .text("x")])
        let back = steps.reversed().map { $0.map(\.reversed) }
        let outcomes = try await store.writing { try await $0.carryOut(back) { _ in } }
        #expect(outcomes.allSatisfy { $0.steps?.count == 1 })
        #expect(try Dump(file.path) == start)
    }

    @Test("members inside a JSON column are written together, and the rest of it stays byte for byte")
    func jsonPaths() async throws {
        let file = try TestDatabase(Self.people)
        try file.execute(
            """
            UPDATE contacts_master SET sync_metadata = '{ "x" : [1.50] , "version":1}' WHERE contact_id = '1';
            UPDATE contacts_master SET sync_metadata = '[]' WHERE contact_id = '02';
            """
        )
        let store = file.store { settings in
            settings.tables.fields["version"] = .held(Self.member("version"))
        }
        let layout = try await store.read().layout
        let version = try #require(layout.index(of: "version"))
        let status = try #require(layout.index(of: "sync_status"))
        let values: [Int: RawValue] = [version: .integer(2), status: .text("synced")]
        let outcomes = try await store.writing { writer in
            try await writer.write(
                (1...3).map { RecordChange(.update, key: "\($0)", rows: [.integer(Int64($0))], values: values) },
                decide: { _, _ in true },
                journal: { _ in }
            )
        }
        #expect(
            outcomes[0].steps?[0].after
                == ["sync_metadata": .text(#"{ "x" : [1.50] , "version":2,"sync_status":"synced"}"#)]
        )
        #expect(
            outcomes[1].steps?[0].after == ["sync_metadata": .text(#"{"sync_status":"synced","version":2}"#)]
                || outcomes[1].steps?[0].after == ["sync_metadata": .text(#"{"version":2,"sync_status":"synced"}"#)]
        )
        #expect(
            outcomes[2]
                == .refused(
                    "column sync_metadata of table contacts_master holds no JSON object in which version could be set to that"
                )
        )
    }

    private static func member(_ name: String) -> FieldOverride.Held {
        var held = FieldOverride.Held(column: "sync_metadata")
        held.path = [name]
        return held
    }
}
