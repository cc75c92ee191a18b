import Audit
import Contacts
import Foundation
import GRDB
import Stores
import Testing

/// What a store says of its own rows and files: checksums, and the structure of the database.
@Suite struct StorageAuditTests {
    // MARK: Structure

    /// Changes the last byte of a nickname in the pages of the index, not in the table's.
    private func damageIndex(_ audit: SmallAudit, _ store: String) throws {
        let queue = try DatabaseQueue(path: audit.path(store))
        let (size, root) = try queue.read { database in
            (
                try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0,
                try Int.fetchOne(database, sql: "SELECT rootpage FROM sqlite_schema WHERE name = 'by_nickname'") ?? 0
            )
        }
        try queue.close()
        let url = URL(fileURLWithPath: audit.path(store))
        var bytes = try Data(contentsOf: url)
        let page = try #require(root > 0 ? ((root - 1) * size)..<(root * size) : nil)
        let place = try #require(bytes.range(of: Data("P17".utf8), in: page))
        bytes[place.upperBound - 1] = UInt8(ascii: "~")
        try bytes.write(to: url)
    }

    @Test func `a file that contradicts itself is one finding of its store`() async throws {
        try await SmallAudit.with { audit in
            try damageIndex(audit, "local")
            try audit.execute(
                """
                CREATE TABLE groups (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES groups (id));
                INSERT INTO groups VALUES (1, NULL), (2, 1), (3, 9);
                """,
                in: "app"
            )
            let report = try await audit.run()
            #expect(report.lines == ["corruption.storage app -", "corruption.storage local -"])
            let (app, local) = (report.findings[0], report.findings[1])
            #expect(
                app.message == "app contradicts itself: row 3 of groups refers to a row of groups that does not exist."
            )
            #expect(local.message.hasPrefix("local contradicts itself: "))
            #expect(local.message.contains("by_nickname") && !local.message.contains("\n"))
            for finding in report.findings {
                #expect(finding.contact == nil)
                #expect(finding.severity == .error)
                #expect(finding.state == .confirmed)
                #expect(finding.repair == RepairProposal(action: .manual, store: finding.stores[0], source: nil))
            }
            #expect(report.verdict == .drift)
            // It is the same finding the next time.
            let again = try await audit.run()
            #expect(again.findings.map(\.id) == report.findings.map(\.id))
            #expect(again.summary.new == 0)
        }
    }

    @Test func `of many problems a few are told and the rest is counted`() async throws {
        try await SmallAudit.with { audit in
            try audit.execute(
                """
                CREATE TABLE groups (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES groups (id));
                INSERT INTO groups VALUES (1, 91), (2, 92), (3, 93), (4, 94), (5, 95), (6, 96), (7, 97);
                """,
                in: "app"
            )
            let message = try #require(try await audit.run().findings.first).message
            #expect(message.contains("row 5 of groups") && !message.contains("row 6 of groups"))
            #expect(message.hasSuffix("; and 2 more."))
        }
    }

    @Test func `whoever does not ask for it is not told`() async throws {
        try await SmallAudit.with { audit in
            try damageIndex(audit, "local")
            var input = audit.input()
            input.kinds = [.drift, .duplicate]
            #expect(try await audit.run(input).lines == [])
            input = audit.input()
            input.rules.disable(.corruptionStorage)
            #expect(try await audit.run(input).lines == [])
            #expect(try await audit.run().lines == ["corruption.storage local -"])
        }
    }

    @Test func `a check that meets damage is a finding`() async throws {
        try await SmallAudit.with { audit in
            let error = StoreError(.damaged, store: "local", operation: "scan", message: "the file is damaged.")
            let local = UncheckedStore(reader: audit.reader("local"), answer: .failure(error))
            let report = try await audit.run(audit.input(readers: ["local": local]))
            #expect(report.lines == ["corruption.storage local -"])
            #expect(report.findings.first?.message.contains("the file is damaged") == true)
        }
    }

    /// The store was read through: that its engine cannot check it is no reason to say nothing of it.
    @Test(arguments: ["local", "warehouse"])
    func `a check that fails in another way is not made, and the audit goes on`(
        _ store: String
    ) async throws {
        try await SmallAudit.with { audit in
            try audit.set("category_code", "Z", of: 3, in: "app")
            let error = StoreError(.input, store: store, operation: "scan", message: "no such collation sequence.")
            let reader = UncheckedStore(reader: audit.reader(store), answer: .failure(error))
            let report = try await audit.run(audit.input(readers: [store: reader]))
            #expect(report.lines == ["corruption.category app 3 category_code"])
            #expect(report.coverage.notChecked.contains { $0.rule == "corruption.storage" && $0.store == store })
            let checked = report.coverage.checked.filter { $0.rule == .corruptionStorage }.compactMap(\.store)
            #expect(Set(checked) == Set(SmallAudit.names).subtracting([store]))
        }
    }

    @Test func `a store whose engine has no check is not said to be checked`() async throws {
        try await SmallAudit.with { audit in
            let local = UncheckedStore(reader: audit.reader("local"), answer: .success(nil))
            let report = try await audit.run(audit.input(readers: ["local": local]))
            #expect(report.lines == [])
            let checked = report.coverage.checked.filter { $0.rule == .corruptionStorage }.compactMap(\.store)
            #expect(checked == ["warehouse", "app"])
        }
    }

    @Test func `a file with an index of an unknown collation is audited all the same`() async throws {
        try await SmallAudit.with { audit in
            let queue = try DatabaseQueue(path: audit.path("local"))
            try await queue.write { database in
                database.add(collation: DatabaseCollation("house") { $0.compare($1) })
                try database.execute(sql: "CREATE INDEX by_name ON contacts_master (last_name COLLATE house)")
            }
            try queue.close()
            try audit.set("category_code", "Z", of: 3, in: "app")
            #expect(try await audit.run().lines(.corruption).contains("corruption.category app 3 category_code"))
        }
    }

    // MARK: Checksums

    /// A store of two contacts that keeps MD5 or SHA-256 of their bytes: `1:7,3:Ada,-1:f,` and `1:8,-8:Lovelace,1:t,`.
    private static let sums = """
        CREATE TABLE contacts_master (contact_id INTEGER, first_name TEXT, last_name TEXT, is_me INTEGER, row_sum);
        INSERT INTO contacts_master VALUES
            (7, 'Ada', NULL, 0, '2b0e7631aef6baf18fc5d469ee373a7d'),
            (8, NULL, 'Lovelace', 1, 'dd5cca77423adba9ea004a429b301e06d86d1baeb382d0906c53c5b12508c5ed');
        """

    private func withSums(_ body: (SmallAudit, AuditInput) async throws -> Void) async throws {
        try await SmallAudit.with { audit in
            let app = audit.reader("app") { $0.tables.checksum = "row_sum" }
            for store in ["warehouse", "app"] {
                try audit.execute("DROP TABLE contacts_master;" + Self.sums, in: store)
            }
            try await body(audit, audit.input(["warehouse", "app"], readers: ["app": app]))
        }
    }

    @Test func `checksums that match, and rows without one, are sound`() async throws {
        try await withSums { audit, input in
            #expect(try await audit.run(input).lines == [])
            try audit.execute("UPDATE contacts_master SET row_sum = upper(row_sum) WHERE contact_id = 7", in: "app")
            try audit.execute("UPDATE contacts_master SET row_sum = NULL WHERE contact_id = 8", in: "app")
            #expect(try await audit.run(input).lines == [])
        }
    }

    @Test func `a row that was changed behind its checksum's back is found, and drift of it is drift`() async throws {
        try await withSums { audit, input in
            try audit.execute("UPDATE contacts_master SET last_name = 'L' WHERE contact_id = 8", in: "app")
            let report = try await audit.run(input)
            #expect(report.lines == ["corruption.checksum app 8", "drift.field app 8 last_name"])
            let finding = try #require(report.findings.first { $0.rule == .corruptionChecksum })
            #expect(finding.severity == .error)
            #expect(finding.repair?.action == .manual)
            #expect(finding.message == "app does not match the checksum that it keeps of the row.")
            // Changed alike everywhere it is found all the same.
            try audit.execute("UPDATE contacts_master SET last_name = 'L' WHERE contact_id = 8", in: "warehouse")
            #expect(try await audit.run(input).lines == ["corruption.checksum app 8"])
        }
    }

    @Test func `the coverage names the stores that keep none`() async throws {
        try await withSums { audit, input in
            let some = try await audit.run(input)
            let lines = some.coverage.notChecked.filter { $0.rule == "corruption.checksum" }
            #expect(lines.map(\.store) == ["warehouse"])
            #expect(some.coverage.checked.filter { $0.rule == .corruptionChecksum }.map(\.store) == ["app"])
            let none = try await audit.run(audit.input(["warehouse", "app"]))
            let line = none.coverage.notChecked.filter { $0.rule == "corruption.checksum" }
            #expect(line.map(\.store) == [nil])
            #expect(none.coverage.checked.allSatisfy { $0.rule != .corruptionChecksum })
        }
    }

    @Test func `a column that is not there is an error of the store that names the setting`() async throws {
        try await withSums { audit, _ in
            let app = audit.reader("app") { $0.tables.checksum = "nowhere" }
            let report = try await audit.run(audit.input(["warehouse", "app"], readers: ["app": app]))
            #expect(report.lines == ["store.unproved app -"])
            let message = try #require(report.findings.first).message
            #expect(message.contains("table contacts_master has no column nowhere. Check stores.app.checksum."))
            #expect(report.verdict == .inconclusive)
        }
    }
}

/// A store whose engine answers as it is told when it is asked to check itself.
private struct UncheckedStore: ContactStore {
    let reader: any ContactStore
    let answer: Result<StorageCheck?, StoreError>

    var name: String { reader.name }
    var kind: String { reader.kind }

    func open(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreSession {
        Session(session: try await reader.open(notify: notify), answer: answer)
    }

    private struct Session: StoreSession {
        let session: any StoreSession
        let answer: Result<StorageCheck?, StoreError>

        var layout: StoreLayout { session.layout }
        var snapshotAt: Date { session.snapshotAt }

        func portions(limit: Int) async throws -> [ScanPortion] { try await session.portions(limit: limit) }
        func scan(_ portion: ScanPortion, into sink: any RecordSink) async throws {
            try await session.scan(portion, into: sink)
        }
        func prove() async throws -> ReadProof { try await session.prove() }
        func fetch(_ requests: [RecordRequest]) async throws -> [[ContactRecord]] { try await session.fetch(requests) }
        func checkStorage() async throws -> StorageCheck? { try answer.get() }
        func close() async { await session.close() }
    }
}
