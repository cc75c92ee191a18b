import Contacts
import Foundation

/// Writes people of a Twenty workspace, which knows no transactions: a person is read, compared, written and read again.
/// Somebody else who writes the same field between the reading and the writing is not noticed; so few are written behind one
/// reading that this is short.
final class TwentyWriter: StoreWriter {
    let layout: StoreLayout
    let batchLimit: Int
    private let people: TwentyPeople

    /// People that are written behind one reading.
    private static let portion = 10

    init(_ people: TwentyPeople) {
        self.people = people
        layout = people.layout.layout
        batchLimit = max(1, people.api.store.settings.batch)
    }

    /// As `StoreWriter` has it. A batch is read, journalled and written in portions, `journal` is called for each of them:
    /// what is added in portions of the whole batch, all else in small ones.
    func write(
        _ changes: [RecordChange],
        decide: (_ change: Int, _ records: [ContactRecord]) throws -> Bool,
        journal: (_ steps: [(change: Int, steps: [RowStep])]) throws -> Void
    ) async throws -> [WriteOutcome] {
        let steps = TwentySteps(people.layout)
        var outcomes = [WriteOutcome](repeating: .skipped, count: changes.count)
        for portion in portions(changes) {
            try Task.checkCancellation()
            let requests = changes[portion].map { RecordRequest(key: $0.key, rows: $0.rows) }
            let found = try await TwentyFetch(people: people, operation: "write").people(for: requests)
            var entries: [(change: Int, steps: [RowStep])] = []
            for (index, own) in zip(portion, found) {
                guard try decide(index, own.map { $0.record(people.layout) }) else { continue }
                do {
                    guard let planned = try steps.steps(of: changes[index], own) else { continue }
                    if planned.isEmpty { outcomes[index] = .written([]) } else { entries.append((index, planned)) }
                } catch let refusal as WriteRefusal {
                    outcomes[index] = .refused(refusal.why)
                }
            }
            guard !entries.isEmpty else { continue }
            try journal(entries)
            let written = try await TwentyWriting(people: people, steps: steps).write(entries.map(\.steps))
            for (entry, outcome) in zip(entries, written) { outcomes[entry.change] = outcome }
        }
        return outcomes
    }

    /// As `StoreWriter` has it. All lists are compared before `journal` is called, once; what is written is read again in
    /// portions, each right before its writes, and left alone where somebody wrote it meanwhile. Removing a person is a soft
    /// delete: its step comes back as one that sets `deletedAt`.
    func carryOut(
        _ lists: [[RowStep]],
        journal: (_ steps: [(change: Int, steps: [RowStep])]) throws -> Void
    ) async throws -> [WriteOutcome] {
        let steps = TwentySteps(people.layout)
        var outcomes = [WriteOutcome](repeating: .skipped, count: lists.count)
        var entries: [(change: Int, steps: [RowStep])] = []
        let current = try await read(lists)
        for (index, list) in lists.enumerated() {
            switch standing(of: list, current, steps) {
            case .after: outcomes[index] = .written(list.map { Self.softened($0, current) })
            case .before: entries.append((index, list.map { Self.softened($0, current) }))
            case .neither: break
            }
        }
        guard !entries.isEmpty else { return outcomes }
        try journal(entries)
        for portion in Self.chunks(entries, Self.portion) {
            try Task.checkCancellation()
            let fresh = try await read(portion.map(\.steps))
            let met = portion.filter { standing(of: $0.steps, fresh, steps) != .neither }
            let written = try await TwentyWriting(people: people, steps: steps)
                .write(met.map { $0.steps.filter { steps.standing(of: $0, Self.person($0, fresh)) == .before } })
            for (entry, outcome) in zip(met, written) {
                outcomes[entry.change] = Self.whole(outcome, entry.steps)
            }
        }
        return outcomes
    }

    func close() async {}

    // MARK: Steps

    /// What was done of a list, with the steps that had been done before.
    private static func whole(_ outcome: WriteOutcome, _ list: [RowStep]) -> WriteOutcome {
        guard case .written(let done) = outcome else { return outcome }
        var rest = done[...]
        return .written(
            list.map { step in
                guard let next = rest.first, next.row == step.row, next.before?.keys == step.before?.keys else {
                    return step
                }
                rest = rest.dropFirst()
                return next
            }
        )
    }

    private func read(_ lists: [[RowStep]]) async throws -> [UUID: TwentyPerson] {
        let ids = lists.flatMap { $0 }.compactMap { $0.row.flatMap(TwentyFetch.id) }
        let found = try await people.people(ids, "write")
        try people.checkNothingIsHidden(found.values, "write")
        return found
    }

    private static func person(_ step: RowStep, _ people: [UUID: TwentyPerson]) -> TwentyPerson? {
        step.row.flatMap(TwentyFetch.id).flatMap { people[$0] }
    }

    /// Of a list whose steps are partly done, as after a crash, the rest is to be done.
    private func standing(
        of list: [RowStep],
        _ people: [UUID: TwentyPerson],
        _ steps: TwentySteps
    ) -> TwentySteps.Standing {
        var isDone = true
        for step in list {
            switch steps.standing(of: step, Self.person(step, people)) {
            case .neither: return .neither
            case .before: isDone = false
            case .after: break
            }
        }
        return isDone ? .after : .before
    }

    /// A step that takes a person away as the soft delete that it is.
    private static func softened(_ step: RowStep, _ people: [UUID: TwentyPerson]) -> RowStep {
        step.after == nil && person(step, people) != nil ? TwentySteps.mark(step.row, deleted: true) : step
    }

    // MARK: Portions

    /// The batch in stretches: in none of them two changes are of one contact or row, and each is of one kind.
    private func portions(_ changes: [RecordChange]) -> [Range<Int>] {
        var portions: [Range<Int>] = []
        var keys: Set<String> = []
        var rows: Set<RowID> = []
        var start = 0
        for (index, change) in changes.enumerated() {
            let isInsert = change.action == .insert
            let limit = isInsert ? batchLimit : Self.portion
            let isOther = index > start && isInsert != (changes[start].action == .insert)
            if index - start >= limit || isOther || keys.contains(change.key)
                || change.rows.contains(where: rows.contains)
            {
                portions.append(start..<index)
                start = index
                keys.removeAll()
                rows.removeAll()
            }
            keys.insert(change.key)
            rows.formUnion(change.rows)
        }
        if start < changes.count { portions.append(start..<changes.count) }
        return portions
    }

    private static func chunks<Element>(_ elements: [Element], _ size: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: elements.count, by: size).map { elements[$0..<min($0 + size, elements.count)] }
    }
}
