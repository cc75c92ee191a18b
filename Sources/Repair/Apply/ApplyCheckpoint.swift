/// The places of an apply or an undo behind each of which a process may end and the same command goes on. They are told where
/// they are reached, so that a test can end the process there.
package enum ApplyCheckpoint: Sendable, Hashable, CaseIterable {
    /// The steps of a batch are in the journal, and the store has not been written.
    case journalled
    /// The store has a batch.
    case written
    /// The journal says what became of it.
    case settled
    /// Conflicts are in the ledger.
    case conflictsKept
    /// Everything was read again.
    case verified
    /// The rolls hold what the stores agree on.
    case rollsWritten
    /// The run is in the history; its journal is open for another moment.
    case recorded
}
