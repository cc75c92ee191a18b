import Contacts

/// Findings of one cause: what to look at before single findings.
struct HTMLCauses {
    /// Those that are shown at once, and those that open.
    let shelves: [Shelf]
    /// Findings that no group holds; nil where there are none, or where the report has no room for all groups.
    let single: String?

    struct Shelf {
        /// How many there are; nil for those that are shown at once.
        let more: String?
        let causes: [Cause]
    }

    struct Cause {
        /// Position in the page's list of groups.
        let number: Int
        let count: String
        /// What follows the count.
        let what: String
        /// Nil where the words name it.
        let rule: String?
        let fresh: String?
        let why: String?
    }

    /// Groups that are shown at once.
    private static let first = 8

    init(_ report: AuditReport, _ held: HTMLFindings) {
        let causes = report.groups.enumerated().map { Cause($1, number: $0, why: held.message(ofGroup: $0)) }
        var shelves: [Shelf] = []
        if !causes.isEmpty { shelves.append(Shelf(more: nil, causes: Array(causes.prefix(Self.first)))) }
        let rest = causes.dropFirst(Self.first)
        if !rest.isEmpty { shelves.append(Shelf(more: Format.counted(rest.count, "more cause"), causes: Array(rest))) }
        self.shelves = shelves
        let alone = report.summary.findings - report.groups.reduce(0) { $0 + $1.findings }
        let hasAll = !causes.isEmpty && causes.count < AuditReport.groupLimit
        single =
            hasAll && alone > 0 ? "\(Format.counted(alone, "finding")) \(alone == 1 ? "stands" : "stand") alone." : nil
    }
}

extension HTMLCauses.Cause {
    fileprivate init(_ group: AuditReport.Group, number: Int, why: String?) {
        self.number = number
        self.why = why
        let words = GroupSentence.text(group).split(separator: " ", maxSplits: 1).map(String.init)
        count = words[0]
        what = words.dropFirst().joined()
        rule = what.contains(group.rule.name) ? nil : group.rule.name
        fresh = group.new == 0 ? nil : group.new == group.findings ? "all new" : "\(Format.count(group.new)) new"
    }
}
