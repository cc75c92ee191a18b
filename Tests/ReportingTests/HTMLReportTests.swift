import Contacts
import Foundation
import Testing

@testable import Reporting

@Suite("report.html")
struct HTMLReportTests {
    @Test("the page is the one that was looked at")
    func golden() throws {
        try Golden.check(HTMLReport.render(SampleReport.small, nonce: "n0nce"), "report.html")
    }

    static let hostile = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'\u{301} onmouseover=x '\u{301}",
        "</script><b>",
        "\"\u{301} onmouseover=alert(1) x=\"\u{301}", "<\u{338}i>", "\u{202E}evil", "a\u{0}b\u{1B}[31m", "<!--",
        "{{{css}}}",
        "]]>", "&lt;", "\u{2028}\u{2029}",
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

    @Test("findings in the page are the report's, whatever they hold", arguments: hostile)
    func data(name: String) throws {
        let page = try HTMLReport.render(report(naming: name), nonce: "n0nce")
        let start = try #require(page.range(of: "id=\"data\" nonce=\"n0nce\">"))
        let json = try #require(page[start.upperBound...].range(of: "</script>"))
        let text = String(page[start.upperBound..<json.lowerBound])
        #expect(!text.contains("<") && !text.contains(">") && !text.contains("&"))
        let payload = try JSONDecoder().decode(Payload.self, from: Data(text.utf8))
        #expect(payload.findings == report(naming: name).findings)
    }

    @Test("nothing is loaded, and nothing runs but what carries the nonce")
    func policy() throws {
        let page = try HTMLReport.render(SampleReport.small, nonce: "n0nce")
        #expect(
            page.contains(
                "default-src 'none'; style-src 'nonce-n0nce'; script-src 'nonce-n0nce'; base-uri 'none'; "
                    + "form-action 'none'; img-src data:"
            )
        )
        for word in [
            "http:", "https:", "@import", "url(", " src=", "<link", "<img", "innerHTML", "style=\"", "onclick=",
        ] {
            #expect(!page.contains(word), "\(word)")
        }
        #expect(page.ranges(of: "<script").count == page.ranges(of: "nonce=\"n0nce\">").count - 1)
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
    }

    @Test("ten thousand findings are all in the page")
    func many() throws {
        var report = SampleReport.small
        report.findings = (0..<10_000).map { SampleReport.finding(String($0), "crm") }
        report.truncated = AuditReport.Truncation(findings: 12_345, file: "report.json.findings.ndjson")
        let page = try HTMLReport.render(report)
        #expect(page.ranges(of: "f-drift.field-").count == 10_000)
        #expect(page.contains("12,345"))
    }

    @Test("JSON made inert means the same")
    func inert() throws {
        let text = "<>&\u{2028}\u{2029}é\u{2027}\u{202A}\u{E2}\u{80}"
        let json = try JSONEncoder().encode([text])
        let inert = HTMLText.inert(json: json)
        #expect(inert.unicodeScalars.allSatisfy { !"<>&\u{2028}\u{2029}".unicodeScalars.contains($0) })
        #expect(try JSONDecoder().decode([String].self, from: Data(inert.utf8)) == [text])
    }

    private struct Payload: Decodable { let findings: [Finding] }

    /// A report in which the text stands wherever a store or a configuration may put one.
    private func report(naming name: String) -> AuditReport {
        var report = SampleReport.small
        report.run.id = name
        report.stores[1].name = name
        report.stores[1].kind = name
        report.stores[1].proof = name
        report.stores[1].root = name
        report.stores[1].fields.append(name)
        report.stores[1].notCompared = [NotCompared(field: name, reason: name)]
        report.agreement[0].b = name
        report.summary.byStoreAndField = [name: [name: 3]]
        report.coverage.notChecked = [AuditReport.NotChecked(what: name, rule: name, store: name, why: name)]
        report.findings = [SampleReport.finding(name, name, fields: [name])]
        report.findings[0].message = name
        return report
    }

    /// The page without the findings' JSON, whose strings may hold quotes and whatever they like.
    private func markup(of page: String) -> [Unicode.Scalar] {
        let parts = page.components(separatedBy: "id=\"data\" nonce=\"n0nce\">")
        let rest = parts.last?.components(separatedBy: "</script>").dropFirst().joined() ?? ""
        return Array((parts[0] + rest).unicodeScalars)
    }
}
