package import Contacts
import Fingerprint

/// Reads suspects again from every store before anything is said of them.
package struct Recheck: Sendable {
    /// Reads canonical, over the field sets of the scan.
    package let canonical: StoreReader
    /// One for each compared store, in their order; nil where the store can no longer be read.
    package internal(set) var stores: [StoreReader?]
    /// By compared store, which of canonical's field sets it shares.
    package let canonicalSets: [Int]
    /// Microseconds since 1970: when the second read is made.
    package let now: Int64
    /// Microseconds for which a change counts as still under way.
    package let lag: Int64
    /// Whether this is the scan's own state: it confirms what the scan saw.
    package let isScan: Bool

    /// Nothing is read yet; the readers' sessions stay open until their owner closes them.
    package init(
        canonical: StoreReader,
        stores: [StoreReader?],
        canonicalSets: [Int],
        now: Int64,
        lag: Int64,
        isScan: Bool
    ) {
        self.canonical = canonical
        self.stores = stores
        self.canonicalSets = canonicalSets
        self.now = now
        self.lag = lag
        self.isScan = isScan
    }

    /// What became of these suspects, in their order. All stores are read at the same time.
    ///
    /// A compared store that cannot be read is passed to `failed` with its position, once, and is not read any more: its
    /// differences are `unchecked`.
    ///
    /// - Throws: `StoreError` where canonical cannot be read.
    package mutating func read(
        _ suspects: [Suspect],
        failed: (_ store: Int, _ error: StoreError) -> Void
    ) async throws -> [Difference] {
        let candidates = try await candidates(suspects, failed)
        return suspects.indices.map { index in
            let held = canonical.contact(of: candidates[0]?[index] ?? [])
            let found = stores.enumerated()
                .map { store, reader in
                    reader?
                        .contact(
                            of: candidates[store + 1]?[index] ?? [],
                            preferred: alive(held)?.digests[canonicalSets[store]]
                        )
                }
            return difference(suspects[index], held, found, wasRead: stores.map { $0 != nil })
        }
    }

    /// What one store holds of some suspects. Canonical is number 0.
    private struct Candidates: Sendable {
        let number: Int
        let result: Result<[[CanonicalContact]], StoreError>
    }

    /// The records of these suspects: canonical's, then each compared store's; nil for a store that is not read.
    private mutating func candidates(
        _ suspects: [Suspect],
        _ failed: (_ store: Int, _ error: StoreError) -> Void
    ) async throws -> [[[CanonicalContact]]?] {
        var found = [Result<[[CanonicalContact]], StoreError>?](repeating: nil, count: stores.count + 1)
        try await withThrowingTaskGroup(of: Candidates.self) { group in
            for (number, reader) in ([canonical] + stores).enumerated() {
                guard let reader else { continue }
                let requests = suspects.map { suspect in
                    let side = number == 0 ? suspect.canonical : suspect.stores[number - 1].side
                    // A record that was taken over from another store's scan may be spelled in any way.
                    return RecordRequest(
                        key: suspect.key,
                        rows: side.rows,
                        isThorough: side.isAlive && side.rows.isEmpty
                    )
                }
                group.addTask {
                    do {
                        return Candidates(number: number, result: .success(try await reader.candidates(requests)))
                    } catch let error as StoreError {
                        return Candidates(number: number, result: .failure(error))
                    }
                }
            }
            for try await candidates in group { found[candidates.number] = candidates.result }
        }
        if case .failure(let error) = found[0] { throw error }
        for (store, result) in found.dropFirst().enumerated() {
            guard case .failure(let error) = result else { continue }
            stores[store] = nil
            failed(store, error)
        }
        return found.map { try? $0?.get() }
    }

    private func alive(_ contact: CanonicalContact?) -> CanonicalContact? {
        contact.flatMap { $0.isDeleted ? nil : $0 }
    }

    private func difference(
        _ suspect: Suspect,
        _ canonical: CanonicalContact?,
        _ now: [CanonicalContact?],
        wasRead: [Bool]
    ) -> Difference {
        let isGone = alive(canonical) == nil && now.allSatisfy { alive($0) == nil }
        return Difference(
            suspect: suspect,
            canonical: canonical,
            stores: suspect.stores.indices.map { store in
                Difference.StoreDifference(
                    contact: now[store],
                    state: state(suspect, store, canonical, now, wasRead: wasRead[store], isGone: isGone),
                    fields: fields(store, alive(canonical), alive(now[store]))
                )
            }
        )
    }

    private func state(
        _ suspect: Suspect,
        _ store: Int,
        _ canonical: CanonicalContact?,
        _ contacts: [CanonicalContact?],
        wasRead: Bool,
        isGone: Bool
    ) -> FindingState? {
        let side = suspect.stores[store]
        guard !side.isEqual else { return nil }
        guard wasRead else { return .unchecked }
        if isScan { return .confirmed }
        if isGone { return .gone }
        let canonicalDigest = alive(canonical)?.digests[canonicalSets[store]]
        let storeDigest = alive(contacts[store])?.digests[0]
        if canonicalDigest == storeDigest { return .healed }
        guard canonicalDigest == side.canonicalDigest, storeDigest == side.side.digests.first else { return .busy }
        return isUnderWay([canonical, contacts[store]]) ? .busy : .confirmed
    }

    /// Whether the newest change of these is so late that a sync may still carry it, by our clock or by that of any store:
    /// one of them may be off. A time in the future of all says nothing.
    func isUnderWay(_ contacts: [CanonicalContact?]) -> Bool {
        let clocks = [now] + ([canonical] + stores.compactMap(\.self)).map { $0.openedAt }
        return contacts.contains { contact in
            guard let change = contact?.newestChange, change != .min else { return false }
            return clocks.contains { change <= $0 && $0 - change < lag }
        }
    }

    private func fields(_ store: Int, _ canonical: CanonicalContact?, _ contact: CanonicalContact?) -> [String] {
        let set = canonicalSets[store]
        return Difference.fields(self.canonical.sets[set], canonical?.texts[set], contact?.texts[0])
    }
}
