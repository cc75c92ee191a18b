package import Foundation

/// What a plan may hold, and what people have decided already.
package struct PlanOptions: Sendable {
    /// Whether orphans and tombstones are deleted.
    package var deletesOrphans: Bool
    /// Whether orphans are inserted into canonical.
    package var adoptsOrphans: Bool
    /// Whether equal rows of one contact become one.
    package var mergesDuplicates: Bool
    /// Whether a contact that is not found in a store counts as absent from it, so that it may be deleted elsewhere. False where
    /// only some contacts are read, and nothing proves that they would have been found: deletions then need a mark.
    package var trustsAbsence = true
    /// Who wins where neither history nor version nor time of change decides.
    package var onTie: Winner.Policy.Tie
    /// By contact the store whose value a person took; it wins over everything else.
    package var decisions: [String: String]
    /// Whether a contact was erased on demand: it is never inserted again.
    package var forgotten: @Sendable (String) -> Bool
    /// The time of a deletion of which no record says when it was.
    package var now: Date

    /// Options as they were asked for.
    package init(
        deletesOrphans: Bool,
        adoptsOrphans: Bool,
        mergesDuplicates: Bool,
        onTie: Winner.Policy.Tie,
        decisions: [String: String],
        forgotten: @escaping @Sendable (String) -> Bool,
        now: Date
    ) {
        self.deletesOrphans = deletesOrphans
        self.adoptsOrphans = adoptsOrphans
        self.mergesDuplicates = mergesDuplicates
        self.onTie = onTie
        self.decisions = decisions
        self.forgotten = forgotten
        self.now = now
    }
}
