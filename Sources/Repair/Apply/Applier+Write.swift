import Contacts
import Ledger

extension Applier {
    /// Writes all stores, canonical first. The journal is open when this returns.
    func write(_ run: inout RepairRun) async throws {
        let stores = Set(plan.operations.indices.filter { run.entries[$0] == nil }.map { plan.operations[$0].store })
        let dispensable = input.goesOnWithoutStores ? Set(input.targets.map(\.name)).subtracting([input.canonical]) : []
        try await OpenWriters.with(stores, of: input.targets, dispensable: dispensable, progress) { writers, failures in
            try run.open()
            let forgotten = try forgotten()
            try run.settle(
                plan.operations.indices
                    .filter { run.entries[$0] == nil && forgotten.contains(plan.operations[$0].contact) }
                    .map { entry($0, .superseded, Self.isForgotten) }
            )
            try run.settle(try await lapsedAdoptions(run))
            for target in input.targets {
                do {
                    if let failure = failures.first(where: { $0.store == target.name }) { throw failure }
                    guard let writer = writers[target.name] else { continue }
                    try await goOn(target, writer, &run)
                    try await write(target, writer, &run)
                } catch let error as StoreError where dispensable.contains(target.name) {
                    try passOver(error, &run)
                }
            }
        }
    }

    /// Gives up what is left to do in a store that cannot be written. What was about to be written may be written or not: its
    /// steps stay in the journal, so that an undo knows of them.
    private func passOver(_ error: StoreError, _ run: inout RepairRun) throws {
        run.passOver(error)
        try run.settle(
            pending(error.store, run)
                .map { entry($0, steps: (run.announced[$0] ?? run.begun[$0])?.steps ?? [], .deferred, error.message) }
        )
    }

    /// Carries out what was about to be written when the run ended before. What is neither as it was before nor as it would
    /// be left is judged anew; so is an insert where comparing and writing are one transaction, by its key.
    private func goOn(_ target: RepairTarget, _ writer: any StoreWriter, _ run: inout RepairRun) async throws {
        let begun = run.begun.values
            .filter { $0.store == target.name && !($0.action == .insert && target.store.writeGuard == .exact) }
            .sorted { $0.ordinal < $1.ordinal }
        for batch in Batches.split(begun, limit: writer.batchLimit, marks: { ([$0.contact], []) }) {
            try Task.checkCancellation()
            let outcomes = try await writer.carryOut(batch.map(\.steps)) { steps in
                try run.announce(steps.map { entry(batch[$0.change].ordinal, steps: $0.steps, nil) })
            }
            checkpoint(.written)
            let settled = zip(batch, outcomes).filter { $1 != .skipped }.map { self.settled($0.ordinal, $1) }
            try run.settle(settled)
            tell(run)
        }
    }

    private func write(_ target: RepairTarget, _ writer: any StoreWriter, _ run: inout RepairRun) async throws {
        let judge = OperationJudge(layout: writer.layout, input: input)
        let batches = Batches.split(pending(target.name, run), limit: writer.batchLimit) { position in
            let operation = plan.operations[position]
            return ([operation.contact, operation.id], operation.after)
        }
        for batch in batches {
            try Task.checkCancellation()
            try await write(batch, judge, target, writer, &run)
            tell(run)
        }
    }

    private func write(
        _ batch: [Int],
        _ judge: OperationJudge,
        _ target: RepairTarget,
        _ writer: any StoreWriter,
        _ run: inout RepairRun
    ) async throws {
        var settled: [JournalEntry] = []
        var changes: [RecordChange] = []
        var places: [Int] = []
        for position in batch {
            if isBlocked(position, run) {
                settled.append(entry(position, .failed, Self.comesAfter))
            } else if let change = judge.change(plan.operations[position]) {
                changes.append(change)
                places.append(position)
            } else {
                settled.append(entry(position, .superseded, OperationJudge.lacksField))
            }
        }
        if !changes.isEmpty {
            var verdicts = [OperationJudge.Verdict](repeating: .write, count: changes.count)
            let outcomes = try await writer.write(
                changes,
                decide: { change, records in
                    verdicts[change] = judge.verdict(plan.operations[places[change]], records)
                    return verdicts[change] == .write
                },
                journal: { steps in
                    try run.announce(steps.map { entry(places[$0.change], steps: $0.steps, nil) })
                }
            )
            checkpoint(.written)
            for (change, outcome) in outcomes.enumerated() {
                let (place, begun) = (places[change], run.begun[places[change]])
                // Where every row is written by itself some may be: an undo is to know of them.
                let left = target.store.writeGuard == .window ? begun?.steps ?? [] : []
                settled.append(self.settled(place, outcome, verdicts[change], begun, left: left))
            }
        }
        try run.settle(settled)
    }

    /// What became of a change.
    ///
    /// - Parameters:
    ///   - begun: what a run that ended before was about to write.
    ///   - left: which of its steps may be done where the record is another one now.
    private func settled(
        _ position: Int,
        _ outcome: WriteOutcome,
        _ verdict: OperationJudge.Verdict = .write,
        _ begun: JournalEntry? = nil,
        left: [RowStep] = []
    ) -> JournalEntry {
        switch (outcome, verdict) {
        case (.written(let steps), _): entry(position, steps: steps, .done)
        case (.refused(let why), _): entry(position, .unrepresentable, why)
        case (.deferred(let why), _): entry(position, .deferred, why)
        case (.skipped, .already):
            if let begun, begun.action == .insert {
                entry(position, steps: begun.steps, .done)
            } else {
                entry(position, .already)
            }
        case (.skipped, .superseded(let why)): entry(position, steps: left, .superseded, why)
        case (.skipped, .write): entry(position, steps: left, .superseded, OperationJudge.isNewer)
        }
    }

    private func tell(_ run: RepairRun) {
        progress(.operation(done: run.entries.count, of: plan.operations.count))
    }
}
