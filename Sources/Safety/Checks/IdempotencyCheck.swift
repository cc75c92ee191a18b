package import Contacts
import Ledger
import Sync

/// Whether what was done once is not done again: on scratch stores a plan is applied, then once more, and planned for again;
/// an event is carried out, then told again. Nothing is written the second time.
package struct IdempotencyCheck: SafetyCheck {
    package let name = SafetyReport.Check.Name.idempotency
    private let scratch: ScratchSpace

    /// - Parameter scratch: where stores are made, and what plans and applies on them.
    package init(scratch: ScratchSpace) { self.scratch = scratch }

    private static let time = "2024-02-01T00:00:00Z"

    package func run() async throws -> CheckOutcome {
        let stores = try await scratch.stores("idempotency")
        _ = try await stores.audit()
        let evidence = try await planTwice(stores) + eventTwice(stores)
        return .pass(
            "A plan that was applied twice and an event that was told twice were written once.",
            evidence.map { SafetyReport.Evidence(.selfTest, $0) }
        )
    }

    private func planTwice(_ stores: ScratchStores) async throws -> [String] {
        let (canonical, second) = (ScratchStores.canonical, ScratchStores.second)
        try stores.change(1, to: "Director", version: 2, at: Self.time, in: canonical)
        try stores.change(2, to: "Manager", version: 2, at: Self.time, in: second)
        try stores.execute("DELETE FROM contacts_master WHERE contact_id = '3'", in: second)
        let plan = try await stores.plan()
        let count = plan.operations.count
        let first = try await stores.apply(plan)
        let written = stores.writes.value
        guard count > 0, first.count(.done) == count, written >= count else {
            throw CheckFailure("A plan of \(count) operations was not carried out on scratch stores.")
        }
        let again = try await unchanged(stores, "A plan that was applied before") { try await stores.apply(plan) }
        guard again.count(.already) == count else {
            throw CheckFailure("A plan that was applied before is not known as such.")
        }
        let left = try await stores.plan().operations.count
        guard left == 0 else {
            throw CheckFailure("Stores that a plan has made equal are planned for again: \(left) operations.")
        }
        return [
            "a plan of \(count) operations wrote \(written) rows of \(ScratchStores.names.count) stores",
            "the same plan wrote 0 rows the second time, every row is as before, and nothing is left to be planned",
        ]
    }

    private func eventTwice(_ stores: ScratchStores) async throws -> [String] {
        try stores.change(4, to: "Manager", version: 2, at: Self.time, in: ScratchStores.second)
        let before = stores.writes.value
        _ = try await stores.sync("4", in: ScratchStores.second)
        let written = stores.writes.value - before
        guard written > 0, try stores.titles(4).allSatisfy({ $0 == "Manager" }) else {
            throw CheckFailure("A change that an event told of was not carried to all scratch stores.")
        }
        _ = try await unchanged(stores, "An event that is told again") {
            try await stores.sync("4", in: ScratchStores.second)
        }
        guard try stores.ledger.pendingChanges(limit: 1).isEmpty else {
            throw CheckFailure("An event that was carried out still waits in the change log.")
        }
        return ["an event wrote \(written) rows by a sync cycle, and 0 rows when it was told again"]
    }

    /// Does something that must write no row.
    private func unchanged<Report>(
        _ stores: ScratchStores,
        _ what: String,
        _ body: () async throws -> Report
    ) async throws -> Report {
        let (rows, before) = (try stores.rows(), stores.writes.value)
        let report = try await body()
        let written = stores.writes.value - before
        guard written == 0, try stores.rows() == rows else {
            throw CheckFailure("\(what) is written again: \(written) rows.")
        }
        return report
    }
}
