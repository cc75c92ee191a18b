import Contacts
package import Fingerprint

/// Compares the scans of all stores with canonical's at once, partition by partition, in bounded memory.
package struct StoreComparison: Sendable {
    /// The scan of canonical.
    package let canonical: StoreFingerprint
    /// The scans that are compared with it; results number stores as they stand here.
    package let stores: [ComparedStore]
    /// Seconds since 1970: when the run began.
    package let now: Int64
    /// How long a roll remembers a contact that is gone, in seconds.
    package let retention: Int64
    /// Bytes that the partitions in hand may take.
    package let memory: Int

    /// Nothing is compared yet; the scans must be complete.
    package init(canonical: StoreFingerprint, stores: [ComparedStore], now: Int64, retention: Int64, memory: Int) {
        self.canonical = canonical
        self.stores = stores
        self.now = now
        self.retention = retention
        self.memory = memory
    }

    /// Bytes in memory for each byte of a spool.
    private static let overhead = 4

    /// Compares everything. Results come one at a time, in order of their partition; of a partition that is read in
    /// parts there are several.
    package func run(_ take: (PartitionResult) throws -> Void) async throws {
        let differing = stores.map { store in
            var leaves = [Bool](repeating: false, count: MerkleTree.leafCount)
            for leaf in canonical.tree(store.canonicalSet).differingLeaves(from: store.fingerprint.tree(0)) {
                leaves[leaf] = true
            }
            return leaves
        }
        let comparison = PartitionComparison(
            canonical: canonical,
            stores: stores,
            differing: differing,
            now: now,
            retention: retention
        )
        let workers = Cores.available
        let work = (0..<SpoolFile.partitionCount)
            .flatMap { partition -> [(partition: Int, index: Int, count: Int)] in
                let count = parts(of: partition, workers: workers)
                return (0..<count).map { (partition, $0, count) }
            }
        try await withThrowingTaskGroup(of: (Int, PartitionResult).self) { group in
            var waiting: [Int: PartitionResult] = [:]
            var taken = 0
            var started = 0
            while taken < work.count {
                // Results wait for those before them, so no more are started than may wait.
                while started < work.count, started < taken + 2 * workers {
                    let (number, item) = (started, work[started])
                    group.addTask {
                        try Task.checkCancellation()
                        return (number, try comparison.run(item.partition, part: (item.index, item.count)))
                    }
                    started += 1
                }
                guard let (number, result) = try await group.next() else { break }
                waiting[number] = result
                while let next = waiting.removeValue(forKey: taken) {
                    try take(next)
                    taken += 1
                }
            }
        }
    }

    /// In how many parts a partition is read, so that all workers together keep to the memory.
    private func parts(of partition: Int, workers: Int) -> Int {
        let bytes = ([canonical] + stores.map(\.fingerprint)).reduce(0) { $0 + $1.spoolCount(of: partition) }
        return max(1, (bytes * Self.overhead * workers + memory - 1) / max(memory, 1))
    }
}
