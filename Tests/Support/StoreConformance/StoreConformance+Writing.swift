import Contacts
import Synchronization

extension StoreConformance {
    /// The checks for a store that can be written; its maker's stores are `WritableStore`s.
    package static let writing = changes + decisions + journals + steps + undoing

    private struct Stop: Error {}

    private static let changes = [
        StoreConformance("opening for writing changes nothing, and the writer has the layout of a session") { make in
            let scene = try await WritingScene((0..<4).map(LogicalContact.sample), make)
            let start = try await scene.read()
            let layout = try await scene.writing { writer in
                try require(writer.batchLimit > 0, "a batch may have no change")
                return writer.layout
            }
            try require(layout == scene.layout, "the writer has another layout than a session")
            try require(try await scene.read() == start, "opening wrote")
        },
        StoreConformance("an update writes the fields that it names, and nothing else") { make in
            var contacts = (0..<8).map(LogicalContact.sample)
            let scene = try await WritingScene(contacts, make)
            let start = try await scene.read()
            let some: Set = ["first_name", ContactSchema.Name.emails, ContactSchema.Name.version]
            let outcomes = try await scene.write(
                try await scene.changes(to: [.sample(25, as: 5)], make)
                    + scene.changes(to: [.sample(23, as: 3)], fields: some, make)
            )
            contacts[5] = .sample(25, as: 5)
            contacts[3] = contacts[3].with(some, of: .sample(23))
            for steps in try outcomes.map({ try $0.written() }) {
                try require(!steps.isEmpty, "a change that writes has no steps")
                for step in steps {
                    guard let before = step.before, let after = step.after else { continue }
                    try require(before.keys == after.keys, "an update's step has other columns before than after")
                    let same = before.keys.filter { before[$0] == after[$0] }
                    try require(same.isEmpty, "an update's step has columns that it does not change: \(same.sorted())")
                }
            }
            try await scene.requireMeaning(contacts, "an update wrote something else than it was told")
            let end = try await scene.read()
            try require(end.mapValues(\.row) == start.mapValues(\.row), "an update gave rows other names")
            let others = start.filter { !["3", "5"].contains($0.key) }
            try require(others.allSatisfy { end[$0.key] == $0.value }, "an update changed another contact")
        },
        StoreConformance("an update takes values away") { make in
            let scene = try await WritingScene((0..<3).map(LogicalContact.sample), make)
            let names: Set = ["notes", "birthday", ContactSchema.Name.emails, ContactSchema.Name.phones]
            let places = names.compactMap { scene.layout.index(of: $0) }
            let row = try await scene.changes(to: [.sample(1)], make)[0].rows
            let none = Dictionary(uniqueKeysWithValues: places.map { ($0, RawValue.null) })
            _ = try await scene.steps(of: [RecordChange(.update, key: "1", rows: row, values: none)])
            let bare = LogicalContact.sample(1).with(names, of: LogicalContact(key: "1"))
            try await scene.requireMeaning([.sample(0), bare, .sample(2)], "values are still there")
        },
        StoreConformance("a contact is added, and another one goes with all that is its own") { make in
            let scene = try await WritingScene((0..<5).map(LogicalContact.sample), make)
            let added = (40..<43).map(LogicalContact.sample)
            let changes = try await scene.changes(to: added, make) + scene.removals(["2", "4"])
            let steps = try await scene.steps(of: changes)
            for steps in steps.prefix(3) {
                let isNamed = steps.contains { $0.before == nil && $0.row != nil && $0.after?.isEmpty == false }
                try require(isNamed, "an insertion does not tell the row that it made")
            }
            try await scene.requireMeaning(
                [0, 1, 3].map(LogicalContact.sample) + added,
                "other contacts than were to be"
            )
            let found = [try await scene.records(of: "2").count, try await scene.records(of: "41").count]
            try require(found == [0, 1], "of one that went and one that came, fetched \(found)")
        },
        StoreConformance("a batch as large as a writer likes is written whole") { make in
            let contacts = (0..<200).map(LogicalContact.sample)
            let scene = try await WritingScene(contacts, make)
            let limit = try await scene.writing { $0.batchLimit }
            let count = min(limit, contacts.count)
            let renamed = (0..<count).map { contacts[$0].with(["first_name", "notes"], of: .sample($0 + 1000)) }
            let changes = try await scene.changes(to: renamed, fields: ["first_name", "notes"], make)
            let steps = try await scene.steps(of: changes)
            try require(steps.count == count, "\(count) changes, \(steps.count) outcomes")
            try await scene.requireMeaning(
                renamed + contacts.dropFirst(count),
                "a batch was not written as it was told"
            )
        },
        StoreConformance("no changes and no steps are a batch, too") { make in
            let scene = try await WritingScene([.sample(1)], make)
            let outcomes = try await scene.write([])
            let carried = try await scene.carryOut([])
            try require(outcomes.isEmpty && carried.outcomes.isEmpty, "nothing to do had an outcome")
            try require(carried.journalled.isEmpty, "nothing to do was journalled")
        },
        StoreConformance("a cancelled task writes nothing") { make in
            let scene = try await WritingScene([.sample(1)], make)
            let start = try await scene.read()
            let changes = try await scene.changes(to: [.sample(9, as: 1)], make)
            let task = Task {
                try await scene.writing { writer in
                    withUnsafeCurrentTask { $0?.cancel() }
                    _ = try await writer.write(changes, decide: { _, _ in true }, journal: { _ in })
                }
            }
            do {
                try await task.value
                throw ConformanceFailure(description: "the task was cancelled, and wrote on")
            } catch is CancellationError {}
            try require(try await scene.read() == start, "a cancelled task wrote")
        },
    ]

    private static let decisions = [
        StoreConformance("decide gets the records that may be the contact, and is obeyed") { make in
            let contacts = (0..<6).map(LogicalContact.sample)
            let scene = try await WritingScene(contacts, make)
            let wanted = (0..<6).map { LogicalContact.sample($0 + 50, as: $0) } + [.sample(60)]
            let changes = try await scene.changes(to: wanted, make)
            let asked = Mutex<[Int: [RowID]]>([:])
            let journalled = Mutex<Set<Int>>([])
            let outcomes = try await scene.writing { writer in
                try await writer.write(
                    changes,
                    decide: { change, records in
                        asked.withLock { $0[change] = records.map(\.row) }
                        return change.isMultiple(of: 2)
                    },
                    journal: { steps in journalled.withLock { $0.formUnion(steps.map(\.change)) } }
                )
            }
            for (index, change) in changes.enumerated() {
                let rows = asked.withLock { $0[index] }
                try require(rows == change.rows, "of change \(index), decide got the rows \(rows?.count ?? -1)")
                if index.isMultiple(of: 2) {
                    try require(try !outcomes[index].written().isEmpty, "decide agreed, and nothing was written")
                } else {
                    try require(outcomes[index] == .skipped, "decide declined, and the outcome is \(outcomes[index])")
                }
            }
            try require(journalled.withLock { $0 } == [0, 2, 4, 6], "others were journalled than were to be written")
            let expected = (0..<6).map { $0.isMultiple(of: 2) ? wanted[$0] : contacts[$0] } + [wanted[6]]
            try await scene.requireMeaning(expected, "decide was not obeyed")
        },
        StoreConformance("what somebody else has written since is what decide gets") { make in
            let scene = try await WritingScene((0..<3).map(LogicalContact.sample), make)
            let ours = try await scene.changes(to: [.sample(31, as: 1)], make)
            let theirs = try await scene.changes(to: [.sample(71, as: 1)], make)
            let planned = try await scene.records(of: "1")
            let outcomes = try await scene.writing { writer in
                // Open before the other one comes.
                _ = try await scene.steps(of: theirs)
                return try await writer.write(
                    ours,
                    decide: { _, records in records.map(\.values) == planned.map(\.values) },
                    journal: { _ in throw ConformanceFailure(description: "decide got a record that is no longer so") }
                )
            }
            try require(outcomes == [.skipped], "a change of a record that is no longer so has the outcome \(outcomes)")
            try await scene.requireMeaning([.sample(0), .sample(71, as: 1), .sample(2)], "somebody's change was lost")
        },
        StoreConformance("a contact that is gone is left alone") { make in
            let scene = try await WritingScene((0..<4).map(LogicalContact.sample), make)
            let stale = try await scene.changes(to: [.sample(33, as: 3)], make) + scene.removals(["3"])
            _ = try await scene.steps(of: try await scene.removals(["3"]))
            let outcomes = try await scene.writing { writer in
                try await writer.write(
                    stale,
                    decide: { _, records in
                        try require(scene.live(records).isEmpty, "decide got a record that is gone")
                        // One that is only marked is left alone by who decides.
                        return records.isEmpty
                    },
                    journal: { _ in throw ConformanceFailure(description: "a change of what is gone was journalled") }
                )
            }
            try require(outcomes == [.skipped, .skipped], "changes of what is gone have the outcomes \(outcomes)")
            try await scene.requireMeaning((0..<3).map(LogicalContact.sample), "what was gone came back")
        },
        StoreConformance("of several writers that expect the same record, one wins where writes are exact") { make in
            let scene = try await WritingScene([.sample(0)], make)
            guard scene.store.writeGuard == .exact else { return }
            let planned = try await scene.records(of: "0")
            var changes: [RecordChange] = []
            for number in 1...4 { changes += try await scene.changes(to: [.sample(number, as: 0)], make) }
            let won = try await withThrowingTaskGroup(of: Int?.self) { group in
                for (index, change) in changes.enumerated() {
                    group.addTask {
                        do {
                            let outcomes = try await scene.writing { writer in
                                try await writer.write(
                                    [change],
                                    decide: { _, records in records.map(\.values) == planned.map(\.values) },
                                    journal: { _ in }
                                )
                            }
                            if case .written = outcomes[0] { return index }
                            return nil
                        } catch let error as StoreError where error.isRetryable {
                            return nil
                        }
                    }
                }
                return try await group.reduce(into: [Int]()) { if let index = $1 { $0.append(index) } }
            }
            try require(won.count == 1, "\(won.count) of 4 writers have written")
            try await scene.requireMeaning([.sample(won[0] + 1, as: 0)], "another one has written than said so")
        },
    ]

    private static let journals = [
        StoreConformance("what is written was journalled, with the steps that the outcome has") { make in
            let scene = try await WritingScene((0..<4).map(LogicalContact.sample), make)
            let changes =
                try await scene.changes(to: [.sample(21, as: 1), .sample(50)], make) + scene.removals(["2"])
            let journal = Mutex<[Int: [RowStep]]>([:])
            let outcomes = try await scene.writing { writer in
                try await writer.write(
                    changes,
                    decide: { _, _ in true },
                    journal: { entries in journal.withLock { for entry in entries { $0[entry.change] = entry.steps } } }
                )
            }
            for (index, outcome) in outcomes.enumerated() {
                let done = try outcome.written()
                guard let planned = journal.withLock({ $0[index] }) else {
                    throw ConformanceFailure(description: "change \(index) was written and not journalled")
                }
                try require(planned.map(\.table) == done.map(\.table), "other tables were written than journalled")
                try require(planned.map(\.before) == done.map(\.before), "other rows were written than journalled")
                let isKept = zip(planned, done).allSatisfy { $0.row == nil || $0.row == $1.row }
                try require(isKept, "a row has another name in the outcome than in the journal")
            }
        },
        StoreConformance("where the journal or decide throws, nothing is written, and the writer goes on") { make in
            let scene = try await WritingScene((0..<3).map(LogicalContact.sample), make)
            let start = try await scene.read()
            let changes = try await scene.changes(to: [.sample(21, as: 1), .sample(50)], make) + scene.removals(["2"])
            try await scene.writing { writer in
                try await stopped {
                    _ = try await writer.write(changes, decide: { _, _ in true }, journal: { _ in throw Stop() })
                }
                try require(try await scene.read() == start, "something was written before it was journalled")
                try await stopped {
                    _ = try await writer.write(changes, decide: { _, _ in throw Stop() }, journal: { _ in })
                }
                try require(try await scene.read() == start, "something was written before it was decided")
                for outcome in try await writer.write(changes, decide: { _, _ in true }, journal: { _ in }) {
                    _ = try outcome.written()
                }
            }
            try await scene.requireMeaning([.sample(0), .sample(21, as: 1), .sample(50)], "the writer did not go on")
        },
        StoreConformance("what is so already is neither journalled nor written again") { make in
            let contacts = (0..<3).map(LogicalContact.sample)
            let scene = try await WritingScene(contacts, make)
            let start = try await scene.read()
            let changes = try await scene.changes(to: contacts, make)
            let outcomes = try await scene.writing { writer in
                try await writer.write(
                    changes,
                    decide: { _, _ in true },
                    journal: { _ in throw ConformanceFailure(description: "what is so already was journalled") }
                )
            }
            try require(outcomes == [.written([]), .written([]), .written([])], "its outcomes are \(outcomes)")
            try require(try await scene.read() == start, "what was so already became something else")
        },
    ]

    /// Fails unless `body` throws `Stop`.
    private static func stopped(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch is Stop {
            return
        }
        throw ConformanceFailure(description: "an error of a closure did not come through")
    }
}
