import Contacts
import Synchronization

extension StoreConformance {
    private struct Crash: Error {}

    /// An update, an insertion and a removal.
    private static func mixed(_ scene: WritingScene, _ make: Maker) async throws -> [RecordChange] {
        try await scene.changes(to: [.sample(21, as: 1), .sample(50)], make) + scene.removals(["2"])
    }

    private static let behindMixed = [LogicalContact.sample(0), .sample(21, as: 1), .sample(3), .sample(50)]

    static let steps = [
        StoreConformance("steps that are done are not done again") { make in
            let scene = try await WritingScene((0..<4).map(LogicalContact.sample), make)
            let steps = try await scene.steps(of: try await mixed(scene, make))
            let end = try await scene.read()
            for _ in 0..<2 {
                let again = try await scene.carryOut(steps)
                for outcome in again.outcomes { _ = try outcome.written() }
                try require(again.journalled.isEmpty, "steps that were done already were journalled")
            }
            try require(try await scene.read() == end, "steps were done twice")
        },
        // The journal names no rows that the store has yet to name.
        StoreConformance("steps that the journal has and the store has not are carried out once") { make in
            let scene = try await WritingScene((0..<4).map(LogicalContact.sample), make)
            let changes = try await mixed(scene, make)
            let journal = Mutex<[Int: [RowStep]]>([:])
            do {
                _ = try await scene.writing { writer in
                    try await writer.write(
                        changes,
                        decide: { _, _ in true },
                        journal: { entries in
                            journal.withLock { for entry in entries { $0[entry.change] = entry.steps } }
                            if journal.withLock({ $0.count }) == changes.count { throw Crash() }
                        }
                    )
                }
                throw ConformanceFailure(description: "not every change was journalled")
            } catch is Crash {}
            let lists = try changes.indices.map { index in
                guard let steps = journal.withLock({ $0[index] }) else { throw Crash() }
                return steps
            }
            // What the store had written before the last entry is there already.
            let first = try await scene.carryOut(lists)
            for outcome in first.outcomes { _ = try outcome.written() }
            try require(!first.journalled.isEmpty, "what was not written was not journalled")
            try await scene.requireMeaning(behindMixed, "the journal was not carried out")
            let second = try await scene.carryOut(lists)
            for outcome in second.outcomes { _ = try outcome.written() }
            try require(second.journalled.isEmpty, "steps that were done already were journalled")
            try await scene.requireMeaning(behindMixed, "the journal was carried out twice")
        },
        StoreConformance("where the journal throws, no steps are carried out") { make in
            let scene = try await WritingScene((0..<4).map(LogicalContact.sample), make)
            let steps = try await scene.steps(of: try await mixed(scene, make))
            let end = try await scene.read()
            do {
                _ = try await scene.writing { try await $0.carryOut(steps.takenBack) { _ in throw Crash() } }
                throw ConformanceFailure(description: "an error of the journal did not come through")
            } catch is Crash {}
            try require(try await scene.read() == end, "steps were carried out before they were journalled")
        },
        StoreConformance("a list of which a row is neither as before nor as after is left alone, whole") { make in
            let scene = try await WritingScene((0..<4).map(LogicalContact.sample), make)
            let steps = try await scene.steps(
                of: try await scene.changes(to: [.sample(21, as: 1), .sample(23, as: 3)], make)
            )
            // Somebody changes contact 1 again.
            _ = try await scene.steps(of: try await scene.changes(to: [.sample(41, as: 1)], make))
            let end = try await scene.read()
            let both = [steps.takenBack.flatMap { $0 }]
            let (outcomes, journalled) = try await scene.carryOut(both)
            try require(outcomes == [.skipped], "a list with such a row has the outcome \(outcomes)")
            try require(journalled.isEmpty, "a list that was left alone was journalled")
            try require(try await scene.read() == end, "a list was carried out in part")
            let apart = try await scene.carryOut(steps.takenBack)
            _ = try apart.outcomes[0].written()
            try require(apart.outcomes[1] == .skipped, "somebody's change was taken back")
            try require(apart.journalled == [0], "the lists \(apart.journalled) were journalled, not [0]")
            try await scene.requireMeaning(
                [.sample(0), .sample(41, as: 1), .sample(2), .sample(3)],
                "other steps were taken back than could be"
            )
        },
    ]

    static let undoing = [
        StoreConformance("steps taken back leave the store as it was, and done again as it was behind them") { make in
            let contacts = (0..<4).map(LogicalContact.sample)
            let scene = try await WritingScene(contacts, make)
            let start = try await scene.read()
            let steps = try await scene.steps(of: try await mixed(scene, make))
            try await scene.requireMeaning(behindMixed, "other contacts than were to be")
            let end = try await scene.read()
            let back = try await scene.carryOut(steps.takenBack)
            try require(back.journalled == [0, 1, 2], "of three lists, \(back.journalled) were journalled")
            let undone = try back.outcomes.map { try $0.written() }
            try await scene.requireState(start, "steps were taken back")
            try await scene.requireMeaning(contacts, "steps were taken back, and the contacts mean something else")
            let forth = try await scene.carryOut(undone.takenBack)
            for outcome in forth.outcomes { _ = try outcome.written() }
            try await scene.requireState(end, "steps were done again")
        },
        StoreConformance("values that were taken away come back as they were") { make in
            let scene = try await WritingScene((0..<3).map(LogicalContact.sample), make)
            let start = try await scene.read()
            let row = try await scene.changes(to: [.sample(1)], make)[0].rows
            let names = ["first_name", "notes", "birthday", "is_business", "llm_context"]
            let sets = [ContactSchema.Name.emails, ContactSchema.Name.phones, ContactSchema.Name.version]
            let places = (names + sets).compactMap { scene.layout.index(of: $0) }
                .filter { scene.layout.fields[$0].path.isEmpty }
            let none = Dictionary(uniqueKeysWithValues: places.map { ($0, RawValue.null) })
            let steps = try await scene.steps(of: [RecordChange(.update, key: "1", rows: row, values: none)])
            try require(try await scene.read() != start, "nothing was taken away")
            for outcome in try await scene.carryOut(steps.takenBack).outcomes { _ = try outcome.written() }
            try await scene.requireState(start, "values came back")
        },
    ]
}
