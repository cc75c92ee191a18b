import Contacts
import Reporting
import Testing

@Suite("The report on a terminal")
struct TerminalReportTests {
    @Test(
        "what moves, hides or reorders text is made visible",
        arguments: [
            ("plain é 李 👩‍💻", "plain é 李 👩‍💻"), ("\u{1B}[31mred\u{1B}[0m", "\\u{1B}[31mred\\u{1B}[0m"),
            ("a\0b", "a\\u{0}b"),
            ("\u{202E}gpj.exe", "\\u{202E}gpj.exe"), ("a\nb\rc\td", "a\\u{A}b\\u{D}c\\u{9}d"),
            ("\u{9B}31m", "\\u{9B}31m"),
            ("\u{2066}x\u{2069}\u{200F}\u{FEFF}", "\\u{2066}x\\u{2069}\\u{200F}\\u{FEFF}"), ("\u{2028}", "\\u{2028}"),
            ("\r\n", "\\u{D}\\u{A}"), ("\u{7F}", "\\u{7F}"), ("", ""),
        ]
    )
    func escape(text: String, expected: String) {
        #expect(TerminalText.escape(text) == expected)
    }

    @Test("the text is the one that was looked at")
    func golden() throws {
        try Golden.check(TerminalReport.render(SampleReport.small, color: false), "report.txt")
        try Golden.check(TerminalReport.render(SampleReport.calm, color: false), "calm.txt")
        try Golden.check(TerminalReport.render(SampleReport.full, color: false), "groups.txt")
    }

    @Test("of many groups the first are said, the others counted")
    func manyGroups() {
        var report = SampleReport.full
        report.groups = (0..<9)
            .map { number in
                AuditReport.Group(rule: .driftMissing, stores: ["crm"], fields: [], findings: 20 - number, new: 0)
            }
        let lines = TerminalReport.render(report, color: false).split(separator: "\n")
        #expect(lines.filter { $0.hasSuffix(" contacts are missing in crm") }.count == 5)
        #expect(lines.contains("  and 4 more groups in the report"))
    }

    @Test("counts by store are those of the pairs that were checked, else of the findings in the report")
    func countsByStore() {
        var report = SampleReport.full
        report.summary.byRule["drift.field"] = 50_000
        report.coverage.checked[2].errors = 49_000
        report.coverage.checked[3].warnings = 1000
        report.truncated = AuditReport.Truncation(findings: 60_000, file: "f")
        let text = TerminalReport.render(report, color: false)
        #expect(text.contains("drift.field     50,000          ·  49,000  1,000      ·"))
        #expect(!text.contains("Counts by store are"))
        report.coverage.checked.remove(at: 2)
        let cut = TerminalReport.render(report, color: false)
        #expect(cut.contains("drift.field     50,000          ·    2  1,000      ·"))
        #expect(cut.contains("Counts by store are of the 5 findings in the report."))
    }

    @Test(
        "a group is a sentence",
        arguments: [
            (RuleID.driftField, ["emails", "phones"], "2 contacts differ in emails and phones in crm"),
            (.driftStale, ["notes"], "2 contacts are behind in notes in crm"),
            (.driftConflict, ["notes"], "2 contacts were changed on both sides in notes in crm"),
            (.driftMissing, [], "2 contacts are missing in crm"), (.driftOrphan, [], "2 contacts are held only in crm"),
            (.driftTombstone, [], "2 contacts are deleted on one side in crm"),
            (.duplicateKey, [], "2 contacts are on several rows in crm"),
            (.corruptionEncoding, ["notes"], "2 findings of corruption.encoding in notes in crm"),
        ]
    )
    func group(rule: RuleID, fields: [String], expected: String) {
        let group = AuditReport.Group(rule: rule, stores: ["crm"], fields: fields, findings: 2, new: 0)
        #expect(GroupSentence.text(group) == expected)
    }

    @Test("colour adds sequences and nothing else")
    func color() {
        let plain = TerminalReport.render(SampleReport.small, color: false)
        let coloured = TerminalReport.render(SampleReport.small, color: true)
        #expect(!plain.contains("\u{1B}"))
        #expect(coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
        #expect(coloured != plain)
    }

    @Test("no name gets a control sequence through")
    func hostile() {
        let name = "\u{1B}]0;owned\u{7}\u{202E}\n"
        var report = SampleReport.small
        report.stores[1].name = name
        report.stores[1].kind = name
        report.run.id = name
        report.summary.byRule[name] = 3
        report.summary.byState[name] = 3
        report.coverage.notChecked[0] = AuditReport.NotChecked(what: name, store: name, why: name)
        report.findings = [SampleReport.finding(name, name)]
        report.groups = [AuditReport.Group(rule: RuleID(name), stores: [name], fields: [name], findings: 2, new: 0)]
        let text = TerminalReport.render(report, color: false)
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || TerminalText.escape(String($0)) == String($0) })
        let lines = TerminalReport.render(SampleReport.small, color: false).split(separator: "\n").count
        #expect(abs(text.split(separator: "\n").count - lines) <= 3)
    }
}
