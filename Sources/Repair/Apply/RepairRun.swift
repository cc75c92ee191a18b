import Contacts
import Foundation
import Ledger

/// A run that writes: its place in the journal and the history, and what its operations have ended as so far.
struct RepairRun {
    /// The run as the journal has it.
    let journal: JournalRun
    /// Whether it goes on with what was begun before.
    let isResumed: Bool
    /// The plan that is carried out, the version that does it, the limits.
    let input: ApplyInput
    private let ledger: Ledger
    private let checkpoint: @Sendable (ApplyCheckpoint) -> Void
    /// By position: of the plan, or of the undo.
    private(set) var entries: [Int: ApplyReport.Entry] = [:]
    /// What was about to be written when the run ended before, by position.
    private(set) var begun: [Int: JournalEntry] = [:]
    /// What this call is about to write, by position.
    private(set) var announced: [Int: JournalEntry] = [:]
    /// Why stores were given up, by name.
    private(set) var passedOver: [String: StoreError] = [:]
    /// Whether its journal is open, so that something may have been written.
    private(set) var isBegun: Bool

    var id: String { journal.id }

    init(
        _ journal: JournalRun,
        isResumed: Bool,
        input: ApplyInput,
        ledger: Ledger,
        checkpoint: @escaping @Sendable (ApplyCheckpoint) -> Void
    ) {
        self.journal = journal
        self.isResumed = isResumed
        isBegun = isResumed
        self.input = input
        self.ledger = ledger
        self.checkpoint = checkpoint
    }

    /// A run that begins, with an id of its own.
    static func begin(verb: String, plan: String?, undoes: String?, at start: Date) -> JournalRun {
        var random = SystemRandomNumberGenerator()
        let id = RunID.make(at: start, random: &random)
        return JournalRun(id: id, verb: verb, plan: plan, undoes: undoes, startedAt: start, isOpen: true)
    }

    /// The unfinished runs of the ledger, but for those that may be open.
    ///
    /// - Throws: `RepairError` (`unfinished`) that names the first of them and the command that finishes it.
    static func checkNothingElseIsOpen(_ open: [JournalRun], but own: [String]) throws {
        guard let other = open.first(where: { !own.contains($0.id) }) else { return }
        let command =
            other.undoes.map { "`rollcall undo \($0)`" }
            ?? "`rollcall apply` with the plan of id \(other.plan ?? ""), or take it back: `rollcall undo \(other.id)`"
        throw RepairError(
            .unfinished,
            "Nothing was written: run \(other.id) was left unfinished. Finish it first: \(command)."
        )
    }

    /// Takes over what the journal holds of a run.
    mutating func takeOver(from run: String) throws {
        try Self.forEachEntry(of: run, ledger) { entry in
            if let outcome = entry.outcome {
                entries[entry.ordinal] = Self.reported(entry, outcome)
            } else {
                begun[entry.ordinal] = entry
            }
        }
    }

    /// Entries that are read from the journal at a time.
    private static let page = 1_000

    /// Passes the journal's entries of a run, in their order.
    static func forEachEntry(of run: String, _ ledger: Ledger, _ body: (JournalEntry) throws -> Void) throws {
        var last = -1
        while true {
            let entries = try ledger.journalEntries(of: run, after: last, limit: page)
            for entry in entries { try body(entry) }
            guard entries.count == page, let end = entries.last else { return }
            last = end.ordinal
        }
    }

    /// Opens the journal, unless it is open.
    mutating func open() throws {
        if !isBegun { try ledger.beginJournal(journal) }
        isBegun = true
    }

    /// Writes down what is about to be written. It is on the disk when this returns.
    mutating func announce(_ entries: [JournalEntry]) throws {
        guard !entries.isEmpty else { return }
        try ledger.journal(entries, of: id)
        for entry in entries { announced[entry.ordinal] = entry }
        checkpoint(.journalled)
    }

    /// Takes note that a store is not written any more.
    mutating func passOver(_ error: StoreError) { passedOver[error.store] = error }

    /// Writes down what became of operations.
    mutating func settle(_ settled: [JournalEntry]) throws {
        guard !settled.isEmpty else { return }
        try ledger.journal(settled, of: id)
        checkpoint(.settled)
        for entry in settled { note(entry) }
    }

    /// Takes note of what became of an operation without writing it down.
    mutating func note(_ entry: JournalEntry) {
        guard let outcome = entry.outcome else { return }
        announced[entry.ordinal] = nil
        begun[entry.ordinal] = nil
        entries[entry.ordinal] = Self.reported(entry, outcome)
    }

    private static func reported(_ entry: JournalEntry, _ outcome: ApplyReport.Outcome) -> ApplyReport.Entry {
        ApplyReport.Entry(
            operation: entry.operation,
            store: entry.store,
            contact: entry.contact,
            action: entry.action,
            outcome: outcome,
            why: entry.why
        )
    }

    // MARK: The end

    /// Records the run in the history, unless it was recorded before, and makes its report.
    ///
    /// - Parameters:
    ///   - changedSince: what was read again and is not as it was left.
    ///   - verified: contacts that were read again, by store.
    ///   - agreed: contacts that were read again and are as canonical's, by store.
    ///   - manual: what the plan left to a person.
    func record(
        changedSince: [ApplyReport.Entry],
        verified: [String: Int],
        agreed: [String: Int] = [:],
        manual: Int
    ) throws -> ApplyReport {
        let finishedAt = input.now()
        var report = ApplyReport(
            run: AuditReport.Run(
                id: id,
                verb: journal.verb,
                startedAt: journal.startedAt,
                finishedAt: finishedAt,
                version: input.version,
                configuration: input.configuration,
                exit: 0,
                chain: 0
            ),
            plan: journal.plan,
            undoes: journal.undoes,
            isDryRun: input.isDryRun,
            isResumed: isResumed,
            manual: manual
        )
        for position in entries.keys.sorted() { if let entry = entries[position] { report.add(entry) } }
        report.changedSince = changedSince
        report.verified = verified
        report.agreed = agreed
        for target in input.targets where report.counts[target.name] != nil {
            report.guards[target.name] = target.store.writeGuard
        }
        let isComplete = report.count(.done) + report.count(.already) == entries.count
        report.run.exit = isComplete && manual == 0 && changedSince.isEmpty ? 0 : 1
        report.run.chain = try chain(report)
        if !input.isDryRun { checkpoint(.recorded) }
        return report
    }

    private func chain(_ report: ApplyReport) throws -> Int {
        if let recorded = try ledger.run(id) { return recorded.chain }
        var counts: [String: Int] = [:]
        for outcome in ApplyReport.Outcome.allCases where report.count(outcome) > 0 {
            counts[outcome.rawValue] = report.count(outcome)
        }
        if report.manual > 0 { counts["manual"] = report.manual }
        if !report.changedSince.isEmpty { counts["changedSince"] = report.changedSince.count }
        if input.isDryRun { counts["dryRun"] = 1 }
        let entry = RunEntry(
            id: id,
            verb: journal.verb,
            startedAt: journal.startedAt,
            finishedAt: report.run.finishedAt,
            verdict: nil,
            exit: report.run.exit,
            version: input.version,
            configuration: input.configuration,
            counts: counts,
            stores: input.targets.map { target in
                RunStore(
                    name: target.name,
                    kind: target.store.kind,
                    canonical: target.name == input.canonical,
                    records: nil,
                    root: nil,
                    complete: false,
                    columns: nil
                )
            }
        )
        return try ledger.record(entry, findings: [], historyKey: input.historyKey)
    }
}
