package import Contacts
package import Foundation
package import Ledger

/// Whether a change that is written down is acted on once: a canary event goes through the real change log, and is taken out.
package struct ChangeLogCheck: SafetyCheck {
    package let name = SafetyReport.Check.Name.cdcTables
    private let ledger: Ledger
    private let now: @Sendable () -> Date

    /// The columns that the tables have at least.
    static let tables: [(name: String, columns: [String])] = [
        (
            "sync_change_log",
            [
                "event_id", "source", "entity_type", "entity_id", "change_type", "timestamp", "version", "data",
                "metadata",
                "processed", "processed_at", "created_at",
            ]
        ), ("sync_processed_events", ["event_id", "destination", "processed_at", "status", "error_message"]),
        ("sync_conflicts", ["id", "contact", "winner", "loser", "stores", "fields", "run", "at", "resolved_at"]),
        ("sync_errors_log", ["error_type", "system", "contact", "run", "code", "field", "message"]),
    ]
    /// Where the canary is carried to, in name.
    private static let destination = "rollcall-check"

    /// - Parameter ledger: whose change log it is.
    package init(ledger: Ledger, now: @escaping @Sendable () -> Date) {
        self.ledger = ledger
        self.now = now
    }

    package func run() async throws -> CheckOutcome {
        for table in Self.tables {
            let columns = try ledger.columns(ofTable: table.name)
            let missing = table.columns.filter { !columns.contains($0) }
            guard missing.isEmpty else { throw broken("\(table.name) lacks \(missing.joined(separator: ", "))") }
        }
        let name = "rollcall-check-\(UUID().uuidString)"
        let canary = ChangeEvent(
            id: name,
            source: "rollcall",
            contact: name,
            row: nil,
            change: .update,
            origin: .event,
            at: now(),
            version: 1,
            createdAt: now()
        )
        do {
            try follow(canary)
        } catch {
            // What stopped the check is what matters; nobody carries a canary anywhere.
            try? ledger.removeChange(id: canary.id)
            throw error
        }
        try ledger.removeChange(id: canary.id)
        guard try ledger.outcomes(ofChange: canary.id).isEmpty else { throw broken("an event cannot be taken out") }
        let names = Self.tables.map(\.name).joined(separator: ", ")
        return .pass(
            "A canary event was logged once, waited, was processed once, and was taken out.",
            [
                SafetyReport.Evidence(.live, "\(names) have their columns"),
                SafetyReport.Evidence(.live, "a canary event was logged, and logged again without a second entry"),
                SafetyReport.Evidence(.live, "its outcome was kept once for its destination, and it waited no longer"),
            ]
        )
    }

    private func follow(_ canary: ChangeEvent) throws {
        guard try ledger.log([canary]).map(\.id) == [canary.id] else {
            throw broken("a new event is taken for a known one")
        }
        guard try ledger.log([canary]).isEmpty else { throw broken("an event that is told again is logged again") }
        let waiting = try pending(canary)
        guard waiting.count == 1 else { throw broken("an event that was logged once waits \(waiting.count) times") }
        guard waiting[0].contact == canary.contact, waiting[0].source == canary.source, waiting[0].version == 1,
            waiting[0].change == canary.change
        else { throw broken("an event is read back otherwise than it was logged") }
        let outcome = ProcessedChange(event: canary.id, destination: Self.destination, status: .already, at: now())
        for _ in 0..<2 { try ledger.settle([outcome], of: [canary.id], at: now()) }
        let outcomes = try ledger.outcomes(ofChange: canary.id)
        guard outcomes.map(\.destination) == [Self.destination], outcomes.map(\.status) == [.already] else {
            throw broken("an event that was processed once for a destination is kept as \(outcomes.count)")
        }
        guard try pending(canary).isEmpty else { throw broken("an event that was processed still waits") }
    }

    private func pending(_ canary: ChangeEvent) throws -> [ChangeEvent] {
        // With room for those that come in at this moment.
        let limit = try ledger.changeCounts().pending + 1_000
        return try ledger.pendingChanges(limit: limit).filter { $0.id == canary.id }
    }

    private func broken(_ what: String) -> CheckFailure {
        CheckFailure(
            "The change log of \(ledger.path) is not as it must be: \(what).",
            advice:
                "Restore the ledger from a backup, or move it away: the next audit then tells what changed meanwhile."
        )
    }
}
