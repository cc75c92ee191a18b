/// What a run may do to one store before it is refused.
package struct BlastLimits: Sendable, Hashable {
    /// The share of a store's contacts that may be updated or deleted, from 0 to 1; `alwaysAllowed` of them may be in any case.
    package var maxChange: Double
    /// Contacts that may be deleted.
    package var maxDeletes: Int
    /// Contacts that may be inserted.
    package var maxInserts: Int

    /// Updates and deletes that are never too many.
    package static let alwaysAllowed = 50

    /// Limits as the configuration has them; nothing is checked.
    package init(maxChange: Double, maxDeletes: Int, maxInserts: Int) {
        self.maxChange = maxChange
        self.maxDeletes = maxDeletes
        self.maxInserts = maxInserts
    }

    /// Updates and deletes that a store with so many contacts may get; of a store that was never read through the smallest
    /// number.
    func changes(of records: Int?) -> Int {
        let share = Double(records ?? 0) * maxChange
        return max(Self.alwaysAllowed, share < Double(Int.max) ? Int(max(share, 0)) : .max)
    }
}
