package import Contacts
import Fingerprint

extension Recheck {
    /// What became of these records without a key, in their order. All stores are read at the same time.
    ///
    /// - Parameter failed: as that of `read`.
    /// - Throws: `StoreError` where canonical cannot be read.
    package mutating func read(
        _ suspects: [UnlinkedSuspect],
        failed: (_ store: Int, _ error: StoreError) -> Void
    ) async throws -> [UnlinkedDifference] {
        let owners = suspects.map { suspect in if case .one(let contact, _, _) = suspect.owner { contact } else { "" } }
        async let held = contacts(of: Set(owners).subtracting([""]).sorted())
        let found = try await rows(suspects, owners)
        let contacts = try await held
        var rows: [UnlinkedRow?] = Array(repeating: nil, count: suspects.count)
        for (store, result) in found.sorted(by: { $0.store < $1.store }) {
            switch result {
            case .success(let own): for (index, row) in own { rows[index] = row }
            case .failure(let error):
                stores[store] = nil
                failed(store, error)
            }
        }
        return suspects.indices.map { index in
            let row = rows[index]
            var reading: UnlinkedReading?
            if case .unlinked(let own)? = row?.state { reading = own }
            let state = state(of: suspects[index], row, contacts[owners[index]])
            return UnlinkedDifference(suspect: suspects[index], reading: reading, state: state)
        }
    }

    /// What canonical holds of a contact that a record may be.
    private typealias Holding = (contacts: [CanonicalContact], identifiers: Set<Digest128>)

    private func contacts(of keys: [String]) async throws -> [String: Holding] {
        keys.isEmpty
            ? [:] : Dictionary(uniqueKeysWithValues: zip(keys, try await canonical.identifiers(of: keys)))
    }

    private typealias Rows = (store: Int, result: Result<[(index: Int, row: UnlinkedRow)], StoreError>)

    /// What each store holds of its suspects, by their numbers.
    private func rows(_ suspects: [UnlinkedSuspect], _ owners: [String]) async throws -> [Rows] {
        try await withThrowingTaskGroup(of: Rows.self) { group in
            for (store, own) in Dictionary(grouping: suspects.indices, by: { suspects[$0].store }) {
                guard let reader = stores[store] else { continue }
                group.addTask {
                    do {
                        let rows = try await reader.unlinked(
                            own.map { (suspects[$0].record.row, owners[$0].isEmpty ? nil : owners[$0]) }
                        )
                        return (store, .success(zip(own, rows).map { ($0, $1) }))
                    } catch let error as StoreError {
                        return (store, .failure(error))
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func state(of suspect: UnlinkedSuspect, _ row: UnlinkedRow?, _ holding: Holding?) -> FindingState {
        guard let row else { return .unchecked }
        if isScan { return .confirmed }
        switch row.state {
        case .gone: return .gone
        case .linked: return .healed
        case .unlinked(let reading):
            guard reading.identifiers == suspect.record.identifiers, !isUnderWay([reading.contact]) else {
                return .busy
            }
            guard case .one(_, let digest, _) = suspect.owner else { return .confirmed }
            guard let holding, holding.identifiers.contains(digest), !row.holdsContact,
                !isUnderWay(holding.contacts)
            else { return .busy }
            return .confirmed
        }
    }
}
