import Contacts
import Ledger

extension Applier {
    /// Decides everything as an apply would, through readers. Only the history gets an entry.
    func dryRun() async throws -> ApplyReport {
        var run = try begin()
        let forgotten = try forgotten()
        for position in plan.operations.indices
        where run.entries[position] == nil && forgotten.contains(plan.operations[position].contact) {
            run.note(entry(position, .superseded, Self.isForgotten))
        }
        for entry in try await lapsedAdoptions(run) { run.note(entry) }
        for target in input.targets {
            let pending = pending(target.name, run)
            guard !pending.isEmpty else { continue }
            let session = try await target.store.openForFetches { progress(.waiting($0)) }
            do {
                try await decide(pending, session, &run)
            } catch {
                await session.close()
                throw error
            }
            await session.close()
        }
        return try run.record(changedSince: [], verified: [:], manual: plan.manual.count)
    }

    /// Operations that are read at a time.
    static let readLimit = 1_000

    private func decide(_ positions: [Int], _ session: any StoreSession, _ run: inout RepairRun) async throws {
        let judge = OperationJudge(layout: session.layout, input: input)
        // By contact, what an operation before would leave.
        var left: [String: String?] = [:]
        for part in Batches.split(positions, limit: Self.readLimit, marks: { _ in ([], []) }) {
            try Task.checkCancellation()
            let found = try await session.fetch(part.map { judge.request(plan.operations[$0]) })
            for (position, records) in zip(part, found) {
                let operation = plan.operations[position]
                let isExpected = left[operation.contact].map { $0 == operation.expect } ?? false
                let verdict = isExpected ? .write : judge.verdict(operation, records)
                let isBegun = run.begun[position] != nil
                if isBlocked(position, run) {
                    run.note(entry(position, .failed, Self.comesAfter))
                } else if judge.change(operation) == nil {
                    run.note(entry(position, .superseded, OperationJudge.lacksField))
                } else {
                    switch verdict {
                    case .write:
                        left[operation.contact] = .some(operation.leave)
                        run.note(entry(position, .done))
                    case .already: run.note(entry(position, isBegun ? .done : .already))
                    case .superseded(let why): run.note(entry(position, .superseded, why))
                    }
                }
            }
            progress(.operation(done: run.entries.count, of: plan.operations.count))
        }
    }
}
