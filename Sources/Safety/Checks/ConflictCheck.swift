package import Contacts
import Ledger

/// Whether the right side wins and what loses is kept: four contacts of scratch stores are changed, planned for and repaired
/// by the real pipeline.
package struct ConflictCheck: SafetyCheck {
    package let name = SafetyReport.Check.Name.conflictResolution
    private let scratch: ScratchSpace

    /// - Parameter scratch: where stores are made, and what plans and applies on them.
    package init(scratch: ScratchSpace) { self.scratch = scratch }

    private static let (ours, theirs) = ("Director", "Manager")
    private static let (early, late) = ("2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z")

    package func run() async throws -> CheckOutcome {
        let stores = try await scratch.stores("conflict")
        // The history by which it is known who changed something.
        _ = try await stores.audit()
        let (canonical, second) = (ScratchStores.canonical, ScratchStores.second)
        try stores.change(1, to: Self.ours, version: 2, at: Self.late, in: canonical)
        try stores.change(1, to: Self.theirs, version: 3, at: Self.early, in: second)
        try stores.change(2, to: Self.ours, version: 2, at: Self.late, in: canonical)
        try stores.change(2, to: Self.theirs, version: 2, at: Self.early, in: second)
        try stores.change(3, to: Self.ours, version: 2, at: Self.early, in: canonical)
        try stores.change(3, to: Self.theirs, version: 2, at: Self.early, in: second)
        try stores.change(4, to: Self.theirs, version: 2, at: Self.early, in: second)
        _ = try await stores.apply(try await stores.plan())
        let evidence = [
            try expect(1, Self.theirs, stores, "the higher version won everywhere"),
            try expect(2, Self.ours, stores, "of equal versions the later change won everywhere"),
            try expectLeft(3, stores),
            try expect(4, Self.theirs, stores, "the side that alone had changed won everywhere"),
        ]
        let kept = try checkConflicts(stores)
        return .pass(
            "Of four changed contacts the right side won, one was left to a person, and what lost is kept.",
            (evidence + kept).map { SafetyReport.Evidence(.selfTest, $0) }
        )
    }

    /// What all stores hold must be the winner's value.
    private func expect(_ contact: Int, _ title: String, _ stores: ScratchStores, _ what: String) throws -> String {
        guard try stores.titles(contact).allSatisfy({ $0 == title }) else {
            throw CheckFailure(
                "The wrong side won, or not everywhere, where \(what.replacing(" won", with: " should have won"))."
            )
        }
        return what
    }

    /// What nothing decides must stay as it was.
    private func expectLeft(_ contact: Int, _ stores: ScratchStores) throws -> String {
        guard try stores.titles(contact) == [Self.ours, Self.theirs, "Painter"] else {
            throw CheckFailure("A conflict that nothing decides was written instead of left to a person.")
        }
        return "what nothing decides was not written"
    }

    private func checkConflicts(_ stores: ScratchStores) throws -> [String] {
        let conflicts = try stores.ledger.conflicts(openOnly: true)
        func losers(_ contact: Int) -> [(winner: String?, loser: String?, title: RawValue?)] {
            conflicts.filter { $0.contact == String(contact) }
                .map { ($0.winner, $0.loser, $0.fields["job_title"]) }
        }
        let (canonical, second) = (ScratchStores.canonical, ScratchStores.second)
        let wanted = [
            (1, second, canonical, Self.ours), (2, canonical, second, Self.theirs),
        ]
        for (contact, winner, loser, title) in wanted {
            let isKept = losers(contact)
                .contains { $0.winner == winner && $0.loser == loser && $0.title == .text(Array(title.utf8)) }
            guard isKept else { throw CheckFailure("The value that lost a conflict is not kept in sync_conflicts.") }
        }
        guard losers(3).contains(where: { $0.winner == nil }) else {
            throw CheckFailure("A conflict that is left to a person is not kept in sync_conflicts.")
        }
        guard losers(4).isEmpty else { throw CheckFailure("A change of one side alone is kept as a conflict.") }
        return [
            "both values that lost are in sync_conflicts", "what is left to a person is there too, without a winner",
        ]
    }
}
