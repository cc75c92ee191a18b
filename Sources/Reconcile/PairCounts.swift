/// How far two stores agree, counted by contact.
package struct PairCounts: Sendable, Hashable {
    /// Contacts that are alive on both sides and have one value.
    package var equal = 0
    /// Contacts that are alive on both sides and have different values.
    package var differ = 0
    /// Contacts that are alive on the first side only.
    package var onlyA = 0
    /// Contacts that are alive on the second side only.
    package var onlyB = 0

    /// Counts of no contacts.
    package init() {}

    /// Adds the counts of other contacts of the same pair.
    package mutating func add(_ other: PairCounts) {
        equal += other.equal
        differ += other.differ
        onlyA += other.onlyA
        onlyB += other.onlyB
    }
}

/// The pairs among canonical and n compared stores, by number: canonical with each store first, then the stores among
/// themselves.
package enum StorePairs {
    /// Positions of both stores: 0 is canonical, 1 the first compared store.
    package static func all(stores: Int) -> [(a: Int, b: Int)] {
        (0..<max(stores, 0)).map { (0, $0 + 1) }
            + (1..<max(stores, 1)).flatMap { a in ((a + 1)..<(stores + 1)).map { (a, $0) } }
    }
}

extension PairCounts {
    /// Counts a contact as equal that was counted as different.
    package mutating func move() {
        differ -= 1
        equal += 1
    }
}
