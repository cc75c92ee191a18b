import Contacts

/// What a cycle came to. Holds no value of a contact.
package struct SyncReport: Sendable, Hashable, Codable {
    /// Changes that were taken up.
    package var changes = 0
    /// How many operations of each store ended as what (`ApplyReport.Outcome`).
    package var outcomes: [String: [String: Int]] = [:]
    /// Contacts that were read again behind the writes, by store.
    package var verified: [String: Int] = [:]
    /// How many of those that were read again are equal to canonical's, by compared store.
    package var agreed: [String: Int] = [:]
    /// Cases that are left to a person.
    package var manual = 0
    /// Changes that were given up after they had failed too often.
    package var dead = 0
    /// Stores that could not be read or written.
    package var failed: [String] = []
    /// Whether a change can only be judged by reading all stores through.
    package var needsFullReading = false

    /// A cycle in which nothing has happened yet.
    package init() {}

    /// Operations that were written, over all stores.
    package var written: Int { outcomes.values.reduce(0) { $0 + $1[ApplyReport.Outcome.done.rawValue, default: 0] } }

    /// Takes in what another cycle came to.
    package mutating func add(_ other: SyncReport) {
        changes += other.changes
        for (store, counts) in other.outcomes { outcomes[store, default: [:]].merge(counts, uniquingKeysWith: +) }
        verified.merge(other.verified, uniquingKeysWith: +)
        agreed.merge(other.agreed, uniquingKeysWith: +)
        manual += other.manual
        dead += other.dead
        failed = Set(failed + other.failed).sorted()
        needsFullReading = needsFullReading || other.needsFullReading
    }
}
