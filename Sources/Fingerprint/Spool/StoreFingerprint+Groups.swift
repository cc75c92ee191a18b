extension StoreFingerprint {
    /// The sums of the groups of some leaves over field set `index`, from the spool; a group without live records is left out.
    ///
    /// - Parameter leaves: prefixes of 16 bits.
    package func groupSums(of index: Int, in leaves: [Int]) throws -> [UInt32: LeafSum] {
        var isWanted = [Bool](repeating: false, count: MerkleTree.leafCount)
        for leaf in leaves { isWanted[leaf] = true }
        let layout = spoolLayout
        var sums: [UInt32: LeafSum] = [:]
        var buffer = ByteBuffer(capacity: 32 * 1024)
        for partition in Set(leaves.map { $0 >> 8 }).sorted() {
            try file.forEachBlock(of: partition, to: &buffer) { (buffer, _) throws in
                let bytes = buffer.bytes
                var offset = 0
                while offset < bytes.count {
                    let keyDigest = layout.keyDigest(bytes, at: offset)
                    if isWanted[MerkleTree.leaf(of: keyDigest)], !layout.isDeleted(bytes, at: offset) {
                        sums[KeyGroup.group(of: keyDigest), default: LeafSum()]
                            .add(layout.digest(index, bytes, at: offset))
                    }
                    offset += layout.count(bytes, at: offset)
                }
                buffer.count = 0
            }
        }
        return sums
    }
}
