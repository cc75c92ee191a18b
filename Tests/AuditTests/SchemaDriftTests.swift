import Audit
import Contacts
import Testing

/// Columns that are not as in the last run.
@Suite struct SchemaDriftTests {
    private static let retyped = """
        ALTER TABLE contacts_master ADD COLUMN other VARCHAR(80);
        UPDATE contacts_master SET other = job_title;
        ALTER TABLE contacts_master DROP COLUMN job_title;
        ALTER TABLE contacts_master RENAME COLUMN other TO job_title;
        """

    @Test(arguments: ["app", "warehouse"])
    func `a column of another type is a warning, once, and its values are compared as before`(
        _ store: String
    ) async throws {
        let audit = try await SampleAudit(contacts: 30, seed: 81)
        defer { audit.remove() }
        let names = ["warehouse", "app"]
        #expect(try await audit.run(audit.input(names)).findings.isEmpty)
        try audit.execute(Self.retyped, in: store)
        let report = try await audit.run(audit.input(names))
        let finding = try #require(report.findings.first)
        #expect(report.findings.count == 1)
        #expect(finding.rule == .driftSchema)
        #expect(finding.severity == .warning)
        #expect(finding.state == .confirmed)
        #expect(finding.stores == [store])
        #expect(finding.contact == nil)
        #expect(finding.message == "The table of \(store) is not as expected (columns of another type: job_title).")
        #expect(report.summary.byRule == ["drift.schema": 1])
        #expect(report.verdict == .consistent)
        #expect(report.run.exit == 0)
        #expect(try await audit.run(audit.input(names)).findings.isEmpty)
    }

    @Test func `a column of another type fails a run that is to fail on warnings`() async throws {
        let audit = try await SampleAudit(contacts: 30, seed: 82)
        defer { audit.remove() }
        var input = audit.input(["warehouse", "app"])
        input.failOn = .warning
        #expect(try await audit.run(input).run.exit == 0)
        try audit.execute(Self.retyped, in: "app")
        #expect(try await audit.run(input).run.exit == 1)
    }

    @Test func `on the first run no type is another`() async throws {
        let audit = try await SampleAudit(contacts: 30, seed: 83)
        defer { audit.remove() }
        try audit.execute(Self.retyped, in: "app")
        let report = try await audit.run(audit.input(["warehouse", "app"]))
        #expect(report.findings.isEmpty)
        #expect(report.coverage.notChecked.filter { $0.rule == "drift.schema" }.map(\.store) == ["warehouse", "app"])
    }

    @Test func `lost, retyped and added columns of one store are one finding, an error for what is lost`() async throws
    {
        let audit = try await SampleAudit(contacts: 30, seed: 84)
        defer { audit.remove() }
        let input = audit.input(["warehouse", "app"])
        _ = try await audit.run(input)
        try audit.execute(
            Self.retyped
                + "ALTER TABLE contacts_master DROP COLUMN nickname; ALTER TABLE contacts_master ADD COLUMN shoe_size TEXT",
            in: "app"
        )
        let report = try await audit.run(input)
        #expect(report.findings.map(\.rule) == [.driftSchema])
        #expect(report.findings.map(\.severity) == [.error])
        #expect(
            report.findings.map(\.message) == [
                "The table of app is not as expected (no column for: nickname; columns lost since the last run: nickname; "
                    + "columns of another type: job_title; columns added: shoe_size)."
            ]
        )
        #expect(report.findings.flatMap(\.fields).map(\.name) == ["nickname"])
        #expect(report.verdict == .drift)
        #expect(report.run.exit == 1)
    }
}
