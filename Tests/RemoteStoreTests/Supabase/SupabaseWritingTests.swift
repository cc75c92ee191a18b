import Contacts
import StoreConformance
import Stores
import TestServers
import Testing

/// What a PostgREST store writes, and what it leaves alone.
@Suite(.timeLimit(.minutes(20))) struct SupabaseWritingTests {
    /// A store with its writer, over one contact.
    private struct Desk {
        let bench: SupabaseBench
        let writer: any StoreWriter

        init(_ shape: SupabaseShape = .usual, endpoint: String? = nil, bench given: SupabaseBench? = nil) async throws {
            bench =
                if let given { given } else { try await shape.bench([Self.ada, LogicalContact(key: "8")]) }
            writer = try await bench.store(endpoint: endpoint).openForWriting(notify: { _ in })
        }

        static let ada = LogicalContact(
            key: "7",
            fields: [
                "first_name": .text("Ada"), "notes": .text("a,b (c) \"d\" \\ + % é"), "is_me": .text("true"),
                "version": .text("3"), "llm_context": .text(#"{"n": 1}"#),
                "emails": .members(["ada@example.com", "two@example.com"]), "phones": .members(["+12015550107"]),
            ]
        )

        func values(_ values: [String: RawValue]) throws -> [Int: RawValue] {
            var result: [Int: RawValue] = [:]
            for (name, value) in values { result[try #require(writer.layout.index(of: name))] = value }
            return result
        }

        func update(_ values: [String: RawValue], key: String = "7", row: RowID? = nil) throws -> RecordChange {
            RecordChange(.update, key: key, rows: [row ?? .text(key)], values: try self.values(values))
        }

        /// The outcome of one change, and the steps that were journalled before it.
        func write(_ change: RecordChange, meanwhile: () throws -> Void = {}) async throws
            -> (outcome: WriteOutcome, journal: [RowStep])
        {
            var journal: [RowStep] = []
            let outcomes = try await writer.write(
                [change],
                decide: { _, _ in true },
                journal: { entries in
                    journal += entries.flatMap(\.steps)
                    try meanwhile()
                }
            )
            return (outcomes[0], journal)
        }

        func carryOut(_ steps: [RowStep]) async throws -> (outcome: WriteOutcome, isJournalled: Bool) {
            var isJournalled = false
            let outcomes = try await writer.carryOut([steps], journal: { _ in isJournalled = true })
            return (outcomes[0], isJournalled)
        }

        func row(_ key: String = "7") async throws -> JSONValue? {
            try await bench.rows([("contact_id", "eq.\(key)")]).first
        }

        func identifiers(_ key: String = "7") async throws -> [String] {
            try await bench.rows(
                of: "contact_identifiers",
                [("contact_id", "eq.\(key)"), ("order", "identifier_value")]
            )
            .map { row in
                let flag = row["is_primary"]?.bool ?? (row["is_primary"]?.string == "true")
                return (row["identifier_value"]?.string ?? "") + (flag ? " *" : "")
            }
        }
    }

    private static func steps(_ outcome: WriteOutcome) throws -> [RowStep] {
        guard case .written(let steps) = outcome else {
            throw StoreError(.input, store: "app", operation: "test", message: "\(outcome)")
        }
        return steps
    }

    @Test("an update writes what differs, and the steps say what stands there")
    func update() async throws {
        let desk = try await Desk()
        let change = try desk.update([
            "first_name": .text("Eve"), "notes": .text("x'y\nz"), "is_me": .integer(0), "version": .integer(4),
            "llm_context": .text(#"{"n":1.0}"#), "birthday": .text("1985-12-10"),
            "last_updated": .text("2024-05-06T09:08:09.5+02:00"),
        ])
        let (outcome, journal) = try await desk.write(change)
        let step = try #require(try Self.steps(outcome).first)
        // JSON that means the same is left as it is.
        #expect(
            Set(step.after?.keys ?? [:].keys)
                == Set(["first_name", "notes", "is_me", "version", "birthday", "last_updated"])
        )
        #expect(step.before?["notes"] == .text("a,b (c) \"d\" \\ + % é"))
        #expect(step.before?["birthday"] == .null)
        #expect(step.after?["last_updated"] == .text("2024-05-06 07:08:09.5+00"))
        let row = try await desk.row()
        #expect(row?["first_name"] == "Eve" && row?["notes"] == "x'y\nz" && row?["is_me"] == false)
        // The journal, written before the store had its say, is recognised; nothing is written again.
        let again = try await desk.carryOut(journal)
        #expect(try Self.steps(again.outcome).count == 1)
        #expect(!again.isJournalled)
    }

    @Test("undo restores the values, of any type", arguments: [SupabaseShape.usual, .numbered, .composite, .keyless])
    func undo(shape: SupabaseShape) async throws {
        let desk = try await Desk(shape)
        let row = try #require(
            try await desk.bench.store().open(notify: { _ in }).fetch([RecordRequest(key: "7", rows: [])])[0].first?.row
        )
        let before = try await desk.row()
        let names = try await shape == .usual ? desk.identifiers() : []
        var values: [String: RawValue] = [
            "first_name": .null, "is_me": .null, "version": .integer(9), "llm_context": .null,
            "source_systems": .json(Array(#"["a"]"#.utf8)),
        ]
        if shape == .usual {
            values["emails"] = .list([.text("new@example.com"), .text("two@example.com")], primary: 1)
        }
        let steps = try Self.steps(try await desk.write(try desk.update(values, row: row)).outcome)
        #expect(try await desk.row()?["first_name"] == .null)
        let undone = try await desk.carryOut(steps.reversed().map(\.reversed))
        #expect(try Self.steps(undone.outcome).count == steps.count)
        #expect(undone.isJournalled)
        let after = try await desk.row()
        for member in before?.members ?? [] where member.name != "updated_at" {
            #expect(after?[member.name] == member.value, "\(member.name)")
        }
        if shape == .usual { #expect(try await desk.identifiers() == names) }
        #expect(try await desk.carryOut(steps.reversed().map(\.reversed)).isJournalled == false)
    }

    @Test("a record that somebody changed between reading and writing is left alone")
    func overtaken() async throws {
        let desk = try await Desk()
        let change = try desk.update(["first_name": .text("Eve"), "emails": .list([], primary: nil)])
        let (outcome, _) = try await desk.write(change) {
            try desk.bench.sendAtOnce("PATCH", "contacts_master?contact_id=eq.7", #"{"nickname": "A"}"#)
        }
        #expect(outcome == .skipped)
        #expect(try await desk.row()?["first_name"] == "Ada")
        #expect(try await desk.identifiers().count == 3)
        let gone = try await desk.write(try desk.update(["first_name": .text("Eve")])) {
            try desk.bench.sendAtOnce("DELETE", "contact_identifiers?contact_id=eq.7")
            try desk.bench.sendAtOnce("DELETE", "contacts_master?contact_id=eq.7")
        }
        #expect(gone.outcome == .skipped)
    }

    @Test("identifiers: rows that are wanted stay, others go, the mark moves")
    func identifiers() async throws {
        let desk = try await Desk()
        let change = try desk.update([
            "emails": .list([.text("two@example.com"), .text("Neu@exämple.com")], primary: 1)
        ])
        let steps = try Self.steps(try await desk.write(change).outcome)
        #expect(steps.map(\.table) == [String](repeating: "contact_identifiers", count: 2))
        #expect(try await desk.identifiers() == ["+12015550107 *", "Neu@exämple.com *", "two@example.com"])
        #expect(steps.allSatisfy { $0.row != nil })
    }

    @Test("an insert with its identifiers, twice; a removal, and both taken back")
    func insertAndRemove() async throws {
        let desk = try await Desk()
        let values = try desk.values([
            "contact_id": .text("9007199254740993"), "first_name": .text("Kim"), "is_me": .integer(1),
            "emails": .list([.text("kim@example.com")], primary: 0),
        ])
        let insert = RecordChange(.insert, key: "9007199254740993", rows: [], values: values)
        let (outcome, journal) = try await desk.write(insert)
        let steps = try Self.steps(outcome)
        #expect(steps.count == 2 && steps[0].row == .text("9007199254740993"))
        #expect(journal.map(\.row) == [.text("9007199254740993"), nil])
        // A crash behind the write: the journal knows no name of the row of the child table.
        let resumed = try await desk.carryOut(journal)
        #expect(!resumed.isJournalled)
        #expect(try Self.steps(resumed.outcome).map(\.row) == steps.map(\.row))
        let removal = RecordChange(.remove, key: "9007199254740993", rows: [steps[0].row ?? .integer(0)], values: [:])
        let removed = try Self.steps(try await desk.write(removal).outcome)
        #expect(removed.map(\.table) == ["contact_identifiers", "contacts_master"])
        #expect(try await desk.row("9007199254740993") == nil)
        let restored = try await desk.carryOut(removed.reversed().map(\.reversed))
        #expect(try Self.steps(restored.outcome).count == 2)
        #expect(try await desk.row("9007199254740993")?["first_name"] == "Kim")
        #expect(try await desk.identifiers("9007199254740993") == ["kim@example.com *"])
        let undone = try await desk.carryOut(steps.reversed().map(\.reversed))
        #expect(try Self.steps(undone.outcome).count == 2)
        #expect(try await desk.row("9007199254740993") == nil)
        #expect(try await desk.bench.rows().count == 2)
    }

    @Test(
        "what the database refuses is refused without its value, and leaves nothing behind",
        arguments: [
            ("category_code", RawValue.text("TOOLONG"), "longer"), ("version", .integer(-99), "CHECK"),
            ("version", .text("secret99"), "column's type"), ("birthday", .text("1985-02-30"), "column's type"),
            ("notes", .text([0x61, 0, 0x62]), "U+0000"), ("notes", .text([0xFF]), "UTF-8"),
            ("llm_context", .text("{secret99"), "JSON"),
        ]
    )
    func refusals(field: String, value: RawValue, words: String) async throws {
        let desk = try await Desk()
        let before = try await desk.row()
        let change = try desk.update(["first_name": .text("Eve"), field: value])
        guard case .refused(let why) = try await desk.write(change).outcome else {
            Issue.record("it was not refused")
            return
        }
        #expect(why.contains(words), "\(why)")
        #expect(!why.contains("99") && !why.contains("TOOLONG") && !why.contains("02-30"))
        #expect(try await desk.row() == before)
    }

    /// Every row of one contact, as its store has it.
    private static func state(_ desk: Desk, _ key: String) async throws -> [String] {
        let rows = try await desk.bench.rows([("contact_id", "eq.\(key)")])
        let own = try await desk.bench.rows(
            of: "contact_identifiers",
            [("contact_id", "eq.\(key)"), ("order", "identifier_value")]
        )
        return (rows + own).map { "\($0)" }
    }

    @Test(
        "a run that ended between two steps goes on where it ended, and takes the whole change back",
        arguments: 1...2
    )
    func interrupted(count: Int) async throws {
        let desk = try await Desk()
        let before = try await Self.state(desk, "7")
        let values: [String: RawValue] = [
            "notes": .text("new"), "version": .integer(4),
            "emails": .list([.text("three@example.com"), .text("two@example.com")], primary: 0),
        ]
        let (outcome, journal) = try await desk.write(try desk.update(values))
        let written = try Self.steps(outcome)
        let after = try await Self.state(desk, "7")
        #expect(journal.count == 3 && written.count == 3)
        // As it stood when only so many steps were done.
        let back = Array(written[count...].reversed().map(\.reversed))
        _ = try Self.steps(try await desk.carryOut(back).outcome)
        let between = try await Self.state(desk, "7")
        #expect(between != after && between != before)

        let (resumed, isJournalled) = try await desk.carryOut(journal)
        #expect(isJournalled)
        let whole = try Self.steps(resumed)
        #expect(whole.map(\.table) == journal.map(\.table))
        #expect(try await desk.identifiers() == ["+12015550107 *", "three@example.com *", "two@example.com"])
        _ = try Self.steps(try await desk.carryOut(whole.reversed().map(\.reversed)).outcome)
        #expect(try await desk.identifiers() == ["+12015550107 *", "ada@example.com *", "two@example.com"])
    }

    @Test("a step that is refused takes those before it back")
    func allOrNothing() async throws {
        let desk = try await Desk()
        let before = try await desk.row()
        // The table takes no value that is no text.
        let change = try desk.update(["first_name": .text("Eve"), "emails": .list([.text([0x61, 0])], primary: nil)])
        guard case .refused = try await desk.write(change).outcome else {
            Issue.record("it was not refused")
            return
        }
        #expect(try await desk.row()?["first_name"] == before?["first_name"])
        #expect(try await desk.identifiers().count == 3)
    }

    @Test("rows that cannot be told apart are not written")
    func indistinct() async throws {
        let bench = try await SupabaseShape.keyless.bench([Desk.ada, Desk.ada])
        let desk = try await Desk(bench: bench)
        let row = try #require(
            try await bench.store().open(notify: { _ in }).fetch([RecordRequest(key: "7", rows: [])])[0].first?.row
        )
        guard
            case .refused(let why) = try await desk.write(try desk.update(["first_name": .text("Eve")], row: row))
                .outcome
        else {
            Issue.record("it was not refused")
            return
        }
        #expect(why.contains("told apart"))
        #expect(try await bench.rows().allSatisfy { $0["first_name"] == "Ada" })
    }

    @Test("a line that fails now and then loses and doubles no write", arguments: 1...4)
    func faults(seed: Int) async throws {
        let bench = try await SupabaseShape.usual.bench((0..<40).map { LogicalContact(key: String($0)) })
        let proxy = try await Simulator.faultProxy(
            to: bench.simulator.endpoint,
            faults: [
                "limited-silently": 0.05, "error": 0.05, "unavailable": 0.05, "reset-before": 0.05, "reset-after": 0.05,
                "truncated": 0.05, "duplicated": 0.05,
            ],
            seed: seed
        )
        let desk = try await Desk(endpoint: proxy.endpoint, bench: bench)
        var changes = try (0..<40).map { try desk.update(["first_name": .text("Eve")], key: String($0)) }
        changes += try (100..<140)
            .map { number in
                let values = try desk.values([
                    "contact_id": .text(String(number)), "emails": .list([.text("\(number)@example.com")], primary: 0),
                ])
                return RecordChange(.insert, key: String(number), rows: [], values: values)
            }
        let outcomes = try await desk.writer.write(changes, decide: { _, _ in true }, journal: { _ in })
        proxy.stop()
        for outcome in outcomes { _ = try Self.steps(outcome) }
        let rows = try await bench.rows()
        #expect(rows.count == 80)
        #expect(rows.filter { $0["first_name"] == "Eve" }.count == 40)
        #expect(try await bench.rows(of: "contact_identifiers").count == 40)
    }
}
