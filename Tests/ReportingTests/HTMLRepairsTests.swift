import Contacts
import Foundation
import Testing

@testable import Reporting

@Suite("What report.html says of repairs")
struct HTMLRepairsTests {
    private func repairs(_ findings: [Finding], isCut: Bool = false) -> HTMLRepairs {
        var report = SampleReport.small
        report.findings = findings
        var held = HTMLFindings(report)
        for finding in findings { held.add(finding) }
        return HTMLRepairs(report, held, isCut: isCut)
    }

    private func finding(
        _ contact: String?,
        _ action: RepairProposal.Action,
        _ store: String?,
        rule: RuleID = .driftField
    ) -> Finding {
        var finding = SampleReport.finding(contact, "crm", rule: rule)
        finding.repair = RepairProposal(action: action, store: store, source: nil)
        return finding
    }

    @Test("contacts are counted by action and store, each once, stores in the report's order")
    func counts() {
        let repairs = repairs([
            finding("1", .update, "crm"), finding("1", .update, "crm", rule: .corruptionEncoding),
            finding("2", .update, "crm"), finding("1", .update, "warehouse"), finding("3", .insert, "app"),
            finding("4", .manual, nil), finding(nil, .manual, nil), finding(nil, .manual, nil),
        ])
        #expect(repairs.names.map(\.name) == ["warehouse", "crm", "app", "no store in particular"])
        #expect(repairs.rows.map(\.action) == ["+ insert", "~ update", "! left to a person"])
        let expected = [[nil, nil, "1", nil], ["1", "2", nil, nil], [nil, nil, nil, "3"]]
        #expect(repairs.rows.map { $0.cells.map(\.contacts) } == expected)
        #expect(repairs.commands.map(\.line).first == "rollcall plan --from 20260309-071533-4f6c -o plan.json")
    }

    @Test("what has no repair is not counted, and where nothing has one no plan is proposed")
    func none() throws {
        var bare = SampleReport.finding("1", "crm")
        bare.repair = nil
        #expect(repairs([bare]).isEmpty && repairs([bare]).commands.isEmpty)
        let page = try HTMLReport.render(SampleReport.calm)
        #expect(page.contains("No repair is proposed.") && !page.contains("rollcall plan"))
    }

    @Test("where the page has no room for all findings, it says that the counts are of its own")
    func cut() throws {
        let words = "Counts are of the findings in this page"
        #expect(!(try HTMLReport.render(SampleReport.small)).contains(words))
        var report = SampleReport.small
        report.truncated = AuditReport.Truncation(findings: 20_000, file: "f")
        #expect(try HTMLReport.render(report).contains(words))
    }
}
