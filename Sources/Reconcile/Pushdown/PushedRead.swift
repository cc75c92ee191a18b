package import Contacts
package import Fingerprint

/// Fingerprints a store by the digests that its own engine computes, and reads of it only what differs from stores that are
/// scanned.
///
/// What comes out is compared as a scan is: the same trees, counts, pairs and suspects. What may be relied on: equal sums over a
/// field set mean the same live rows, those of repeated keys included, each by itself. A contact that differs from any scan
/// makes a sum differ, as one does that is soft-deleted here and alive there, so that all its rows are read. Of records that
/// agree, row, version and times are not known, and nothing is asked of them but what a second read looks up by their key; of
/// soft-deleted records those that agree with all scans are counted alone. So a roll does not learn of a contact that canonical
/// has held as soft-deleted only, in every run.
package struct PushedRead: Sendable {
    /// A scan that the store is compared with.
    package struct Side: Sendable {
        let scan: StoreFingerprint
        let scanSet: Int
        let ownSet: Int

        /// - Parameters:
        ///   - scan: a complete one.
        ///   - scanSet: which of its field sets is compared.
        ///   - ownSet: which of the store's field sets that is.
        package init(scan: StoreFingerprint, scanSet: Int, ownSet: Int) {
            self.scan = scan
            self.scanSet = scanSet
            self.ownSet = ownSet
        }
    }

    /// What became of it.
    package enum Outcome: Sendable, Hashable {
        /// The fingerprint is complete; the number of rows that were read, and what proves the rest.
        case complete(read: Int, proof: ReadProof)
        /// The store is to be scanned whole; why, in words that may follow "since". The fingerprint is of no use.
        case whole(why: String)
    }

    private let session: any DigestPushdown
    private let fingerprint: StoreFingerprint
    private let sides: [Side]
    private let memory: Int

    /// - Parameters:
    ///   - session: has no obstacle to the field sets of `sides`.
    ///   - fingerprint: an empty one, of the session's layout, with the scheme `sha256`.
    ///   - sides: at least one.
    ///   - memory: bytes that may be taken for sums and partitions in hand.
    package init(session: any DigestPushdown, fingerprint: StoreFingerprint, sides: [Side], memory: Int) {
        self.session = session
        self.fingerprint = fingerprint
        self.sides = sides
        self.memory = memory
    }

    /// A store of which more than one record or group in so many differs is scanned whole: that is one query, and is not
    /// dearer.
    private static let largestPart = 4
    /// Bytes that a group's sum takes in a dictionary, twice.
    private static let groupBytes = 160

    /// Sums, compares, reads what differs and takes over the rest.
    ///
    /// - Parameter progress: is told numbers of rows that were read.
    /// - Throws: `StoreError`, `SpoolError`, `CancellationError`.
    package func run(progress: @escaping @Sendable (Int) -> Void) async throws -> Outcome {
        var pushed: [Int: PushedLeaves] = [:]
        for set in Set(sides.map(\.ownSet)).sorted() {
            pushed[set] = try await session.leafSums(of: fingerprint.sets[set])
        }
        guard let first = pushed[sides[0].ownSet] else { return .whole(why: "nothing is compared with it") }
        let groups: Set<UInt32>
        switch try await differingGroups(pushed, records: first.records) {
        case .success(let found): groups = found
        case .failure(let refusal): return .whole(why: refusal.why)
        }
        var rows = 0
        if !groups.isEmpty || first.withoutKey > 0 {
            let sink = fingerprint.makeSink(progress: progress)
            rows = try await session.scan(groups: groups.sorted(), withoutKey: first.withoutKey > 0, into: sink)
            try sink.finish()
        }
        let read = fingerprint.counts
        guard try fingerprint.takeRecords(of: sources, except: groups, memory: memory), isWhole(pushed) else {
            return .whole(why: "what its engine counted is not what the other stores hold and was read")
        }
        // Of a row without a key the engine does not tell whether it is deleted.
        var counts = fingerprint.counts
        counts.rows = first.proof.rows
        counts.deleted = first.deleted + max(0, first.withoutKey - read.unreadable - read.unlinked)
        counts.newestChange = first.newestChange
        fingerprint.settle(counts, trees: try await uncomparedTrees(pushed))
        var proof = first.proof
        proof = ReadProof(
            rows: proof.rows,
            statement: proof.statement
                + "; \(rows) of them, in whose groups digests differ or that have no key, were read",
            remarks: proof.remarks
        )
        return .complete(read: rows, proof: proof)
    }

    /// One scan for each field set: stores that share one hold the same records where all sums are equal.
    private var sources: [TakenRecords.Source] {
        var seen: Set<Int> = []
        return sides.filter { seen.insert($0.ownSet).inserted }
            .map { TakenRecords.Source(scan: $0.scan, scanSet: $0.scanSet, ownSet: $0.ownSet) }
    }

    // MARK: What differs

    private struct Refusal: Error {
        let why: String
    }

    /// The groups in which the store differs from any scan. A sum over fields holds the key too, so that a record more or
    /// less, or one in the place of another, differs over every field set.
    private func differingGroups(_ pushed: [Int: PushedLeaves], records: Int) async throws -> Result<
        Set<UInt32>, Refusal
    > {
        let leaves = sides.map { pushed[$0.ownSet]?.tree.differingLeaves(from: $0.scan.tree($0.scanSet)) ?? [] }
        var groups: Set<UInt32> = []
        var reading = 0
        for (set, sums) in pushed.sorted(by: { $0.key < $1.key }) {
            let wanted = Set(zip(sides, leaves).flatMap { $0.ownSet == set ? $1 : [] })
            guard !wanted.isEmpty else { continue }
            let inThem = wanted.reduce(0) { $0 + Int(clamping: sums.sums[$1]?.count ?? 0) }
            let expected = min(inThem, wanted.count * KeyGroup.perLeaf)
            guard expected <= memory / Self.groupBytes else {
                return .failure(
                    Refusal(why: "its \(wanted.count) leaves that differ have more groups than fit the memory")
                )
            }
            let own = try await session.groupSums(of: fingerprint.sets[set], in: wanted.sorted())
            for (side, leaves) in zip(sides, leaves) where side.ownSet == set && !leaves.isEmpty {
                let others = try side.scan.groupSums(of: side.scanSet, in: leaves)
                let isLeaf = Set(leaves)
                for (group, sum) in own where isLeaf.contains(KeyGroup.leaf(of: group)) && others[group] != sum {
                    if groups.insert(group).inserted { reading += Int(clamping: sum.count) }
                }
                // What the store does not hold costs nothing to ask for; it may be soft-deleted there.
                for group in others.keys where own[group] == nil { groups.insert(group) }
            }
        }
        guard reading <= records / Self.largestPart else {
            return .failure(Refusal(why: "\(reading) of its \(records) records are in groups that differ"))
        }
        // Groups that it has no records in are asked for as well.
        let most = sides.reduce(records) { max($0, $1.scan.counts.records) }
        guard groups.count <= most / Self.largestPart else {
            return .failure(Refusal(why: "\(groups.count) groups of contacts differ"))
        }
        return .success(groups)
    }

    /// Whether every leaf has as many records as the engine counted, over every field set.
    private func isWhole(_ pushed: [Int: PushedLeaves]) -> Bool {
        pushed.allSatisfy { set, leaves in
            zip(fingerprint.tree(set).leaves, leaves.tree.leaves).allSatisfy { $0.count == $1.count }
        }
    }

    /// The trees over field sets that no scan is compared by, as canonical's own may be: as the engine has them where it was
    /// certain of every text.
    private func uncomparedTrees(_ pushed: [Int: PushedLeaves]) async throws -> [Int: MerkleTree?] {
        var trees: [Int: MerkleTree?] = [:]
        for set in fingerprint.sets.indices where pushed[set] == nil {
            guard session.obstacle(to: fingerprint.sets[set]) == nil else {
                trees.updateValue(nil, forKey: set)
                continue
            }
            let leaves = try await session.leafSums(of: fingerprint.sets[set])
            trees.updateValue(leaves.uncertain == 0 ? leaves.tree : nil, forKey: set)
        }
        return trees
    }
}
