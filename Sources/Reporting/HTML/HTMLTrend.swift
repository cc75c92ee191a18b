import Contacts
import Foundation

/// Since when: a line for each rule over the last runs.
struct HTMLTrend {
    /// Whether there are two runs to draw a line between.
    let isShown: Bool
    let runs: String
    let first: String
    let last: String
    /// A mark for each run's verdict, in a box of 240 by 32.
    let marks: [Mark]
    let verdicts: String
    /// One for each rule that found something in any of the runs: most findings in the last run first.
    let lines: [Line]
    /// The figures behind the lines, latest run first.
    let table: [Row]

    struct Mark {
        let verdict: String
        let label: String
        let x: String
        let y: String
        let width: String
        let height: String
    }

    struct Line {
        let rule: String
        let id: Int
        /// The corners of the line and of the area below it, in a box of 240 by 32.
        let points: String
        let area: String
        let end: String
        let summary: String
        let now: String
        let change: String
        let highest: String
        let since: String
        let quiet: Bool
    }

    struct Row {
        let time: String
        let verdict: String
        let cells: [Cell]
    }

    struct Cell {
        let text: String
    }

    init(_ trend: [AuditReport.TrendRun]) {
        let dates = Dates(trend)
        isShown = trend.count > 1
        runs = Format.counted(trend.count, "run")
        first = dates.first
        last = dates.last
        let width = 240 / Double(max(trend.count, 1))
        marks = trend.enumerated().map { Mark($1, label: dates.text($0), x: Double($0) * width, width: width) }
        verdicts = Verdict.allCases
            .compactMap { verdict in
                let count = trend.count { $0.verdict == verdict }
                return count == 0 ? nil : "\(Format.count(count)) \(verdict.rawValue)"
            }
            .joined(separator: ", ")
        let series = Dictionary(
            uniqueKeysWithValues: Set(trend.flatMap { $0.byRule.filter { $0.value > 0 }.keys })
                .map { rule in (rule, trend.map { $0.byRule[rule] ?? 0 }) }
        )
        let rules = series.keys.sorted { a, b in
            let (x, y) = (series[a] ?? [], series[b] ?? [])
            if x.last != y.last { return (x.last ?? 0) > (y.last ?? 0) }
            return (x.max() ?? 0, b) > (y.max() ?? 0, a)
        }
        lines = trend.count < 2 ? [] : rules.enumerated().map { Line($1, id: $0, series[$1] ?? [], dates) }
        table = trend.reversed()
            .map { run in
                Row(
                    time: Format.time(run.startedAt),
                    verdict: run.verdict.rawValue,
                    cells: rules.map { Cell(text: Format.count(run.byRule[$0] ?? 0)) }
                )
            }
    }

    /// When runs were: the day, or the time of day where all were on one day.
    fileprivate struct Dates {
        let texts: [String]
        var first: String { texts.first ?? "" }
        var last: String { texts.last ?? "" }

        init(_ trend: [AuditReport.TrendRun]) {
            let times = trend.map { Format.time($0.startedAt) }
            let isOneDay = Set(times.map { $0.prefix(10) }).count < 2
            texts = times.map { String(isOneDay ? $0.dropFirst(11).prefix(8) : $0.prefix(10)) }
        }

        func text(_ run: Int) -> String { texts[run] }
    }
}

extension HTMLTrend.Mark {
    /// Verdicts differ by height and place, too: low, in the middle, all of it.
    fileprivate init(_ run: AuditReport.TrendRun, label: String, x: Double, width: Double) {
        verdict = run.verdict.rawValue
        self.label = label
        self.x = SVGNumber.text(x + width * 0.1)
        self.width = SVGNumber.text(width * 0.8)
        (y, height) =
            switch run.verdict {
            case .consistent: ("26", "6")
            case .inconclusive: ("12", "8")
            case .drift: ("0", "32")
            }
    }
}

extension HTMLTrend.Line {
    /// - Parameter counts: Findings by run, oldest first; at least two, one of them not zero.
    fileprivate init(_ rule: String, id: Int, _ counts: [Int], _ dates: HTMLTrend.Dates) {
        let (most, count) = (counts.max() ?? 0, counts.last ?? 0)
        let places = counts.enumerated()
            .map { run, count in
                let x = 240 * Double(run) / Double(counts.count - 1)
                return "\(SVGNumber.text(x)),\(SVGNumber.text(30 - 28 * Double(count) / Double(max(most, 1))))"
            }
        self.rule = rule
        self.id = id
        points = places.joined(separator: " ")
        area = "0,30 \(points) 240,30"
        end = places[places.count - 1]
        now = Format.count(count)
        highest = Format.count(most)
        quiet = count == 0
        let step = count - counts[counts.count - 2]
        change = step == 0 ? "=" : step > 0 ? "+\(Format.count(step))" : "−\(Format.count(-step))"
        // The first run of those at the end that all found something, or all found nothing.
        let start = (counts.lastIndex { ($0 == 0) != (count == 0) } ?? -1) + 1
        let beginning = start == 0 ? "\(dates.first) or earlier" : dates.text(start)
        since = count == 0 ? "gone since \(beginning)" : beginning
        summary =
            "\(Format.count(counts[0])) in the first of \(counts.count) runs, on \(dates.first); \(now) in the last, on "
            + "\(dates.last); at most \(highest)"
    }
}
