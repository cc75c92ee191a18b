/// A contact that a plan is asked for.
package struct PlanRequest: Sendable, Hashable {
    /// The canonical text of its key.
    package var contact: String
    /// Ids of the findings that ask for it; its operations carry them.
    package var because: [String]
    /// Whether damaged values are repaired where that is certain.
    package var repairsDamage: Bool

    /// A request as it is made.
    package init(contact: String, because: [String], repairsDamage: Bool) {
        self.contact = contact
        self.because = because
        self.repairsDamage = repairsDamage
    }
}
