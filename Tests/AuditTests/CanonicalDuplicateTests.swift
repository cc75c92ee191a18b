import Audit
import Contacts
import Fingerprint
import GRDB
import Testing

/// A contact on two rows of canonical: the higher version speaks for it, then the later change, then the lower row.
@Suite struct CanonicalDuplicateTests {
    /// A second row of a contact whose first has version 5 and the time 2024-05-05.
    private struct Twin {
        let version: String
        let lastUpdated: String
        var row: Int64?
        let speaks: Bool
    }

    private static let twins = [
        Twin(version: "6", lastUpdated: "2024-05-04 00:00:00", speaks: true),
        Twin(version: "10", lastUpdated: "2024-05-04 00:00:00", speaks: true),
        Twin(version: "4", lastUpdated: "2024-05-06 00:00:00", speaks: false),
        Twin(version: "5.0", lastUpdated: "2024-05-06 00:00:00", speaks: true),
        Twin(version: "+5", lastUpdated: "2024-05-04 00:00:00", speaks: false),
        Twin(version: "5", lastUpdated: "2024-05-05 02:00:00+02:00", speaks: false),
        Twin(version: "5", lastUpdated: "2024-05-05 00:00:00", row: -7, speaks: true),
        Twin(version: "", lastUpdated: "2024-05-06 00:00:00", speaks: false),
        Twin(version: "5", lastUpdated: "", speaks: false),
    ]

    /// A contact of canonical: its key and its row.
    private struct Place {
        let key: String
        let row: Int64
    }

    /// Gives the first contacts of `crm` a second row each.
    private func makeTwins(_ audit: SampleAudit) throws -> [Place] {
        let queue = try DatabaseQueue(path: audit.path("crm"))
        defer { try? queue.close() }
        return try queue.write { database in
            let columns = try database.columns(in: "people").map(\.name).joined(separator: ", ")
            let rows = try Row.fetchAll(database, sql: "SELECT rowid, contactId FROM people ORDER BY rowid LIMIT 9")
            return try zip(rows, Self.twins)
                .map { row, twin in
                    let number: Int64 = row[0]
                    try database.execute(
                        sql: """
                            UPDATE people SET version = '5', lastUpdated = '2024-05-05 00:00:00' WHERE rowid = \(number);
                            CREATE TEMP TABLE twin AS SELECT * FROM people WHERE rowid = \(number);
                            UPDATE twin SET version = '\(twin.version)', lastUpdated = '\(twin.lastUpdated)', jobTitle = 'Twin';
                            INSERT INTO people (rowid, \(columns)) SELECT \(twin.row.map { "\($0)" } ?? "NULL"), * FROM twin;
                            DROP TABLE twin;
                            """
                    )
                    let key = try #require(CanonicalKey.text(of: row[1] as String))
                    return Place(key: String(decoding: key, as: UTF8.self), row: number)
                }
        }
    }

    @Test(arguments: [true, false])
    func `one row speaks for the contact, at the second read too, and the other is named`(
        _ isRechecked: Bool
    ) async throws {
        let audit = try await SampleAudit(contacts: 40, seed: 71)
        defer { audit.remove() }
        let places = try makeTwins(audit)
        #expect(Set(places.map(\.key)).count == 9)
        var input = audit.input(["crm", "app"])
        input.now = { SampleAudit.now }
        input.showsValues = true
        input.recheck.isEnabled = isRechecked
        let report = try await audit.run(input)
        let all = try rows(audit)

        let duplicates = report.findings.filter { $0.rule == .duplicateKey }
        #expect(Set(duplicates.map(\.contact)) == Set(places.map(\.key)))
        #expect(duplicates.count == 9)
        #expect(duplicates.allSatisfy { $0.state == .confirmed && $0.stores == ["crm"] && $0.severity == .error })
        let drift = report.findings.filter { $0.rule != .duplicateKey }
        for (place, twin) in zip(places, Self.twins) {
            let twinRow = try #require(all[place.key]?.first { $0 != place.row })
            let duplicate = try #require(duplicates.first { $0.contact == place.key })
            #expect(duplicate.related == ["crm:\(twin.speaks ? place.row : twinRow)"], "\(twin)")
            let own = drift.filter { $0.contact == place.key }
            #expect(own.map(\.state) == (twin.speaks ? [.confirmed] : []), "\(twin)")
            #expect(own.flatMap(\.fields).map(\.name) == (twin.speaks ? ["job_title"] : []), "\(twin)")
            if twin.speaks { #expect(own.first?.fields.first?.values["crm"] == "Twin") }
        }
        #expect(drift.count == Self.twins.filter(\.speaks).count)
    }

    /// Rows of `crm` by key.
    private func rows(_ audit: SampleAudit) throws -> [String: [Int64]] {
        let queue = try DatabaseQueue(path: audit.path("crm"))
        defer { try? queue.close() }
        let rows = try queue.read { try Row.fetchAll($0, sql: "SELECT rowid, contactId FROM people") }
        return Dictionary(grouping: rows) { row in
            CanonicalKey.text(of: row[1] as String).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        .mapValues { $0.map { $0[0] } }
    }
}
