package import Contacts

/// What the comparison of one partition found.
package struct PartitionResult: Sendable {
    /// The first byte of the key digests, 0 to 255.
    package let partition: Int
    /// In order of key digest, then of key.
    package var suspects: [Suspect] = []
    /// In the same order, then by store.
    package var duplicates: [DuplicateKey] = []
    /// In the same order; each contact and store once.
    package var regressions: [VersionRegression] = []
    /// By pair, as `StorePairs` numbers them.
    package var pairs: [PairCounts]
    /// By compared store: whole lines of its new roll, one behind the other, in order of key digest.
    package var rolls: [[UInt8]]
}

/// A contact whose version in a store is lower than one that an earlier run saw there.
package struct VersionRegression: Sendable, Hashable {
    /// The canonical text of the key.
    package let key: String
    /// 0 is canonical, 1 the first compared store.
    package let store: Int
}

/// One key on several rows of a store.
package struct DuplicateKey: Sendable, Hashable {
    /// The canonical text of the key.
    package let key: String
    /// 0 is canonical, 1 the first compared store.
    package let store: Int
    /// How many rows have it, two at least, those that are not named included.
    package let rowCount: Int
    /// The row that speaks for the contact first; at most `SpoolPartition.maximumNamedRows`.
    package let rows: [RowID]
}
