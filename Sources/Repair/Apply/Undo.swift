import Fingerprint
package import Contacts
import Foundation
package import Ledger

/// Takes a run back: what it wrote becomes what it was, row by row, where it is still as the run left it. An undo is journalled
/// as an apply is, so that the same call goes on after a crash, and so that it can be undone itself.
package struct Undo: Sendable {
    let run: String
    let input: ApplyInput
    let state: StateFolder
    let ledger: Ledger
    let progress: @Sendable (ApplyProgress) -> Void
    let checkpoint: @Sendable (ApplyCheckpoint) -> Void

    /// - Parameters:
    ///   - run: the id of an apply, or of an undo. One that a crash has left open is taken back as far as it came.
    ///   - progress: is told what is being done, from the task that runs.
    ///   - checkpoint: is told what is durable, right behind it.
    package init(
        run: String,
        input: ApplyInput,
        state: StateFolder,
        ledger: Ledger,
        progress: @escaping @Sendable (ApplyProgress) -> Void,
        checkpoint: @escaping @Sendable (ApplyCheckpoint) -> Void = { _ in }
    ) {
        self.run = run
        self.input = input
        self.state = state
        self.ledger = ledger
        self.progress = progress
        self.checkpoint = checkpoint
    }

    /// Takes the run back, or goes on with that, and reads again what it touched. A dry run opens the stores for writing, since
    /// only a writer can compare rows, and writes nothing.
    ///
    /// - Throws: `RepairError` (`noSuchRun`, `tooLarge`, `unfinished`, `otherConfiguration`), and as `Applier.run`.
    package func run() async throws -> ApplyReport {
        if input.isDryRun { return try await dryRun() }
        return try await state.withLock(limit: Applier.patience) { try await undo() }
    }

    /// A run that is taken back, with what is known of it before anything is written.
    private struct Source {
        let journal: JournalRun
        /// How many operations it carried out, or may have.
        var count = 0
        /// The highest position of its journal.
        var last = 0
        var stores: Set<String> = []
    }

    private func begin() throws -> (source: Source, run: RepairRun) {
        let journal = try restorable()
        let open = try ledger.openJournals()
        let own = open.first { $0.verb == "undo" && $0.undoes == run }
        try RepairRun.checkNothingElseIsOpen(open, but: [run] + (own.map { [$0.id] } ?? []))
        var source = Source(journal: journal)
        var radius = BlastRadius()
        try RepairRun.forEachEntry(of: run, ledger) { entry in
            source.last = entry.ordinal
            guard Self.wasWritten(entry) else { return }
            source.count += 1
            source.stores.insert(entry.store)
            radius.add(Self.action(undoing: entry), to: entry.store)
        }
        guard source.count > 0 else {
            throw RepairError(.noSuchRun, "Run \(run) wrote nothing, so there is nothing to take back.")
        }
        if let stranger = source.stores.subtracting(input.targets.map(\.name)).sorted().first {
            throw RepairError(
                .otherConfiguration,
                "Run \(run) wrote the store \(stranger), which the configuration does not have. Put it back there first."
            )
        }
        if own == nil, !input.allowsLarge { try radius.check(input.targets, input.limits) }
        let fresh = RepairRun.begin(verb: "undo", plan: nil, undoes: run, at: input.now())
        var undoing = RepairRun(
            input.isDryRun ? fresh : own ?? fresh,
            isResumed: own != nil,
            input: input,
            ledger: ledger,
            checkpoint: checkpoint
        )
        if let own { try undoing.takeOver(from: own.id) }
        return (source, undoing)
    }

    /// The run's journal.
    private func restorable() throws -> JournalRun {
        guard let journal = try ledger.journalRun(run), !journal.isPruned else {
            let isKnown = try ledger.run(run) != nil
            let why =
                isKnown ? "is in the history, and its journal is not: it wrote nothing, or it is too old" : "is unknown"
            throw RepairError(.noSuchRun, "Run \(run) \(why). `rollcall history` lists the runs.")
        }
        if let undo = try standingUndo(of: run) {
            throw RepairError(
                .noSuchRun,
                "Run \(run) was taken back already, by run \(undo). `rollcall undo \(undo)` carries it out again."
            )
        }
        return journal
    }

    /// The finished undo of a run that has not been undone itself; nil where there is none.
    private func standingUndo(of run: String) throws -> String? {
        var undos: [String: [String]] = [:]
        for entry in try ledger.history(limit: .max) where entry.verb == "undo" {
            guard let undo = try ledger.journalRun(entry.id), !undo.isOpen, let undone = undo.undoes else { continue }
            undos[undone, default: []].append(undo.id)
        }
        func standing(_ run: String) -> String? { undos[run]?.first { standing($0) == nil } }
        return standing(run)
    }

    // MARK: What is taken back

    private static func wasWritten(_ entry: JournalEntry) -> Bool {
        switch entry.outcome {
        case .done: true
        // What was not written has no steps.
        case nil, .notRestored, .superseded: !entry.steps.isEmpty
        default: false
        }
    }

    /// What an undo of this does.
    private static func action(undoing entry: JournalEntry) -> RepairProposal.Action {
        switch entry.action {
        case .insert: .delete
        case .delete, .merge:
            // What was only marked has all its rows before and behind.
            entry.steps.contains { $0.after == nil } ? .insert : .update
        case .update, .link, .manual, .unrepresentable, .deferred: entry.action
        }
    }

    /// The entry of this undo for one of the run; positions run backwards.
    private func entry(undoing entry: JournalEntry, _ source: Source) -> JournalEntry {
        JournalEntry(
            ordinal: source.last - entry.ordinal,
            operation: entry.operation,
            store: entry.store,
            contact: entry.contact,
            action: Self.action(undoing: entry),
            steps: entry.steps.reversed().map(\.reversed),
            outcome: nil,
            why: ""
        )
    }

    /// Journal entries that are read at a time.
    private static let page = 1_000

    /// Passes the entries of a run, those of the highest positions first.
    private func forEachPage(
        of run: String,
        from end: Int,
        _ body: ([JournalEntry]) async throws -> Void
    ) async throws {
        var end = end
        while true {
            try Task.checkCancellation()
            let entries = try ledger.journalEntries(of: run, before: end, limit: Self.page)
            guard let last = entries.last else { return }
            end = last.ordinal
            try await body(entries)
        }
    }

    /// Passes what is to be written to a store, in its order, in batches.
    private func forEachBatch(
        _ store: String,
        _ source: Source,
        limit: Int,
        _ body: ([JournalEntry]) async throws -> Void
    ) async throws {
        try await forEachPage(of: run, from: source.last + 1) { page in
            let own = page.filter { $0.store == store && Self.wasWritten($0) }.map { entry(undoing: $0, source) }
            for batch in Batches.split(own, limit: limit, marks: { ([$0.contact], []) }) {
                try Task.checkCancellation()
                try await body(batch)
            }
        }
    }

    // MARK: Writing

    private func undo() async throws -> ApplyReport {
        var (source, undoing) = try begin()
        do {
            let check = try await OpenWriters.with(source.stores, of: input.targets, progress) { writers, _ in
                try undoing.open()
                for target in input.targets.reversed() {
                    guard let writer = writers[target.name] else { continue }
                    try await forEachBatch(target.name, source, limit: writer.batchLimit) { batch in
                        try await restore(batch, writer, &undoing)
                        progress(.operation(done: undoing.entries.count, of: source.count))
                    }
                }
                return try await verify(writers, undoing)
            }
            checkpoint(.verified)
            let stay = undoing.entries.values.filter { $0.outcome != .done }
                .map { input.scheme.keyDigest(of: Array($0.contact.utf8)) }
            try AgreedRolls(input: input, state: state, ledger: ledger, run: undoing.id)
                .putBack(run, without: Set(stay))
            checkpoint(.rollsWritten)
            let report = try undoing.record(changedSince: check.changedSince, verified: check.verified, manual: 0)
            if source.journal.isOpen { try ledger.endJournal(run) }
            try ledger.endJournal(undoing.id)
            return report
        } catch let error as StoreError where undoing.isBegun {
            throw error.inTheMiddle
        }
    }

    private func restore(_ batch: [JournalEntry], _ writer: any StoreWriter, _ undoing: inout RepairRun) async throws {
        let batch = batch.filter { undoing.entries[$0.ordinal] == nil }
        guard !batch.isEmpty else { return }
        let outcomes = try await writer.carryOut(batch.map(\.steps)) { steps in
            try undoing.announce(
                steps.map { change, steps in
                    var entry = batch[change]
                    entry.steps = steps
                    return entry
                }
            )
        }
        checkpoint(.written)
        try undoing.settle(zip(batch, outcomes).map(Self.settled))
    }

    private static func settled(_ entry: JournalEntry, _ outcome: WriteOutcome) -> JournalEntry {
        var entry = entry
        switch outcome {
        case .written(let steps):
            let isMarked = zip(entry.steps, steps).contains { $0.after == nil && $1.after != nil }
            entry.steps = steps
            entry.outcome = isMarked ? .notRestored : .done
            entry.why = isMarked ? Self.isMarked : ""
        case .skipped:
            entry.steps = []
            entry.outcome = .notRestored
            entry.why = isChanged
        case .refused(let why):
            entry.steps = []
            entry.outcome = .notRestored
            entry.why = why
        case .deferred(let why):
            entry.steps = []
            entry.outcome = .deferred
            entry.why = why
        }
        return entry
    }

    private static let isMarked = "the store does not remove what was added: it is marked as deleted there"
    private static let isChanged = "the record is no longer as the run left it: somebody wrote it since"

    /// Reads again what was written; of several writes to a contact of a store the last.
    private func verify(
        _ writers: [String: any StoreWriter],
        _ undoing: RepairRun
    ) async throws -> (changedSince: [ApplyReport.Entry], verified: [String: Int]) {
        var changedSince: [ApplyReport.Entry] = []
        var verified: [String: Int] = [:]
        var seen = Set<[String]>()
        progress(.verifying(0))
        try await forEachPage(of: undoing.id, from: Int.max) { page in
            let last = page.filter { $0.outcome == .done && seen.insert([$0.store, $0.contact]).inserted }
            for (store, entries) in Dictionary(grouping: last, by: \.store).sorted(by: { $0.key < $1.key }) {
                guard let writer = writers[store] else { continue }
                let standings = try await StepProbe.standings(of: entries.map(\.steps), writer)
                verified[store, default: 0] += entries.count
                for (entry, standing) in zip(entries, standings) where standing != .behind {
                    guard var changed = undoing.entries[entry.ordinal] else { continue }
                    changed.why = "it was written again behind the undo"
                    changedSince.append(changed)
                }
            }
            progress(.verifying(verified.values.reduce(0, +)))
        }
        return (changedSince, verified)
    }

    private func dryRun() async throws -> ApplyReport {
        var (source, undoing) = try begin()
        try await OpenWriters.with(source.stores, of: input.targets, progress) { writers, _ in
            for target in input.targets.reversed() {
                guard let writer = writers[target.name] else { continue }
                // Of a contact that would be restored already, an older write would be met as it was left.
                var restored: Set<String> = []
                try await forEachBatch(target.name, source, limit: Self.page) { batch in
                    let left = batch.filter { undoing.entries[$0.ordinal] == nil }
                    let standings = try await StepProbe.standings(of: left.map(\.steps), writer)
                    for (entry, standing) in zip(left, standings) {
                        let isMet = standing != .neither || restored.contains(entry.contact)
                        if isMet { restored.insert(entry.contact) }
                        undoing.note(Self.settled(entry, isMet ? .written(entry.steps) : .skipped))
                    }
                    progress(.operation(done: undoing.entries.count, of: source.count))
                }
            }
        }
        return try undoing.record(changedSince: [], verified: [:], manual: 0)
    }
}
