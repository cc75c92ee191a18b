import Contacts
import Foundation
import StoreConformance
import Stores
import TestServers
import Testing

/// What a PostgREST store reads, and what it says of it.
@Suite(.timeLimit(.minutes(20))) struct SupabaseReadingTests {
    private static func contacts(_ count: Int) -> [LogicalContact] {
        (0..<count).map { LogicalContact(key: String($0), fields: ["first_name": .text("Ada \($0)")]) }
    }

    @Test("a limit of 1,000 rows that nobody tells of hides none of 1,200")
    func maximumRows() async throws {
        let bench = try await SupabaseShape.usual.bench(Self.contacts(1_200), ["--max-rows", "1000"])
        let (records, proof) = try await bench.store { $0.pageSize = 5_000 }.readThrough()
        #expect(Set(records.map(\.row)).count == 1_200)
        #expect(proof.rows == 1_200)
        #expect(proof.statement.contains("1000 rows at a time"))
    }

    @Test("a role that sees 6 of 10 rows proves nothing")
    func hiddenRows() async throws {
        let bench = try await SupabaseShape.usual.bench(Self.contacts(10))
        let database = try await SupabaseBench(.usual, ["--visible-rows", "6"])
        try await database.insert(try Self.contacts(10).map { try SupabaseShape.usual.row($0, number: 0) })
        let error = try await database.store().failure()
        #expect(error.code == .denied)
        #expect(error.message.contains("6 rows of contacts_master, and the database expects 10"))
        // With all of them in sight it does.
        #expect(try await bench.store().readThrough().proof.rows == 10)
    }

    @Test("values come as the store has them")
    func values() async throws {
        let bench = try await SupabaseBench(.usual, ["--timezone", "Asia/Kolkata"])
        try await bench.insert([
            [
                "contact_id": "9007199254740993", "version": .number("9007199254740995"), "is_me": true,
                "birthday": "1985-12-10", "last_updated": "2024-05-06T07:08:09.123456+02:00",
                "llm_context": ["b": .number("1.50"), "a": [nil, true]], "source_systems": ["x", "y z"], "notes": "",
            ]
        ])
        let store = try bench.store()
        let session = try await store.open(notify: { _ in })
        let record = try #require(try await store.readThrough().records.first)
        func value(_ field: String) throws -> RawValue {
            record.values[try #require(session.layout.index(of: field))]
        }
        #expect(record.row == .text("9007199254740993"))
        #expect(try value("contact_id") == .text("9007199254740993"))
        #expect(try value("version") == .integer(9_007_199_254_740_995))
        #expect(try value("is_me") == .integer(1))
        #expect(try value("is_business") == .null)
        #expect(try value("birthday") == .text("1985-12-10"))
        #expect(try value("last_updated") == .text("2024-05-06 05:08:09.123456+00"))
        #expect(try value("llm_context") == .json(Array(#"{"a": [null, true], "b": 1.50}"#.utf8)))
        #expect(try value("source_systems") == .json(Array(#"["x","y z"]"#.utf8)))
        #expect(try value("notes") == .text(""))
        let types = Dictionary(session.layout.columns.map { ($0.name, $0.type) }) { first, _ in first }
        #expect(types["last_updated"] == "TIMESTAMP WITH TIME ZONE")
        #expect(types["version"] == "BIGINT")
        #expect(types["source_systems"] == "TEXT[]")
    }

    @Test("a service that describes no tables is read by what its rows show")
    func undescribed() async throws {
        let contacts = (0..<30).map { LogicalContact(key: "k\($0)", fields: ["first_name": .text("Ada")]) }
        let bench = try await SupabaseShape.keyless.bench(contacts, ["--no-openapi", "--max-rows", "4"])
        let (records, proof) = try await bench.store { $0.tables.identifiers = .none }.readThrough()
        #expect(Set(records.map(\.row)).count == 30)
        #expect(proof.rows == 30)
    }

    @Test("a contact is found by every spelling of its key, and in any other by reading through")
    func spellings() async throws {
        let bench = try await SupabaseBench()
        try await bench.insert(["007", "8.0", " 9 ", "a,b.(c) \"d\" \\"].map { ["contact_id": .string($0)] })
        let session = try await bench.store().open(notify: { _ in })
        let keys = ["7", "8", "9", "a,b.(c) \"d\" \\"]
        let usual = try await session.fetch(keys.map { RecordRequest(key: $0, rows: []) })
        #expect(usual.map(\.count) == [1, 1, 0, 1])
        let thorough = try await session.fetch(keys.map { RecordRequest(key: $0, rows: [], isThorough: true) })
        #expect(thorough.map { $0.map(\.row) } == [[.text("007")], [.text("8.0")], [.text(" 9 ")], [.text(keys[3])]])
    }

    @Test("1,000 keys are asked for in addresses that pass a limit of 4,300 characters")
    func manyKeys() async throws {
        let bench = try await SupabaseShape.usual.bench(Self.contacts(600), ["--max-url", "4300"])
        let session = try await bench.store().open(notify: { _ in })
        let found = try await session.fetch(
            (0..<1_000).map { RecordRequest(key: String($0), rows: [.text(String($0))]) }
        )
        #expect(found.map(\.count) == (0..<1_000).map { $0 < 600 ? 1 : 0 })
    }

    @Test("e-mails of no contact are told")
    func orphans() async throws {
        let bench = try await SupabaseShape.numbered.bench([.sample("1"), .sample("2")])
        try await bench.insert(
            [["contact_id": "9", "identifier_type": "email", "identifier_value": "a@example.com"]],
            into: "contact_identifiers"
        )
        let proof = try await bench.store().readThrough().proof
        #expect(proof.remarks == ["1 e-mails and phones of contact_identifiers belong to no contact"])
    }

    @Test("what is added and deleted while it is read is in the proof")
    func changing() async throws {
        let bench = try await SupabaseShape.usual.bench((10..<60).map { LogicalContact(key: String($0)) })
        let sink = SupabaseSink { number in
            guard number == 30 else { return }
            // One row before the place where the scan is, one behind it, and one that was read already.
            try bench.sendAtOnce("POST", "contacts_master", #"[{"contact_id":"00"},{"contact_id":"99"}]"#)
            try bench.sendAtOnce("DELETE", "contacts_master?contact_id=eq.12")
        }
        let (records, proof) = try await bench.store { $0.pageSize = 7 }.readThrough(sink)
        let keys = Set(records.map(\.row))
        #expect(records.count == 52 && keys.count == 52)
        #expect(keys.isSuperset(of: [.text("00"), .text("99"), .text("12")]))
        #expect(proof.statement.contains("1 were deleted while they were read"))
    }

    @Test("a session is opened by the server's clock", arguments: [-3600.0, 3600])
    func clock(shift: Double) async throws {
        let bench = try await SupabaseBench(.usual, ["--clock-shift", String(shift)])
        let time = try await bench.store().open(notify: { _ in }).snapshotAt
        #expect(abs(time.timeIntervalSinceNow - shift) < 600)
    }
}

extension LogicalContact {
    /// A contact of that key with an e-mail and a phone.
    fileprivate static func sample(_ key: String) -> LogicalContact {
        LogicalContact(
            key: key,
            fields: ["emails": .members(["\(key)@example.com"]), "phones": .members(["+1201555000\(key)"])]
        )
    }
}
