import Contacts
import Fingerprint

/// Writes contacts of a BigQuery dataset: each batch is read, judged, and then compared again and written by one transaction.
struct BigQueryWriter: StoreWriter {
    let client: BigQueryClient
    let plan: BigQueryPlan
    let notify: @Sendable (String) -> Void
    /// Bytes that a statement reads of each table, the contact table first.
    let tableBytes: [Int64]

    var layout: StoreLayout { plan.layout.layout }
    let batchLimit = 1_000

    private var store: BigQueryStore { client.store }

    /// - Throws: `BigQueryFailure`, `StoreError`, `CancellationError`.
    init(_ client: BigQueryClient, _ plan: BigQueryPlan, notify: @escaping @Sendable (String) -> Void) async throws {
        self.client = client
        self.plan = plan
        self.notify = notify
        var bytes: [Int64] = []
        for target in [plan.contacts, plan.identifiers].compactMap({ $0 }) {
            // A dry run asks for the right to write, too.
            let removal = BigQueryStatement(sql: "DELETE FROM \(target.table.quoted) WHERE FALSE")
            _ = try await client.price(removal, "open")
            let reading = BigQueryStatement(sql: "SELECT \(target.hash(of: "t")) FROM \(target.table.quoted) AS t")
            bytes.append(try await client.price(reading, "open").bytes)
        }
        tableBytes = bytes
    }

    /// As `StoreWriter` has it. Where two changes of a batch are of one contact, the second is read, and `journal` is called
    /// again, when the first is done and committed.
    func write(
        _ changes: [RecordChange],
        decide: (_ change: Int, _ records: [ContactRecord]) throws -> Bool,
        journal: (_ steps: [(change: Int, steps: [RowStep])]) throws -> Void
    ) async throws -> [WriteOutcome] {
        var outcomes = [WriteOutcome](repeating: .skipped, count: changes.count)
        let texts = BigQueryCanonicalForm()
        let canonicalKey = CanonicalKey()
        let keys = changes.map(keys)
        do {
            for portion in WritePortions.of(subjects: keys) {
                let state = try await read(portion.flatMap { keys[$0] })
                let steps = BigQuerySteps(plan: plan, state: state, texts: texts)
                var entries: [BigQueryEntry] = []
                for index in portion {
                    let records = plan.records(of: changes[index], state, canonicalKey)
                    guard try decide(index, records) else { continue }
                    do {
                        guard let own = try steps.steps(of: changes[index], records) else { continue }
                        if own.isEmpty {
                            outcomes[index] = .written([])
                        } else {
                            entries.append(try entry(index, own, state, texts))
                        }
                    } catch let refusal as WriteRefusal {
                        outcomes[index] = .refused(refusal.why)
                    }
                }
                if !entries.isEmpty { try journal(entries.map { ($0.change, $0.steps) }) }
                var batch = BigQueryBatch(writer: self, texts: texts, isJudgedWhole: true)
                for (change, outcome) in try await batch.carryOut(entries) { outcomes[change] = outcome }
            }
        } catch {
            throw store.writingError(error, "write")
        }
        return outcomes
    }

    /// As `StoreWriter` has it; of two lists of one contact the second is compared when the first is done.
    func carryOut(
        _ lists: [[RowStep]],
        journal: (_ steps: [(change: Int, steps: [RowStep])]) throws -> Void
    ) async throws -> [WriteOutcome] {
        var outcomes = [WriteOutcome](repeating: .skipped, count: lists.count)
        let texts = BigQueryCanonicalForm()
        let keys = lists.map { BigQueryStepMatch.keys(of: $0, plan) ?? [] }
        do {
            for portion in WritePortions.of(subjects: keys) {
                let state = try await read(portion.flatMap { keys[$0] })
                var entries: [BigQueryEntry] = []
                for index in portion where !keys[index].isEmpty || lists[index].isEmpty {
                    switch StepStanding(of: lists[index], plan, state, texts) {
                    case .after(let steps): outcomes[index] = .written(steps)
                    case .before(let steps):
                        do { entries.append(try entry(index, steps, state, texts)) } catch let refusal
                            as WriteRefusal
                        {
                            outcomes[index] = .refused(refusal.why)
                        }
                    case .neither: break
                    }
                }
                if !entries.isEmpty { try journal(entries.map { ($0.change, $0.steps) }) }
                var batch = BigQueryBatch(writer: self, texts: texts, isJudgedWhole: false)
                for (change, outcome) in try await batch.carryOut(entries) { outcomes[change] = outcome }
            }
        } catch {
            throw store.writingError(error, "write")
        }
        return outcomes
    }

    func close() async {}

    // MARK: Reading

    /// What a change is about: the key in its spellings, and the keys of its rows.
    private func keys(of change: RecordChange) -> [String] {
        BigQueryKeys.spellings(of: change.key, in: plan.layout.key) + change.rows.compactMap(plan.key)
    }

    /// Keys that are looked up by one statement.
    private static let chunk = 20_000

    /// All rows of some keys.
    func read(_ keys: [String]) async throws -> BigQueryState {
        var state = BigQueryState()
        let keys = Set(keys).sorted()
        for start in stride(from: 0, to: keys.count, by: Self.chunk) {
            let part = Array(keys[start..<min(start + Self.chunk, keys.count)])
            state.contacts.merge(try await rows(of: plan.contacts, part)) { $0 + $1 }
            if let identifiers = plan.identifiers {
                state.identifiers.merge(try await rows(of: identifiers, part)) { $0 + $1 }
            }
        }
        return state
    }

    private func rows(of target: BigQueryTarget, _ keys: [String]) async throws -> [String: [BigQueryState.Row]] {
        let result = try await client.run(target.rows(of: keys), "write")
        return BigQueryPlan.rows(of: target, try await result.rows(columns: target.table.columns.count + 1, "write"))
    }

    func entry(_ change: Int, _ steps: [RowStep], _ state: BigQueryState, _ texts: BigQueryCanonicalForm) throws
        -> BigQueryEntry
    {
        let keys = BigQueryStepMatch.keys(of: steps, plan) ?? []
        return try BigQueryEntry(change, steps, keys: keys, plan, state, texts)
    }
}
