package import Contacts

/// A session whose store computes digests where its data is (scheme `sha256-128`), so that only what differs is read.
///
/// It is a filter: a sum that equals the local one means equal records, one that does not means that records must be read and
/// compared here. A value whose canonical text the engine cannot reproduce for certain is given a text that no canonical
/// text equals. Everything belongs to the session's one state.
///
/// Sums hold every live row that has a key, each row of a repeated key by itself. Soft-deleted rows are in none: that a store
/// holds one is not seen in a sum, and that another store holds the contact alive is, as a record more.
package protocol DigestPushdown: StoreSession {
    /// Why the engine cannot digest records over this field set, or could not but call every one of them different, in words
    /// that may follow "the store is read whole, since"; nil where it can.
    func obstacle(to set: FieldSet) -> String?

    /// The sums of all leaves, from one scan of the store.
    ///
    /// - Parameter set: of fields that the session's layout holds; `obstacle` has none to it.
    /// - Throws: `StoreError`, also where what was read is filtered; `CancellationError`.
    func leafSums(of set: FieldSet) async throws -> PushedLeaves

    /// The sums of the groups of some leaves, from one scan of the store.
    ///
    /// - Parameter leaves: prefixes of 16 bits.
    /// - Returns: by group, as `KeyGroup` numbers them; a group without records is left out.
    func groupSums(of set: FieldSet, in leaves: [Int]) async throws -> [UInt32: LeafSum]

    /// Passes every physical row of some groups to the sink, soft-deleted ones too, each once, in no promised order.
    ///
    /// - Parameters:
    ///   - groups: as `KeyGroup` numbers them.
    ///   - withoutKey: whether rows without a readable key are passed too.
    /// - Returns: the number of rows.
    /// - Throws: `StoreError`, `CancellationError`, or what the sink throws.
    func scan(groups: [UInt32], withoutKey: Bool, into sink: any RecordSink) async throws -> Int
}

/// The groups into which a leaf's records are divided: the key digest's first 28 bits.
package enum KeyGroup {
    /// Groups of one leaf.
    package static let perLeaf = 4_096

    /// The group that a record belongs to.
    package static func group(of keyDigest: UInt64) -> UInt32 { UInt32(keyDigest >> 36) }

    /// The leaf that a group is a part of.
    package static func leaf(of group: UInt32) -> Int { Int(group >> 12) }
}

/// What an engine says of all records of one state.
package struct PushedLeaves: Sendable, Hashable {
    /// By prefix; a leaf without records is left out.
    package let sums: [Int: LeafSum]
    /// Records that are soft-deleted, and in no sum.
    package let deleted: Int
    /// Rows without a readable key, likewise.
    package let withoutKey: Int
    /// Records in the sums with a text that is not certain, so that their digests are not the canonical ones; nil: nobody
    /// counted.
    package let uncertain: Int?
    /// Microseconds since 1970: the latest change of a record that is not after the state's time; `Int64.min` where none
    /// carries a time.
    package let newestChange: Int64
    /// Bytes that the scan read.
    package let bytesProcessed: Int64
    /// The proof that every row was summed.
    package let proof: ReadProof

    /// To be made only by a session whose engine has gone through all rows.
    package init(
        sums: [Int: LeafSum],
        deleted: Int,
        withoutKey: Int,
        uncertain: Int? = nil,
        newestChange: Int64,
        bytesProcessed: Int64,
        proof: ReadProof
    ) {
        self.sums = sums
        self.deleted = deleted
        self.withoutKey = withoutKey
        self.uncertain = uncertain
        self.newestChange = newestChange
        self.bytesProcessed = bytesProcessed
        self.proof = proof
    }

    /// Records in the sums.
    package var records: Int { Int(clamping: sums.values.reduce(0) { $0 &+ $1.count }) }

    /// The tree over the sums.
    package var tree: MerkleTree {
        var leaves = [LeafSum](repeating: LeafSum(), count: MerkleTree.leafCount)
        for (prefix, sum) in sums where leaves.indices.contains(prefix) { leaves[prefix] = sum }
        var tree = MerkleTree()
        leaves.withUnsafeBufferPointer { tree.add($0) }
        return tree
    }
}
