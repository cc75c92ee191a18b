import Contacts

/// How many contacts of each store a run changes, counted before it writes anything.
struct BlastRadius {
    private struct Counts {
        var updates = 0
        var deletes = 0
        var inserts = 0
    }

    private var counts: [String: Counts] = [:]

    /// Nothing yet.
    init() {}

    /// What a plan does.
    init(_ operations: [RepairPlan.Operation]) {
        for operation in operations {
            add(operation.action, to: operation.store, rows: max(operation.locator?.others.count ?? 0, 1))
        }
    }

    /// Counts one operation.
    ///
    /// - Parameter rows: the records that go with a delete or a merge.
    mutating func add(_ action: RepairProposal.Action, to store: String, rows: Int = 1) {
        switch action {
        case .insert: counts[store, default: Counts()].inserts += 1
        case .update, .link: counts[store, default: Counts()].updates += 1
        case .delete: counts[store, default: Counts()].deletes += 1
        case .merge: counts[store, default: Counts()].deletes += rows
        case .manual, .unrepresentable, .deferred: break
        }
    }

    /// Refuses what is too much for one store.
    ///
    /// - Throws: `RepairError` (`tooLarge`) that names every store, number and limit that is exceeded.
    func check(_ targets: [RepairTarget], _ limits: BlastLimits) throws(RepairError) {
        let excesses = targets.flatMap { self.excesses(of: $0, limits) }
        guard !excesses.isEmpty else { return }
        throw RepairError(
            .tooLarge,
            """
            Nothing was written: it would change more than the limits allow. \(excesses.joined(separator: "; ")). Look at \
            the plan, and say --allow-large if that is what you want.
            """
        )
    }

    private func excesses(of target: RepairTarget, _ limits: BlastLimits) -> [String] {
        guard let own = counts[target.name] else { return [] }
        var excesses: [String] = []
        let changes = own.updates + own.deletes
        let limit = limits.changes(of: target.records)
        if changes > limit {
            let size = target.records.map { "of \($0) contacts" } ?? "of an unknown number of contacts"
            excesses.append("\(target.name): \(changes) \(size) updated or deleted, the limit is \(limit)")
        }
        if own.deletes > limits.maxDeletes {
            excesses.append("\(target.name): \(own.deletes) deleted, the limit is \(limits.maxDeletes)")
        }
        if own.inserts > limits.maxInserts {
            excesses.append("\(target.name): \(own.inserts) inserted, the limit is \(limits.maxInserts)")
        }
        return excesses
    }
}
