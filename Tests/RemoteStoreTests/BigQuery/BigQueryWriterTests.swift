import Contacts
import Fingerprint
import StoreConformance
import Stores
import Testing

extension BigQueryTests {
    /// What is written, beside what every store does.
    @Suite(.serialized, .timeLimit(.minutes(20))) struct WriterTests {
        private typealias Rule = BigQueryInterceptor.Rule

        /// A table with a column of every type that is written, and one row that has a value in each.
        private func typed() async throws -> BigQueryDataset {
            let dataset = try await BigQueryDataset()
            try await dataset.run(
                """
                CREATE TABLE contacts_master (contact_id INT64 NOT NULL, first_name STRING, notes STRING, birthday DATE, is_me BOOL,
                llm_context JSON, version INT64, last_updated TIMESTAMP, score FLOAT64, amount NUMERIC, big BIGNUMERIC,
                raw BYTES, local DATETIME, alarm TIME, tags ARRAY<STRING>, address STRUCT<city STRING, number INT64>,
                visits ARRAY<STRUCT<place STRING, count INT64>>, sync_status STRING DEFAULT 'pending');
                INSERT INTO contacts_master VALUES (9007199254740993, 'Ada', 'a\\nb', DATE '1815-12-10', TRUE,
                JSON '{"b":1,"a":[1.5]}', 3, TIMESTAMP '2024-01-02 03:04:05.678901+00', 1.5, 12.25, 1.125, FROM_HEX('00ff41'),
                DATETIME '2024-01-02 03:04:05', TIME '01:02:03', ['x', 'y'], STRUCT('London', 5), [STRUCT('q', 1)], 'synced');
                """
            )
            return dataset
        }

        private func rows(_ dataset: BigQueryDataset) async throws -> [[String?]] {
            try await dataset.run("SELECT TO_JSON_STRING(c) FROM contacts_master AS c ORDER BY 1")
        }

        private func write(
            _ store: BigQueryStore,
            _ changes: [RecordChange],
            decide: @Sendable (Int, [ContactRecord]) throws -> Bool = { _, _ in true }
        ) async throws -> [WriteOutcome] {
            let writer = try await store.openForWriting(notify: { _ in })
            return try await writer.write(changes, decide: decide, journal: { _ in })
        }

        private func carryOut(_ store: BigQueryStore, _ lists: [[RowStep]]) async throws -> [WriteOutcome] {
            try await store.openForWriting(notify: { _ in }).carryOut(lists, journal: { _ in })
        }

        @Test func `a row of every type is taken away and comes back as it was`() async throws {
            let dataset = try await typed()
            let store = try dataset.store()
            let start = try await rows(dataset)
            let row = RowID.integer(9_007_199_254_740_993)
            let change = RecordChange(.remove, key: "9007199254740993", rows: [row], values: [:])
            let outcome = try await write(store, [change])[0]
            let steps = try #require(outcome.rowSteps, "\(outcome)")
            #expect(try await rows(dataset).isEmpty)
            let back = try await carryOut(store, [steps.map(\.reversed)])
            #expect(back[0].rowSteps != nil)
            #expect(try await rows(dataset) == start)
        }

        @Test func `values of every kind are written, and Google's client reads them`() async throws {
            let dataset = try await typed()
            let store = try dataset.store()
            let layout = try await store.everything().layout
            func place(_ field: String) throws -> Int { try #require(layout.index(of: field)) }
            let outcomes = try await write(
                store,
                [
                    RecordChange(
                        .update,
                        key: "9007199254740993",
                        rows: [.integer(9_007_199_254_740_993)],
                        values: [
                            try place("first_name"): .text("e\u{301} 'quoted' \\n"), try place("notes"): .null,
                            try place("birthday"): .text("2000-02-29"), try place("is_me"): .integer(0),
                            try place("llm_context"): .json(Array(#"{"n": 9007199254740993, "z": [1.50]}"#.utf8)),
                            try place("version"): .text("4"), try place("last_updated"): .integer(-1),
                        ]
                    ),
                    RecordChange(
                        .insert,
                        key: "-7",
                        rows: [],
                        values: [try place("contact_id"): .text("-7"), try place("first_name"): .text("New")]
                    ),
                ]
            )
            #expect(outcomes.allSatisfy { $0.rowSteps?.count == 1 })
            let read = try await dataset.googleRows(
                """
                SELECT contact_id, first_name, notes, birthday, is_me, TO_JSON_STRING(llm_context) AS llm, version,
                UNIX_MICROS(last_updated) AS at, sync_status FROM \(dataset.name).contacts_master ORDER BY contact_id
                """
            )
            #expect(
                read == [
                    #"{"at": null, "birthday": null, "contact_id": -7, "first_name": "New", "is_me": null, "llm": "null", "#
                        + #""notes": null, "sync_status": "pending", "version": null}"#,
                    #"{"at": -1, "birthday": "2000-02-29", "contact_id": 9007199254740993, "first_name": "e\u0301 'quoted' \\n", "#
                        + #""is_me": false, "llm": "{\"n\":9007199254740993,\"z\":[1.5]}", "notes": null, "#
                        + #""sync_status": "synced", "version": 4}"#,
                ]
            )
        }

        @Test(
            "a value that a column cannot hold is refused, and the others of the batch are written",
            arguments: [
                ("birthday", RawValue.text("soon")), ("birthday", .text("--12-31")), ("version", .text("4.5")),
                ("is_me", .text("maybe")), ("llm_context", .text("{")), ("last_updated", .text("yesterday")),
                ("contact_id", .integer(5)),
            ]
        )
        func refusals(field: String, value: RawValue) async throws {
            let dataset = try await typed()
            try await dataset.run("INSERT INTO contacts_master (contact_id, first_name) VALUES (2, 'Bob')")
            let store = try dataset.store()
            let layout = try await store.everything().layout
            let place = try #require(layout.index(of: field))
            let name = try #require(layout.index(of: "first_name"))
            let outcomes = try await write(
                store,
                [
                    RecordChange(
                        .update,
                        key: "9007199254740993",
                        rows: [.integer(9_007_199_254_740_993)],
                        values: [place: value]
                    ),
                    RecordChange(.update, key: "2", rows: [.integer(2)], values: [name: .text("Robert")]),
                ]
            )
            guard case .refused(let why) = outcomes[0] else { throw TestFailure("\(outcomes[0])") }
            #expect(why.contains("column \(field)"))
            #expect(!why.contains("soon") && !why.contains("maybe"))
            #expect(outcomes[1].rowSteps?.count == 1)
            let names = try await dataset.run("SELECT first_name FROM contacts_master WHERE contact_id = 2")
            #expect(names == [["Robert"]])
        }

        @Test func `a change is left alone where anything of its row was written since it was decided`() async throws {
            let contacts = (1...3)
                .map {
                    LogicalContact(key: "\($0)", fields: ["first_name": .text("Ada"), "emails": .members(["a@x.com"])])
                }
            let dataset = try await BigQueryShape.typed.make(contacts)
            let store = try dataset.store()
            let layout = try await store.everything().layout
            let name = try #require(layout.index(of: "first_name"))
            let writer = try await store.openForWriting(notify: { _ in })
            // Between the reading and the transaction, by the journal, somebody else writes: another column of contact 1, and
            // an identifier of contact 2.
            let outcomes = try await writer.write(
                (1...3)
                    .map {
                        RecordChange(.update, key: "\($0)", rows: [.integer(Int64($0))], values: [name: .text("New")])
                    },
                decide: { _, _ in true },
                journal: { _ in
                    try dataset.runNow("UPDATE contacts_master SET notes = 'theirs' WHERE contact_id = 1")
                    try dataset.runNow(
                        "INSERT INTO contact_identifiers (contact_id, identifier_type, identifier_value) VALUES (2, 'email', 'b@x.com')"
                    )
                }
            )
            #expect(outcomes[0] == .skipped && outcomes[1] == .skipped)
            #expect(outcomes[2].rowSteps?.count == 1)
            let names = try await dataset.run("SELECT first_name FROM contacts_master ORDER BY contact_id")
            #expect(names == [["Ada"], ["Ada"], ["New"]])
        }

        @Test(
            "a transaction that is lost is begun anew, and deferred when it is lost again and again",
            arguments: [2, 100]
        )
        func lost(times: Int) async throws {
            let dataset = try await BigQueryShape.typed.make([
                LogicalContact(key: "1", fields: ["first_name": .text("Ada")])
            ])
            let interceptor = try await dataset.intercepted([
                Rule(pattern: "POST .*/jobs", body: "\"dryRun\":true"),
                .error(
                    "POST .*/jobs",
                    body: "BEGIN TRANSACTION",
                    times: times,
                    400,
                    "invalidQuery",
                    "Transaction is aborted due to concurrent update against table"
                ),
            ])
            let store = try dataset.store(endpoint: interceptor.endpoint)
            let name = try #require(try await store.everything().layout.index(of: "first_name"))
            let outcome = try await write(
                store,
                [RecordChange(.update, key: "1", rows: [.integer(1)], values: [name: .text("New")])]
            )[0]
            if times == 2 {
                #expect(outcome.rowSteps?.count == 1)
            } else {
                guard case .deferred = outcome else { throw TestFailure("\(outcome)") }
            }
            let names = try await dataset.run("SELECT first_name FROM contacts_master")
            #expect(names == [[times == 2 ? "New" : "Ada"]])
        }

        @Test func `a transaction whose result is lost counts as written`() async throws {
            let dataset = try await BigQueryShape.typed.make([
                LogicalContact(key: "1", fields: ["first_name": .text("Ada")])
            ])
            let name = try #require(try await dataset.store().everything().layout.index(of: "first_name"))
            // The first such page is that of the contact, the second that of the transaction's result.
            let interceptor = try await dataset.intercepted([
                Rule(pattern: "GET .*/queries/.*maxResults=1&", times: 1),
                .error("GET .*/queries/.*maxResults=1&", times: 1, 400, "invalid"),
            ])
            let other = try dataset.store(endpoint: interceptor.endpoint)
            let writer = try await other.openForWriting(notify: { _ in })
            let change = RecordChange(.update, key: "1", rows: [.integer(1)], values: [name: .text("New")])
            let outcomes = try await writer.write([change], decide: { _, _ in true }, journal: { _ in })
            #expect(outcomes[0].rowSteps?.count == 1)
        }

        @Test func `rows in the streaming buffer are deferred, and the others are written`() async throws {
            let contacts = (1...4).map { LogicalContact(key: "\($0)", fields: ["first_name": .text("Ada")]) }
            let dataset = try await BigQueryShape.typed.make(contacts)
            // A script that holds contact 3 is refused.
            let interceptor = try await dataset.intercepted([
                Rule(pattern: "POST .*/jobs", body: "\"dryRun\":true"),
                .error(
                    "POST .*/jobs",
                    body: #""k":{"value":"3"}"#,
                    400,
                    "invalidQuery",
                    "UPDATE or DELETE statement over table x would affect rows in the streaming buffer, which is not supported"
                ),
            ])
            let store = try dataset.store(endpoint: interceptor.endpoint)
            let name = try #require(try await store.everything().layout.index(of: "first_name"))
            let outcomes = try await write(
                store,
                (1...4)
                    .map {
                        RecordChange(.update, key: "\($0)", rows: [.integer(Int64($0))], values: [name: .text("New")])
                    }
            )
            for index in [0, 1, 3] { #expect(outcomes[index].rowSteps?.count == 1) }
            guard case .deferred(let why) = outcomes[2] else { throw TestFailure("\(outcomes[2])") }
            #expect(why.contains("streamed"))
        }

        @Test func `one of two equal rows goes, and comes back`() async throws {
            let twice = LogicalContact(key: "7", fields: ["first_name": .text("Ada"), "emails": .members(["a@x.com"])])
            let dataset = try await BigQueryShape.typed.make([twice, twice, LogicalContact(key: "8")])
            try await dataset.run("DELETE FROM contact_identifiers WHERE TRUE")
            let store = try dataset.store()
            let rows = try await store.everything().records.map(\.row)
            #expect(Set(rows) == [.integer(7), .text("7#2"), .integer(8)])
            let change = RecordChange(.remove, key: "7", rows: [.text("7#2")], values: [:])
            let steps = try #require(try await write(store, [change])[0].rowSteps)
            #expect(try await store.everything().records.map(\.row).sorted() == [.integer(7), .integer(8)])
            let back = try await carryOut(store, [steps.map(\.reversed)])
            #expect(back[0].rowSteps?.count == 1)
            #expect(Set(try await store.everything().records.map(\.row)) == Set(rows))
            let name = try #require(try await store.everything().layout.index(of: "first_name"))
            let outcome = try await write(
                store,
                [RecordChange(.update, key: "7", rows: [.integer(7)], values: [name: .text("New")])]
            )[0]
            guard case .refused(let why) = outcome else { throw TestFailure("\(outcome)") }
            #expect(why.contains("cannot be told apart"))
        }

        @Test func `a view is not written, nor a table without the right to`() async throws {
            let view = try await BigQueryShape.view.make([LogicalContact(key: "1")])
            let dataset = try await BigQueryShape.typed.make([LogicalContact(key: "1")])
            let interceptor = try await dataset.intercepted([
                .error("POST .*/jobs", body: "DELETE FROM", 403, "accessDenied")
            ])
            for store in [try view.store(), try dataset.store(endpoint: interceptor.endpoint)] {
                do {
                    _ = try await store.openForWriting(notify: { _ in })
                    throw TestFailure("it was opened")
                } catch let error as StoreError {
                    #expect(error.code == .readOnly)
                }
            }
        }

        @Test func `a batch that would cost too much is not written`() async throws {
            let dataset = try await BigQueryShape.typed.make([
                LogicalContact(key: "1", fields: ["first_name": .text("Ada")])
            ])
            var rule = Rule(pattern: "POST .*/jobs", body: "\"dryRun\":true")
            rule.set = [(["statistics", "query", "totalBytesProcessed"], "1000")]
            let interceptor = try await dataset.intercepted([rule])
            // Two tables are read twice at most, the contact table once more.
            let store = try dataset.store(endpoint: interceptor.endpoint) { $0.maximumBytesBilled = 2_999 }
            let name = try #require(try await store.everything().layout.index(of: "first_name"))
            let change = RecordChange(.update, key: "1", rows: [.integer(1)], values: [name: .text("New")])
            do {
                _ = try await write(store, [change])
                throw TestFailure("it was written")
            } catch let error as StoreError {
                #expect(error.code == .tooCostly && error.message.contains("3000"))
            }
        }
    }
}

extension WriteOutcome {
    /// Nil where nothing was written.
    fileprivate var rowSteps: [RowStep]? { if case .written(let steps) = self { steps } else { nil } }
}
