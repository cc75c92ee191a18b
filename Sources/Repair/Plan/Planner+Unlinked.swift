import Contacts
import Fingerprint
import Reconcile

extension Planner {
    /// What records without a key say of these contacts, by number of the store. A record that is no longer as it was found
    /// says nothing for certain.
    func unlinked(_ requests: [PlanRequest], _ kit: PlannerKit) async throws -> [[Int: UnlinkedSide]] {
        var sides = [[Int: UnlinkedSide]](repeating: [:], count: requests.count)
        for store in kit.stores {
            var claimed: [(index: Int, record: UnlinkedRecord)] = []
            for (index, request) in requests.enumerated() {
                switch request.claims[store.name] {
                case .record(let record)?: claimed.append((index, record))
                case .unsure?: sides[index][store.number] = .unsure
                case nil: break
                }
            }
            guard !claimed.isEmpty else { continue }
            let rows = try await store.reader.unlinked(claimed.map { ($0.record.row, requests[$0.index].contact) })
            for (claim, row) in zip(claimed, rows) {
                sides[claim.index][store.number] = .unsure
                if case .unlinked(let reading) = row.state, reading.identifiers == claim.record.identifiers {
                    sides[claim.index][store.number] = .record(reading)
                }
            }
        }
        return sides
    }

    /// Plans of records without a key that are no contact's, each with its canonical and all other stores.
    ///
    /// - Parameter taken: keys that none of them gets.
    func adopt(
        _ requests: [AdoptionRequest],
        besides taken: Set<String>,
        _ kit: PlannerKit,
        random: inout some RandomNumberGenerator
    ) async throws -> [ContactPlan] {
        var taken = taken
        let numbers = Dictionary(uniqueKeysWithValues: kit.stores.map { ($0.name, $0.number) })
        let orphans =
            requests.compactMap { request in numbers[request.store].map { Orphan(request, in: kit.stores[$0]) } }
            .sorted { ($0.store.number, $0.request.record.row) < ($1.store.number, $1.request.record.row) }
        var twins = Twins(orphans)
        var plans: [ContactPlan] = []
        for first in stride(from: 0, to: orphans.count, by: Self.batch) {
            try Task.checkCancellation()
            let batch = first..<min(first + Self.batch, orphans.count)
            let readings = try await readings(of: orphans[batch])
            let keys = try await freeKeys(batch.count, besides: &taken, kit, random: &random)
            for (index, key) in zip(batch, keys) {
                guard let reading = readings[index - first] else { continue }
                plans.append(try plan(orphans[index], index, reading, as: key, &twins, kit))
            }
        }
        return plans
    }

    /// What the stores hold of these, in their order; nil where the record is gone or has got a key.
    private func readings(of orphans: ArraySlice<Orphan>) async throws -> [UnlinkedReading?] {
        var readings = [UnlinkedReading?](repeating: nil, count: orphans.count)
        let byStore = Dictionary(grouping: orphans.indices, by: { orphans[$0].store.number })
        for indices in byStore.sorted(by: { $0.key < $1.key }).map(\.value) {
            let rows = try await orphans[indices[0]].store.reader
                .unlinked(indices.map { (orphans[$0].request.record.row, nil) })
            for (index, row) in zip(indices, rows) {
                if case .unlinked(let reading) = row.state { readings[index - orphans.startIndex] = reading }
            }
        }
        return readings
    }

    /// Keys that no store holds, each once.
    private func freeKeys(
        _ count: Int,
        besides taken: inout Set<String>,
        _ kit: PlannerKit,
        random: inout some RandomNumberGenerator
    ) async throws -> [String] {
        guard options.adoptsOrphans else { return Array(repeating: "", count: count) }
        var free: [String] = []
        while free.count < count {
            var drawn: [String] = []
            while drawn.count < count - free.count {
                let key = String(Int64.random(in: 1...Int64.max, using: &random))
                if taken.insert(key).inserted { drawn.append(key) }
            }
            let requests = drawn.map { PlanRequest(contact: $0, because: [], repairsDamage: false) }
            let held = try await read(requests, kit.stores.map(\.reader))
            free += drawn.indices.filter { index in held.allSatisfy { $0[index].isEmpty } }.map { drawn[$0] }
        }
        return free
    }

    private func plan(
        _ orphan: Orphan,
        _ index: Int,
        _ reading: UnlinkedReading,
        as key: String,
        _ twins: inout Twins,
        _ kit: PlannerKit
    ) throws -> ContactPlan {
        let store = orphan.store
        var left = ContactPlan(contact: orphan.request.name)
        left.surplus[store.number] = reading.contact.digestsWithoutKey[0]
        guard options.adoptsOrphans else {
            left.leave(
                "it has no contact_id and is not in canonical: add --adopt-orphans to insert it there",
                stores: [store.name]
            )
            return left
        }
        guard reading.identifiers == orphan.request.record.identifiers else {
            left.leave("it was changed while the plan was made: make the plan anew", stores: [store.name])
            return left
        }
        if let twin = twins.adopted(before: index) {
            left.leave(
                "it has an e-mail or phone of \(twin), which gets a contact_id: make a plan again behind the apply",
                stores: [store.name]
            )
            return left
        }
        guard let row = row(reading, as: key, in: store, kit) else {
            left.leave("no contact_id can be represented in \(store.name)", stores: [store.name])
            return left
        }
        twins.adopt(index)
        var unlinked: [Int: UnlinkedSide] = [:]
        for other in twins.stores(behind: index) { unlinked[other] = .unsure }
        unlinked[store.number] = .record(reading)
        var planner = try ContactPlanner(
            kit: kit,
            request: PlanRequest(contact: key, because: orphan.request.because, repairsDamage: false),
            name: orphan.request.name,
            rows: kit.stores.map { $0.number == store.number ? [row] : [] },
            unlinked: unlinked
        )
        return planner.run()
    }

    /// The record with that key; nil where the store cannot hold it.
    private func row(
        _ reading: UnlinkedReading,
        as key: String,
        in store: PlannedStore,
        _ kit: PlannerKit
    ) -> PlanSide.Row? {
        guard let place = store.place(ContactSchema.Name.key) else { return nil }
        let source = FieldSource(value: .text(key), mapping: FieldMapping(store.layout.fields[place].field))
        guard let value = kit.spelledKey(source, for: store, over: reading.record),
            let values = RecordEdit.applying([place: value], to: reading.record.values, layout: store.layout)
        else { return nil }
        let record = ContactRecord(row: reading.record.row, values: values)
        guard let contact = store.reader.contacts([record])[0], contact.key == Array(key.utf8) else { return nil }
        return PlanSide.Row(record: record, contact: contact)
    }
}

/// A record that may be adopted, and its store.
private struct Orphan {
    let request: AdoptionRequest
    let store: PlannedStore

    init(_ request: AdoptionRequest, in store: PlannedStore) {
        self.request = request
        self.store = store
    }
}

/// Records of several stores that have an e-mail or phone in common: they may be one person, of whom one is adopted at a time.
/// The others are linked to it, once it is a contact.
private struct Twins {
    private let orphans: [Orphan]
    private let holders: [Digest128: [Int]]
    private var adopted: Set<Int> = []

    /// - Parameter orphans: in the order in which they are adopted.
    init(_ orphans: [Orphan]) {
        self.orphans = orphans
        var holders: [Digest128: [Int]] = [:]
        for (index, orphan) in orphans.enumerated() {
            for digest in orphan.request.record.identifiers { holders[digest, default: []].append(index) }
        }
        self.holders = holders
    }

    mutating func adopt(_ index: Int) { adopted.insert(index) }

    /// The name of one of another store that is adopted.
    func adopted(before index: Int) -> String? {
        others(of: index).filter(adopted.contains).min().map { orphans[$0].request.name }
    }

    /// The numbers of the stores that hold one that is adopted later, if at all.
    func stores(behind index: Int) -> Set<Int> {
        Set(others(of: index).filter { $0 > index }.map { orphans[$0].store.number })
    }

    private func others(of index: Int) -> Set<Int> {
        let own = orphans[index]
        return Set(own.request.record.identifiers.flatMap { holders[$0] ?? [] })
            .filter { orphans[$0].store.number != own.store.number }
    }
}
