import Foundation
import Testing

/// Rules of the user's own and waivers, as `audit` runs them.
@Suite(.timeLimit(.minutes(20))) struct OwnRulesTests {
    /// Stores `a` and `b` of five contacts; contact 2 differs.
    private func workspace(_ rules: String) throws -> Workspace {
        let workspace = try Workspace.pair()
        for store in ["a", "b"] { try workspace.fill(store, contacts: 5) }
        try workspace.execute("b", "UPDATE contacts_master SET notes = 'cut' WHERE contact_id = '2'")
        try FileManager.default.createDirectory(atPath: workspace.file("rules"), withIntermediateDirectories: true)
        try workspace.write(rules, to: "rules/own.yaml")
        return workspace
    }

    private static func waiver(expires: String) -> String {
        """
        waivers:
          - rule: drift.field
            contact: "002"
            fields: [notes]
            owner: anna@example.org
            reason: Ticket 4711.
            expires: \(expires)

        """
    }

    @Test func aRuleOfOnesOwn() async throws {
        let workspace = try workspace(
            Self.waiver(expires: "2999-12-31") + """
                custom.early:
                  store: b
                  sql: SELECT '00' || contact_id FROM contacts_master WHERE contact_id < '3'
                  message: The contact came early.

                """
        )
        #expect(try await workspace.run("audit").exit == 1)
        let report = try workspace.report()
        #expect(report.verdict == "drift")
        let findings = report.findings("custom.early")
        #expect(Set(findings.compactMap(\.contact)) == ["1", "2"])
        #expect(findings.allSatisfy { $0.kind == "custom" && $0.stores == ["b"] })
        #expect(findings.allSatisfy { $0.message == "The contact came early." })
        #expect(report.summary.byRule == ["custom.early": 2])
        #expect(report.summary.new == 2)
        #expect(try await workspace.run("audit").exit == 1)
        #expect(try workspace.report().summary.unchanged == 2)
        try workspace.execute("b", "UPDATE contacts_master SET contact_id = '02' WHERE contact_id = '2'")
        #expect(try await workspace.run("audit", "--only", "drift").exit == 0)
        let other = try workspace.report()
        #expect(other.coverage.notChecked.contains { $0.what == "custom.early" && $0.why.hasPrefix("--only left") })
        #expect(other.summary.gone == 0)
    }

    @Test(arguments: [
        ("DELETE FROM contacts_master", "writes, and must only read"),
        ("ATTACH 'c.db' AS c", "attaches or detaches a database, and must only read"),
        ("SELECT nobody FROM contacts_master", "is refused by SQLite: no such column: nobody"),
    ])
    func aTextThatIsNoSelect(sql: String, message: String) async throws {
        let workspace = try workspace("custom.x:\n  store: b\n  sql: \(sql)\n  message: m\n")
        let before = try workspace.bytes("b.db")
        let result = try await workspace.run("audit")
        #expect(result.exit == 2)
        let place = "\(workspace.path)/rules/own.yaml:3:3: custom.x.sql"
        #expect(result.errors.hasSuffix("rollcall: \(place): \(message)\n"), "\(result.errors)")
        #expect(try workspace.bytes("b.db") == before)
        #expect(try workspace.names(in: ".").filter { $0.hasPrefix("c.db") } == [])
    }

    @Test func aSelectThatNeverEndsAndOneThatGivesAMillionRows() async throws {
        let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
        let workspace = try workspace(
            """
            custom.endless: {store: b, timeout: 1s, message: m, sql: "\(numbers)) SELECT i FROM n WHERE i < 0"}
            custom.many: {store: a, limit: 3, message: m, sql: "\(numbers) WHERE i < 1000000) SELECT i FROM n"}

            """ + Self.waiver(expires: "2999-12-31")
        )
        try workspace.execute("a", "PRAGMA user_version = 1")
        #expect(try await workspace.run("audit").exit == 1)
        let report = try workspace.report()
        #expect(report.findings("custom.many").compactMap(\.contact) == ["1", "2", "3"])
        let lines = report.coverage.notChecked.filter { $0.what.hasPrefix("custom.") }
        #expect(lines.map(\.what) == ["custom.endless", "custom.many"])
        #expect(lines.map(\.store) == ["b", "a"])
        #expect(lines.first?.why == "its SELECT did not end within 1 s")
        #expect(lines.last?.why.hasSuffix(" more rows than its limit of 3") == true)
    }

    @Test func aWaiverThatHolds() async throws {
        let workspace = try workspace(Self.waiver(expires: "2999-12-31"))
        let result = try await workspace.run("audit")
        #expect(result.exit == 0, "\(result.output)")
        let report = try workspace.report()
        #expect(report.verdict == "consistent")
        #expect(report.findings.map(\.state) == ["waived"])
        #expect(report.summary.findings == 0)
        #expect(result.output.contains("Not counted: 1 waived"))
        try workspace.execute("b", "UPDATE contacts_master SET notes = NULL")
        #expect(try await workspace.run("audit").exit == 0)
        let idle = try workspace.report().coverage.notChecked.filter { $0.what.contains("waiver") }
        #expect(idle.map(\.what) == ["the waiver of drift.field at own.yaml:2"])
        #expect(idle.map(\.why) == ["it matched nothing and may be removed"])
    }

    @Test func aWaiverThatHasExpired() async throws {
        let workspace = try workspace(Self.waiver(expires: "2020-02-29"))
        #expect(try await workspace.run("audit").exit == 1)
        let report = try workspace.report()
        #expect(report.verdict == "drift")
        #expect(report.summary.byRule == ["drift.field": 1, "waiver.expired": 1])
        let finding = try #require(report.findings("waiver.expired").first)
        #expect(finding.contact == nil && finding.stores == [])
        for word in ["drift.field", "anna@example.org", "Ticket 4711.", "2020-02-29"] {
            #expect(finding.message.contains(word))
        }
        #expect(try await workspace.run("audit").exit == 1)
        #expect(try workspace.report().summary.unchanged == 2)
        #expect(try workspace.report().findings("waiver.expired").map(\.id) == [finding.id])
        try workspace.write("", to: "rules/own.yaml")
        #expect(try await workspace.run("audit").exit == 1)
        #expect(try workspace.report().summary.gone == 1)
    }

    @Test func theRulesAsADocument() async throws {
        let workspace = try Workspace()
        let document = try await workspace.run("schema", "--rules")
        #expect(document.exit == 0)
        #expect(document.output.hasPrefix("# Rules\n") && document.output.contains("| `drift.field` | error | "))
        let json = try await workspace.run("schema", "--rules", "--format", "json")
        let rules = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
        #expect(rules?.first?["id"] as? String == "drift.tombstone")
        #expect(rules?.count == document.output.split(separator: "\n").count { $0.hasPrefix("| `") })
        let both = try await workspace.run("schema", "--rules", "--json", "report")
        #expect(both.exit == 2)
        #expect(both.errors == "rollcall: --rules and --json exclude each other\n")
    }
}
