import Contacts

/// Carries out the changes of one batch, in as few transactions as it takes.
struct BigQueryBatch {
    let writer: BigQueryWriter
    let texts: BigQueryCanonicalForm
    /// Whether a change was decided on all that its rows hold, so that it is not written where any of it has changed.
    let isJudgedWhole: Bool

    private var outcomes: [Int: WriteOutcome] = [:]
    /// Transactions that may yet be begun: changes that stand in others' way are found by halving the batch.
    private var left = 64

    /// How often a batch is tried that another transaction comes before.
    private static let attempts = 5
    /// Bytes of a script's parameters at most; BigQuery takes ten megabytes.
    private static let maximumBytes = 7 << 20

    init(writer: BigQueryWriter, texts: BigQueryCanonicalForm, isJudgedWhole: Bool) {
        self.writer = writer
        self.texts = texts
        self.isJudgedWhole = isJudgedWhole
    }

    /// Carries out entries that are in the journal.
    ///
    /// - Returns: by the changes' numbers, what became of them.
    mutating func carryOut(_ entries: [BigQueryEntry]) async throws -> [Int: WriteOutcome] {
        if !entries.isEmpty { try await attempt(entries, 1) }
        return outcomes
    }

    private mutating func attempt(_ entries: [BigQueryEntry], _ attempt: Int) async throws {
        let script = BigQueryScript(plan: writer.plan, entries: entries)
        let statement = script.statement
        let size = statement.parameters.reduce(0) { $0 + $1.json.bytes.count }
        if size > Self.maximumBytes, entries.count > 1 { return try await halves(entries, attempt) }
        let price = zip(script.statements, writer.tableBytes).reduce(0) { $0 + Int64($1.0) * $1.1 }
        try writer.client.checkPrice(price, "write")
        do {
            let result = try await writer.client.runOnce(
                statement,
                timeout: writer.client.store.settings.timeout,
                "write"
            )
            let rows = try await result.rows(columns: 1, "write")
            let written = Set(rows.compactMap { $0[0].wireInteger.map(Int.init) })
            for entry in entries where written.contains(entry.change) { outcomes[entry.change] = .written(entry.steps) }
            try await settle(entries.filter { !written.contains($0.change) })
        } catch let failure as BigQueryFailure {
            try await meet(failure, entries, attempt)
        }
    }

    /// A change that was not written: what it expected is not there, unless a transaction that was thought lost has written it.
    private mutating func settle(_ entries: [BigQueryEntry]) async throws {
        guard !entries.isEmpty else { return }
        let state = try await read(entries)
        for entry in entries {
            if case .after(let steps) = StepStanding(of: entry.steps, writer.plan, state, texts) {
                outcomes[entry.change] = .written(steps)
            } else {
                outcomes[entry.change] = .skipped
            }
        }
    }

    private func read(_ entries: [BigQueryEntry]) async throws -> BigQueryState {
        try await writer.read(entries.flatMap { $0.expectations.map(\.key) })
    }

    /// What is done about a script that failed. Its last statement may have, when the transaction was committed.
    private mutating func meet(_ failure: BigQueryFailure, _ entries: [BigQueryEntry], _ attempt: Int) async throws {
        let state = try await read(entries)
        var rest: [BigQueryEntry] = []
        for entry in entries {
            switch StepStanding(of: entry.steps, writer.plan, state, texts) {
            case .after(let steps): outcomes[entry.change] = .written(steps)
            case .neither: outcomes[entry.change] = .skipped
            case .before:
                let new = try writer.entry(entry.change, entry.steps, state, texts)
                if isJudgedWhole, new.expectations != entry.expectations {
                    outcomes[entry.change] = .skipped
                } else {
                    rest.append(new)
                }
            }
        }
        guard !rest.isEmpty else { return }
        if failure.isLostTransaction || failure.isAssertion || failure.isTransient {
            try await again(rest, attempt)
        } else if failure.isStreamingBuffer {
            try await part(
                rest,
                attempt,
                .deferred(
                    "rows that were streamed in lately cannot be changed yet; BigQuery allows it within 90 minutes"
                )
            )
        } else if ["invalidQuery", "invalid"].contains(failure.reason) {
            try await part(
                rest,
                attempt,
                .refused("BigQuery does not take the values (\(failure.reason)\(failure.place))")
            )
        } else {
            throw failure
        }
    }

    /// Parts a batch until what stands in its way is alone, and has that outcome.
    private mutating func part(_ entries: [BigQueryEntry], _ attempt: Int, _ outcome: WriteOutcome) async throws {
        if entries.count > 1, left > 1 { return try await halves(entries, attempt) }
        // Of several that are left when no more is tried, any may be the one.
        for entry in entries {
            outcomes[entry.change] =
                entries.count == 1
                ? outcome : .deferred("the batch holds rows that BigQuery does not change; try again later")
        }
    }

    private mutating func halves(_ entries: [BigQueryEntry], _ attempt: Int) async throws {
        left -= 2
        let middle = entries.count / 2
        try await self.attempt(Array(entries[..<middle]), attempt)
        try await self.attempt(Array(entries[middle...]), attempt)
    }

    /// Tries what is still as it was decided on.
    private mutating func again(_ entries: [BigQueryEntry], _ attempt: Int) async throws {
        guard attempt < Self.attempts else {
            for entry in entries {
                outcomes[entry.change] = .deferred(
                    "other transactions came first, \(Self.attempts) times; try again later"
                )
            }
            return
        }
        writer.notify(
            "\(writer.client.store.name): another transaction came first; \(entries.count) changes are tried again"
        )
        try await writer.client.pause(attempt)
        try await self.attempt(entries, attempt + 1)
    }
}
