import Contacts

/// The order in which a report shows findings: confirmed errors, confirmed warnings, then errors and warnings that are
/// not confirmed; among these by rule, store and contact.
///
/// Remembers positions, not findings: a few bytes for each.
struct FindingOrder {
    private struct Section: Hashable, Comparable {
        let rank: Int
        let rule: RuleID
        let stores: [String]

        init(_ finding: Finding) {
            rank = (finding.state == .confirmed ? 0 : 2) + (finding.severity == .error ? 0 : 1)
            rule = finding.rule
            stores = finding.stores
        }

        static func < (lhs: Section, rhs: Section) -> Bool {
            if lhs.rank != rhs.rank { return lhs.rank < rhs.rank }
            if lhs.rule != rhs.rule { return lhs.rule < rhs.rule }
            return lhs.stores.lexicographicallyPrecedes(rhs.stores)
        }
    }

    /// Findings without a contact come first, then numbers by value, then other texts; equal ones as they were found.
    private struct Place: Comparable {
        let kind: Int
        let number: Int64
        let text: String
        let position: Int32

        init(_ contact: String?, _ position: Int32) {
            let number = contact.flatMap { Int64($0) }
            kind = contact == nil ? 0 : number == nil ? 2 : 1
            self.number = number ?? 0
            text = contact ?? ""
            self.position = position
        }

        static func < (lhs: Place, rhs: Place) -> Bool {
            if lhs.kind != rhs.kind { return lhs.kind < rhs.kind }
            if lhs.number != rhs.number { return lhs.number < rhs.number }
            return lhs.text != rhs.text ? lhs.text < rhs.text : lhs.position < rhs.position
        }
    }

    private var sections: [Section: [Int32]] = [:]

    mutating func add(_ finding: Finding, at position: Int) {
        sections[Section(finding), default: []].append(Int32(position))
    }

    /// The positions of the first findings.
    ///
    /// - Parameter contact: the contact of the finding at a position.
    func first(_ limit: Int, contact: (Int) -> String?) -> [Int] {
        var result: [Int] = []
        for (_, positions) in sections.sorted(by: { $0.key < $1.key }) where result.count < limit {
            let places = positions.map { Place(contact(Int($0)), $0) }.sorted()
            result += places.prefix(limit - result.count).map { Int($0.position) }
        }
        return result
    }
}
