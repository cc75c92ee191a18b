package import Contacts

/// What the comparison of one partition found.
package struct PartitionResult: Sendable {
    package let partition: Int
    /// In order of key digest, then of key.
    package var suspects: [Suspect] = []
    package var duplicates: [DuplicateKey] = []
    /// By pair, as `StorePairs` numbers them.
    package var pairs: [PairCounts]
    /// Lines of the new roll of each compared store.
    package var rolls: [[UInt8]]
}

/// One key on several rows of a store.
package struct DuplicateKey: Sendable, Hashable {
    package let key: String
    /// 0 is canonical, 1 the first compared store.
    package let store: Int
    package let rowCount: Int
    /// The row that speaks for the contact first; at most `SpoolPartition.maximumNamedRows`.
    package let rows: [RowID]
}
