import Contacts
import Foundation
import Testing

@testable import Reporting

@Suite("JUnit XML")
struct JUnitReportTests {
    private func cases(_ report: AuditReport) throws -> [JUnitDocument.Case] {
        let document = try JUnitDocument(JUnitReport.render(report))
        #expect(document.faults == [])
        return document.suites.flatMap(\.cases)
    }

    private func `case`(_ store: String, _ rule: RuleID, in report: AuditReport) throws -> JUnitDocument.Case {
        try #require(try cases(report).first { $0.classname == store && $0.name == rule.name })
    }

    @Test("the document is the one that was looked at")
    func golden() throws {
        try Golden.check(String(decoding: JUnitReport.render(SampleReport.full), as: UTF8.self), "junit.xml")
    }

    @Test("each pair that was checked is a case, each that was not is skipped, and all are counted")
    func grid() throws {
        let document = try JUnitDocument(JUnitReport.render(SampleReport.full))
        #expect(document.faults == [])
        #expect(document.suites.map(\.name) == ["warehouse", "crm", "app", "local"])
        let results = document.suites.map { suite in suite.cases.map { "\($0.name) \($0.result)" } }
        #expect(
            results == [
                ["store.unproved passed"],
                ["drift.missing failure", "drift.field failure", "store.unproved passed", "drift.conflict skipped"],
                ["drift.missing passed", "drift.field passed", "store.unproved passed"],
                [
                    "drift.missing skipped", "drift.field skipped", "store.unproved error", "drift.conflict skipped",
                    "coverage skipped",
                ],
            ]
        )
        #expect(document.attributes["tests"] == "13")
        #expect(document.attributes["failures"] == "2")
        #expect(document.attributes["errors"] == "1")
        #expect(document.attributes["time"] == "12.400")
        #expect(document.suites.map(\.skipped) == [0, 1, 0, 4])
        #expect(document.suites.map(\.time) == ["0.420", "0.420", "0.420", "0.420"])
        #expect(Set(document.suites.map(\.timestamp)) == ["2026-03-09T07:15:33.123Z"])
    }

    @Test("a calm report has no failure, and reading a store takes its seconds")
    func calm() throws {
        var report = SampleReport.calm
        report.coverage.checked = [
            AuditReport.Checked(rule: .driftField, store: "crm"),
            AuditReport.Checked(rule: .storeUnproved, store: "crm"),
        ]
        report.stores[1].seconds = 61.0004
        let cases = try cases(report)
        #expect(cases.map(\.result) == ["passed", "passed"])
        #expect(cases.map(\.time) == ["0.000", "61.000"])
        #expect(cases.allSatisfy { $0.output.isEmpty && $0.text.isEmpty })
    }

    @Test("a failure says how many, the first one, and at most twenty with their fields")
    func failure() throws {
        var report = SampleReport.full
        report.findings = (1...25).map { SampleReport.finding("\($0)", "crm") }
        report.findings[0].fields[0].sameMask = true
        report.findings[0].fields[0].values["crm"] = .some("+1 ••• ••• ••23")
        report.findings[1].fields[0].proposed = "+1 ••• ••• ••99"
        report.coverage.checked = [AuditReport.Checked(rule: .driftField, store: "crm", errors: 12_345)]
        let failure = try `case`("crm", .driftField, in: report)
        let message = "12,345 findings, the first of them: contact 1: crm holds another value than warehouse."
        #expect(failure.message == message)
        #expect(failure.type == "drift.field")
        let lines = failure.text.split(separator: "\n").map(String.init)
        #expect(lines.count == 1 + 2 * 20 + 1)
        #expect(lines[0] == message)
        #expect(lines[1] == "contact 1: crm holds another value than warehouse.")
        #expect(lines[2] == "    phones: warehouse +1 ••• ••• ••23 (length 12), crm +1 ••• ••• ••23 (length 0)")
        #expect(lines[4] == "    phones: warehouse +1 ••• ••• ••23, crm absent, proposed +1 ••• ••• ••99")
        #expect(lines[39] == "contact 20: crm holds another value than warehouse.")
        #expect(lines[41] == "and 12,325 more")
    }

    @Test("findings that the report has no room for fail all the same")
    func noRoom() throws {
        var report = SampleReport.full
        report.findings = []
        #expect(try `case`("crm", .driftField, in: report).message == "2 findings, for which the report has no room")
    }

    @Test("a finding of a pair that was not checked is a case too, and one of several stores is a case in each")
    func others() throws {
        var report = SampleReport.full
        var shared = SampleReport.finding("9", "crm", rule: .duplicateIdentifier, fields: [])
        shared.stores = ["crm", "app"]
        var storeless = SampleReport.finding(nil, "crm", rule: .waiverExpired, fields: [])
        storeless.stores = []
        storeless.severity = .warning
        report.findings += [shared, storeless]
        let cases = try cases(report)
        let places = cases.filter { $0.name == "duplicate.identifier" }
        #expect(places.map(\.classname) == ["crm", "app", "local"])
        #expect(places.map(\.result) == ["failure", "failure", "skipped"])
        let waiver = cases.filter { $0.name == "waiver.expired" }
        #expect(waiver.map(\.classname) == ["all stores"])
        #expect(waiver.map(\.result) == ["passed"])
        #expect(waiver.first?.output == "Warning: crm holds another value than warehouse.")
    }

    @Test("warnings are output of a case that passes")
    func warnings() throws {
        var report = SampleReport.full
        report.findings = [SampleReport.finding("7", "crm")]
        report.findings[0].severity = .warning
        report.coverage.checked = [AuditReport.Checked(rule: .driftField, store: "crm", warnings: 1)]
        let passed = try `case`("crm", .driftField, in: report)
        #expect(passed.result == "passed")
        #expect(
            passed.output
                == """
                Warning: contact 7: crm holds another value than warehouse.
                    phones: warehouse +1 ••• ••• ••23, crm absent
                """
        )
    }

    @Test("what was not read again is skipped, not passed")
    func unchecked() throws {
        var report = SampleReport.full
        report.coverage.checked = [AuditReport.Checked(rule: .driftField, store: "app", unchecked: 2)]
        let skipped = try `case`("app", .driftField, in: report)
        #expect(skipped.result == "skipped")
        #expect(skipped.message == "2 differences of the scan not read again")
        #expect(
            try `case`("crm", .driftField, in: SampleReport.full).output
                == "Not checked: 1 difference of the scan not read again"
        )
    }

    @Test("every reason is said, at the rule and store that it is about, or at the coverage")
    func reasons() throws {
        var report = SampleReport.full
        report.coverage.notChecked = [
            AuditReport.NotChecked(what: "drift.stale", rule: "drift.stale", why: "disabled"),
            AuditReport.NotChecked(what: "store extra", store: "extra", why: "left out"),
            AuditReport.NotChecked(what: "by absence", rule: "drift.missing", store: "crm", why: "its first run"),
            AuditReport.NotChecked(what: "re-check", store: "app", why: "locked"),
            AuditReport.NotChecked(what: "history", store: "app", why: "damaged"),
            AuditReport.NotChecked(what: "custom rules", why: "none"),
            AuditReport.NotChecked(what: "all rules", store: "local", why: "not read"),
        ]
        let cases = try cases(report)
        func said(_ store: String, _ name: String) -> String? {
            cases.first { $0.classname == store && $0.name == name }
                .map { "\($0.result) \($0.message)\($0.result == "failure" ? $0.output : "")" }
        }
        #expect(said("crm", "drift.stale") == "skipped disabled")
        #expect(said("app", "drift.stale") == "skipped disabled")
        #expect(said("warehouse", "drift.stale") == nil)
        #expect(said("extra", "drift.stale") == "skipped disabled")
        #expect(said("extra", "drift.field") == "skipped left out")
        #expect(said("extra", "store.unproved") == "skipped left out")
        #expect(said("crm", "drift.missing")?.hasSuffix("Not checked: by absence: its first run") == true)
        #expect(said("app", "coverage") == "skipped re-check: locked; history: damaged")
        #expect(said("all stores", "coverage") == "skipped custom rules: none")
        #expect(said("local", "drift.field") == "skipped not read")
    }

    @Test("where canonical was not read, no comparison passes")
    func unreadCanonical() throws {
        var report = SampleReport.full
        report.stores[0].complete = false
        report.coverage.checked.removeAll { $0.rule == .driftField && $0.store == "app" }
        let skipped = try `case`("app", .driftField, in: report)
        #expect(skipped.result == "skipped")
        #expect(skipped.message == "warehouse was not read through")
    }

    @Test(
        "markup is a reference, the rest is as it is or visible",
        arguments: [
            ("a<b>&\"c'", "a&lt;b&gt;&amp;&quot;c&apos;"), ("]]>", "]]&gt;"), ("\"\u{301}", "&quot;\u{301}"),
            ("a\0\u{1B}\n", "a\\u{0}\\u{1B}\\u{A}"), ("\u{FFFE}\u{FFFF}\u{FFFD}", "\\u{FFFE}\\u{FFFF}\u{FFFD}"),
            ("\u{202E}\u{85}", "\\u{202E}\\u{85}"), ("é 李 👩‍💻 \u{1FFFE}", "é 李 👩‍💻 \u{1FFFE}"), ("", ""),
            ("x[[ATTACHMENT|f]]", "x[\\u{5B}ATTACHMENT|f]]"), ("[[[attachment|f]]", "[[\\u{5B}attachment|f]]"),
            ("[[1,2]]", "[[1,2]]"),
        ]
    )
    func escape(text: String, expected: String) {
        #expect(Array(XMLText.escape(text).unicodeScalars) == Array(expected.unicodeScalars))
    }

    private static let hostile = [
        "<script>alert(1)</script>", "]]>", "\"'><x y=\"", "\"\u{301}", "<\u{301}script>", "&#0;&amp;",
        "\u{202E}gpj.exe",
        "\u{1B}[31m", "a\0b", "two\nlines\r\n\t", "\u{FFFE}\u{FFFF}", "\u{2028}\u{85}", "👩‍💻 李", "  ",
        "[[ATTACHMENT|/etc/passwd]]", "[[attachment|/etc/passwd]]", String(repeating: "<&\u{1B}>", count: 2500),
    ]

    @Test("no text becomes markup, none is lost, and what XML cannot hold is visible", arguments: hostile)
    func inert(text: String) throws {
        func report(_ text: String) -> AuditReport {
            var report = SampleReport.full
            report.run.id = text
            report.stores[1].name = text
            report.stores[1].proof = text
            var finding = SampleReport.finding(text, text, rule: RuleID(text), fields: [text])
            finding.message = text
            finding.fields[0].values = [text: .some(text), "warehouse": .none]
            finding.fields[0].proposed = text
            report.findings = [finding]
            report.coverage.checked = [AuditReport.Checked(rule: RuleID(text), store: text, errors: 1)]
            report.coverage.notChecked = [AuditReport.NotChecked(what: text, rule: text, store: "app", why: text)]
            return report
        }
        let data = JUnitReport.render(report(text))
        let document = try JUnitDocument(data)
        let plain = try JUnitDocument(JUnitReport.render(report("plain")))
        #expect(document.faults == [])
        #expect(document.elements == plain.elements)
        let raw = String(decoding: data, as: UTF8.self)
        #expect(raw.unicodeScalars.allSatisfy { $0 == "\n" || TerminalText.escape(String($0)) == String($0) })
        #expect(!raw.lowercased().contains("[[attachment") && !raw.contains("<script"))

        let failed = try #require(document.suites.flatMap(\.cases).first { $0.result == "failure" })
        let visible = XMLText.visible(text)
        #expect(failed.classname == visible)
        #expect(failed.name == visible)
        #expect(failed.message == "contact \(visible): \(visible)")
        #expect(document.suites.first { $0.name == visible }?.properties["proof"] == visible)
    }

    @Test("a long value is cut in the file, so that 10 KB names do not fill it")
    func long() throws {
        var report = SampleReport.full
        report.findings = [SampleReport.finding("1", "crm")]
        report.findings[0].fields[0].values["crm"] = String(repeating: "e\u{301}", count: 5000)
        report.coverage.checked = [AuditReport.Checked(rule: .driftField, store: "crm", errors: 1)]
        let line = try #require(try `case`("crm", .driftField, in: report).text.split(separator: "\n").last)
        #expect(line.hasSuffix("crm " + String(repeating: "e\u{301}", count: 100) + "…"))
    }
}
