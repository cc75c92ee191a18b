import Audit
import Contacts
import Foundation
import Ledger
import Sync

/// What goes wrong in a run is kept until it is right again, and its owner is told.
extension Session {
    /// Keeps which stores could not be read, and resolves the errors of those that could.
    ///
    /// - Parameter startedAt: when the run began; errors that were met later stay open.
    func keepErrors(of outcome: AuditOutcome, since startedAt: Date) async throws {
        let now = Date()
        for error in outcome.unread { try ledger.report(LoggedError(error, run: outcome.report.run.id, at: now)) }
        let failed = Set(outcome.unread.map(\.store))
        for store in outcome.report.stores where store.complete && !failed.contains(store.name) {
            try ledger.clearErrors(of: store.name, before: startedAt, at: now)
        }
        try await tellOwner()
    }

    /// Keeps what ended a run. An interruption, wrong usage and a refusal are none.
    func keep(_ error: any Error) async throws {
        switch error {
        case AuditError.canonical(let error), let error as StoreError:
            try ledger.report(LoggedError(error, run: nil, at: Date()))
            try await tellOwner()
        default: break
        }
    }

    /// Tells the owner of reasons that came or are gone. Where that fails it is said here, and tried again by the next run.
    private func tellOwner() async throws {
        guard let sender = try AlertSender(configuration.alert) else { return }
        let changes = try ledger.alertChanges()
        guard !changes.isEmpty else { return }
        do {
            try await sender.send(changes)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            return Terminal.say("rollcall: warning: the alert was not sent: \(error)")
        }
        try ledger.settleAlerts(changes, at: Date())
    }
}
