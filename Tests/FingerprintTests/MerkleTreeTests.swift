import TestSupport
import Contacts
import Contacts
import Testing

@testable import Fingerprint

@Suite struct MerkleTreeTests {
    private struct Row: Hashable {
        let key: UInt64
        let digest: Digest128
    }

    private func rows(_ count: Int, _ random: inout SeededGenerator) -> [Row] {
        (0..<count)
            .map { _ in
                // Few leaves, so that some have several records.
                let key = random.next() & 0x03FF_FFFF_FFFF_FFFF | (random.oneIn(2) ? 0 : 0xFC00_0000_0000_0000)
                return Row(key: key, digest: Digest128(high: random.next(), low: random.next()))
            }
    }

    private func tree(_ rows: some Sequence<Row>) -> MerkleTree {
        rows.reduce(into: MerkleTree()) { $0.add($1.digest, key: $1.key) }
    }

    @Test func `the tree does not depend on the order of the records`() {
        var random = SeededGenerator(11)
        let rows = rows(5_000, &random)
        let expected = tree(rows)
        let top = expected.topHash
        for _ in 0..<5 {
            let other = tree(rows.shuffled(using: &random))
            #expect(other.leaves == expected.leaves)
            #expect(other.differingLeaves(from: expected).isEmpty)
            #expect(other.topHash == top)
        }
    }

    @Test(arguments: 0..<5) func `inserts, updates and deletes lead to the tree built anew`(_ seed: UInt64) {
        var random = SeededGenerator(seed)
        var rows = rows(500, &random)
        var tree = tree(rows)
        for _ in 0..<3_000 {
            switch Int.random(in: 0..<3, using: &random) {
            case 0:
                let row = random.oneIn(9) ? random.pick(rows) : self.rows(1, &random)[0]
                rows.append(row)
                tree.add(row.digest, key: row.key)
            case 1:
                let index = Int.random(in: rows.indices, using: &random)
                let changed = Row(key: rows[index].key, digest: Digest128(high: random.next(), low: random.next()))
                tree.remove(rows[index].digest, key: rows[index].key)
                tree.add(changed.digest, key: changed.key)
                rows[index] = changed
            case _ where rows.count > 1:
                let row = rows.remove(at: Int.random(in: rows.indices, using: &random))
                tree.remove(row.digest, key: row.key)
            default: break
            }
        }
        let expected = self.tree(rows)
        #expect(tree.leaves == expected.leaves)
        #expect(tree.count == UInt64(rows.count))
        #expect(tree.topHash == expected.topHash)
        for row in rows { tree.remove(row.digest, key: row.key) }
        #expect(tree.topHash == MerkleTree().topHash)
    }

    @Test func `the leaves that differ are those whose sums differ`() {
        var random = SeededGenerator(12)
        for count in [0, 1, 2, 20, 500] {
            let rows = rows(3_000, &random)
            let one = tree(rows)
            var other = one
            for _ in 0..<count {
                let row = random.oneIn(2) ? random.pick(rows) : self.rows(1, &random)[0]
                if random.oneIn(2) {
                    other.remove(row.digest, key: row.key)
                } else {
                    other.add(row.digest, key: row.key)
                }
            }
            let naive = (0..<MerkleTree.leafCount).filter { one.leaves[$0] != other.leaves[$0] }
            #expect(one.differingLeaves(from: other) == naive)
            #expect(other.differingLeaves(from: one) == naive)
            #expect((one.topHash == other.topHash) == naive.isEmpty)
        }
    }

    @Test func `two equal rows do not cancel each other out`() {
        let digest = Digest128(high: .max, low: 0x8000_0000_8000_0000)
        var tree = MerkleTree()
        let empty = tree.topHash
        var hashes: Set<[UInt8]> = [empty]
        for count in 1...4 {
            tree.add(digest, key: 1)
            #expect(tree.count == UInt64(count))
            #expect(hashes.insert(tree.topHash).inserted)
        }
    }

    @Test func `differences that add up to one sum are seen by the count alone`() {
        var one = MerkleTree()
        one.add(Digest128(high: 3, low: 0), key: 0)
        var two = MerkleTree()
        two.add(Digest128(high: 1, low: 0), key: 0)
        two.add(Digest128(high: 2, low: 0), key: 0)
        #expect(one.differingLeaves(from: two) == [0])
        #expect(one.topHash != two.topHash)
    }

    @Test func `a leaf is named by the first sixteen bits of the key digest`() {
        #expect(MerkleTree.leaf(of: 0) == 0)
        #expect(MerkleTree.leaf(of: 0x06EE_D105_B822_85FA) == 0x06EE)
        #expect(MerkleTree.leaf(of: .max) == 0xFFFF)
    }

    @Test(arguments: [
        (HashScheme.xxh3, "sha256:0a0cb1150a38bfc875ba58bb2bd8b066e4f26d16c45d99ae320783ca41e4dc53"),
        (HashScheme.sha256, "sha256:1b22a61f63b1e44e5540c17a7aba918651712145a58c05d077c28509d3275e74"),
    ])
    func `the worked example has its published root`(_ scheme: HashScheme, _ root: String) throws {
        let folder = try TemporaryFolder()
        let fields = SpoolScan.fields(["contact_id": .id, "first_name": .text, "last_name": .text, "is_me": .bool])
        let scan = try SpoolScan(fields, scheme: scheme, folder)
        try scan.receive([SpoolScan.Row(.integer(1), [.text("007"), .text("Ada"), .null, .integer(0)])])
        #expect(scan.fingerprint.root(0) == root)
    }
}
