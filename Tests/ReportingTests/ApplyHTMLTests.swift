import Contacts
import Foundation
import Testing

@testable import Reporting

@Suite("apply.html")
struct ApplyHTMLTests {
    private func page(_ report: ApplyReport) throws -> String { try ApplyHTML.render(report, nonce: "n0nce") }

    @Test("whatever a name is, the page has the same markup as with a harmless one", arguments: HTMLReportTests.hostile)
    func hostile(name: String) throws {
        let harmless = try page(SamplePlan.outcome(naming: "zzz"))
        PageMarkup.check(try page(SamplePlan.outcome(naming: name)), like: harmless)
    }

    @Test("nothing is loaded, and nothing runs but what carries the nonce")
    func policy() throws { PageMarkup.checkPolicy(try page(SamplePlan.applied)) }

    @Test("it tells outcomes by store, what needs a look, what changed since and how to take it back")
    func content() throws {
        let page = try page(SamplePlan.applied)
        for text in [
            "6 operations in app and crm: 1 done, 1 already as planned, 1 superseded, 1 deferred, 1 unrepresentable, 1 failed;",
            "1 contact changed since; 2 cases are left to a person.", "the record is newer than the plan",
            "rollcall undo 20260309-071533-4f6c", "It went on with what an interrupted run had left.",
            "window: compared just before the write", "Read again: 4 records.", "class=\"band inconclusive\"",
        ] {
            #expect(page.contains(text), "\(text)")
        }
    }

    @Test("an undo that left nothing is calm")
    func calm() throws {
        let page = try page(SamplePlan.undone)
        #expect(page.contains("class=\"band consistent\"") && page.contains("1,200 operations in crm: 1,200 done."))
        #expect(page.contains("Every operation ended as planned."))
        #expect(page.contains("Read again: 1,200 records, all as planned."))
        #expect(page.contains("Takes back run"))
    }

    @Test("a dry run says that nothing was written, and proposes no undo")
    func dryRun() throws {
        var report = SamplePlan.undone
        report.isDryRun = true
        report.verified = [:]
        let page = try page(report)
        #expect(page.contains("nothing was written") && page.contains("to be written"))
        #expect(!page.contains("rollcall undo") && page.contains("No contact was read again."))
    }

    @Test("what the report has no room for is counted")
    func truncated() throws {
        var report = SamplePlan.undone
        for number in 0..<(ApplyReport.entryLimit + 5) { report.add(SamplePlan.entry("e\(number)", .superseded)) }
        let page = try page(report)
        #expect(page.contains("This page holds the first 10,000 of 10,005."))
        #expect(page.contains(">e9999<") && page.utf8.count < 15_000_000)
    }
}
