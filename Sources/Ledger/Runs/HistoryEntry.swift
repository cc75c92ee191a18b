package import Contacts
package import Foundation

/// A run as `history --format json` shows it.
package struct HistoryEntry: Sendable, Hashable, Codable {
    package var id: String
    package var verb: String
    package var startedAt: Date
    package var finishedAt: Date
    @ExplicitNull package var verdict: Verdict?
    package var exit: Int32
    /// By store; stores that were not read have none.
    package var roots: [String: String]
    package var counts: [String: Int]
    /// The entry's position in the chain, from 1.
    package var chain: Int

    init(_ entry: RunEntry, chain: Int) {
        id = entry.id
        verb = entry.verb
        startedAt = entry.startedAt
        finishedAt = entry.finishedAt
        _verdict = ExplicitNull(wrappedValue: entry.verdict)
        exit = entry.exit
        roots = [:]
        for store in entry.stores { roots[store.name] = store.root }
        counts = entry.counts
        self.chain = chain
    }
}

/// What `status` shows of the ledger.
package struct LedgerStatus: Sendable, Hashable {
    /// Nil: the ledger is empty.
    package var lastRun: HistoryEntry?
    /// The last run that came to a verdict.
    package var lastVerdict: HistoryEntry?
    /// Confirmed findings of that run, by rule.
    package var open: [String: Int]
}
