import Demo
import Foundation
import Testing

/// What each option of `audit` does.
@Suite(.timeLimit(.minutes(20))) struct AuditOptionTests {
    /// Sample stores after a first audit, with their faults.
    private func faulty() async throws -> Workspace {
        let (workspace, stores) = try Workspace.sample()
        #expect(try await workspace.run("audit", "--quiet").exit == 0)
        _ = try stores.seedFaults(seed: 5)
        return workspace
    }

    @Test func storeLeavesTheOthersOut() async throws {
        let workspace = try await faulty()
        #expect(try await workspace.run("audit", "--store", "crm").exit == 1)
        let report = try workspace.report()
        #expect(report.stores.map(\.name) == ["warehouse", "crm"])
        #expect(Set(report.findings.flatMap(\.stores)) == ["warehouse", "crm"])
        let left = report.coverage.notChecked.filter { $0.why == "--store did not name it" }
        #expect(left.map(\.what) == ["store app", "store local"])
        #expect(left.map(\.store) == ["app", "local"])
        #expect(report.verdict == "drift")
    }

    @Test func onlyDuplicate() async throws {
        let workspace = try await faulty()
        #expect(try await workspace.run("audit", "--only", "duplicate").exit == 1)
        let report = try workspace.report()
        #expect(Set(report.findings.map(\.kind)) == ["duplicate", "store"])
        #expect(report.findings("duplicate.key").count == 4)
        let left = report.coverage.notChecked.filter { $0.why == "--only left drift rules out" }
        #expect(Set(left.compactMap(\.rule)).isSuperset(of: ["drift.field", "drift.missing", "drift.orphan"]))
    }

    @Test func failOn() async throws {
        let workspace = try Workspace.pair()
        try workspace.fill("a", contacts: 3)
        try workspace.fill("b", contacts: 3)
        try workspace.execute("b", "ALTER TABLE contacts_master DROP COLUMN nickname")
        #expect(try await workspace.run("audit").exit == 0)
        let report = try workspace.report()
        #expect(report.findings.map(\.rule) == ["drift.schema"])
        #expect(report.verdict == "consistent")
        #expect(try await workspace.run("audit", "--fail-on", "warning").exit == 1)
        try workspace.execute("b", "DELETE FROM contacts_master WHERE contact_id = '2'")
        #expect(try await workspace.run("audit", "--fail-on", "error").exit == 1)
        #expect(try await workspace.run("audit", "--fail-on", "never").exit == 0)
        #expect(try workspace.report().verdict == "drift")
        #expect(try workspace.report().run.exit == 0)
    }

    @Test func noRecheck() async throws {
        let workspace = try Workspace.pair(top: ["recheck: {delay: 1h}"])
        try workspace.fill("a", contacts: 3)
        try workspace.fill("b", contacts: 4)
        #expect(try await workspace.run("audit", "--no-recheck").exit == 1)
        let report = try workspace.report()
        #expect(report.findings.map(\.rule) == ["drift.orphan"])
        #expect(report.findings.map(\.state) == ["confirmed"])
        #expect(report.coverage.notChecked.contains { $0.what == "re-check" && $0.why.hasPrefix("--no-recheck") })
    }

    @Test func namedFiles() async throws {
        let workspace = try Workspace.pair()
        for store in ["a", "b"] { try workspace.fill(store, contacts: 3) }
        let result = try await workspace.run("audit", "--html", "page.html", "--json", "page.json")
        #expect(result.exit == 0)
        #expect(result.output.hasSuffix("\nReport: page.html\n"))
        #expect(try WrittenReport(workspace.bytes("page.json")).verdict == "consistent")
        #expect(try workspace.text("page.html").lowercased().hasPrefix("<!doctype html>"))
        #expect(try workspace.names(in: "reports") == [])
    }

    @Test func formatJSONPrintsTheReport() async throws {
        let workspace = try Workspace.pair()
        for store in ["a", "b"] { try workspace.fill(store, contacts: 3) }
        let result = try await workspace.run("audit", "--format", "json", "--quiet")
        #expect(result.exit == 0)
        #expect(result.errors == "")
        let printed = Data(result.output.utf8)
        let written = try workspace.bytes("reports/latest/report.json")
        #expect(printed == written)
    }
}
