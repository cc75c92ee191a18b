import Crypto
import Foundation

/// The tree over a store's records in one field set: 65,536 leaves by the key digest's first 16 bits, inner nodes
/// 16-way. Equal trees mean equal stores; unequal ones are compared from the top, and only what differs is opened.
package struct MerkleTree: Sendable {
    /// The number of leaves: one for each value of 16 bits.
    package static let leafCount = 65_536
    static let fanOut = 16
    /// Levels below the top.
    static let depth = 4

    /// The leaves' sums, by prefix.
    package private(set) var leaves: [LeafSum]

    /// A tree without records.
    package init() { leaves = Array(repeating: LeafSum(), count: Self.leafCount) }

    /// The prefix of the leaf that a record belongs to.
    @inline(__always)
    package static func leaf(of keyDigest: UInt64) -> Int { Int(keyDigest >> 48) }

    /// Adds a record.
    package mutating func add(_ digest: Digest128, key keyDigest: UInt64) {
        leaves[Self.leaf(of: keyDigest)].add(digest)
    }

    /// Takes a record away that was added.
    package mutating func remove(_ digest: Digest128, key keyDigest: UInt64) {
        leaves[Self.leaf(of: keyDigest)].subtract(digest)
    }

    /// Adds sums by leaf, 65,536 of them.
    mutating func add(_ sums: UnsafeBufferPointer<LeafSum>) {
        for index in sums.indices where !sums[index].isEmpty { leaves[index].add(sums[index]) }
    }

    /// The number of records.
    package var count: UInt64 { leaves.reduce(0) { $0 &+ $1.count } }

    /// The prefixes of the leaves in which two trees differ, ascending.
    package func differingLeaves(from other: MerkleTree) -> [Int] {
        let own = sumsByLevel()
        let others = other.sumsByLevel()
        var result: [Int] = []
        func descend(level: Int, node: Int) {
            guard own[level][node] != others[level][node] else { return }
            guard level < Self.depth else { return result.append(node) }
            for child in 0..<Self.fanOut { descend(level: level + 1, node: node * Self.fanOut + child) }
        }
        descend(level: 0, node: 0)
        return result
    }

    /// Sums of all nodes, from the top to the leaves.
    private func sumsByLevel() -> [[LeafSum]] {
        var levels = [leaves]
        for _ in 0..<Self.depth {
            let below = levels[0]
            var level = Array(repeating: LeafSum(), count: below.count / Self.fanOut)
            for (index, sum) in below.enumerated() where !sum.isEmpty { level[index / Self.fanOut].add(sum) }
            levels.insert(level, at: 0)
        }
        return levels
    }

    /// The top node's hash, 32 bytes.
    package var topHash: [UInt8] {
        // A level's hashes, one behind the other, and which of its nodes have records under them.
        var hashes = ByteBuffer(capacity: leaves.count * Self.hashCount)
        var isEmpty = leaves.map(\.isEmpty)
        let emptyLeaf = Self.emptyHash(level: Self.depth)
        var message = ByteBuffer(capacity: 1 + Self.fanOut * Self.hashCount)
        for (prefix, sum) in leaves.enumerated() {
            if sum.isEmpty {
                emptyLeaf.withUnsafeBytes { hashes.append($0) }
            } else {
                Self.write(sum, prefix: UInt16(prefix), to: &message)
                Self.appendHash(of: message.bytes, to: &hashes)
            }
        }
        for level in stride(from: Self.depth - 1, through: 0, by: -1) {
            let empty = Self.emptyHash(level: level)
            var above = ByteBuffer(capacity: hashes.count / Self.fanOut)
            isEmpty = stride(from: 0, to: isEmpty.count, by: Self.fanOut)
                .map { first in
                    isEmpty[first..<(first + Self.fanOut)].allSatisfy { $0 }
                }
            for node in isEmpty.indices {
                if isEmpty[node] {
                    empty.withUnsafeBytes { above.append($0) }
                } else {
                    let start = node * Self.fanOut * Self.hashCount
                    message.count = 0
                    message.append(0x01)
                    message.append(hashes.bytes(start..<(start + Self.fanOut * Self.hashCount)))
                    Self.appendHash(of: message.bytes, to: &above)
                }
            }
            hashes = above
        }
        return Array(hashes.bytes)
    }

    /// Bytes of a hash.
    private static let hashCount = 32

    private static func appendHash(of message: UnsafeRawBufferPointer, to out: inout ByteBuffer) {
        var hash = SHA256()
        hash.update(bufferPointer: message)
        hash.finalize().withUnsafeBytes { out.append($0) }
    }

    /// Writes what a leaf's hash is of.
    private static func write(_ sum: LeafSum, prefix: UInt16, to message: inout ByteBuffer) {
        message.count = 0
        message.append(0x00)
        withUnsafeBytes(of: prefix.bigEndian) { message.append($0) }
        let words = (
            sum.count.bigEndian, sum.lanes.0.bigEndian, sum.lanes.1.bigEndian, sum.lanes.2.bigEndian,
            sum.lanes.3.bigEndian
        )
        withUnsafeBytes(of: words) { message.append($0) }
    }

    /// The root, as `sha256:` and 64 hexadecimal digits.
    ///
    /// - Parameters:
    ///   - scheme: of the digests.
    ///   - phoneRegion: in which numbers without a country code were read.
    ///   - set: the fields that the digests are over.
    package func root(scheme: HashScheme, phoneRegion: String, set: FieldSet) -> String {
        root(label: "canonical/1|\(scheme.rawValue)|\(phoneRegion)|\(set.label)")
    }

    func root(label: String) -> String {
        var hash = SHA256()
        hash.update(data: [0x03])
        hash.update(data: withUnsafeBytes(of: UInt32(label.utf8.count).bigEndian) { Array($0) })
        hash.update(data: Array(label.utf8))
        hash.update(data: topHash)
        return "sha256:" + hash.finalize().map { String(format: "%02x", $0) }.joined()
    }

    private static func emptyHash(level: Int) -> [UInt8] { Array(SHA256.hash(data: [0x02, UInt8(level)] as [UInt8])) }
}
