import Contacts
package import Fingerprint

/// An e-mail or phone that several contacts have, in one store or more.
package struct IdentifierClash: Sendable, Hashable {
    /// The digest of the identifier's canonical text. It never leaves the state folder.
    package let digest: Digest128
    /// Whether it is a phone; else it is an e-mail.
    package let isPhone: Bool
    /// The stores in which two contacts and more have it, as they were passed; ascending.
    package let stores: [Int]
    /// The canonical texts of the keys of all these contacts, numbers first and by size; at most `maximumKeys`.
    package let keys: [String]
    /// How many contacts there are, those that are not named included.
    package let count: Int

    /// Keys that are named.
    package static let maximumKeys = 101
}

/// Finds e-mails and phones that are on several contacts of a store.
package enum SharedIdentifiers {
    /// Calls `take` with each identifier that several contacts of one store have, in order of the digests' first byte.
    ///
    /// - Parameter stores: scans that were asked to index identifiers.
    package static func forEach(
        in stores: [StoreFingerprint],
        _ take: (IdentifierClash) throws -> Void
    ) async throws {
        let workers = Cores.available
        try await withThrowingTaskGroup(of: (Int, [IdentifierClash]).self) { group in
            var waiting: [Int: [IdentifierClash]] = [:]
            var taken = 0
            var started = 0
            while taken < SpoolFile.partitionCount {
                while started < SpoolFile.partitionCount, started < taken + 2 * workers {
                    let partition = started
                    group.addTask {
                        try Task.checkCancellation()
                        return (partition, try clashes(in: partition, of: stores))
                    }
                    started += 1
                }
                guard let (partition, clashes) = try await group.next() else { break }
                waiting[partition] = clashes
                while let next = waiting.removeValue(forKey: taken) {
                    for clash in next { try take(clash) }
                    taken += 1
                }
            }
        }
    }

    private static func clashes(in partition: Int, of stores: [StoreFingerprint]) throws -> [IdentifierClash] {
        var order: [Digest128] = []
        var found: [Digest128: (isPhone: Bool, stores: [Int], keys: Set<[UInt8]>)] = [:]
        for (number, store) in stores.enumerated() {
            for shared in try store.sharedIdentifiers(in: partition) {
                if found[shared.digest] == nil { order.append(shared.digest) }
                var own = found.removeValue(forKey: shared.digest) ?? (shared.isPhone, [], [])
                own.stores.append(number)
                own.keys.formUnion(shared.keys)
                found[shared.digest] = own
            }
        }
        return order.compactMap { digest in
            guard let own = found[digest] else { return nil }
            let keys = own.keys.map { String(decoding: $0, as: UTF8.self) }.sorted(by: KeyOrder.isBefore)
            return IdentifierClash(
                digest: digest,
                isPhone: own.isPhone,
                stores: own.stores,
                keys: Array(keys.prefix(IdentifierClash.maximumKeys)),
                count: keys.count
            )
        }
    }
}
