import Contacts
import Foundation
import Reporting
import Testing

@Suite("Reports of the safety checks and the gate")
struct CheckReportTests {
    private static let run = AuditReport.Run(
        id: "20240309T070533Z-7f3a9c",
        verb: "gate",
        startedAt: Date(timeIntervalSince1970: 1_709_967_933),
        finishedAt: Date(timeIntervalSince1970: 1_709_967_935),
        version: "1.2.3",
        configuration: "sha256:" + String(repeating: "3f", count: 32),
        exit: 4,
        chain: 3
    )

    /// One check that fails and one that warns.
    ///
    /// - Parameter name: of a store, as somebody may have written it.
    private static func report(naming name: String = "crm") -> SafetyReport {
        let checks = SafetyReport.Check.Name.allCases.map { check in
            let status: SafetyReport.Status =
                check == .twentyConnection ? .fail : check == .supabaseConnection ? .warn : .pass
            return SafetyReport.Check(
                name: check,
                status: status,
                evidence: [
                    SafetyReport.Evidence(.live, "\(name): 3 rows read"), SafetyReport.Evidence(.selfTest, "tried"),
                ],
                message: "\(name): nobody answers.",
                advice: status == .pass ? nil : "Start \(name).",
                seconds: 0.25
            )
        }
        let pipelines = SafetyReport.Pipeline.Name.allCases.map { pipeline in
            SafetyReport.Pipeline(
                name: pipeline,
                state: .unsafe,
                restsOn: [.twentyConnection],
                message: "\(name): FAIL"
            )
        }
        return SafetyReport(run: run, checks: checks, pipelines: pipelines)
    }

    private static func gate(naming name: String = "crm") -> GateReport {
        var audit = SampleReport.full
        audit.run = run
        return GateReport(
            decision: .unsafe,
            verdict: "gate: CLOSED (exit 4): UNSAFE, \(name) failed",
            baseline: nil,
            known: 0,
            exceeded: [GateReport.Excess(rule: .driftField, store: name, findings: 2, limit: 1)],
            check: report(naming: name),
            audit: audit
        )
    }

    private static func text(_ data: Data) -> String { String(decoding: data, as: UTF8.self) }

    @Test("what we write is valid against its schema")
    func valid() throws {
        #expect(try SchemaDocumentTests.verdicts(.check, [Self.text(JSONReport.encode(Self.report()))]) == ["valid"])
        var failed = Self.gate()
        failed.audit = nil
        failed.baseline = "20240309T070533Z-7f3a9c"
        let gates = try [Self.gate(), failed].map { Self.text(try JSONReport.encode($0)) }
        #expect(try SchemaDocumentTests.verdicts(.gate, gates) == ["valid", "valid"])
    }

    @Test(
        "a report of another shape is not",
        arguments: [
            ("\"PASS\"", "\"GOOD\""), ("\"BigQuery Connection\"", "\"Connection\""), ("\"live\"", "\"alive\""),
            ("\"advice\" : null", "\"advice\" : \"Wait.\""), ("\"overall\" :", "\"all\" :"), ("check/1", "check/2"),
            ("\"verb\" : \"gate\"", "\"verb\" : \"audit\""), ("\"seconds\" : 0.25", "\"seconds\" : -1"),
        ]
    )
    func otherShapes(old: String, new: String) throws {
        let text = Self.text(try JSONReport.encode(Self.report()))
        let changed = text.replacing(old, with: new)
        try #require(changed != text)
        #expect(try SchemaDocumentTests.verdicts(.check, [changed]) != ["valid"])
    }

    @Test("the table has every check and pipeline, what to do, and the evidence where it is asked for")
    func table() {
        let text = CheckText.render(Self.report(), evidence: false, color: false)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines[0] == "✗ UNSAFE  8 PASS, 1 WARN, 1 FAIL")
        #expect(lines.contains("  FAIL  Twenty CRM Connection  live, self-test  0.3 s   crm: nobody answers."))
        #expect(lines.contains("          → Start crm.") && !text.contains("rows read"))
        #expect(lines.count { $0.contains("crm: FAIL") } == SafetyReport.Pipeline.Name.allCases.count)
        #expect(!text.contains("\u{1B}"))
        let verbose = CheckText.render(Self.report(), evidence: true, color: true)
        #expect(verbose.contains("live: crm: 3 rows read") && verbose.contains("\u{1B}[1;31m"))
    }

    @Test("JUnit has the checks as a suite before the audit's, a failure for FAIL and a skip for WARN")
    func junit() throws {
        let document = Self.text(JUnitReport.render(Self.gate()))
        let audit = Self.text(JUnitReport.render(SampleReport.full))
        let suites = document.matches(of: /<testsuite name="([^"]*)"/).map { String($0.1) }
        #expect(suites == ["safety checks"] + audit.matches(of: /<testsuite name="([^"]*)"/).map { String($0.1) })
        #expect(
            document.contains(
                /<testsuite name="safety checks" tests="10" failures="1" errors="0" skipped="1" time="2\.500"/
            )
        )
        #expect(document.contains("<property name=\"verdict\" value=\"gate: CLOSED (exit 4): UNSAFE, crm failed\"/>"))
        #expect(document.contains("<property name=\"Local DB Sync\" value=\"UNSAFE\"/>"))
    }

    @Test("a hostile name is no markup and moves no cursor")
    func hostile() throws {
        let name = "<b>\u{1B}[2J\u{202E}&\"]]>"
        let table = CheckText.render(Self.report(naming: name), evidence: true, color: false)
        #expect(!table.contains("\u{1B}") && !table.contains("\u{202E}"))
        let document = Self.text(JUnitReport.render(Self.gate(naming: name)))
        #expect(!document.contains("<b>") && !document.contains("\u{1B}") && document.contains("&lt;b&gt;"))
        let script = "import sys, xml.dom.minidom as m; m.parse(sys.stdin.buffer)"
        let parsed = try Tool.run(["python3", "-c", script], input: Data(document.utf8))
        #expect(parsed.status == 0, "\(parsed.output)")
    }
}
