import Contacts
import StoreConformance
import Stores
import Testing

extension BigQueryTests {
    /// Contacts that are read again.
    @Suite(.serialized, .timeLimit(.minutes(20))) struct FetchTests {
        private func fetch(_ store: BigQueryStore, _ requests: [RecordRequest]) async throws -> [[RowID]] {
            let session = try await store.openForFetches(notify: { _ in })
            let found = try await session.fetch(requests).map { $0.map(\.row) }
            await session.close()
            return found
        }

        @Test func `a key of texts is found in its usual spellings, and in every one where the request is thorough`()
            async throws
        {
            let id = "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"
            let dataset = try await BigQueryShape.texts.make(
                ["007", "7", " 7 ", "8", "it's #2", "e\u{301}", id].map { LogicalContact(key: $0) }
            )
            let found = try await fetch(
                try dataset.store(),
                [
                    RecordRequest(key: "8", rows: []), RecordRequest(key: "7", rows: [.text("' 7 '")]),
                    RecordRequest(key: "it's #2", rows: []), RecordRequest(key: "\u{E9}", rows: []),
                    RecordRequest(key: id.lowercased(), rows: []), RecordRequest(key: "9", rows: [], isThorough: true),
                ]
            )
            #expect(found[0] == [.text("'8'")])
            #expect(found[1].first == .text("' 7 '"))
            #expect(Set(found[1]) == [.text("' 7 '"), .text("'007'"), .text("'7'")])
            let usually = try await fetch(try dataset.store(), [RecordRequest(key: "7", rows: [])])
            #expect(Set(usually[0]) == [.text("'007'"), .text("'7'")])
            #expect(found[2] == [.text("'it''s #2'")])
            #expect(found[3].count == 1)
            #expect(found[4] == [.text("'\(id)'")])
            #expect(found[5].isEmpty)
            try await dataset.run("INSERT INTO contacts_master (contact_id) VALUES ('\\t9.0')")
            let thorough = try await fetch(try dataset.store(), [RecordRequest(key: "9", rows: [], isThorough: true)])
            #expect(thorough[0].count == 1)
            let usual = try await fetch(try dataset.store(), [RecordRequest(key: "9", rows: [])])
            #expect(usual[0].isEmpty)
        }

        @Test func `rows of one key have numbers of their own, rows without a key too`() async throws {
            let dataset = try await BigQueryShape.typed.make([])
            try await dataset.run(
                "INSERT INTO contacts_master (contact_id, first_name) VALUES (5, 'a'), (5, 'b'), (NULL, 'c'), (NULL, 'd')"
            )
            let store = try dataset.store()
            let read = try await store.everything()
            #expect(read.proof.rows == 4)
            let rows = Set(read.records.map(\.row))
            #expect(rows == [.integer(5), .text("5#2"), .text("NULL"), .text("NULL#2")])
            let found = try await fetch(store, [RecordRequest(key: "none", rows: rows.sorted())])
            #expect(Set(found[0]) == rows)
            let numbers = try await fetch(store, [RecordRequest(key: "5", rows: [.text("5#2")])])
            #expect(numbers == [[.text("5#2"), .integer(5)]])
        }

        @Test func `a key on many rows does not fill the memory`() async throws {
            let dataset = try await BigQueryShape.typed.make([])
            try await dataset.run(
                "INSERT INTO contacts_master (contact_id, first_name) SELECT 1, CAST(n AS STRING) FROM UNNEST(GENERATE_ARRAY(1, 1500)) AS n"
            )
            let found = try await fetch(try dataset.store(), [RecordRequest(key: "1", rows: [])])
            #expect(found[0].count == RecordRequest.maximumRecords)
        }

        @Test func `keys beyond what a column holds find nothing`() async throws {
            let dataset = try await BigQueryShape.typed.make([LogicalContact(key: "9223372036854775807")])
            let keys = ["9223372036854775807", "9223372036854775808", "abc", "", "1e3"]
            let found = try await fetch(try dataset.store(), keys.map { RecordRequest(key: $0, rows: []) })
            #expect(found.map(\.count) == [1, 0, 0, 0, 0])
        }

        @Test func `a session reads one state, whatever is written meanwhile; a fetch reads the newest`() async throws {
            let dataset = try await BigQueryShape.typed.make(
                (0..<20).map { LogicalContact(key: "\($0)", fields: ["emails": .members(["a\($0)@x.com"])]) }
            )
            let store = try dataset.store { $0.pageSize = 5 }
            let before = try await store.everything()
            #expect(before.proof.statement.contains("as of"))
            try await store.withSession { session in
                try await dataset.run("UPDATE contacts_master SET first_name = 'New' WHERE TRUE")
                try await dataset.run("DELETE FROM contact_identifiers WHERE TRUE")
                let portions = try await session.portions(limit: 3)
                #expect(portions.count == 3)
                let sink = KeepingRecords()
                for portion in portions { try await session.scan(portion, into: sink) }
                #expect(Set(sink.records) == Set(before.records))
                #expect(try await session.prove().rows == 20)
                let inside = try await session.fetch([RecordRequest(key: "3", rows: [])])
                #expect(before.records.contains(inside[0][0]))
            }
            let fetches = try await store.openForFetches(notify: { _ in })
            let name = try #require(fetches.layout.index(of: "first_name"))
            #expect(try await fetches.fetch([RecordRequest(key: "3", rows: [])])[0][0].values[name] == .text("New"))
            await fetches.close()
        }

        @Test func `identifiers of no contact are remarked, and a view has no snapshot`() async throws {
            let dataset = try await BigQueryShape.view.make([
                LogicalContact(key: "1", fields: ["phones": .members(["+12015550123"])])
            ])
            try await dataset.run(
                """
                INSERT INTO contact_identifiers (contact_id, identifier_type, identifier_value) VALUES
                (77, 'email', 'x@y.z'), (78, 'phone', '+1'), (79, 'social_profile', 'x')
                """
            )
            let proof = try await dataset.store().everything().proof
            #expect(proof.remarks == ["2 e-mails and phones of contact_identifiers belong to no contact"])
            #expect(proof.statement.contains("contacts_master is a VIEW"))
        }
    }
}
