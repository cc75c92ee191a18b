package import Contacts
package import Fingerprint

/// A record without a key in a compared store, and whose it is by the scan.
package struct UnlinkedSuspect: Sendable, Hashable {
    /// Whose a record is.
    package enum Owner: Sendable, Hashable {
        /// That of a contact of canonical which the store lacks: it alone has an e-mail or phone that this record alone has
        /// of those in its store. The digest is the identifier's.
        case one(String, by: Digest128, isPhone: Bool)
        /// One of these contacts of canonical, which have an e-mail or phone of it, or one that the store holds already; the
        /// canonical texts of their keys, numbers first and by size.
        case several([String])
        /// That of no contact of canonical.
        case none

        /// The contacts that the record may be.
        package var contacts: [String] {
            switch self {
            case .one(let contact, _, _): [contact]
            case .several(let contacts): contacts
            case .none: []
            }
        }

        /// Whether it is certain whose the record is.
        package var isCertain: Bool { if case .one = self { true } else { false } }
    }

    /// The compared store that holds it, by position.
    package let store: Int
    /// Where it is, and its e-mails and phones.
    package let record: UnlinkedRecord
    /// Whose it is.
    package let owner: Owner
}

/// A record without a key as a store was just read.
package struct UnlinkedReading: Sendable {
    /// Its raw values.
    package let record: ContactRecord
    /// As it is compared, its key empty.
    package let contact: CanonicalContact
    /// The digests of its e-mails and phones.
    package let identifiers: Set<Digest128>
}

/// A row that had no key as a store was just read.
package struct UnlinkedRow: Sendable {
    /// What became of the row.
    package enum State: Sendable {
        /// It holds no live record.
        case gone
        /// It has a key.
        case linked
        /// It has none.
        case unlinked(UnlinkedReading)
    }

    /// What became of the row.
    package let state: State
    /// Whether the store holds the contact that was asked for with it.
    package let holdsContact: Bool
}

/// A record without a key after it was read again.
package struct UnlinkedDifference: Sendable {
    /// What the scan saw.
    package let suspect: UnlinkedSuspect
    /// What the store holds; nil where the row is gone, has a key, or was not read again.
    package let reading: UnlinkedReading?
    /// What became of the suspicion.
    package let state: FindingState
}
