package import Contacts
package import Foundation

/// A run as `history --format json` shows it.
package struct HistoryEntry: Sendable, Hashable, Codable {
    /// The run's name; ids sort by start.
    package var id: String
    /// The verb that was run: `audit`, `demo`.
    package var verb: String
    /// To the millisecond, as is the end.
    package var startedAt: Date
    /// When the run came to its end, completed or not.
    package var finishedAt: Date
    /// Nil where the run came to none: it was interrupted, or is no audit.
    @ExplicitNull package var verdict: Verdict?
    /// The exit code that the run came to.
    package var exit: Int32
    /// By store; stores that were not read have none.
    package var roots: [String: String]
    /// Whatever the verb counts, by name; of an audit, confirmed findings by rule.
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
