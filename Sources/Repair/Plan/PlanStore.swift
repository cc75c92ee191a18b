package import Contacts
package import Fingerprint

/// A store of a plan, open to be read.
package struct PlanStore: Sendable {
    /// The store's name.
    package let name: String
    /// Reads its contacts; the owner closes it.
    package let session: any StoreSession
    /// How surely its writes meet the record that they are planned for.
    package let `guard`: RepairProposal.Guard
    /// Its roll; nil on its first run, and for canonical.
    package let history: RollFile?
    /// Whether the roll's digests mean what this run's do.
    package let isHistoryComparable: Bool
    /// The precision that it keeps of `last_updated`.
    package let precision: TimeUnit

    /// A store as it was opened; nothing is read.
    package init(
        name: String,
        session: any StoreSession,
        guard: RepairProposal.Guard,
        history: RollFile?,
        isHistoryComparable: Bool,
        precision: TimeUnit
    ) {
        self.name = name
        self.session = session
        self.guard = `guard`
        self.history = history
        self.isHistoryComparable = isHistoryComparable
        self.precision = precision
    }
}
