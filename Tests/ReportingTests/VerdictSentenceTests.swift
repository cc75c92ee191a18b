import Contacts
import Testing

@testable import Reporting

@Suite("The verdict in a sentence")
struct VerdictSentenceTests {
    private static let canonical = SampleReport.store("warehouse", canonical: true)
    private static let four = [canonical] + ["crm", "app", "local"].map { SampleReport.store($0) }
    private static let unread = SampleReport.store("local", records: nil)

    private static func phones(_ count: Int, _ store: String) -> [Finding] {
        (0..<count).map { SampleReport.finding(String($0), store) }
    }

    private static func missing(_ contact: String) -> Finding {
        SampleReport.finding(contact, "crm", rule: .driftMissing, fields: [])
    }

    private static let cases: [(AuditReport, String)] = [
        (SampleReport.report(stores: [canonical]), "warehouse holds 12,480 contacts."),
        (SampleReport.calm, "Both stores agree on 12,480 contacts."),
        (SampleReport.report(stores: four), "All 4 stores agree on 12,480 contacts."),
        (
            SampleReport.report(stores: four, findings: phones(40, "crm") + [missing("x")]),
            "3 of 4 stores agree; crm differs on 41 of 12,480 contacts, most in phones."
        ),
        (
            SampleReport.report(stores: four, findings: phones(2, "crm") + phones(3, "app")),
            "2 of 4 stores agree; app differs on 3 of 12,480 contacts, all in phones; crm on 2."
        ),
        (
            SampleReport.report(stores: [canonical, four[1]], findings: [missing("x")]),
            "crm differs from warehouse on 1 of 12,480 contacts, missing there."
        ),
        (
            SampleReport.report(stores: [canonical, four[1], unread]),
            "2 of 3 stores agree on 12,480 contacts; local was not proved to be read through."
        ),
        (
            SampleReport.report(stores: [canonical, unread]),
            "No store was seen to differ from warehouse so far; local was not proved to be read through."
        ),
        (
            SampleReport.report(stores: [SampleReport.store("warehouse", canonical: true, records: nil), unread]),
            "warehouse was not read, so nothing can be said."
        ),
        (
            SampleReport.report(
                stores: four,
                findings: [SampleReport.finding("1", "crm", rule: RuleID("corruption.json"))]
            ),
            "All 4 stores agree on 12,480 contacts; 1 finding (all corruption.json)."
        ),
        (
            SampleReport.report(stores: four, findings: [SampleReport.finding("1", "crm", state: .healed)]),
            "All 4 stores agree on 12,480 contacts."
        ),
        (
            SampleReport.report(
                stores: four,
                agreement: [SampleReport.agreement("warehouse", "crm", differ: 11_000)],
                findings: phones(9, "crm"),
                truncated: AuditReport.Truncation(findings: 11_000, file: "f")
            ),
            "3 of 4 stores agree; crm differs on 11,000 of 12,480 contacts, all in phones."
        ),
        (
            SampleReport.report(
                stores: four,
                agreement: [SampleReport.agreement("warehouse", "crm", differ: 1)]
            ),
            "The scan saw crm differ from warehouse on 1 contact, which is not confirmed."
        ),
        (
            SampleReport.report(
                stores: four,
                agreement: [
                    SampleReport.agreement("warehouse", "crm", differ: 2, onlyA: 1),
                    SampleReport.agreement("warehouse", "app", differ: 9),
                    SampleReport.agreement("crm", "app", differ: 11, root: false),
                ]
            ),
            "The scan saw app differ from warehouse on 9 contacts, crm on 3, which is not confirmed."
        ),
        (
            SampleReport.report(
                stores: four,
                agreement: [
                    SampleReport.agreement("warehouse", "crm", differ: 2),
                    SampleReport.agreement("warehouse", "app", differ: 1),
                ],
                findings: phones(2, "crm")
            ),
            "2 of 4 stores agree; crm differs on 2 of 12,480 contacts, all in phones."
        ),
    ]

    @Test("says what a person would say", arguments: cases)
    func sentence(report: AuditReport, expected: String) {
        #expect(VerdictSentence.text(report) == expected)
    }

    @Test(
        "shares are rounded down, so that all means all",
        arguments: [(12_479, 12_480, "99.99 %"), (1, 3, "33.33 %"), (5, 5, "100 %"), (0, 5, "0.00 %"), (0, 0, "–")]
    )
    func share(part: Int, whole: Int, expected: String) {
        #expect(Format.share(part, of: whole) == expected)
    }

    @Test(
        "durations and counts read well",
        arguments: [
            (0.04, "0.0 s"), (12.44, "12.4 s"), (59.97, "1 min 0 s"), (192, "3 min 12 s"), (7500, "2 h 5 min"),
            (-1, "–"),
        ]
    )
    func duration(seconds: Double, expected: String) {
        #expect(Format.duration(seconds) == expected)
        #expect(Format.count(-1_234_567) == "-1,234,567")
    }
}
