package import Fingerprint

/// A contact that a plan is asked for.
package struct PlanRequest: Sendable, Hashable {
    /// What records without a key say of a contact in one store.
    package enum Claim: Sendable, Hashable {
        /// This record is the contact's: it gets its key.
        case record(UnlinkedRecord)
        /// Some record may be the contact's: nothing is inserted beside it.
        case unsure
    }

    /// The canonical text of its key.
    package var contact: String
    /// Ids of the findings that ask for it; its operations carry them.
    package var because: [String]
    /// Whether damaged values are repaired where that is certain.
    package var repairsDamage: Bool
    /// By store, where it holds records without a key that are or may be the contact's.
    package var claims: [String: Claim] = [:]

    /// A request as it is made.
    package init(contact: String, because: [String], repairsDamage: Bool) {
        self.contact = contact
        self.because = because
        self.repairsDamage = repairsDamage
    }
}
