import Contacts
import Foundation
import Testing

@testable import Reporting

@Suite("Findings in report.html")
struct HTMLFindingsTests {
    /// A finding that has everything, and its variations.
    private static let various: [Finding] = {
        var whole = SampleReport.finding("1", "crm", fields: ["emails", "phones"])
        whole.fields[0] = FieldDifference(
            name: "emails",
            values: ["warehouse": "a", "crm": nil, "app": ""],
            sameMask: true,
            lengths: ["warehouse": 1, "local": 0],
            proposed: "b"
        )
        whole.related = ["2", "crm:7"]
        whole.score = 0.25
        var bare = SampleReport.finding(nil, "crm", rule: RuleID("custom.x"), fields: [], state: .waived)
        bare.kind = .custom
        bare.severity = .warning
        bare.stores = []
        bare.repair = nil
        bare.message = ""
        var odd = whole
        odd.repair = RepairProposal(action: .manual, store: nil, source: nil)
        odd.fields[1].lengths = [:]
        odd.fields[1].values = [:]
        odd.score = 0
        return [whole, bare, odd, whole, SampleReport.finding("", "app")]
    }()

    private func findings(of page: String) throws -> [Finding?] {
        let text = try #require(PageFindings.text(of: page))
        #expect(!text.contains("<") && !text.contains(">") && !text.contains("&"))
        return try JSONDecoder().decode(PageFindings.self, from: Data(text.utf8)).all()
    }

    @Test("they are the report's, to the last part")
    func same() throws {
        var report = SampleReport.full
        report.findings = Self.various
        #expect(try findings(of: HTMLReport.render(report, nonce: "n0nce")) == Self.various)
        let others = Array(Self.various.reversed())
        #expect(try findings(of: HTMLReport.render(report, findings: others, nonce: "n0nce")) == others)
        #expect(try findings(of: HTMLReport.render(report, findings: [], nonce: "n0nce")) == [])
    }

    @Test("they are the same, whatever they hold", arguments: HTMLReportTests.hostile)
    func hostile(name: String) throws {
        var finding = SampleReport.finding(name, name, rule: RuleID("custom." + name), fields: [name])
        finding.message = name
        finding.related = [name]
        finding.fields[0].proposed = name
        finding.fields[0].values[name] = name
        #expect(
            try findings(of: HTMLReport.render(SampleReport.small, findings: [finding], nonce: "n0nce")) == [finding]
        )
    }

    /// Findings that know how many of them were asked for.
    private final class Supply: Sequence, IteratorProtocol {
        private(set) var count = 0
        private let make: (Int) -> Finding

        init(_ make: @escaping (Int) -> Finding) { self.make = make }

        func next() -> Finding? {
            count += 1
            return make(count)
        }
    }

    @Test(
        "of more than a hundred thousand the first are taken, in less than 15 MB, and the page says where the rest is"
    )
    func limit() throws {
        var report = SampleReport.full
        report.truncated = AuditReport.Truncation(findings: 123_456, file: "report.json.findings.ndjson")
        let supply = Supply { number in
            var finding = SampleReport.finding(String(number), number % 2 == 0 ? "crm" : "app", fields: ["emails"])
            finding.id = String(repeating: "f", count: 26) + String(100_000 + number)
            finding.fields[0].values["warehouse"] = "a***@\(number % 5000)***.com"
            return finding
        }
        let page = try HTMLReport.render(report, findings: supply, nonce: "n0nce")
        #expect(supply.count == HTMLReport.findingLimit)
        #expect(page.utf8.count < 15_000_000)
        let held = try findings(of: page)
        #expect(held.count == 100_000 && held.first??.contact == "1" && held.last??.contact == "100000")
        #expect(page.contains("This page holds the first 100,000 findings of 123,456."))
        #expect(page.contains("report.json.findings.ndjson"))
    }

    @Test(
        "long values do not make the page larger than 15 MB: fewer findings are held",
        arguments: ["<", "\u{2028}", "é"]
    )
    func size(letter: String) throws {
        var report = SampleReport.full
        report.summary.byState = ["confirmed": 90_000]
        let supply = Supply { number in
            var finding = SampleReport.finding(String(number), "crm", fields: ["notes"])
            finding.fields[0].values["crm"] = String(repeating: letter, count: 3000) + String(number)
            return finding
        }
        let page = try HTMLReport.render(report, findings: supply, nonce: "n0nce")
        #expect((10_000_000..<15_000_000).contains(page.utf8.count))
        #expect(try findings(of: page).count == supply.count)
        #expect(page.contains("This page holds the first \(Format.counted(supply.count, "finding")) of 90,000."))
        #expect(page.contains("rollcall audit --json report.json"))
    }

    @Test("a page that holds all findings does not speak of others")
    func whole() throws {
        #expect(!(try HTMLReport.render(SampleReport.small).contains("This page holds")))
    }

    @Test("JSON made inert means the same")
    func inert() throws {
        let text = "<>&\u{2028}\u{2029}é\u{2027}\u{202A}\u{E2}\u{80}"
        let json = try JSONEncoder().encode([text])
        let inert = HTMLText.inert(json: json)
        #expect(inert.unicodeScalars.allSatisfy { !"<>&\u{2028}\u{2029}".unicodeScalars.contains($0) })
        #expect(try JSONDecoder().decode([String].self, from: Data(inert.utf8)) == [text])
    }
}
