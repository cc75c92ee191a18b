import Contacts
import Fingerprint

/// Compares one partition of all stores' spools, contact by contact, and brings the rolls forward.
///
/// Records are only compared in leaves whose sums differ; what stands in other leaves is equal.
struct PartitionComparison {
    let canonical: StoreFingerprint
    let stores: [ComparedStore]
    /// By compared store, by leaf: whether the leaf's sums differ.
    let differing: [[Bool]]
    /// Seconds since 1970: when the run began.
    let now: Int64
    /// How long a roll remembers a contact that is gone, in seconds.
    let retention: Int64

    /// - Parameter part: which of how many parts of the partition are compared; see `SpoolPartition`.
    func run(_ partition: Int, part: (index: Int, count: Int)) throws -> PartitionResult {
        let canonicalPart = try SpoolPartition(partition, part: part, of: canonical)
        let contacts = canonicalPart.contacts
        let parts = try stores.map { store in
            try SpoolPartition(partition, part: part, of: store.fingerprint) { keyDigest, key, digest in
                guard let index = canonicalPart.index(of: keyDigest, key: key), !contacts.isDeleted(index) else {
                    return false
                }
                return contacts.digest(store.canonicalSet, index) == digest
            }
        }
        let rolls = try stores.map { try $0.history?.lines(of: partition, part: part) ?? [] }
        return withExtendedLifetime((canonicalPart, parts)) {
            var walk = Walk(comparison: self, partition: partition, canonicalPart, parts, rolls)
            return walk.run()
        }
    }

    /// The merge of the sorted sides, contact by contact.
    private struct Walk {
        let comparison: PartitionComparison
        /// Canonical first.
        let partitions: [SpoolPartition]
        /// Their contacts.
        let sides: [SpoolContacts]
        let rolls: [[RollLine]]
        let pairs: [(a: Int, b: Int)]
        /// Contacts that are equal on all sides and in no count of pairs yet.
        var equalOnAll = 0
        /// The last of canonical's contacts whose version went backwards.
        var regressedCanonical = -1
        var positions: [Int]
        var rollPositions: [Int]
        var result: PartitionResult

        init(
            comparison: PartitionComparison,
            partition: Int,
            _ canonical: SpoolPartition,
            _ stores: [SpoolPartition],
            _ rolls: [[RollLine]]
        ) {
            self.comparison = comparison
            self.rolls = rolls
            partitions = [canonical] + stores
            sides = partitions.map(\.contacts)
            pairs = StorePairs.all(stores: stores.count)
            positions = Array(repeating: 0, count: sides.count)
            rollPositions = Array(repeating: 0, count: stores.count)
            result = PartitionResult(
                partition: partition,
                pairs: Array(repeating: PairCounts(), count: pairs.count),
                rolls: Array(repeating: [], count: stores.count)
            )
        }

        mutating func run() -> PartitionResult {
            // -1 where a side does not have the contact.
            var found = [Int](repeating: -1, count: sides.count)
            for store in rolls.indices {
                result.rolls[store].reserveCapacity(sides[store + 1].count * RollLine.byteCount)
            }
            while let keyDigest = nextDigest() {
                if passEqual(keyDigest) { continue }
                let isShared = isSharedDigest(keyDigest)
                repeat {
                    takeNext(keyDigest, &found)
                    if found.allSatisfy({ $0 < 0 }) { break }
                    compare(keyDigest, found, hasHistory: !isShared)
                } while isShared
                for store in rolls.indices { skipRoll(store, through: keyDigest, isPresent: true) }
            }
            for store in rolls.indices { skipRoll(store, through: .max, isPresent: false) }
            for pair in result.pairs.indices { result.pairs[pair].equal += equalOnAll }
            return result
        }

        /// Passes a contact that stands once, alive and equal on every side, as nearly all do; false for any other.
        private mutating func passEqual(_ keyDigest: UInt64) -> Bool {
            let canonical = sides[0]
            let own = positions[0]
            guard own < canonical.count, canonical.keyDigest(own) == keyDigest, canonical.isAlone(own),
                !canonical.isDeleted(own)
            else { return false }
            for number in 1..<sides.count {
                let side = sides[number]
                let index = positions[number]
                guard index < side.count, side.keyDigest(index) == keyDigest, side.isAlone(index),
                    !side.isDeleted(index), side.isSameKey(index, canonical, own),
                    side.digest(0, index) == canonical.digest(comparison.stores[number - 1].canonicalSet, own)
                else { return false }
            }
            for store in rolls.indices {
                bringForward(store, keyDigest, positions[store + 1], canonical: own, isEqual: true)
                skipRoll(store, through: keyDigest, isPresent: true)
            }
            for number in sides.indices { positions[number] += 1 }
            equalOnAll += 1
            return true
        }

        /// The smallest key digest that is not compared yet.
        private func nextDigest() -> UInt64? {
            var next: UInt64?
            for (side, position) in zip(sides, positions) where position < side.count {
                let digest = side.keyDigest(position)
                if next.map({ digest < $0 }) ?? true { next = digest }
            }
            return next
        }

        /// Whether several keys have this digest, so that a roll cannot tell them apart.
        private func isSharedDigest(_ keyDigest: UInt64) -> Bool {
            var first: (side: Int, index: Int)?
            for (number, side) in sides.enumerated() {
                var index = positions[number]
                while index < side.count, side.keyDigest(index) == keyDigest {
                    if let first, !isSameKey(first, (number, index)) { return true }
                    if first == nil { first = (number, index) }
                    index += 1
                }
            }
            return false
        }

        private func isSameKey(_ a: (side: Int, index: Int), _ b: (side: Int, index: Int)) -> Bool {
            sides[a.side].isSameKey(a.index, sides[b.side], b.index)
        }

        /// Takes the smallest key of that digest from every side that has it.
        private mutating func takeNext(_ keyDigest: UInt64, _ found: inout [Int]) {
            var smallest: (side: Int, index: Int)?
            for number in sides.indices {
                found[number] = -1
                let index = positions[number]
                guard index < sides[number].count, sides[number].keyDigest(index) == keyDigest else { continue }
                guard let other = smallest else {
                    smallest = (number, index)
                    continue
                }
                if precedes((number, index), other) { smallest = (number, index) }
            }
            guard let smallest else { return }
            for number in sides.indices {
                let index = positions[number]
                guard index < sides[number].count, sides[number].keyDigest(index) == keyDigest,
                    isSameKey(smallest, (number, index))
                else { continue }
                found[number] = index
                positions[number] += 1
            }
        }

        private func precedes(_ a: (side: Int, index: Int), _ b: (side: Int, index: Int)) -> Bool {
            sides[a.side].key(a.index).lexicographicallyPrecedes(sides[b.side].key(b.index))
        }

        private mutating func compare(_ keyDigest: UInt64, _ found: [Int], hasHistory: Bool) {
            for number in sides.indices where found[number] >= 0 && sides[number].rowCount(found[number]) > 1 {
                result.duplicates.append(
                    DuplicateKey(
                        key: key(found),
                        store: number,
                        rowCount: sides[number].rowCount(found[number]),
                        rows: partitions[number].rows(found[number])
                    )
                )
            }
            let canonicalIsAlive = found[0] >= 0 && !sides[0].isDeleted(found[0])
            let leaf = MerkleTree.leaf(of: keyDigest)
            var isSuspect = false
            // 0: not there or deleted, 1: equal to canonical, 2: another.
            var standing = [UInt8](repeating: 0, count: sides.count)
            standing[0] = canonicalIsAlive ? 1 : 0
            for store in rolls.indices {
                let index = found[store + 1]
                let isAlive = index >= 0 && !sides[store + 1].isDeleted(index)
                let isEqual: Bool
                if isAlive, canonicalIsAlive {
                    isEqual =
                        !comparison.differing[store][leaf]
                        || sides[store + 1].digest(0, index)
                            == sides[0].digest(comparison.stores[store].canonicalSet, found[0])
                } else {
                    isEqual = isAlive == canonicalIsAlive
                }
                standing[store + 1] = isAlive ? (isEqual ? 1 : 2) : 0
                if !isEqual { isSuspect = true }
            }
            count(standing, found)
            if isSuspect { result.suspects.append(suspect(keyDigest, found, hasHistory: hasHistory)) }
            guard hasHistory else { return }
            for store in rolls.indices {
                bringForward(
                    store,
                    keyDigest,
                    found[store + 1],
                    canonical: found[0],
                    isEqual: standing[store + 1] == 1
                )
            }
        }

        /// Counts the contact in every pair of stores.
        private mutating func count(_ standing: [UInt8], _ found: [Int]) {
            for (number, pair) in pairs.enumerated() {
                switch (standing[pair.a] > 0, standing[pair.b] > 0) {
                case (false, false): break
                case (true, false): result.pairs[number].onlyA += 1
                case (false, true): result.pairs[number].onlyB += 1
                case (true, true):
                    if isEqualPair(pair, standing, found) {
                        result.pairs[number].equal += 1
                    } else {
                        result.pairs[number].differ += 1
                    }
                }
            }
        }

        /// Two stores equal to canonical are equal; two others are when they hold the same fields alike.
        private func isEqualPair(_ pair: (a: Int, b: Int), _ standing: [UInt8], _ found: [Int]) -> Bool {
            if standing[pair.a] == 1, standing[pair.b] == 1 { return true }
            guard pair.a > 0, standing[pair.a] == 2, standing[pair.b] == 2 else { return false }
            let stores = comparison.stores
            return stores[pair.a - 1].canonicalSet == stores[pair.b - 1].canonicalSet
                && sides[pair.a].digest(0, found[pair.a]) == sides[pair.b].digest(0, found[pair.b])
        }

        private func key(_ found: [Int]) -> String {
            let number = found.firstIndex { $0 >= 0 } ?? 0
            return String(decoding: sides[number].key(found[number]), as: UTF8.self)
        }

        private func suspect(_ keyDigest: UInt64, _ found: [Int], hasHistory: Bool) -> Suspect {
            let canonical = side(0, found)
            let stores = rolls.indices.map { store in
                let line = hasHistory ? rollLine(store, keyDigest) : nil
                let own = comparison.stores[store]
                return Suspect.StoreSide(
                    side: side(store + 1, found),
                    canonicalDigest: canonical.isAlive ? canonical.digests[own.canonicalSet] : nil,
                    base: own.isHistoryComparable ? line?.agreed : nil,
                    canonicalHad: own.history == nil ? nil : line?.canonicalHad ?? false
                )
            }
            return Suspect(key: key(found), canonical: canonical, stores: stores)
        }

        private func side(_ number: Int, _ found: [Int]) -> Suspect.Side {
            guard found[number] >= 0 else { return .absent }
            let entry = partitions[number].entry(found[number])
            return Suspect.Side(
                state: entry.isDeleted ? .deleted : .alive,
                digests: entry.isDeleted ? [] : entry.digests,
                rows: partitions[number].rows(found[number]),
                version: entry.version,
                lastUpdated: entry.lastUpdated,
                newestChange: entry.newestChange
            )
        }

        // MARK: Rolls

        /// The old line of a contact; the walk has not passed it yet.
        private func rollLine(_ store: Int, _ keyDigest: UInt64) -> RollLine? {
            var index = rollPositions[store]
            while index < rolls[store].count, rolls[store][index].keyDigest < keyDigest { index += 1 }
            guard index < rolls[store].count, rolls[store][index].keyDigest == keyDigest else { return nil }
            return rolls[store][index]
        }

        /// Writes a contact's new line.
        ///
        /// - Parameters:
        ///   - index: of the contact on the store's side, or -1.
        ///   - canonical: of the contact on canonical's, likewise.
        private mutating func bringForward(
            _ store: Int,
            _ keyDigest: UInt64,
            _ index: Int,
            canonical: Int,
            isEqual: Bool
        ) {
            skipRoll(store, through: keyDigest &- 1, isPresent: false, unless: keyDigest == 0)
            let old = rollLine(store, keyDigest)
            let isAlive = index >= 0 && !sides[store + 1].isDeleted(index)
            let digest = isAlive ? sides[store + 1].digest(0, index) : nil
            let ownVersion = version(store + 1, index)
            let canonicalVersion = version(0, canonical)
            if let old {
                // What several rolls tell of canonical is told once.
                if canonicalVersion < old.canonicalVersion, canonical != regressedCanonical {
                    regress(0, canonical)
                    regressedCanonical = canonical
                }
                if ownVersion < old.version { regress(store + 1, index) }
            }
            let line = RollLine(
                keyDigest: keyDigest,
                digest: digest,
                agreed: isEqual ? digest : comparison.stores[store].isHistoryComparable ? old?.agreed : nil,
                version: max(old?.version ?? .min, ownVersion),
                canonicalVersion: max(old?.canonicalVersion ?? .min, canonicalVersion),
                canonicalHad: canonical >= 0 || (old?.canonicalHad ?? false),
                seenAt: comparison.now
            )
            line.append(to: &result.rolls[store])
        }

        /// `Int64.min` where the side does not have the contact, or the contact no version.
        private func version(_ side: Int, _ index: Int) -> Int64 { index >= 0 ? sides[side].version(index) : .min }

        /// Takes note of a version that went backwards; a version that is gone has not.
        private mutating func regress(_ side: Int, _ index: Int) {
            guard version(side, index) != .min, !sides[side].isDeleted(index) else { return }
            let key = String(decoding: sides[side].key(index), as: UTF8.self)
            result.regressions.append(VersionRegression(key: key, store: side))
        }

        /// Passes old lines up to a key digest. Lines of contacts that no side has any more stay for the retention.
        ///
        /// - Parameters:
        ///   - isPresent: whether the line of exactly that digest has been written anew.
        ///   - unless: nothing is passed.
        private mutating func skipRoll(
            _ store: Int,
            through keyDigest: UInt64,
            isPresent: Bool,
            unless: Bool = false
        ) {
            guard !unless else { return }
            while rollPositions[store] < rolls[store].count {
                var line = rolls[store][rollPositions[store]]
                guard line.keyDigest <= keyDigest else { return }
                rollPositions[store] += 1
                if isPresent, line.keyDigest == keyDigest { continue }
                guard comparison.now - line.seenAt <= comparison.retention else { continue }
                line.digest = nil
                if !comparison.stores[store].isHistoryComparable { line.agreed = nil }
                line.append(to: &result.rolls[store])
            }
        }
    }
}
