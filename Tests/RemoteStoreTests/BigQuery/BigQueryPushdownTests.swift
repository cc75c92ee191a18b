import Contacts
import Fingerprint
import Foundation
import Stores
import Testing

extension BigQueryTests {
    /// Digests that BigQuery computes are those that are computed here.
    @Suite(.serialized, .timeLimit(.minutes(20))) struct PushdownTests {
        /// Texts that are certain in the engine: by field, values that a table of texts may hold.
        static let certain: [String: [String?]] = [
            "first_name": [
                nil, "", " ", "Ada", " padded ", "e\u{301}", "\u{E9}", "a\r\nb\rc\nd", "\u{1100}\u{1161}\u{11A8}", "🎈👩‍👩‍👧",
                "Ωμέγα",
                "q\u{323}\u{307}", "\u{212B}", "\u{FB01}", "tab\there", "?warehouse:3:abc,", "12:abc,", "-", "\\'\"`",
                "名前",
            ],
            "notes": [
                nil, "line\r\n\r\nline", "\u{1E9B}\u{323}", String(repeating: "x", count: 1_000), "\u{2028}", "null",
            ],
            "birthday": [
                nil, "", "1985-12-31", "0999-01-02", "--02-28", " 2000-02-28 ", "1999-04-30", "--12-31", "0001-01-01",
            ],
            "is_business": [nil, "", "true", "T", " yes ", "1", "1.0", "1.000", "FALSE", "n", "0", "No"],
            "llm_context": [
                nil, "", "{}", "[]", "null", #""""#, #"{"b":1,"a":[1.50,1e5,-0,-0.0,0.1]}"#,
                #"{"n":123456789012345678901234567890}"#,
                #"[9007199254740993,1e399,1]"#, "{\"\u{E9}\":1,\"e\u{301}\":2}", #"{"😀":1,"￿":2,"a":3}"#,
                #" { "z" : [ true , false , null ] , "a" : "\u00e9\n\u2028\/\"" } "#,
                #"[1e-7,1E+2,0.000001,1.5e300,5e-324,1e-400]"#,
                #""just a text""#, "12", "1.0", "true", #"{"a":{"b":{"c":[[[]]]}}}"#,
            ],
            "emails": [nil],
        ]

        /// Values that the engine may not be certain of.
        static let uncertain: [(field: String, value: String)] = [
            ("birthday", "2000-02-29"), ("birthday", "yesterday"), ("birthday", "2000-01-01T00:00:00Z"),
            ("is_business", "maybe"), ("is_business", "2"), ("llm_context", "{"), ("llm_context", #"{"a":1,"a":1}"#),
            ("llm_context", #""\ud800""#), ("llm_context", "[01]"), ("llm_context", "[1e400]"),
        ]

        static let keys = [
            "7", "007", " 8 ", "+9", "-0", "-12", "12.0", "12.00", "99999999999999999999999999999999999999",
            "999999999999999999999999999999999999999", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "e\u{301}", "key\r\nkey",
            "1e3", "",
            " \t", "0x10", "1.5",
        ]

        private static let texts: Set = ["contact_id", "first_name", "notes", "birthday", "is_business", "llm_context"]

        /// A table of texts: columns that the schema has and these do not are not held.
        private func table(_ rows: [[String: String?]]) async throws -> BigQueryDataset {
            let dataset = try await BigQueryDataset()
            let columns = Self.texts.sorted()
            try await dataset.run(
                "CREATE TABLE contacts_master (\(columns.map { "\($0) STRING" }.joined(separator: ", ")))"
            )
            let values = columns.indices.map { "r.f\($0)" }.joined(separator: ", ")
            try await dataset.run(
                "INSERT INTO contacts_master (\(columns.joined(separator: ", "))) SELECT \(values) FROM UNNEST(@rows) AS r",
                [BigQueryDataset.rows(rows.map { row in columns.map { row[$0] ?? nil } })]
            )
            return dataset
        }

        @Test func `sums of awkward texts are those of local code`() async throws {
            var rows: [[String: String?]] = Self.keys.map { ["contact_id": $0, "first_name": "key"] }
            for (field, values) in Self.certain.sorted(by: { $0.key < $1.key }) {
                for (number, value) in values.enumerated() {
                    rows.append(["contact_id": "\(field) \(number)", field: value])
                }
            }
            let dataset = try await table(rows)
            try await compare(try dataset.store())
        }

        @Test func `sums over columns of their own types are those of local code`() async throws {
            let dataset = try await typed()
            try await compare(try dataset.store())
            let two: (inout BigQueryStoreSettings) -> Void = { settings in
                var emails = FieldOverride.Held()
                emails.holdsOne = true
                var notes = FieldOverride.Held()
                notes.distinguishEmpty = true
                var flag = FieldOverride.Held()
                flag.absentAs = false
                settings.tables.fields = ["emails": .held(emails), "notes": .held(notes), "is_me": .held(flag)]
            }
            try await compare(try dataset.store(two))
        }

        /// A contact table with typed columns, and a child table.
        private func typed() async throws -> BigQueryDataset {
            let dataset = try await BigQueryDataset()
            try await dataset.run(
                """
                CREATE TABLE contacts_master (contact_id INT64, first_name STRING, notes STRING, birthday DATE, is_me BOOL,
                is_business INT64, llm_context JSON, deleted_at TIMESTAMP, last_updated TIMESTAMP, updated_at TIMESTAMP);
                CREATE TABLE contact_identifiers (contact_id INT64, identifier_type STRING, identifier_value STRING, is_primary BOOL);
                INSERT INTO contacts_master VALUES
                (1, 'Ada', '', DATE '1815-12-10', TRUE, 1, JSON '{"b":1,"a":[1.5,1e5]}', NULL, TIMESTAMP '2024-01-01 00:00:00+00', NULL),
                (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, TIMESTAMP '2024-02-01 00:00:00.000001+00'),
                (3, 'gone', NULL, DATE '2000-02-29', FALSE, 0, JSON '[]', TIMESTAMP '2024-01-01 00:00:00+00', TIMESTAMP '2025-01-01 00:00:00+00', NULL),
                (9223372036854775807, 'last', 'x', DATE '9999-12-31', FALSE, 0, JSON '"text"', NULL, TIMESTAMP '2999-01-01 00:00:00+00', NULL),
                (-5, 'Bob', 'x', DATE '1000-01-01', TRUE, 1, JSON 'null', NULL, NULL, NULL),
                (NULL, 'nobody', 'x', NULL, TRUE, 1, NULL, NULL, NULL, NULL),
                (1, 'Ada again', 'x', NULL, TRUE, 1, NULL, NULL, NULL, NULL);
                INSERT INTO contact_identifiers VALUES
                (1, 'email', 'B@Example.org', FALSE), (1, 'email', ' ada@example.com ', TRUE), (1, 'email', 'b@example.org', NULL),
                (1, 'email', '', FALSE), (1, 'phone', '+12015550123', TRUE), (1, 'phone', '+441234567890', FALSE),
                (2, 'email', ' ', TRUE), (2, 'phone', '+49301234567', NULL), (-5, 'social_profile', 'x', NULL),
                (77, 'email', 'stray@example.com', TRUE)
                """
            )
            return dataset
        }

        /// Compares every leaf, and every group of the leaves.
        private func compare(_ store: BigQueryStore) async throws {
            try await store.withSession { session in
                let session = try #require(session as? any DigestPushdown)
                let set = FieldSet(of: session.layout)
                #expect(session.obstacle(to: set) == nil)
                let local = try await Local(session, set)
                let pushed = try await session.leafSums(of: set)
                let leaf = { (group: UInt32) in KeyGroup.leaf(of: group) }
                let others = local.records.filter { record in
                    record.group.map { pushed.sums[leaf($0)] != local.leaves[leaf($0)] } ?? false
                }
                #expect(others.map(\.record.values) == [])
                #expect(pushed.sums == local.leaves)
                #expect(pushed.tree.root(scheme: .sha256, phoneRegion: "US", set: set) == local.fingerprint.root(0))
                let counts = local.fingerprint.counts
                #expect(pushed.proof.rows == counts.rows)
                #expect(pushed.records == counts.records)
                #expect(pushed.deleted == counts.deleted)
                #expect(pushed.withoutKey == counts.unreadable)
                #expect(pushed.newestChange == counts.newestChange)

                let leaves = Array(local.leaves.keys)
                let groups = try await session.groupSums(of: set, in: leaves)
                #expect(groups == local.groups)
                let some = Set(leaves.prefix(3))
                let fewer = try await session.groupSums(of: set, in: Array(some))
                #expect(fewer == local.groups.filter { some.contains(KeyGroup.leaf(of: $0.key)) })

                let sink = KeepingRecords()
                let count = try await session.scan(groups: Array(fewer.keys), withoutKey: true, into: sink)
                #expect(count == sink.records.count)
                let expected = local.records.filter { record in
                    record.group.map { fewer[$0] != nil } ?? true
                }
                #expect(Set(sink.records) == Set(expected.map(\.record)))
            }
        }

        @Test("what is not certain equals nothing", arguments: uncertain.indices)
        func uncertainValues(index: Int) async throws {
            let (field, value) = Self.uncertain[index]
            let dataset = try await table([
                ["contact_id": "1", field: value], ["contact_id": "2", "first_name": "Ada"],
            ])
            try await dataset.store()
                .withSession { session in
                    let session = try #require(session as? any DigestPushdown)
                    let set = FieldSet(of: session.layout)
                    let local = try await Local(session, set)
                    let pushed = try await session.leafSums(of: set)
                    let leaf = MerkleTree.leaf(of: HashScheme.sha256.keyDigest(of: Array("1".utf8)))
                    #expect(Set(local.leaves.keys.filter { pushed.sums[$0] != local.leaves[$0] }) == [leaf])
                    #expect(pushed.sums[leaf]?.count == 1)
                }
        }

        @Test func `an uncertain member makes its set uncertain and no other`() async throws {
            let dataset = try await typed()
            try await dataset.run(
                """
                INSERT INTO contact_identifiers VALUES (1, 'email', 'ü@example.org', NULL), (-5, 'phone', '(415) 555-2671', NULL)
                """
            )
            try await dataset.store()
                .withSession { session in
                    let session = try #require(session as? any DigestPushdown)
                    let set = FieldSet(of: session.layout)
                    let local = try await Local(session, set)
                    let pushed = try await session.leafSums(of: set)
                    let differing = local.leaves.keys.filter { pushed.sums[$0] != local.leaves[$0] }
                    let expected = ["1", "-5"]
                        .map { MerkleTree.leaf(of: HashScheme.sha256.keyDigest(of: Array($0.utf8))) }
                    #expect(Set(differing) == Set(expected))
                }
        }

        @Test func `policies, arrays, precision and numbers are those of local code`() async throws {
            let dataset = try await BigQueryDataset()
            try await dataset.run(
                """
                CREATE TABLE contacts_master (contact_id STRING, first_name STRING, last_name STRING, emails ARRAY<STRING>,
                phones ARRAY<STRING>, codes ARRAY<STRING>, seen TIMESTAMP, rank INT64, rating INT64, position STRING, deleted_at DATETIME);
                INSERT INTO contacts_master VALUES
                ('1', '  Ada\u{A0}', ' LOUD Text\\r\\n', ['b@x.com', ' A@x.com ', 'b@X.com', ''], ['+12015550123'], ['b', 'a', 'b', 'É'],
                TIMESTAMP '1960-01-01 00:00:00.123456+00', -5, 9007199254740992, ' +007.0 ', NULL),
                ('2', '\u{2003}', NULL, [], [], [''], TIMESTAMP '2024-01-01 00:00:00.999999+00', NULL, -3, '-0', NULL),
                ('3', 'x', 'y', NULL, NULL, NULL, NULL, 0, 0, '', DATETIME '2024-01-01 00:00:00'),
                ('4', '', '', ['c@x.com'], ['+441234567890', '+12015550123'], ['e\u{301}'], NULL, 1, 1, '12', NULL)
                """
            )
            let schema = ContactSchema.standard.adding([
                FieldDefinition("first_name", .text, group: "name", policies: [.trim]),
                FieldDefinition("last_name", .text, group: "name", policies: [.trim, .fold]),
                FieldDefinition("codes", .set(of: .text), group: "extra"),
                FieldDefinition("seen", .timestamp, group: "extra"),
                FieldDefinition("rank", .int, group: "extra"), FieldDefinition("rating", .real, group: "extra"),
                FieldDefinition("position", .int, group: "extra"),
            ])
            for precision in TimeUnit.allCases {
                let store = try dataset.store(schema: schema) { settings in
                    var seen = FieldOverride.Held()
                    seen.precision = precision
                    var phones = FieldOverride.Held()
                    phones.holdsOne = true
                    var codes = FieldOverride.Held()
                    codes.distinguishEmpty = true
                    settings.tables.fields = ["seen": .held(seen), "phones": .held(phones), "codes": .held(codes)]
                }
                try await compare(store)
            }
        }

        @Test func `of 100,000 contacts only what differs is read, in less than 2 % of the bytes`() async throws {
            let dataset = try await BigQueryDataset()
            try await dataset.run(
                """
                CREATE TABLE contacts_master AS SELECT n AS contact_id, CONCAT('First ', CAST(n AS STRING)) AS first_name,
                CONCAT('Last ', CAST(MOD(n, 977) AS STRING)) AS last_name, CONCAT('Last, First ', CAST(n AS STRING)) AS full_name,
                'Example Organization Ltd.' AS organization, 'Head of something' AS job_title, DATE '1980-01-02' AS birthday,
                CONCAT(REPEAT('A note of some length. ', 20), CAST(n AS STRING)) AS notes,
                TO_JSON(STRUCT(REPEAT('known from work ', 30) AS summary, n AS number)) AS llm_context,
                TO_JSON(STRUCT(n AS calls, REPEAT('x', 300) AS last)) AS communication_stats,
                [CONCAT('contact', CAST(n AS STRING), '@example.com')] AS emails, n AS version
                FROM UNNEST(GENERATE_ARRAY(1, 100000)) AS n
                """
            )
            let interceptor = try await dataset.intercepted([])
            let store = try dataset.store(endpoint: interceptor.endpoint) { $0.pageSize = 10_000 }
            let changed = Set((1...50).map { $0 * 1_999 })
            let first = try await store.open(notify: { _ in })
            let earlier = try #require(first as? any DigestPushdown)
            let set = FieldSet(of: earlier.layout)
            let before = try await earlier.leafSums(of: set)
            #expect(before.records == 100_000 && before.proof.rows == 100_000)
            let list = changed.map { String($0) }.joined(separator: ", ")
            try await dataset.run("UPDATE contacts_master SET notes = 'changed' WHERE contact_id IN (\(list))")
            // The first session goes on to read the state that it was opened on.
            let start = interceptor.answeredBytes
            let (read, leaves) = try await store.withSession { session in
                let session = try #require(session as? any DigestPushdown)
                let leaves = before.tree.differingLeaves(from: try await session.leafSums(of: set).tree)
                let groupsBefore = try await earlier.groupSums(of: set, in: leaves)
                let groups = try await session.groupSums(of: set, in: leaves)
                let differing = groups.filter { groupsBefore[$0.key] != $0.value }.map(\.key)
                let sink = KeepingRecords()
                #expect(try await session.scan(groups: differing, withoutKey: false, into: sink) == sink.records.count)
                return (sink.records.map(\.row), leaves)
            }
            await first.close()
            let pushed = interceptor.answeredBytes - start
            #expect(leaves.count <= changed.count)
            #expect(Set(changed.map { RowID.integer(Int64($0)) }).isSubset(of: read))
            #expect(read.count <= changed.count * 256)
            // A full read has this, and the names of rows beside it.
            let rows = try #require(
                try await
                    dataset.run("SELECT CAST(SUM(LENGTH(TO_JSON_STRING(c))) AS STRING) FROM contacts_master AS c")[0][0]
            )
            let whole = try #require(Int(rows))
            #expect(pushed * 100 < whole * 2, "\(pushed) of \(whole) bytes")
        }

        @Test func `a field that is never certain is an obstacle, and is told`() async throws {
            let dataset = try await typed()
            let store = try dataset.store { settings in
                var held = FieldOverride.Held(column: "llm_context")
                held.path = ["b"]
                settings.tables.fields = ["nickname": .held(held)]
            }
            try await store.withSession { session in
                let session = try #require(session as? any DigestPushdown)
                let set = FieldSet(of: session.layout)
                #expect(session.obstacle(to: set) == "its nickname is inside a JSON column")
                await #expect(throws: StoreError.self) { try await session.leafSums(of: set) }
            }
            let fetches = try await dataset.store().openForFetches(notify: { _ in })
            let session = try #require(fetches as? any DigestPushdown)
            #expect(session.obstacle(to: FieldSet(of: session.layout)) != nil)
            await session.close()
        }
    }

    /// What local code makes of a store.
    private struct Local {
        let fingerprint: StoreFingerprint
        let records: [(record: ContactRecord, group: UInt32?)]
        let groups: [UInt32: LeafSum]

        var leaves: [Int: LeafSum] {
            Dictionary(
                uniqueKeysWithValues: fingerprint.tree(0).leaves.enumerated().filter { !$1.isEmpty }.map { ($0, $1) }
            )
        }

        init(_ session: any StoreSession, _ set: FieldSet) async throws {
            let sink = KeepingRecords()
            for portion in try await session.portions(limit: 1) { try await session.scan(portion, into: sink) }
            fingerprint = try StoreFingerprint(
                layout: session.layout,
                sets: [set],
                scheme: .sha256,
                phoneRegion: "US",
                folder: FileManager.default.temporaryDirectory.path,
                now: Int64(session.snapshotAt.timeIntervalSince1970 * 1e6)
            )
            let fingerprints = fingerprint.makeSink(progress: { _ in })
            let canonicalizer = ContactCanonicalizer(
                layout: session.layout,
                sets: [set],
                scheme: .sha256,
                phoneRegion: "US"
            )
            var groups: [UInt32: LeafSum] = [:]
            var records: [(ContactRecord, UInt32?)] = []
            for record in sink.records {
                try RawValue.withCells(record.values) {
                    try fingerprints.receive(BorrowedRecord(row: record.row, cells: $0))
                }
                let contact = canonicalizer.contact(record)
                let group = contact.map { KeyGroup.group(of: HashScheme.sha256.keyDigest(of: $0.key)) }
                records.append((record, group))
                if let contact, let group, !contact.isDeleted {
                    groups[group, default: LeafSum()].add(contact.digests[0])
                }
            }
            try fingerprints.finish()
            self.groups = groups
            self.records = records
        }
    }
}
