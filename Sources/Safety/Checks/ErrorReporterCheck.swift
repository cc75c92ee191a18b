package import Contacts
package import Foundation
package import Ledger

/// Whether an error that is reported is there to be read: a canary goes into the real error log, is read back, resolved, and
/// taken out.
package struct ErrorReporterCheck: SafetyCheck {
    package let name = SafetyReport.Check.Name.errorReporter
    private let ledger: Ledger
    private let now: @Sendable () -> Date

    /// What the canary is known by.
    static let code = "canary"
    /// The columns of `sync_errors_log` that its readers rely on.
    static let columns = [
        "error_type", "system", "contact", "run", "code", "field", "message", "first_at", "last_at", "count",
        "resolved_at",
    ]

    /// - Parameter ledger: whose error log it is.
    package init(ledger: Ledger, now: @escaping @Sendable () -> Date) {
        self.ledger = ledger
        self.now = now
    }

    package func run() async throws -> CheckOutcome {
        let missing = Self.columns.filter { !((try? ledger.columns(ofTable: "sync_errors_log")) ?? []).contains($0) }
        guard missing.isEmpty else {
            throw broken("sync_errors_log lacks \(missing.joined(separator: ", ")).")
        }
        let canary = LoggedError(
            .other,
            system: "rollcall",
            run: "check-\(UUID().uuidString)",
            code: Self.code,
            message: "A safety check wrote this and takes it out again.",
            at: now()
        )
        let id = try ledger.report(canary)
        do {
            try follow(canary, id)
        } catch {
            // What stopped the check is what matters; a canary that stays is found by its code.
            try? ledger.removeError(id)
            throw error
        }
        try ledger.removeError(id)
        guard try find(id, openOnly: false) == nil else { throw broken("An error that was taken out is still there.") }
        return .pass(
            "A canary error was written to the ledger's error log, read back, resolved and taken out.",
            [
                SafetyReport.Evidence(.live, "a canary of type other was written to sync_errors_log"),
                SafetyReport.Evidence(.live, "it was read back as it was written, and as open"),
                SafetyReport.Evidence(.live, "it was resolved, was open no longer, and was taken out"),
            ]
        )
    }

    private func follow(_ canary: LoggedError, _ id: Int64) throws {
        guard let read = try find(id, openOnly: true) else {
            throw broken("An error that was written is not among the open ones.")
        }
        guard read.kind == canary.kind, read.system == canary.system, read.code == canary.code, read.run == canary.run,
            read.message == canary.message, read.resolvedAt == nil
        else { throw broken("An error is read back otherwise than it was written.") }
        try ledger.resolveError(id, at: now())
        guard try find(id, openOnly: true) == nil, try find(id, openOnly: false)?.resolvedAt != nil else {
            throw broken("An error that was resolved is still open.")
        }
    }

    /// The canary is the latest of all, but for those that come in at this moment.
    private func find(_ id: Int64, openOnly: Bool) throws -> LoggedError? {
        try ledger.errors(openOnly: openOnly).first { $0.id == id }
    }

    private func broken(_ what: String) -> CheckFailure {
        CheckFailure(
            "The error log of \(ledger.path) does not keep errors: \(what)",
            advice: "Restore the ledger from a backup, or move it away: errors then go unseen no longer."
        )
    }
}
