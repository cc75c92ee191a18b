import Audit
import Contacts
import Foundation
import Ledger
import Repair

extension SyncCycle {
    /// Settles the changes of a plan by what its operations ended as. What met a newer record is tried again.
    ///
    /// - Parameters:
    ///   - entries: of the journal; none where nothing was to be done.
    ///   - events: ids of changes, by contact.
    func settle(
        _ plan: RepairPlan,
        _ entries: [JournalEntry],
        _ events: [String: [String]],
        in report: inout SyncReport
    ) throws {
        let now = input.audit.now()
        let ended = Dictionary(grouping: entries, by: \.contact)
        let manual = Dictionary(grouping: plan.manual, by: \.contact)
        var outcomes: [ProcessedChange] = []
        var settled: [String] = []
        for (contact, ids) in events.sorted(by: { $0.key < $1.key }) {
            let entries = ended[contact] ?? []
            if let again = entries.first(where: { $0.outcome == .superseded || $0.outcome == .failed }) {
                let dead = try ledger.fail(ids, at: again.store, why: again.why, limit: input.attempts, now: now)
                try noteDead(dead, contact, at: again.store, again.why, in: &report)
                continue
            }
            settled += ids
            for id in ids {
                outcomes += entries.map { entry in
                    ProcessedChange(
                        event: id,
                        destination: entry.store,
                        status: entry.outcome == .done ? .done : entry.outcome == .already ? .already : .left,
                        message: entry.why.isEmpty ? nil : entry.why,
                        at: now
                    )
                }
                for left in manual[contact] ?? [] {
                    outcomes += left.stores.map {
                        ProcessedChange(event: id, destination: $0, status: .left, message: left.why, at: now)
                    }
                }
            }
        }
        try ledger.settle(outcomes, of: settled, at: now)
        for entry in entries where entry.outcome == .unrepresentable {
            try ledger.report(
                error(.validation, entry.store, entry.contact, "unrepresentable", entry.why, plan.run, now)
            )
        }
        for left in plan.manual {
            let store = left.stores.first ?? input.apply.canonical
            try ledger.report(error(.conflict, store, left.contact, "manual", left.why, plan.run, now))
        }
    }

    /// Settles the changes of a plan that would change too much: they are left to a person.
    func refuse(_ plan: RepairPlan, _ refusal: RepairError, _ events: [String: [String]]) throws {
        let now = input.audit.now()
        let ids = events.values.flatMap(\.self).sorted()
        let outcomes = ids.map {
            ProcessedChange(
                event: $0,
                destination: input.apply.canonical,
                status: .left,
                message: "the cycle would have changed more than limits: allows",
                at: now
            )
        }
        try ledger.settle(outcomes, of: ids, at: now)
        try ledger.report(error(.sync, "rollcall", nil, refusal.code.rawValue, refusal.message, plan.run, now))
    }

    /// Takes note that changes of a contact failed.
    func fail(
        _ events: [String],
        contact: String?,
        at store: String,
        _ failure: any Error,
        in report: inout SyncReport
    ) throws {
        let why = "it could not be planned or carried out: \(type(of: failure))"
        let dead = try ledger.fail(events, at: store, why: why, limit: input.attempts, now: input.audit.now())
        try noteDead(dead, contact, at: store, why, in: &report)
    }

    private func noteDead(
        _ dead: [String],
        _ contact: String?,
        at store: String,
        _ why: String,
        in report: inout SyncReport
    ) throws {
        guard !dead.isEmpty else { return }
        report.dead += dead.count
        try ledger.report(error(.sync, store, contact, "dead", "a change was given up: \(why)", nil, input.audit.now()))
    }

    /// Keeps which stores could not be read, and that others could.
    func note(_ outcome: PlanOutcome, since startedAt: Date, in report: inout SyncReport) throws {
        let now = input.audit.now()
        let unread = outcome.unread + (outcome.audit?.unread ?? [])
        var failed = Set(unread.map(\.store))
        for error in unread { try ledger.report(LoggedError(error, run: outcome.plan.run, at: now)) }
        for store in outcome.audit?.report.stores ?? [] where !store.complete && failed.insert(store.name).inserted {
            try ledger.report(
                error(.database, store.name, nil, "unproved", store.proof, outcome.plan.run, now)
            )
        }
        report.failed = Set(report.failed).union(failed).sorted()
        guard outcome.audit != nil else { return }
        for name in ([input.audit.canonical] + input.audit.stores).map(\.reader.name) where !failed.contains(name) {
            try ledger.clearErrors(of: name, before: startedAt, at: now)
        }
        try ledger.clearErrors(of: "rollcall", before: startedAt, at: now)
    }

    /// Resolves the errors of contacts of which a reading of all stores has found no cause any more.
    func clearContactErrors(besides plan: RepairPlan, before startedAt: Date) throws {
        let concerned = Set(plan.manual.map(\.contact) + plan.operations.map(\.contact))
        for error in try ledger.errors(openOnly: true, limit: 100_000)
        where error.lastAt < startedAt && error.code != "dead" {
            if let contact = error.contact, !concerned.contains(contact) {
                try ledger.resolveError(error.id, at: input.audit.now())
            }
        }
    }

    private func error(
        _ kind: LoggedError.Kind,
        _ system: String,
        _ contact: String?,
        _ code: String,
        _ message: String,
        _ run: String?,
        _ at: Date
    ) -> LoggedError {
        LoggedError(kind, system: system, contact: contact, run: run, code: code, message: message, at: at)
    }

    /// Whether an error may be due to one contact: neither the stores nor the state nor the call as a whole failed.
    static func isOfOneContact(_ error: any Error) -> Bool {
        switch error {
        case is CancellationError, is StoreError, is AuditError, is LedgerError, is RepairError: false
        default: true
        }
    }
}
