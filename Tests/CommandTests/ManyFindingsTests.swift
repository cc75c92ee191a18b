import Foundation
import Testing

/// More findings than a report holds: all of them are in a file beside it.
@Suite(.timeLimit(.minutes(20))) struct ManyFindingsTests {
    private static let limit = 10_000

    private func different(contacts count: Int) throws -> Workspace {
        let workspace = try Workspace.pair()
        for store in ["a", "b"] { try workspace.fill(store, contacts: count) }
        try workspace.execute("b", "UPDATE contacts_master SET first_name = 'Other ' || contact_id")
        return workspace
    }

    @Test func allAreInTheFileBesideTheReport() async throws {
        let count = Self.limit + 1
        let workspace = try different(contacts: count)
        let result = try await workspace.run("audit", "--quiet")
        #expect(result.exit == 1, "\(result.errors)")
        let report = try workspace.report()
        #expect(report.summary.findings == count)
        #expect(report.summary.byRule == ["drift.field": count])
        #expect(report.findings.count == Self.limit)
        #expect(report.truncated == WrittenReport.Truncated(findings: count, file: "report.json.findings.ndjson"))

        let folder = "reports/\(report.run.id)"
        #expect(try workspace.names(in: folder) == ["report.html", "report.json", "report.json.findings.ndjson"])
        let bytes = try workspace.bytes("\(folder)/report.json.findings.ndjson")
        #expect(bytes.last == UInt8(ascii: "\n"))
        let lines = bytes.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let all = try lines.map { try JSONDecoder().decode(WrittenReport.Finding.self, from: Data($0)) }
        #expect(all.count == count)
        #expect(Set(all.map(\.id)).count == count)
        #expect(Set(all.compactMap(\.contact)).symmetricDifference((1...count).map(String.init)) == [])
        #expect(Set(all.map(\.rule)) == ["drift.field"])
        #expect(Set(report.findings).count == Self.limit)
        #expect(Set(report.findings).subtracting(all) == [])
    }

    @Test func asManyAsAReportHoldsAreInIt() async throws {
        let workspace = try different(contacts: Self.limit)
        #expect(try await workspace.run("audit", "--quiet").exit == 1)
        let report = try workspace.report()
        #expect(report.findings.count == Self.limit)
        #expect(report.truncated == nil)
        #expect(try workspace.names(in: "reports/\(report.run.id)") == ["report.html", "report.json"])
    }
}
