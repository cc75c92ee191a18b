import Contacts
import Foundation
import Testing

@testable import Reporting

@Suite("Charts in report.html")
struct HTMLChartTests {
    private static let day = 86_400.0

    /// Runs a day apart, the last one at the sample's time.
    private static func trend(_ counts: [[String: Int]], verdict: Verdict = .drift) -> [AuditReport.TrendRun] {
        counts.enumerated()
            .map { run, byRule in
                AuditReport.TrendRun(
                    run: "r\(run)",
                    startedAt: SampleReport.time.addingTimeInterval(Double(run - counts.count + 1) * day),
                    verdict: byRule.isEmpty ? .consistent : verdict,
                    byRule: byRule
                )
            }
    }

    @Test("a single run, or none, is no trend")
    func single() {
        #expect(!HTMLTrend([]).isShown)
        let one = HTMLTrend(Self.trend([["drift.field": 3]]))
        #expect(!one.isShown && one.lines.isEmpty)
    }

    @Test(
        "a line says what a rule found in the last run, what changed, and since when",
        arguments: [
            ([0, 0, 4, 2], "2", "−2", "4", "2026-03-08"), ([1, 1, 1, 1], "1", "=", "1", "2026-03-06 or earlier"),
            ([5, 0, 0, 0], "0", "=", "5", "gone since 2026-03-07"),
            ([0, 3, 0, 1200], "1,200", "+1,200", "1,200", "2026-03-09"),
        ]
    )
    func line(counts: [Int], now: String, change: String, highest: String, since: String) throws {
        let trend = HTMLTrend(Self.trend(counts.map { $0 == 0 ? [:] : ["drift.field": $0] }))
        let line = try #require(trend.lines.first)
        #expect(trend.isShown && trend.lines.count == 1)
        #expect([line.now, line.change, line.highest, line.since] == [now, change, highest, since])
        #expect(line.quiet == (counts.last == 0))
        #expect(trend.table.map { $0.cells[0].text } == counts.reversed().map(Format.count))
    }

    @Test("the corners of a line are the counts, from the first run at the left to the last at the right")
    func corners() throws {
        let trend = HTMLTrend(Self.trend([["drift.field": 4], [:], ["drift.field": 2]]))
        let line = try #require(trend.lines.first)
        #expect(line.points == "0,2 120,30 240,16" && line.end == "240,16")
        #expect(line.area == "0,30 0,2 120,30 240,16 240,30")
        #expect(trend.first == "2026-03-07" && trend.last == "2026-03-09" && trend.runs == "3 runs")
        #expect(trend.verdicts == "1 consistent, 2 drift")
    }

    @Test("rules with most findings in the last run come first, and those that never found any are left out")
    func order() {
        let trend = HTMLTrend(Self.trend([["a": 9, "b": 1, "d": 0], ["b": 1, "c": 7]]))
        #expect(trend.lines.map(\.rule) == ["c", "b", "a"])
        #expect(trend.lines.map(\.id) == [0, 1, 2])
    }

    @Test("runs of one day are told by their time")
    func oneDay() {
        var runs = Self.trend([["a": 1], ["a": 1]])
        runs[0].startedAt = SampleReport.time.addingTimeInterval(-60)
        #expect(HTMLTrend(runs).first == "07:14:33" && HTMLTrend(runs).last == "07:15:33")
    }

    @Test("verdicts differ by place and height, too")
    func marks() {
        let runs = Verdict.allCases.flatMap { verdict in Self.trend([["a": 1]], verdict: verdict) }
        let marks = HTMLTrend(runs).marks
        #expect(Set(marks.map { "\($0.y) \($0.height)" }).count == 3)
        #expect(marks.map(\.x) == ["8", "88", "168"] && marks.map(\.width) == ["64", "64", "64"])
    }

    @Test("columns are as high as their share of the highest; little is still seen")
    func columns() throws {
        let buckets = [("2025-01-01", 400), ("2025-01-02", 0), ("2025-01-03", 200), ("2025-01-04", 1)]
            .map { AuditReport.Spread.Bucket(label: $0.0, contacts: $0.1) }
        let spread = HTMLSpread(AuditReport.Spread(byUpdate: buckets))
        let chart = try #require(spread.columns.first)
        #expect(spread.columns.count == 1 && !spread.hasAges)
        #expect(chart.title == "By day of last update" && chart.first == "2025-01-01" && chart.last == "2025-01-04")
        #expect(chart.bars.map(\.height) == ["96", "0", "48", "2"] && chart.bars.map(\.y) == ["0", "96", "48", "94"])
        #expect(chart.bars.map(\.x) == ["0", "60", "120", "180"])
        #expect(chart.summary == "Highest: 2025-01-01, with 400 of 601 contacts")
    }

    @Test("the chart by time is named after its buckets", arguments: [("2025-01", "month"), ("2025", "year")])
    func unit(label: String, unit: String) throws {
        let bucket = AuditReport.Spread.Bucket(label: label, contacts: 1)
        let chart = try #require(HTMLSpread(AuditReport.Spread(byUpdate: [bucket])).columns.first)
        #expect(chart.title == "By \(unit) of last update" && chart.last == nil)
    }

    @Test("where no contact drifts there is no chart")
    func empty() {
        let bucket = AuditReport.Spread.Bucket(label: "unknown", contacts: 0)
        let spread = HTMLSpread(AuditReport.Spread(byUpdate: [], byAge: [bucket], byKey: [bucket]))
        #expect(!spread.hasColumns && !spread.hasAges)
    }

    @Test("ages are as long as their share of the longest")
    func ages() {
        let buckets = [("1 day", 1), ("7 days", 3)].map { AuditReport.Spread.Bucket(label: $0.0, contacts: $0.1) }
        #expect(HTMLSpread(AuditReport.Spread(byAge: buckets)).ages.map(\.length) == ["33.3", "100"])
    }

    @Test("what was checked is a table of rule by store, with a column for findings that name none")
    func checked() {
        var report = SampleReport.full
        report.coverage.checked.append(AuditReport.Checked(rule: .waiverExpired, store: nil, warnings: 1))
        let checked = HTMLChecked(report)
        #expect(checked.names.map(\.name) == ["warehouse", "crm", "app", "local", "no store"])
        #expect(checked.title == "4 rules in 4 stores")
        #expect(checked.rows.map(\.rule) == ["drift.missing", "drift.field", "store.unproved", "waiver.expired"])
        #expect(checked.rows[1].cells.map(\.outcome) == [nil, "✗ 2 errors, 1 not read again", "✓ none", nil, nil])
        #expect(checked.rows[3].cells.map(\.outcome) == [nil, nil, nil, nil, "! 1 warning"])
        #expect(HTMLChecked(SampleReport.small).isEmpty)
    }
}
