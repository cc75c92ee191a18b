import Contacts

extension [RepairPlan.Operation] {
    /// Takes operations out of a plan, and with each those that come after it.
    ///
    /// - Parameter why: what speaks against an operation; nil: nothing.
    /// - Returns: those that stay, and what is left to a person instead of the others.
    func leaving(_ why: (RepairPlan.Operation) -> String?) -> (kept: Self, left: [RepairPlan.Manual]) {
        var reasons: [String: String] = [:]
        var kept: Self = []
        var left: [RepairPlan.Manual] = []
        // An operation stands behind those that it comes after.
        for operation in self {
            guard let reason = why(operation) ?? operation.after.lazy.compactMap({ reasons[$0] }).first else {
                kept.append(operation)
                continue
            }
            reasons[operation.id] = reason
            left.append(RepairPlan.Manual(contact: operation.contact, stores: [operation.store], why: reason))
        }
        return (kept, left)
    }
}
