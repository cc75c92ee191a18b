package import Contacts
package import Foundation

/// A run as the ledger keeps it. Times are kept to the millisecond.
package struct RunEntry: Sendable, Hashable, Codable {
    /// The run's name, once in a ledger; see `RunID`.
    package var id: String
    /// The command: `audit`.
    package var verb: String
    /// Before the first store was opened.
    package var startedAt: Date
    /// When the run came to its end, completed or not.
    package var finishedAt: Date
    /// Nil where the run came to none: it was interrupted, or is no audit.
    package var verdict: Verdict?
    /// The exit code that the run came to.
    package var exit: Int32
    /// The program's version.
    package var version: String
    /// `sha256:` and the digest of stores, mappings and schema.
    package var configuration: String
    /// Whatever the verb counts, by name.
    package var counts: [String: Int]
    /// The stores of the run, in the order of the configuration, each once.
    package var stores: [RunStore]
    /// What was checked completely, and can therefore be compared with another run. Kept only with a verdict: an
    /// interrupted run covers nothing.
    package var coverage: [CoveredPair]

    /// An entry as it is to be kept; nothing is checked.
    package init(
        id: String,
        verb: String,
        startedAt: Date,
        finishedAt: Date,
        verdict: Verdict?,
        exit: Int32,
        version: String,
        configuration: String,
        counts: [String: Int] = [:],
        stores: [RunStore] = [],
        coverage: [CoveredPair] = []
    ) {
        self.id = id
        self.verb = verb
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.verdict = verdict
        self.exit = exit
        self.version = version
        self.configuration = configuration
        self.counts = counts
        self.stores = stores
        self.coverage = coverage
    }

    /// The entry as the tables give it back: milliseconds, coverage sorted and without repetition.
    var kept: RunEntry {
        var entry = self
        entry.startedAt = Date(milliseconds: startedAt.milliseconds)
        entry.finishedAt = Date(milliseconds: finishedAt.milliseconds)
        entry.coverage = verdict == nil ? [] : Set(coverage).sorted()
        return entry
    }
}

/// What a run read of one store.
package struct RunStore: Sendable, Hashable, Codable {
    /// The store's name in the configuration.
    package var name: String
    /// The word of the configuration: `sqlite`.
    package var kind: String
    /// Whether the store is the source of truth.
    package var canonical: Bool
    /// Nil: not read.
    package var records: Int?
    /// `sha256:` and the root. Nil: not read.
    package var root: String?
    /// Whether the store was proved to be read through.
    package var complete: Bool
    /// The columns of its contact table, in its order. Nil: it was not opened.
    package var columns: [StoreColumn]?

    /// A store as it is to be kept; nothing is checked.
    package init(
        name: String,
        kind: String,
        canonical: Bool,
        records: Int?,
        root: String?,
        complete: Bool,
        columns: [StoreColumn]?
    ) {
        self.name = name
        self.kind = kind
        self.canonical = canonical
        self.records = records
        self.root = root
        self.complete = complete
        self.columns = columns
    }
}

/// A rule that was checked completely in a store.
package struct CoveredPair: Sendable, Hashable, Codable, Comparable {
    /// The rule that was checked.
    package var rule: RuleID
    /// Nil: the findings of the rule that name no store.
    package var store: String?

    /// A pair to be compared with other runs; that it was checked completely is the caller's word.
    package init(rule: RuleID, store: String?) {
        self.rule = rule
        self.store = store
    }

    package static func < (lhs: CoveredPair, rhs: CoveredPair) -> Bool {
        (lhs.rule, lhs.store ?? "") < (rhs.rule, rhs.store ?? "")
    }
}

extension Date {
    /// Since 1970, rounded.
    var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }

    init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}
