import Contacts
import Fingerprint

/// Reads suspects again from every store before anything is said of them.
package struct Recheck: Sendable {
    package let canonical: StoreReader
    /// One for each compared store, in their order; nil where the store can no longer be read.
    package let stores: [StoreReader?]
    /// By compared store, which of canonical's field sets it shares.
    package let canonicalSets: [Int]
    /// Microseconds since 1970: when the second read is made.
    package let now: Int64
    /// Microseconds for which a change counts as still under way.
    package let lag: Int64
    /// Whether this is the scan's own state: it confirms what the scan saw.
    package let isScan: Bool

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

    /// What became of these suspects, in their order.
    package func read(_ suspects: [Suspect]) async throws -> [Difference] {
        let held = try await canonical.contacts(
            suspects.map { RecordRequest(key: $0.key, rows: $0.canonical.rows) },
            preferred: suspects.map { _ in nil }
        )
        var found: [[CanonicalContact?]?] = []
        for (store, reader) in stores.enumerated() {
            try Task.checkCancellation()
            found.append(
                try await reader?
                    .contacts(
                        suspects.map { RecordRequest(key: $0.key, rows: $0.stores[store].side.rows) },
                        preferred: held.map { alive($0)?.digests[canonicalSets[store]] }
                    )
            )
        }
        return suspects.indices.map { index in
            difference(suspects[index], held[index], found.map { $0?[index] }, wasRead: found.map { $0 != nil })
        }
    }

    private func alive(_ contact: CanonicalContact?) -> CanonicalContact? {
        contact.flatMap { $0.isDeleted ? nil : $0 }
    }

    private func difference(
        _ suspect: Suspect,
        _ canonical: CanonicalContact?,
        _ contacts: [CanonicalContact??],
        wasRead: [Bool]
    ) -> Difference {
        let now = contacts.map { $0 ?? nil }
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

    /// Whether the newest change of these is so late that a sync may still carry it. A time in the future says nothing.
    private func isUnderWay(_ contacts: [CanonicalContact?]) -> Bool {
        contacts.contains { contact in
            guard let change = contact?.newestChange, change != .min, change <= now else { return false }
            return now - change < lag
        }
    }

    private func fields(_ store: Int, _ canonical: CanonicalContact?, _ contact: CanonicalContact?) -> [String] {
        guard let canonical, let contact else { return [] }
        let set = self.canonical.sets[canonicalSets[store]]
        return zip(set.names, zip(canonical.texts[canonicalSets[store]], contact.texts[0]))
            .compactMap { name, texts in
                texts.0 == texts.1 ? nil : name
            }
    }
}
