package import Fingerprint

/// A store whose scan is compared with canonical's.
package struct ComparedStore: Sendable {
    /// The store's name.
    package let name: String
    /// Digests over the fields shared with canonical: field set 0.
    package let fingerprint: StoreFingerprint
    /// Which of canonical's field sets that is.
    package let canonicalSet: Int
    /// The store's roll of an earlier run; nil on its first.
    package let history: RollFile?
    /// Whether the roll's digests mean the same as this run's.
    package let isHistoryComparable: Bool

    /// A store to compare; `canonicalSet` must be canonical's set of the same fields in the same forms.
    package init(
        name: String,
        fingerprint: StoreFingerprint,
        canonicalSet: Int,
        history: RollFile?,
        isHistoryComparable: Bool
    ) {
        self.name = name
        self.fingerprint = fingerprint
        self.canonicalSet = canonicalSet
        self.history = history
        self.isHistoryComparable = isHistoryComparable
    }
}
