import Contacts

/// What a plan comes to, as the terminal and the page say it.
struct PlanSummary {
    /// One line of plain text; names stores as the configuration does, not escaped.
    let sentence: String
    /// By store, in the order of their names.
    let stores: [Store]
    /// How the writes of all stores are guarded, surest first.
    let guards: [RepairProposal.Guard]
    /// Operations that overwrite what another store had changed too.
    let conflicts: Int

    /// What one store gets.
    struct Store {
        let name: String
        let counts: RepairPlan.Counts
        /// The guards of its operations, `exact` or `window`, or both.
        let guards: String
    }

    init(_ plan: RepairPlan) {
        var found: [String: Set<RepairProposal.Guard>] = [:]
        for operation in plan.operations { found[operation.store, default: []].insert(operation.guard) }
        stores = plan.summary.sorted { $0.key < $1.key }
            .map { name, counts in
                let words = (found[name] ?? []).map(\.rawValue).sorted().joined(separator: ", ")
                return Store(name: name, counts: counts, guards: words)
            }
        guards = Set(found.values.joined()).sorted { $0.rawValue < $1.rawValue }
        conflicts = plan.operations.count { $0.conflict != nil }
        sentence = Self.sentence(plan, stores: found.keys.sorted())
    }

    private static func sentence(_ plan: RepairPlan, stores: [String]) -> String {
        var clauses: [String] = []
        if !plan.operations.isEmpty {
            let contacts = Set(plan.operations.map(\.contact)).count
            let writes = Format.counted(plan.operations.count, "operation")
            clauses.append("\(writes) for \(Format.counted(contacts, "contact")) in \(VerdictSentence.list(stores))")
        }
        if !plan.manual.isEmpty {
            let isOne = plan.manual.count == 1
            clauses.append("\(Format.counted(plan.manual.count, "case")) \(isOne ? "is" : "are") left to a person")
        }
        return clauses.isEmpty ? "There is nothing to repair." : clauses.joined(separator: "; ") + "."
    }
}

extension RepairPlan.Operation {
    /// What is written, without a value: fields by name, or what becomes of the rows.
    ///
    /// - Parameter limit: Fields that are named; the others are counted.
    func subject(naming limit: Int) -> String {
        if action == .merge, let rows = locator?.others.count {
            return "\(Format.counted(rows + 1, "row")) \(rows == 0 ? "stays" : "become one")"
        }
        guard !fields.isEmpty else { return "the whole record" }
        let names = fields.keys.sorted()
        let rest = names.count - limit
        return names.prefix(limit).joined(separator: ", ") + (rest > 0 ? " and \(Format.count(rest)) more" : "")
    }
}
