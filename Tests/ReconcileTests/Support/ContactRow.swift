import Contacts

@testable import Fingerprint

/// What a contact says. Every text is its own canonical text; an empty one is absent.
struct ContactContent: Hashable {
    var name: String
    var title: String
    /// In the order in which they are stored, each once.
    var emails: [String]
    /// Which of them is the primary one; nil: none is marked.
    var primary: Int?

    /// What a store has that holds one.
    var email: String? { emails.isEmpty ? nil : emails[primary ?? 0] }
}

/// A key and how stores may spell it.
struct ContactKey: Hashable {
    /// The canonical text.
    let text: String
    let spellings: [RawValue]

    var digest: UInt64 { Array(text.utf8).withUnsafeBytes { HashScheme.xxh3.keyDigest($0) } }
}

/// A physical row of a store.
struct ContactRow: Hashable {
    var id: RowID
    var key: ContactKey
    var spelling: RawValue
    var content: ContactContent
    var version: Int64?
    /// Seconds after the beginning of 2024, one digit; likewise below.
    var lastUpdated: Int?
    var updatedAt: Int?
    var isDeleted = false

    /// What a spool must hold of the row.
    ///
    /// - Parameter shapes: over whose fields there are digests.
    func entry(_ shapes: [StoreShape]) -> SpoolEntry {
        SpoolEntry(
            keyDigest: key.digest,
            version: version ?? .min,
            lastUpdated: Self.instant(lastUpdated),
            newestChange: max(Self.instant(lastUpdated), Self.instant(updatedAt)),
            isDeleted: isDeleted,
            row: id,
            key: Array(key.text.utf8),
            digests: shapes.map { shape in
                guard !isDeleted else { return Digest128(high: 0, low: 0) }
                return shape.canonicalBytes(key: key.text, content).withUnsafeBytes { HashScheme.xxh3.digest($0) }
            }
        )
    }

    private static func instant(_ second: Int?) -> Int64 {
        second.map { (1_704_067_200 + Int64($0)) * 1_000_000 } ?? .min
    }
}
