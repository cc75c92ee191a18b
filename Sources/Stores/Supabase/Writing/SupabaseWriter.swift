import Contacts

/// Writes contacts behind PostgREST, row by row: each request is a transaction of its own, which meets the row only as it
/// is expected. One task at a time uses it.
struct SupabaseWriter: StoreWriter {
    let layout: StoreLayout
    /// Small, since nothing of a batch counts as done before its end.
    let batchLimit = 20
    private let plan: SupabaseBatch.Plan

    init(store: SupabaseStore, layout: SupabaseLayout) {
        self.layout = layout.layout
        let records = RecordReader(
            layout: layout,
            columns: layout.contacts.columns,
            client: store.client,
            pageSize: store.settings.pageSize
        )
        let fields = layout.layout.fields
        let clocks = [ContactSchema.Name.version, ContactSchema.Name.lastUpdated, ContactSchema.Name.updatedAt]
            .compactMap { name -> PostgRESTColumn? in
                guard let index = layout.layout.index(of: name), fields[index].path.isEmpty,
                    case .column(let place) = layout.sources[index]
                else { return nil }
                return layout.contacts.column(layout.columns[place])
            }
        let identifiers = layout.child.map { child in
            let reader = TableReader(
                client: store.client,
                table: child.table,
                rowNames: child.rowNames,
                columns: child.table.columns,
                pageSize: store.settings.pageSize
            )
            return WritableTable(reader, key: [child.contact, child.type, child.value], clocks: [])
        }
        plan = SupabaseBatch.Plan(
            store: store,
            layout: layout,
            contacts: WritableTable(records.contacts, key: [layout.key], clocks: clocks),
            identifiers: identifiers,
            records: records
        )
    }

    /// As `StoreWriter` has it. Where two changes of a batch are of one contact, the second is read, and `journal` is called
    /// again, when the first is done.
    func write(
        _ changes: [RecordChange],
        decide: (_ change: Int, _ records: [ContactRecord]) throws -> Bool,
        journal: (_ steps: [(change: Int, steps: [RowStep])]) throws -> Void
    ) async throws -> [WriteOutcome] {
        let batch = SupabaseBatch(plan)
        var outcomes = [WriteOutcome](repeating: .skipped, count: changes.count)
        for portion in WritePortions.of(changes) {
            try Task.checkCancellation()
            let found = try await SupabaseFetch(reader: plan.records, operation: "write")
                .found(changes[portion].map { RecordRequest(key: $0.key, rows: $0.rows) })
            var decided: [Int] = []
            for index in portion where try decide(index, found[index - portion.lowerBound].records) {
                decided.append(index)
            }
            let keys = decided.flatMap { batch.keys(of: changes[$0], found[$0 - portion.lowerBound]) }
            let identifiers = try await batch.identifiers(of: keys)
            var entries: [(change: Int, steps: [RowStep])] = []
            for index in decided {
                do {
                    let own = found[index - portion.lowerBound]
                    guard let steps = try batch.steps(of: changes[index], own, identifiers) else { continue }
                    if steps.isEmpty { outcomes[index] = .written([]) } else { entries.append((index, steps)) }
                } catch let refusal as WriteRefusal {
                    outcomes[index] = .refused(refusal.why)
                }
            }
            if !entries.isEmpty { try journal(entries) }
            for (index, steps) in entries {
                var clocks: [RowID: StoredRow.Image] = [:]
                for row in found[index - portion.lowerBound].rows {
                    clocks[row.id] = plan.contacts.clocks(of: plan.contacts.row(row).image)
                }
                outcomes[index] = try await batch.carryOut(SupabaseBatch.Work(rest: steps, clocks: clocks))
            }
        }
        return outcomes
    }

    /// As `StoreWriter` has it; of two lists of one row the second is compared when the first is done.
    func carryOut(
        _ lists: [[RowStep]],
        journal: (_ steps: [(change: Int, steps: [RowStep])]) throws -> Void
    ) async throws -> [WriteOutcome] {
        let batch = SupabaseBatch(plan)
        var outcomes = [WriteOutcome](repeating: .skipped, count: lists.count)
        for portion in WritePortions.of(lists) {
            try Task.checkCancellation()
            var works: [(change: Int, work: SupabaseBatch.Work)] = []
            for index in portion {
                do {
                    switch try await batch.standing(of: lists[index]) {
                    case .toDo(let work): works.append((index, work))
                    case .done(let steps): outcomes[index] = .written(steps)
                    case .neither: break
                    }
                } catch let refusal as WriteRefusal {
                    outcomes[index] = .refused(refusal.why)
                }
            }
            if !works.isEmpty { try journal(works.map { ($0.change, $0.work.done + $0.work.rest) }) }
            for (index, work) in works { outcomes[index] = try await batch.carryOut(work) }
        }
        return outcomes
    }

    func close() async {}
}
