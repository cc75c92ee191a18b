import Contacts
import Fingerprint
import Ledger

extension Applier {
    /// Keeps what was lost, and what a person must decide; decisions that were carried out are settled.
    func keepConflicts(_ run: RepairRun) throws {
        let at = input.now()
        var conflicts: [SyncConflict] = []
        for (position, operation) in plan.operations.enumerated() {
            guard let conflict = operation.conflict, run.entries[position]?.outcome == .done else { continue }
            conflicts.append(
                SyncConflict(
                    id: TextDigest.sha256("\(plan.id) \(operation.id)"),
                    contact: operation.contact,
                    winner: conflict.winner,
                    loser: conflict.loser,
                    stores: [conflict.winner, conflict.loser],
                    fields: conflict.fields,
                    why: "both stores had changed, and \(conflict.winner) won",
                    run: run.id,
                    at: at,
                    resolvedAt: nil,
                    taken: nil
                )
            )
        }
        let known = Set(try ledger.conflicts(openOnly: true).filter { $0.winner == nil }.map(Case.init))
        let forgotten = try forgotten()
        for (number, manual) in plan.manual.enumerated()
        where !known.contains(Case(manual)) && !forgotten.contains(manual.contact) {
            conflicts.append(
                SyncConflict(
                    id: TextDigest.sha256("\(plan.id) manual \(number)"),
                    contact: manual.contact,
                    winner: nil,
                    loser: nil,
                    stores: manual.stores,
                    fields: manual.proposed,
                    why: manual.why,
                    run: run.id,
                    at: at,
                    resolvedAt: nil,
                    taken: nil
                )
            )
        }
        try ledger.add(conflicts)
        try ledger.settleDecisions(of: try carriedOutDecisions(run))
        checkpoint(.conflictsKept)
    }

    /// A case that was left to a person by an earlier plan is not kept once more.
    private struct Case: Hashable {
        let contact: String
        let stores: [String]
        let why: String

        init(_ conflict: SyncConflict) {
            contact = conflict.contact
            stores = conflict.stores
            why = conflict.why
        }

        init(_ manual: RepairPlan.Manual) {
            contact = manual.contact
            stores = manual.stores
            why = manual.why
        }
    }

    /// Contacts that a person decided and of which every operation was carried out, sorted.
    private func carriedOutDecisions(_ run: RepairRun) throws -> [String] {
        let decided = try ledger.decisions()
        guard !decided.isEmpty else { return [] }
        var carriedOut: [String: Bool] = [:]
        for (position, operation) in plan.operations.enumerated() where decided[operation.contact] != nil {
            let outcome = run.entries[position]?.outcome
            let isDone = outcome == .done || outcome == .already
            carriedOut[operation.contact] = (carriedOut[operation.contact] ?? true) && isDone
        }
        return carriedOut.filter(\.value).keys.sorted()
    }
}
