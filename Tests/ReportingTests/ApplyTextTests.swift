import Contacts
import Testing

@testable import Reporting

@Suite("An apply and an undo on a terminal")
struct ApplyTextTests {
    @Test("the text is the one that was looked at")
    func golden() throws {
        try Golden.check(ApplyText.render(SamplePlan.applied, color: false), "apply.txt")
        try Golden.check(ApplyText.render(SamplePlan.undone, color: false), "undo.txt")
    }

    @Test("what needs a look has a line up to twenty, the others are counted, those without room in the report too")
    func limits() {
        var report = SamplePlan.undone
        for number in 0..<25 { report.add(SamplePlan.entry("n\(number)", .notRestored)) }
        report.counts["crm"]?["notRestored"] = 30
        report.truncated = 5
        report.changedSince = (0..<22).map { SamplePlan.entry("c\($0)", .done) }
        let lines = ApplyText.render(report, color: false).split(separator: "\n")
        #expect(
            lines[0] == "! undone  1,230 operations in crm: 1,200 done, 30 not restored; 22 contacts changed since."
        )
        #expect(lines.count { $0.hasPrefix("  not restored: ~ n") } == 20)
        #expect(lines.contains("Needs a look: 30") && lines.contains("  and 10 more in the report"))
        #expect(lines.count { $0.hasPrefix("  done: ~ c") } == 20)
        #expect(lines.contains("  and 2 more in the report"))
    }

    @Test("a dry run does not say that anything was done, and proposes no undo")
    func dryRun() {
        var report = SamplePlan.undone
        report.isDryRun = true
        report.verified = [:]
        let text = ApplyText.render(report, color: false)
        #expect(text.hasPrefix("✓ dry run  1,200 operations in crm: 1,200 to be written.\n"))
        #expect(text.contains("Nothing was written") && !text.contains("rollcall undo") && !text.contains(" done"))
        #expect(text.contains("without --dry-run"))
    }

    @Test("where nothing was written there is nothing to undo")
    func nothing() {
        var report = SamplePlan.undone
        report.counts = [:]
        report.verified = [:]
        #expect(ApplyText.render(report, color: false).hasPrefix("✓ undone  There was nothing to take back.\n"))
        report.undoes = nil
        report.add(SamplePlan.entry("1", .already))
        let text = ApplyText.render(report, color: false)
        #expect(text.hasPrefix("✓ applied  1 operation in crm: 1 already as planned.\n"))
        #expect(!text.contains("rollcall undo"))
    }

    @Test(
        "only what leaves nothing to a person is calm",
        arguments: [
            { (report: inout ApplyReport) in report.add(SamplePlan.entry("1", .deferred)) },
            { $0.changedSince = [SamplePlan.entry("1", .done)] }, { $0.manual = 1 },
        ] as [@Sendable (inout ApplyReport) -> Void]
    )
    func calm(change: @Sendable (inout ApplyReport) -> Void) {
        var report = SamplePlan.undone
        #expect(ApplyText.render(report, color: false).hasPrefix("✓ undone"))
        change(&report)
        #expect(ApplyText.render(report, color: false).hasPrefix("! undone"))
    }

    @Test("colour adds sequences and nothing else")
    func color() {
        let plain = ApplyText.render(SamplePlan.applied, color: false)
        let coloured = ApplyText.render(SamplePlan.applied, color: true)
        #expect(!plain.contains("\u{1B}") && coloured != plain)
        #expect(coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
    }

    @Test("no name gets a control sequence through")
    func hostile() {
        let name = "\u{1B}]0;owned\u{7}\u{202E}\n"
        let text = ApplyText.render(SamplePlan.outcome(naming: name), color: false)
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || TerminalText.escape(String($0)) == String($0) })
        let harmless = ApplyText.render(SamplePlan.outcome(naming: "x"), color: false)
        #expect(text.split(separator: "\n").count == harmless.split(separator: "\n").count)
    }
}
