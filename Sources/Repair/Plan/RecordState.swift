package import Contacts
package import Fingerprint
import Synchronization

/// Tells the states of a store's records apart, as plans expect and leave them: by all compared fields that the store holds,
/// the version, and whether the record is deleted. May be used by several tasks, which wait for each other.
package struct RecordState: Sendable {
    private let scheme: HashScheme
    private let reader: Reader

    /// A canonicalizer is used by one task at a time.
    private final class Reader: Sendable {
        private let canonicalizer: Mutex<ContactCanonicalizer>

        init(layout: StoreLayout, scheme: HashScheme, phoneRegion: String) {
            canonicalizer = Mutex(
                ContactCanonicalizer(
                    layout: layout,
                    sets: [FieldSet(of: layout)],
                    scheme: scheme,
                    phoneRegion: phoneRegion,
                    keepsTexts: false
                )
            )
        }

        func contact(_ record: ContactRecord) -> CanonicalContact? {
            canonicalizer.withLock { $0.contact(record) }
        }

        func unlinked(_ record: ContactRecord) -> CanonicalContact? {
            canonicalizer.withLock { $0.unlinked(record) }
        }
    }

    /// States of the records of one store.
    ///
    /// - Parameters:
    ///   - scheme: how canonical bytes become digests.
    ///   - phoneRegion: in which phone numbers without a country code are read.
    package init(layout: StoreLayout, scheme: HashScheme, phoneRegion: String) {
        self.scheme = scheme
        reader = Reader(layout: layout, scheme: scheme, phoneRegion: phoneRegion)
    }

    /// The scheme's name, a colon and 32 hexadecimal digits; nil for a record without a key.
    package func digest(of record: ContactRecord) -> String? {
        contact(record).map(digest)
    }

    /// As `digest(of:)`, of a contact that this made.
    func digest(of contact: CanonicalContact) -> String {
        Self.digest(of: contact, over: contact.digests[0], scheme: scheme)
    }

    /// Likewise of a record whose key is absent; nil for any other.
    package func digest(ofUnlinked record: ContactRecord) -> String? {
        reader.unlinked(record).map { Self.digest(of: $0, over: $0.digests[0], scheme: scheme) }
    }

    /// The record as it is compared, over all compared fields that the store holds, without its texts; nil for a record
    /// without a key.
    package func contact(_ record: ContactRecord) -> CanonicalContact? { reader.contact(record) }

    /// As `digest(of:)`, of a record that was canonicalised already.
    ///
    /// - Parameter fields: the record's digest over all compared fields that the store holds.
    static func digest(of contact: CanonicalContact, over fields: Digest128, scheme: HashScheme) -> String {
        let parts = [
            fields.description, contact.version == .min ? "-" : String(contact.version),
            contact.isDeleted ? "deleted" : "live",
        ]
        let text = parts.map { "\($0.utf8.count):\($0)," }.joined()
        return "\(scheme.rawValue):\(scheme.digest(of: Array(text.utf8)))"
    }
}
