package import Contacts
package import Fingerprint

/// A suspect after it was read again: what each store holds now, and what became of the suspicion.
package struct Difference: Sendable, Hashable {
    /// What the scan saw.
    package let suspect: Suspect
    /// What canonical holds; nil where it has none, or where it was not read again.
    package let canonical: CanonicalContact?
    /// One for each compared store, in their order.
    package let stores: [StoreDifference]

    /// One store's part.
    package struct StoreDifference: Sendable, Hashable {
        /// What the store holds; nil where it has none, or where it was not read again.
        package let contact: CanonicalContact?
        /// Nil where the store holds what canonical holds, by the scan.
        package let state: FindingState?
        /// Names of the fields that differ, in the order of the field set; empty where either side has no live record.
        package let fields: [String]
    }
}
