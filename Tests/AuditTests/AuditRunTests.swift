import Audit
import Contacts
import Demo
import Foundation
import GRDB
import Testing

@Suite struct AuditRunTests {
    private func change(_ audit: SampleAudit, _ store: String, _ sql: String) throws {
        let queue = try DatabaseQueue(path: audit.folder + "/\(store).db")
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    @Test func `a young change is busy, one in the future is not`() async throws {
        let audit = try await SampleAudit(contacts: 50, seed: 3)
        defer { audit.remove() }
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        var input = audit.input(["warehouse", "app"])
        input.now = { now }
        input.kinds = [.drift]
        _ = try await audit.run(input)
        let young = ISO8601DateFormatter().string(from: now - 60)
        let future = ISO8601DateFormatter().string(from: now + 3600)
        let ids = try await DatabaseQueue(path: audit.folder + "/warehouse.db")
            .read {
                try Int64.fetchAll($0, sql: "SELECT contact_id FROM contacts_master ORDER BY contact_id LIMIT 2")
            }
        try change(
            audit,
            "warehouse",
            "UPDATE contacts_master SET job_title = 'x', updated_at = '\(young)' WHERE contact_id = \(ids[0])"
        )
        try change(
            audit,
            "warehouse",
            "UPDATE contacts_master SET job_title = 'x', updated_at = '\(future)' WHERE contact_id = \(ids[1])"
        )
        let report = try await audit.run(input)
        #expect(report.findings.map(\.state).sorted { $0.rawValue < $1.rawValue } == [.busy, .confirmed])
        #expect(report.findings.first { $0.state == .confirmed }?.contact == String(ids[1]))
        #expect(report.summary.findings == 1)
    }

    @Test(arguments: [-3600.0, 0, 3600])
    func `a clock of this machine that is an hour off calls nothing drift that a sync may still carry`(
        _ offset: TimeInterval
    ) async throws {
        let audit = try await SampleAudit(contacts: 50, seed: 3)
        defer { audit.remove() }
        let now = Date()
        var input = audit.input(["warehouse", "app"])
        input.now = { now + offset }
        input.kinds = [.drift]
        _ = try await audit.run(input)
        let ids = try audit.keys()
        // By the stores' clocks, one a minute ago, and one three hours ago.
        for (id, age) in [(ids[0], 60.0), (ids[1], 10_800)] {
            let time = ISO8601DateFormatter().string(from: now - age)
            let sql = "UPDATE contacts_master SET job_title = 'x', updated_at = '\(time)' WHERE contact_id = \(id)"
            try change(audit, "warehouse", sql)
        }
        let report = try await audit.run(input)
        let states = Dictionary(uniqueKeysWithValues: report.findings.map { ($0.contact, $0.state) })
        #expect(states == [String(ids[0]): .busy, String(ids[1]): .confirmed])
    }

    @Test func `suspects beyond the limit are unchecked and the run inconclusive`() async throws {
        let audit = try await SampleAudit(contacts: 60, seed: 4)
        defer { audit.remove() }
        var input = audit.input(["warehouse", "app"])
        _ = try await audit.run(input)
        try change(audit, "app", "DELETE FROM contacts_master")
        try change(audit, "app", "UPDATE contact_identifiers SET contact_id = contact_id")
        input = audit.input(["warehouse", "app"])
        input.recheck.maximum = 10
        // All rows gone is doubtful emptiness, not sixty missing contacts.
        let empty = try await audit.run(input)
        #expect(empty.verdict == .inconclusive)
        #expect(empty.summary.byRule == ["store.unproved": 1])

        try change(audit, "warehouse", "UPDATE contacts_master SET job_title = 'x'")
        let both = audit.input(["warehouse", "crm"])
        var limited = both
        limited.recheck.maximum = 10
        limited.failOn = nil
        let report = try await audit.run(limited)
        #expect(report.summary.byState == ["confirmed": 10, "unchecked": 50])
        #expect(report.coverage.notChecked.contains { $0.why.contains("recheck.max") })
    }

    @Test func `the first run says which rules need history, the second no more`() async throws {
        let audit = try await SampleAudit(contacts: 40, seed: 5)
        defer { audit.remove() }
        let first = try await audit.run()
        let rules = Set(first.coverage.notChecked.compactMap(\.rule))
        let never: Set = ["corruption.checksum"]
        #expect(
            rules.subtracting(never) == ["drift.conflict", "drift.tombstone", "drift.schema", "corruption.version"]
        )
        let second = try await audit.run()
        #expect(Set(second.coverage.notChecked.compactMap(\.rule)) == never)
    }

    @Test func `without history a lower version is stale and an equal one is a difference`() async throws {
        let audit = try await SampleAudit(contacts: 40, seed: 6)
        defer { audit.remove() }
        try change(
            audit,
            "warehouse",
            "UPDATE contacts_master SET job_title = 'x', version = version + 1 WHERE rowid = (SELECT min(rowid) FROM contacts_master)"
        )
        try change(
            audit,
            "warehouse",
            "UPDATE contacts_master SET job_title = 'y' WHERE rowid = (SELECT max(rowid) FROM contacts_master)"
        )
        let report = try await audit.run(audit.input(["warehouse", "app"]))
        #expect(Set(report.findings.map(\.rule)) == [.driftStale, .driftField])
        #expect(report.findings.allSatisfy { $0.fields.map(\.name) == ["job_title"] })
    }

    @Test func `a lost column is an error, an added one a warning`() async throws {
        let audit = try await SampleAudit(contacts: 40, seed: 7)
        defer { audit.remove() }
        let input = audit.input(["warehouse", "app"])
        _ = try await audit.run(input)
        try change(audit, "app", "ALTER TABLE contacts_master ADD COLUMN shoe_size INTEGER")
        let added = try await audit.run(input)
        #expect(added.findings.map(\.severity) == [.warning])
        #expect(added.verdict == .consistent)
        try change(audit, "app", "ALTER TABLE contacts_master DROP COLUMN job_title")
        let lost = try await audit.run(input)
        let finding = try #require(lost.findings.first { $0.rule == .driftSchema })
        #expect(finding.severity == .error)
        #expect(finding.fields.map(\.name) == ["job_title"])
        #expect(lost.verdict == .drift)
    }

    @Test func `a change of key is named on both sides`() async throws {
        let audit = try await SampleAudit(contacts: 40, seed: 8)
        defer { audit.remove() }
        let input = audit.input(["warehouse", "local"])
        _ = try await audit.run(input)
        let key = try await DatabaseQueue(path: audit.folder + "/warehouse.db")
            .write { database in
                let key = try Int64.fetchOne(database, sql: "SELECT min(contact_id) FROM contacts_master")!
                try database.execute(sql: "UPDATE contacts_master SET contact_id = 777777 WHERE contact_id = \(key)")
                try database.execute(
                    sql: "UPDATE contact_identifiers SET contact_id = 777777 WHERE contact_id = \(key)"
                )
                return String(key)
            }
        let report = try await audit.run(input)
        let missing = try #require(report.findings.first { $0.rule == .driftMissing })
        let tombstone = try #require(report.findings.first { $0.rule == .driftTombstone })
        #expect(report.findings.count == 2)
        #expect(missing.contact == "777777" && missing.related == [key])
        #expect(tombstone.contact == key && tombstone.related == ["777777"])
        #expect(report.findings.allSatisfy { $0.repair?.action == .manual })
    }
}
