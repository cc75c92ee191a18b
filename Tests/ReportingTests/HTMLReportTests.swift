import Contacts
import Foundation
import Testing

@testable import Reporting

@Suite("report.html")
struct HTMLReportTests {
    @Test("the page is the one that was looked at")
    func golden() throws {
        try Golden.check(HTMLReport.render(SampleReport.full, nonce: "n0nce"), "report.html")
    }

    static let hostile = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'\u{301} onmouseover=x '\u{301}",
        "</script><b>",
        "\"\u{301} onmouseover=alert(1) x=\"\u{301}", "<\u{338}i>", "\u{202E}evil", "a\u{0}b\u{1B}[31m", "<!--",
        "{{{css}}}",
        "]]>", "&lt;", "\u{2028}\u{2029}", String(repeating: "<>", count: 5000),
    ]

    @Test("whatever a name is, the page has the same markup as with a harmless one", arguments: hostile)
    func escaped(name: String) throws {
        let markup = markup(of: try HTMLReport.render(report(naming: name), nonce: "n0nce"))
        let harmless = self.markup(of: try HTMLReport.render(report(naming: "zzz"), nonce: "n0nce"))
        for mark in ["<", ">", "\"", "'"] as [Unicode.Scalar] {
            #expect(markup.count { $0 == mark } == harmless.count { $0 == mark })
        }
        #expect(markup.allSatisfy { $0 != "\u{202E}" && $0 != "\0" && $0 != "\u{1B}" && $0 != "\u{2028}" })
    }

    @Test("nothing is loaded, and nothing runs but what carries the nonce")
    func policy() throws {
        let page = try HTMLReport.render(SampleReport.full, nonce: "n0nce")
        #expect(
            page.contains(
                "default-src 'none'; style-src 'nonce-n0nce'; script-src 'nonce-n0nce'; base-uri 'none'; "
                    + "form-action 'none'; img-src data:"
            )
        )
        for word in [
            "http:", "https:", "@import", "url(", " src=", "<img", "<form", "innerHTML", "style=\"", "onclick=",
            "insertAdjacent", "eval(",
        ] {
            #expect(!page.contains(word), "\(word)")
        }
        #expect(page.ranges(of: "<script").count == page.ranges(of: "nonce=\"n0nce\">").count - 1)
        #expect(page.ranges(of: "<link").count == page.ranges(of: "<link rel=\"icon\" href=\"data:image/svg").count)
    }

    @Test("nonces differ")
    func nonces() {
        let nonces = (0..<100).map { _ in HTMLReport.makeNonce() }
        #expect(Set(nonces).count == 100)
        #expect(nonces.allSatisfy { $0.count == 32 && $0.allSatisfy(\.isHexDigit) })
    }

    @Test("a calm report says so, and says what was not checked")
    func calm() throws {
        let page = try HTMLReport.render(SampleReport.calm)
        #expect(page.contains("Both stores agree on 12,480 contacts."))
        #expect(page.contains("What was not checked") && page.contains("was checked."))
        #expect(page.contains("Nothing was found.") && page.contains("No field differs in any store."))
        #expect(page.contains("This is the first run on record that covered these stores."))
    }

    @Test("where a store was not read through, nothing is said of it")
    func unread() throws {
        var report = SampleReport.small
        report.summary = AuditReport.Summary()
        #expect(try HTMLReport.render(report).contains("No field differs in any store that was read through."))
    }

    // MARK: Causes

    @Test(
        "a cause says how many, what, where and how many of them are new",
        arguments: [
            (
                AuditReport.Group(rule: .driftField, stores: ["crm"], fields: ["phones"], findings: 1041, new: 39),
                "39 new"
            ),
            (AuditReport.Group(rule: .driftMissing, stores: ["crm"], fields: [], findings: 3, new: 3), "all new"),
            (AuditReport.Group(rule: RuleID("custom.x"), stores: ["a", "b"], fields: ["c"], findings: 2, new: 0), nil),
        ]
    )
    func cause(group: AuditReport.Group, fresh: String?) throws {
        var report = SampleReport.small
        report.groups = [group]
        let cause = try #require(HTMLCauses(report, HTMLFindings(report)).shelves.first?.causes.first)
        #expect("\(cause.count) \(cause.what)" == GroupSentence.text(group))
        #expect(cause.fresh == fresh)
        #expect((cause.rule ?? cause.what).contains(group.rule.name))
    }

    @Test("a cause has the message of its findings where all of them have the same")
    func message() throws {
        var report = SampleReport.small
        report.groups = [
            AuditReport.Group(rule: .driftField, stores: ["crm"], fields: ["phones"], findings: 3, new: 0),
            AuditReport.Group(rule: .driftField, stores: ["app"], fields: ["phones"], findings: 2, new: 0),
            AuditReport.Group(rule: .driftStale, stores: ["app"], fields: [], findings: 2, new: 0),
        ]
        report.findings = ["1", "2", "3"].map { SampleReport.finding($0, "crm") }
        report.findings += ["4", "5"].map { SampleReport.finding($0, "app") }
        report.findings[1].severity = .warning
        report.findings[4].message = "another"
        var held = HTMLFindings(report)
        for finding in report.findings { held.add(finding) }
        let messages = (0..<3).map { held.message(ofGroup: $0) }
        #expect(messages == ["crm holds another value than warehouse.", nil, nil])
        report.findings[2].message = "another"
        report.findings[2].state = .healed
        var others = HTMLFindings(report)
        for finding in report.findings { others.add(finding) }
        #expect(others.message(ofGroup: 0) == "crm holds another value than warehouse.")
    }

    @Test("of many causes the first are shown, and all others open; what no cause holds is counted")
    func causes() throws {
        var report = SampleReport.small
        report.groups = (0..<30)
            .map { number in
                AuditReport.Group(rule: .driftField, stores: ["crm"], fields: ["f\(number)"], findings: 2, new: 0)
            }
        report.summary.findings = 61
        let causes = HTMLCauses(report, HTMLFindings(report))
        #expect(causes.shelves.map(\.more) == [nil, "22 more causes"])
        #expect(causes.shelves.flatMap(\.causes).map(\.number) == Array(0..<30))
        #expect(causes.single == "1 finding stands alone.")
        report.summary.findings = 60
        #expect(HTMLCauses(report, HTMLFindings(report)).single == nil)
        report.groups = []
        #expect(HTMLCauses(report, HTMLFindings(report)).shelves.isEmpty)
    }

    // MARK: Agreement

    @Test("a cell of the matrix has the share, what differs and on which side, and the stores whose findings these are")
    func matrix() {
        let rows = HTMLMatrix(SampleReport.small).rows
        let cell = rows[1].cells[0]
        #expect(cell.share == "99.97 %" && cell.differ == "3" && cell.level == "near" && cell.stores == "1")
        #expect(cell.sides.map { "\($0.count) only in \($0.only)" } == ["1 only in warehouse"])
        #expect(rows[1].cells[2].stores == "1,2")
        #expect(rows[0].cells[2].differ == nil && rows[0].cells[2].level == "full")
        #expect(rows[2].cells[2].own && rows[2].cells[3].unread)
    }

    /// A report in which the text stands wherever a store or a configuration may put one.
    private func report(naming name: String) -> AuditReport {
        var report = SampleReport.full
        report.run.id = name
        report.stores[1].name = name
        report.stores[1].kind = name
        report.stores[1].proof = name
        report.stores[1].root = name
        report.stores[1].fields.append(name)
        report.stores[1].notCompared = [NotCompared(field: name, reason: name)]
        report.agreement[0].b = name
        report.summary.byStoreAndField = [name: [name: 3]]
        report.coverage.checked = [AuditReport.Checked(rule: RuleID(name), store: name, errors: 1)]
        report.coverage.notChecked = [AuditReport.NotChecked(what: name, rule: name, store: name, why: name)]
        report.findings = [SampleReport.finding(name, name, fields: [name])]
        report.findings[0].message = name
        report.groups = [
            AuditReport.Group(rule: .driftField, stores: [name], fields: [name], findings: 2, new: 1),
            AuditReport.Group(rule: RuleID(name), stores: [name], fields: [name], findings: 2, new: 1),
        ]
        report.trend = report.trend.map { run in
            var run = run
            run.byRule = [name: 2]
            return run
        }
        report.spread.byUpdate[0].label = name
        report.spread.byAge[0].label = name
        report.spread.byKey[0].label = name
        return report
    }

    /// The page without the findings' JSON, whose strings may hold quotes and whatever they like.
    private func markup(of page: String) -> [Unicode.Scalar] {
        let parts = page.components(separatedBy: "id=\"data\" nonce=\"n0nce\">")
        let rest = parts.last?.components(separatedBy: "</script>").dropFirst().joined() ?? ""
        return Array((parts[0] + rest).unicodeScalars)
    }
}
