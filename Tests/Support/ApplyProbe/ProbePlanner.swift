import Contacts
import Fingerprint
import Foundation
import Ledger
import Repair

/// Plans a folder's contacts with the history in its rolls, and saves the plan.
struct ProbePlanner {
    let folder: ProbeFolder

    func run() async throws {
        let keys = try JSONDecoder().decode([String].self, from: Probe.contents(of: folder.contacts))
        let state = try StateFolder(path: folder.state)
        var stores: [PlanStore] = []
        for name in ProbeFolder.stores {
            let store = folder.store(name)
            stores.append(
                PlanStore(
                    name: name,
                    session: try await store.openForFetches { _ in },
                    guard: store.writeGuard,
                    history: name == ProbeFolder.stores[0] ? nil : try RollFile(path: "\(state.rolls)/\(name).roll"),
                    isHistoryComparable: true,
                    precision: .microseconds
                )
            )
        }
        let planner = Planner(
            canonical: stores[0],
            stores: Array(stores.dropFirst()),
            schema: .standard,
            scheme: .xxh3,
            phoneRegion: "US",
            options: PlanOptions(
                deletesOrphans: true,
                adoptsOrphans: false,
                mergesDuplicates: false,
                onTie: .canonical,
                decisions: [:],
                forgotten: { _ in false },
                now: ProbeFolder.now
            ),
            makeInspector: nil
        )
        let requests = keys.map { PlanRequest(contact: $0, because: [], repairsDamage: false) }
        let (operations, manual) = try await planner.plan(requests)
        for store in stores { await store.session.close() }
        let plan = RepairPlan(
            createdAt: ProbeFolder.now,
            run: "probe",
            configuration: ProbeFolder.configuration,
            roots: [:],
            operations: operations,
            manual: manual,
            summary: [:]
        )
        try PlanFile.write(try PlanFile.sealed(plan), to: folder.plan)
    }
}
