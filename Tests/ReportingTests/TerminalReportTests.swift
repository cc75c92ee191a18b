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
        let text = TerminalReport.render(report, color: false)
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || TerminalText.escape(String($0)) == String($0) })
        let lines = TerminalReport.render(SampleReport.small, color: false).split(separator: "\n").count
        #expect(abs(text.split(separator: "\n").count - lines) <= 1)
    }
}
