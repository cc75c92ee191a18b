import Contacts
import Stores
import Testing

/// Journalled steps that are carried out: an undo, or what a crash has left open.
@Suite struct SQLiteWriterStepsTests {
    private static let sql = """
        CREATE TABLE contacts_master (contact_id TEXT, first_name, version INTEGER, note TEXT DEFAULT 'own');
        CREATE TABLE contact_identifiers (contact_id TEXT, identifier_type TEXT, identifier_value TEXT, is_primary INTEGER);
        INSERT INTO contacts_master VALUES ('1', 'a', 1, NULL), ('2', 'b', 2, NULL);
        INSERT INTO contact_identifiers VALUES ('1', 'email', 'x', 1);
        """

    private func step(
        _ row: Int64?,
        _ before: [String: RawValue]?,
        _ after: [String: RawValue]?,
        table: String = "contacts_master"
    ) -> RowStep {
        RowStep(table: table, row: row.map { .integer($0) }, before: before, after: after)
    }

    /// The outcomes, and the numbers of the lists that were journalled.
    private func carryOut(_ lists: [[RowStep]], _ file: TestDatabase) async throws -> ([WriteOutcome], [Int]) {
        var journalled: [Int] = []
        let outcomes = try await file.store()
            .writing { writer in
                try await writer.carryOut(lists) { journalled += $0.map(\.change) }
            }
        return (outcomes, journalled)
    }

    @Test(
        "a row that is not exactly as a step has it is left alone",
        arguments: [
            ["first_name": RawValue.text("A")], ["first_name": .blob([0x61])], ["version": .text("1")],
            ["version": .real(1)], ["version": .null], ["nothing": .null],
            ["first_name": .text("a"), "version": .integer(3)],
        ]
    )
    func notAsExpected(before: [String: RawValue]) async throws {
        let file = try TestDatabase(Self.sql)
        let start = try Dump(file.path)
        let update = step(1, before, ["first_name": .text("n"), "version": .integer(9)])
        let removal = step(1, before, nil)
        let (outcomes, journalled) = try await carryOut([[update], [removal]], file)
        #expect(outcomes == [.skipped, .skipped])
        #expect(journalled == [])
        #expect(try Dump(file.path) == start)
    }

    @Test("a list is written whole or not at all")
    func whole() async throws {
        let file = try TestDatabase(Self.sql)
        let start = try Dump(file.path)
        let good = step(1, ["first_name": .text("a")], ["first_name": .text("n")])
        let stale = step(2, ["first_name": .text("old")], ["first_name": .text("n")])
        let done = step(2, ["first_name": .text("old")], ["first_name": .text("b")])
        let (outcomes, _) = try await carryOut([[good, stale], [good, done]], file)
        #expect(outcomes == [.skipped, .skipped])
        #expect(try Dump(file.path) == start)
        let (more, journalled) = try await carryOut([[done], [good]], file)
        #expect(more == [.written([done]), .written([good])])
        #expect(journalled == [1])
        #expect(try await file.store().read().values("first_name") == [.text("n"), .text("b")])
    }

    @Test("a row that goes is named with all it holds, and comes back under its number")
    func completed() async throws {
        let file = try TestDatabase(Self.sql)
        let start = try Dump(file.path)
        let (outcomes, _) = try await carryOut([[step(1, ["contact_id": .text("1")], nil)]], file)
        let steps = try #require(outcomes[0].steps)
        #expect(
            steps[0].before
                == ["contact_id": .text("1"), "first_name": .text("a"), "version": .integer(1), "note": .null]
        )
        let (back, _) = try await carryOut([[steps[0].reversed]], file)
        #expect(back[0].steps?[0].row == .integer(1))
        #expect(try Dump(file.path) == start)
        // A row that is there is not added again, and one that is gone does not go again.
        let (again, journalled) = try await carryOut([[steps[0].reversed]], file)
        #expect(again == [.written([steps[0].reversed])])
        #expect(journalled == [])
        let (other, _) = try await carryOut(
            [[step(1, nil, ["contact_id": .text("7")])], [step(70, ["version": .null], nil)]],
            file
        )
        #expect(other == [.skipped, .written([step(70, ["version": .null], nil)])])
        #expect(try Dump(file.path) == start)
    }

    /// The journal names no row where a crash came between the commit and the next entry.
    @Test("a row that was added without a name is found by what it holds")
    func unnamed() async throws {
        let file = try TestDatabase(Self.sql)
        let start = try Dump(file.path)
        let list = [
            step(nil, nil, ["contact_id": .text("3"), "first_name": .text("c")]),
            step(
                nil,
                nil,
                ["contact_id": .text("3"), "identifier_type": .text("email"), "identifier_value": .text("y")],
                table: "contact_identifiers"
            ),
            step(
                nil,
                nil,
                ["contact_id": .text("3"), "identifier_type": .text("email"), "identifier_value": .text("y")],
                table: "contact_identifiers"
            ),
        ]
        // Before the commit: it is added.
        let (first, journalled) = try await carryOut([list], file)
        let steps = try #require(first[0].steps)
        #expect(journalled == [0])
        #expect(steps.map(\.row) == [.integer(3), .integer(2), .integer(3)])
        #expect(steps[0].after?["note"] == .text("own"))
        let end = try Dump(file.path)
        // Behind it: it is there, and is named with all that SQLite gave it.
        let (second, more) = try await carryOut([list], file)
        #expect(second == first)
        #expect(more == [])
        #expect(try Dump(file.path) == end)
        // Taken back without names.
        let (back, _) = try await carryOut([list.reversed().map(\.reversed)], file)
        #expect(back[0].steps?.compactMap(\.row).count == 3)
        #expect(try Dump(file.path) == start)
        let (gone, none) = try await carryOut([list.reversed().map(\.reversed)], file)
        #expect(gone[0].steps != nil)
        #expect(none == [])
    }

    @Test("an unnamed row whose key another row has by then is not added, and not taken away")
    func unnamedButOther() async throws {
        let file = try TestDatabase(Self.sql)
        let start = try Dump(file.path)
        let insertion = step(nil, nil, ["contact_id": .text("2"), "first_name": .text("c")])
        let (outcomes, _) = try await carryOut([[insertion], [insertion.reversed]], file)
        #expect(outcomes == [.skipped, .skipped])
        #expect(try Dump(file.path) == start)
    }

    @Test("steps of a table that is not written, and rows of another shape, are left alone")
    func foreign() async throws {
        let file = try TestDatabase(Self.sql)
        let start = try Dump(file.path)
        let other = RowStep(table: "other", row: .integer(1), before: ["a": .null], after: ["a": .integer(1)])
        let named = RowStep(
            table: "contacts_master",
            row: .text("'1'"),
            before: ["version": .integer(1)],
            after: ["version": .integer(2)]
        )
        let (outcomes, _) = try await carryOut([[other], [named], []], file)
        #expect(outcomes == [.skipped, .skipped, .written([])])
        #expect(try Dump(file.path) == start)
    }

    @Test("a constraint refuses one list, and the others are written")
    func refused() async throws {
        let file = try TestDatabase(Self.sql + "CREATE UNIQUE INDEX names ON contacts_master (first_name);")
        let (outcomes, _) = try await carryOut(
            [
                [
                    step(1, ["version": .integer(1)], ["version": .integer(5)]),
                    step(1, ["first_name": .text("a")], ["first_name": .text("b")]),
                ],
                [step(2, ["version": .integer(2)], ["version": .integer(6)])],
            ],
            file
        )
        #expect(
            outcomes[0] == .refused("another row has the same value, and contacts_master.first_name must be unique")
        )
        #expect(outcomes[1].steps?.count == 1)
        #expect(try await file.store().read().values("version") == [.integer(1), .integer(6)])
    }
}
