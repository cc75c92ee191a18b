import Contacts

/// What an apply or an undo came to, as the terminal and the page say it.
struct ApplySummary {
    /// `applied`, `undone`, `dry run`.
    let word: String
    /// One line of plain text; names stores as the configuration does, not escaped.
    let sentence: String
    /// By store, in the order of their names.
    let stores: [Store]
    /// The outcomes that there are, in the order of their declaration.
    let outcomes: [ApplyReport.Outcome]
    /// Their words, likewise.
    let words: [String]
    /// Operations that did not end as planned.
    let needsLook: Int
    /// Whether nothing is left for a person.
    let isCalm: Bool
    /// The command that takes back what was written; nil where nothing was.
    let undo: String?

    /// What became of one store's operations.
    struct Store {
        let name: String
        /// By outcome, as `outcomes`.
        let counts: [Int]
        /// Contacts that were read again.
        let verified: Int
        let `guard`: String
    }

    init(_ report: ApplyReport) {
        let isUndo = report.undoes != nil
        word = report.isDryRun ? "dry run" : isUndo ? "undone" : "applied"
        let outcomes = ApplyReport.Outcome.allCases.filter { report.count($0) > 0 }
        self.outcomes = outcomes
        words = outcomes.map { $0.words(isDryRun: report.isDryRun) }
        stores = Set(report.counts.keys).union(report.verified.keys).sorted()
            .map { name in
                Store(
                    name: name,
                    counts: outcomes.map { report.counts[name]?[$0.rawValue] ?? 0 },
                    verified: report.verified[name] ?? 0,
                    guard: report.guards[name]?.rawValue ?? ""
                )
            }
        needsLook = outcomes.filter { $0 != .done && $0 != .already }.reduce(0) { $0 + report.count($1) }
        isCalm = needsLook == 0 && report.changedSince.isEmpty && report.manual == 0
        undo =
            report.isDryRun || report.count(.done) == 0 ? nil : "rollcall undo \(ShellWord.text(report.run.id))"
        sentence = Self.sentence(report, outcomes)
    }

    private static func sentence(_ report: ApplyReport, _ outcomes: [ApplyReport.Outcome]) -> String {
        let total = outcomes.reduce(0) { $0 + report.count($1) }
        var clauses: [String] = []
        if total == 0 {
            clauses.append("There was nothing to \(report.undoes == nil ? "write" : "take back")")
        } else {
            let stores = VerdictSentence.list(report.counts.keys.sorted())
            let parts = outcomes.map { "\(Format.count(report.count($0))) \($0.words(isDryRun: report.isDryRun))" }
            let list = parts.joined(separator: ", ")
            clauses.append("\(Format.counted(total, "operation")) in \(stores): \(list)")
        }
        let moved = report.changedSince.count
        if moved > 0 { clauses.append("\(Format.counted(moved, "contact")) changed since") }
        if report.manual > 0 {
            let isOne = report.manual == 1
            clauses.append("\(Format.counted(report.manual, "case")) \(isOne ? "is" : "are") left to a person")
        }
        return clauses.joined(separator: "; ") + "."
    }
}
