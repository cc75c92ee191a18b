package import Contacts
package import Fingerprint

/// A contact that some store does not hold as canonical does, by the scan.
package struct Suspect: Sendable, Hashable {
    /// The canonical text of the key.
    package let key: String
    /// What canonical holds, with a digest for each of its field sets.
    package let canonical: Side
    /// One for each compared store, in their order.
    package let stores: [StoreSide]

    /// What one store holds of a contact.
    package struct Side: Sendable, Hashable {
        /// Whether the store holds the contact.
        package enum State: Sendable, Hashable {
            /// No row has the key.
            case absent
            /// There, and marked deleted.
            case deleted
            /// There, and not marked deleted.
            case alive
        }

        /// That of the row that speaks for the contact.
        package var state: State
        /// By field set; empty where absent or deleted.
        package var digests: [Digest128]
        /// The rows that hold it, the one that speaks for it first; of deleted rows that one alone.
        package var rows: [RowID]
        /// `Int64.min` where unknown.
        package var version: Int64
        /// Microseconds since 1970; `Int64.min` where unknown.
        package var lastUpdated: Int64
        /// The latest time of change that the record carries, likewise.
        package var newestChange: Int64

        /// The side of a store in which no row has the key.
        package static let absent = Side(
            state: .absent,
            digests: [],
            rows: [],
            version: .min,
            lastUpdated: .min,
            newestChange: .min
        )

        /// Whether the store holds a live record.
        package var isAlive: Bool { state == .alive }
    }

    /// A compared store's side, with what its roll knows.
    package struct StoreSide: Sendable, Hashable {
        /// What the store holds; the digest over the fields shared with canonical is its first.
        package var side: Side
        /// Canonical's digest over the fields shared with this store; nil where canonical has no live record.
        package var canonicalDigest: Digest128?
        /// The digest at which the two last agreed; nil without history that can be compared, or where they never did.
        package var base: Digest128?
        /// Whether the store's history says that canonical ever had the contact; nil without history. False, too, where
        /// several keys have one digest: the history cannot tell them apart.
        package var canonicalHad: Bool?

        /// Whether the store holds what canonical holds: the same live record, or none on either side.
        package var isEqual: Bool {
            canonicalDigest == (side.isAlive ? side.digests.first : nil)
        }
    }
}
