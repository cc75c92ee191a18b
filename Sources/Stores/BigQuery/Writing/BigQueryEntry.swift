import Contacts

/// What one change of a batch writes, and what must stand there for it to be written.
struct BigQueryEntry: Sendable {
    /// The change's number in the batch.
    let change: Int
    let steps: [RowStep]
    /// By table, the contact table first.
    var writes: [Writes]
    /// What the rows of its keys are.
    let expectations: [Expectation]

    /// What is written to one table.
    struct Writes: Sendable {
        /// Rows that get other values, by their hashes.
        var updates: [(hash: String, values: [String: RawValue])] = []
        /// Rows that go: their hash, and how many there are of it.
        var deletes: [(hash: String, count: Int)] = []
        /// Rows that come.
        var inserts: [[String: RawValue]] = []
    }

    /// The hashes of all rows of a key, joined; nil where there are none.
    struct Expectation: Sendable, Hashable {
        let key: String
        let contacts: String?
        let identifiers: String?
    }

    /// - Throws: `WriteRefusal` where rows cannot be told apart.
    init(
        _ change: Int,
        _ steps: [RowStep],
        keys: [String],
        _ plan: BigQueryPlan,
        _ state: BigQueryState,
        _ texts: BigQueryCanonicalForm
    )
        throws
    {
        self.change = change
        self.steps = steps
        expectations = Set(keys).sorted()
            .map { key in
                Expectation(
                    key: key,
                    contacts: Self.joined(state.contacts[key]),
                    identifiers: Self.joined(state.identifiers[key])
                )
            }
        let match = BigQueryStepMatch(plan: plan, state: state, texts: texts)
        guard let rows = match.rows(of: steps, { ($0.before, $0.after) }) else {
            throw WriteRefusal("its rows are not as its steps have them")
        }
        writes = []
        for target in [plan.contacts, plan.identifiers].compactMap({ $0 }) {
            let own = zip(steps, rows).filter { $0.0.table == target.table.name }
            let all = Set(keys)
                .flatMap { key in
                    (target.table.name == plan.contacts.table.name ? state.contacts[key] : state.identifiers[key]) ?? []
                }
            writes.append(try Self.writes(own, all, target))
        }
    }

    private static func joined(_ rows: [BigQueryState.Row]?) -> String? {
        guard let rows, !rows.isEmpty else { return nil }
        return rows.map(\.hash).sorted().joined(separator: ",")
    }

    private static func writes(
        _ steps: [(RowStep, BigQueryState.Row?)],
        _ all: [BigQueryState.Row],
        _ target: BigQueryTarget
    ) throws -> Writes {
        var writes = Writes()
        var going: [String: [BigQueryState.Row]] = [:]
        for (step, row) in steps {
            switch (step.after, row) {
            case (let after?, nil): writes.inserts.append(after)
            case (nil, let row?): going[row.hash, default: []].append(row)
            case (let after?, let row?):
                guard all.filter({ $0.hash == row.hash }).count == 1 else {
                    throw WriteRefusal("rows of table \(target.table.name) cannot be told apart: they hold the same")
                }
                writes.updates.append((row.hash, after))
            case (nil, nil): break
            }
        }
        for (hash, rows) in going.sorted(by: { $0.key < $1.key }) {
            let count = all.filter { $0.hash == hash }.count
            writes.deletes.append((hash, count))
            // Rows that hold the same go together: those that should stay come back.
            let staying = count - rows.count
            guard staying == 0 || target.table.columns.allSatisfy(\.type.isWritable) else {
                throw WriteRefusal("rows of table \(target.table.name) cannot be told apart: they hold the same")
            }
            for _ in 0..<staying { writes.inserts.append(target.image(rows[0].values)) }
        }
        return writes
    }
}
