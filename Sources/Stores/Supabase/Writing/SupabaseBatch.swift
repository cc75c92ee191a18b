import Contacts
import Transport

/// One batch of writes. Used by one task at a time.
final class SupabaseBatch {
    /// What a batch needs to know of the store; the same for all of them.
    struct Plan: Sendable {
        let store: SupabaseStore
        let layout: SupabaseLayout
        let contacts: WritableTable
        let identifiers: WritableTable?
        let records: RecordReader
    }

    let plan: Plan
    let equality = ColumnEquality()
    let normal = IdentifierNormalForm()

    /// How often a step is sent whose answer does not come, or that meets another transaction.
    private static let attempts = 8
    /// The wait before the second time; it doubles with each.
    private static let pause = Duration.milliseconds(100)

    init(_ plan: Plan) { self.plan = plan }

    /// The table that a step names.
    ///
    /// - Throws: `WriteRefusal` where it is none that is written.
    func table(_ name: String) throws -> WritableTable {
        if name == plan.contacts.name { return plan.contacts }
        guard let identifiers = plan.identifiers, name == identifiers.name else {
            throw WriteRefusal("there is no table \(name) among those that are written")
        }
        return identifiers
    }

    /// Carries out the steps of one change one after another. Where one of them cannot be, those before it are taken back.
    ///
    /// - Throws: `StoreError` where the store cannot be written; steps may be done then.
    func carryOut(_ work: Work) async throws -> WriteOutcome {
        var done = work.done
        for step in work.rest {
            let isContact = step.table == plan.contacts.name && step.before != nil
            let own = isContact ? step.row.flatMap { work.clocks[$0] } : nil
            switch try await carryOut(step, own ?? [:]) {
            case .done(let step): done.append(step)
            case .lost: return try await takeBack(done, .skipped)
            case .refused(let why): return try await takeBack(done, .refused(why))
            case .busy:
                let why = "another transaction is in the way of a row of table \(step.table)"
                return try await takeBack(done, .deferred(why))
            }
        }
        return .written(done)
    }

    private func takeBack(_ done: [RowStep], _ outcome: WriteOutcome) async throws -> WriteOutcome {
        for step in done.reversed() {
            guard case .done = try await carryOut(step.reversed, [:]) else {
                return .refused(
                    "somebody else changed rows of the contact while it was written, so that only a part of it is written"
                )
            }
        }
        return outcome
    }

    // MARK: One step

    private enum End {
        /// With the row's name, and with what it then holds.
        case done(RowStep)
        /// The row is neither as it was expected nor as it would be left.
        case lost
        case refused(String)
        case busy
    }

    private func carryOut(_ step: RowStep, _ clocks: StoredRow.Image) async throws -> End {
        do {
            let table = try table(step.table)
            var isAnswered = false
            for attempt in 1...Self.attempts {
                if attempt > 1 { try await Task.sleep(for: Self.pause * (1 << min(attempt - 2, 5))) }
                guard let answer = try await send(step, table, clocks) else {
                    return .refused("a row of table \(table.name) cannot be named in a request")
                }
                switch answer {
                case .rows(let rows) where rows.count == 1: return .done(try done(step, rows[0], table))
                case .rows(let rows) where rows.count > 1: throw plan.store.client.shape("write")
                case .failed(let failure):
                    if failure.isBusy {
                        if attempt == Self.attempts { return .busy }
                        continue
                    }
                    if failure.isTooMany {
                        return .refused("rows of table \(table.name) cannot be told apart: it has no key")
                    }
                    if failure.isConflict, let done = try await standing(step, table, clocks).done {
                        return .done(done)
                    }
                    return .refused(failure.refusal(table: table.name) ?? "table \(table.name) does not take it")
                case .rows: isAnswered = true
                case .unclear: isAnswered = false
                }
                switch try await standing(step, table, clocks) {
                case .after(let done): return .done(done)
                case .neither: return .lost
                case .before: continue
                }
            }
            if isAnswered {
                return .refused("a row of table \(table.name) is not met by the values that it has just been read with")
            }
            throw StoreError(
                .unreachable,
                store: plan.store.name,
                operation: "write",
                message: "a row of table \(table.name) was not written, however often it was sent. Run the same command"
                    + " again.",
                isRetryable: true
            )
        } catch let refusal as WriteRefusal {
            return .refused(refusal.why)
        }
    }

    /// Sends a step once; nil where the row cannot be named.
    private func send(
        _ step: RowStep,
        _ table: WritableTable,
        _ clocks: StoredRow.Image
    ) async throws -> PostgRESTClient.Written? {
        let client = plan.store.client
        let selection = table.reader.selection
        guard let before = step.before else {
            return try await client.write(
                .post,
                table.name,
                [selection],
                body: try table.body(step.after ?? [:]),
                preferences: ["handling=strict", "missing=default"]
            )
        }
        let expected = before.merging(clocks) { own, _ in own }
        guard let row = step.row, let conditions = try table.conditions(row, expected) else { return nil }
        return try await client.write(
            step.after == nil ? .delete : .patch,
            table.name,
            conditions + [selection],
            body: try step.after.map(table.body),
            preferences: ["handling=strict", "max-affected=1"]
        )
    }

    /// A step with what the service says of its row.
    private func done(_ step: RowStep, _ json: JSONValue, _ table: WritableTable) throws -> RowStep {
        let row = table.row(try table.reader.row(json, "write"))
        var done = step
        guard let after = step.after else { return done }
        done.row = step.row ?? row.name
        done.after = step.before == nil ? row.image : row.image.filter { after[$0.key] != nil }
        return done
    }

    private enum Standing {
        case before
        case after(RowStep)
        case neither

        var done: RowStep? { if case .after(let step) = self { step } else { nil } }
    }

    /// What the table says of a step that was sent without a clear answer.
    private func standing(_ step: RowStep, _ table: WritableTable, _ clocks: StoredRow.Image) async throws
        -> Standing
    {
        var found: (row: RowID, image: StoredRow.Image)?
        if let row = step.row {
            found = try await table.read(row).map { (row, $0) }
        } else if let after = step.after {
            let rows = try await table.rows(like: after)
            found = rows.first { holds(after, in: $0.image, table) }.map { ($0.name, $0.image) }
        }
        if let after = step.after {
            if let found, holds(after, in: found.image, table) {
                var done = step
                done.row = found.row
                done.after = step.before == nil ? found.image : found.image.filter { after[$0.key] != nil }
                return .after(done)
            }
        } else if found == nil {
            return .after(step)
        }
        guard let before = step.before else { return found == nil ? .before : .neither }
        guard let found, holds(before.merging(clocks) { own, _ in own }, in: found.image, table) else {
            return .neither
        }
        return .before
    }

    /// Whether a row has these values; a column that is not there has none.
    func holds(_ values: StoredRow.Image, in image: StoredRow.Image, _ table: WritableTable) -> Bool {
        values.allSatisfy { name, value in
            guard let column = try? table.column(name), let own = image[name] else { return false }
            return equality.same(own, value, in: column)
        }
    }
}
