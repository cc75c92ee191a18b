package import Contacts
package import Fingerprint
package import Reconcile

/// Plans what would make the stores agree on some contacts. Reads every one of them anew; writes nothing.
package struct Planner: Sendable {
    /// What the comparison of a contact's records tells of damaged values; nil: canonical, else a compared store's position.
    package typealias Inspection = @Sendable (Difference) -> [(store: Int?, damage: FieldDamage)]

    let canonical: PlanStore
    let stores: [PlanStore]
    let schema: ContactSchema
    let scheme: HashScheme
    let phoneRegion: String
    let options: PlanOptions
    let makeInspector: (@Sendable (StoreLayout) -> any RecordInspector)?
    let makeInspection: (@Sendable (_ sets: [FieldSet], _ canonicalSets: [Int]) -> Inspection)?

    /// Contacts that are read at a time.
    static let batch = 1_000

    /// Nothing is read yet.
    ///
    /// - Parameters:
    ///   - stores: the compared stores, in the order of the configuration.
    ///   - phoneRegion: in which phone numbers without a country code are read.
    ///   - makeInspector: says what is wrong with each record: a damaged value is no source. Nil: nobody says.
    ///   - makeInspection: says what comparing a contact's records tells of damaged values, for the field sets that the
    ///     stores share with canonical and the numbers of these among canonical's. Where all sound records agree on such a
    ///     value, that it is theirs is certain.
    package init(
        canonical: PlanStore,
        stores: [PlanStore],
        schema: ContactSchema,
        scheme: HashScheme,
        phoneRegion: String,
        options: PlanOptions,
        makeInspector: (@Sendable (StoreLayout) -> any RecordInspector)?,
        makeInspection: (@Sendable (_ sets: [FieldSet], _ canonicalSets: [Int]) -> Inspection)? = nil
    ) {
        self.canonical = canonical
        self.stores = stores
        self.schema = schema
        self.scheme = scheme
        self.phoneRegion = phoneRegion
        self.options = options
        self.makeInspector = makeInspector
        self.makeInspection = makeInspection
    }

    /// What is to be done for these contacts, and what is left to a person. The same state of the stores gives the same,
    /// whatever the order of the requests.
    ///
    /// - Returns: operations by contact, those of canonical before those that come after them.
    /// - Throws: `StoreError` where a store cannot be read, `SpoolError` where a roll cannot, or `CancellationError`.
    package func plan(
        _ requests: [PlanRequest]
    ) async throws -> (operations: [RepairPlan.Operation], manual: [RepairPlan.Manual]) {
        var random = SystemRandomNumberGenerator()
        return try await plan(requests, adopting: [], random: &random)
    }

    /// Likewise, and what is to be done for records without a key that are no contact's.
    ///
    /// - Parameters:
    ///   - orphans: what is adopted of them gets a new key: 63 random bits as a decimal number, which no store holds.
    ///   - random: where these bits are from; the same bits give the same plan.
    package func plan(
        _ requests: [PlanRequest],
        adopting orphans: [AdoptionRequest],
        random: inout some RandomNumberGenerator
    ) async throws -> (operations: [RepairPlan.Operation], manual: [RepairPlan.Manual]) {
        let kit = PlannerKit(self)
        let requests = Self.sorted(requests)
        var plans: [ContactPlan] = []
        for first in stride(from: 0, to: requests.count, by: Self.batch) {
            try Task.checkCancellation()
            let batch = Array(requests[first..<min(first + Self.batch, requests.count)])
            let rows = try await read(batch, kit.stores.map(\.reader))
            let unlinked = try await unlinked(batch, kit)
            for (index, request) in batch.enumerated() {
                var planner = try ContactPlanner(
                    kit: kit,
                    request: request,
                    rows: rows.map { $0[index] },
                    unlinked: unlinked[index]
                )
                plans.append(planner.run())
            }
        }
        plans += try await adopt(orphans, besides: Set(requests.map(\.contact)), kit, random: &random)
        ContactPlan.separateChangesOfKey(&plans, names: kit.stores.map(\.name))
        return (plans.flatMap(\.operations), plans.flatMap(\.manual))
    }

    /// Each contact once, by the bytes of its key.
    private static func sorted(_ requests: [PlanRequest]) -> [PlanRequest] {
        let canonicalKey = CanonicalKey()
        var byKey: [String: PlanRequest] = [:]
        for request in requests {
            let key = RawValue.text(request.contact).withCell { canonicalKey.text(of: $0) }
            let contact = key.map { String(decoding: $0, as: UTF8.self) } ?? request.contact
            var merged = byKey[contact] ?? PlanRequest(contact: contact, because: [], repairsDamage: false)
            merged.because = Set(merged.because + request.because).sorted()
            merged.repairsDamage = merged.repairsDamage || request.repairsDamage
            merged.claims.merge(request.claims) { $0 == $1 ? $0 : .unsure }
            byKey[contact] = merged
        }
        return byKey.values.sorted { $0.contact.utf8.lexicographicallyPrecedes($1.contact.utf8) }
    }

    /// The rows of each contact in each store, canonical's first. All stores are read at the same time.
    func read(_ requests: [PlanRequest], _ readers: [StoreReader]) async throws -> [[[PlanSide.Row]]] {
        let wanted = requests.map { RecordRequest(key: $0.contact, rows: [], isThorough: true) }
        return try await withThrowingTaskGroup(of: (Int, [[PlanSide.Row]]).self) { group in
            for (number, reader) in readers.enumerated() {
                group.addTask {
                    let found = try await reader.records(of: wanted)
                    return (number, found.map { $0.map { PlanSide.Row(record: $0.record, contact: $0.contact) } })
                }
            }
            var result = [[[PlanSide.Row]]](repeating: [], count: readers.count)
            for try await (number, rows) in group { result[number] = rows }
            return result
        }
    }
}
