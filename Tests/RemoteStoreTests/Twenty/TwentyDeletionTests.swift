import Contacts
import StoreConformance
import Stores
import Testing
import Transport

/// How people of Twenty are deleted, and brought back.
@Suite(.timeLimit(.minutes(20))) struct TwentyDeletionTests {
    private static let time = RawValue.text("2026-01-02T03:04:05.000Z")

    @Test("a deletion is soft, with what is written beside it, and is taken back")
    func deletion() async throws {
        let bench = try await TwentyBench()
        let id = try await bench.add(["contactId": "1", "jobTitle": "a", "version": 1])
        let pen = try await TwentyPen(bench.store())
        let change = try pen.change(.update, "1", rows: [id], ["deleted_at": Self.time, "version": .integer(2)])
        let steps = try #require(try await pen.write([change])[0].steps)
        let deleted = try #require(try await bench.person(id))
        #expect(deleted["deletedAt"]?.string != nil && deleted["version"] == 2)
        #expect(steps.count == 2)
        #expect(try await pen.write([change]) == [.written([])])
        #expect(try await pen.carryOut([steps])[0].steps?.count == 2)

        let undone = try #require(try await pen.carryOut([steps.undone])[0].steps)
        let restored = try #require(try await bench.person(id))
        #expect(restored["deletedAt"]?.isNull == true && restored["version"] == 1)
        #expect(try await pen.carryOut([undone])[0].steps != nil)
        #expect(try await bench.stats("hardDeletes") == 0)
        #expect(try await bench.stats("people") == 1)
    }

    @Test("half of a list, as a crash leaves it, is completed")
    func half() async throws {
        let bench = try await TwentyBench()
        let id = try await bench.add(["contactId": "1", "version": 1])
        let pen = try await TwentyPen(bench.store())
        let change = try pen.change(.update, "1", rows: [id], ["deleted_at": Self.time, "version": .integer(2)])
        struct Crash: Error {}
        var journal: [[RowStep]] = []
        await #expect(throws: Crash.self) {
            _ = try await pen.writer.write(
                [change],
                decide: { _, _ in true },
                journal: { steps in
                    journal = steps.map(\.steps)
                    throw Crash()
                }
            )
        }
        try await bench.call(.patch, "rest/people/\(id)", [], ["version": 2])
        #expect(try await pen.carryOut(journal)[0].steps?.count == 2)
        #expect(try await bench.person(id)?["deletedAt"]?.string != nil)
    }

    @Test("a deleted person is brought back with what it is to be")
    func revival() async throws {
        let bench = try await TwentyBench()
        let id = try await bench.add(["contactId": "1", "jobTitle": "a"])
        try await bench.call(.delete, "rest/people/\(id)", [("soft_delete", "true")])
        let pen = try await TwentyPen(bench.store())
        let change = try pen.change(.update, "1", rows: [id], ["deleted_at": .null, "job_title": .text("b")])
        let steps = try #require(try await pen.write([change])[0].steps)
        #expect(try await bench.person(id)?["deletedAt"]?.isNull == true)
        #expect(try await bench.person(id)?["jobTitle"] == "b")
        #expect(try await pen.carryOut([steps.undone])[0].steps != nil)
        #expect(try await bench.person(id)?["deletedAt"]?.string != nil)
        #expect(try await bench.person(id)?["jobTitle"] == "a")
    }

    @Test("rows that are to go are soft-deleted, the others stay")
    func removal() async throws {
        let bench = try await TwentyBench()
        let ids = [
            try await bench.add(["contactId": "1"]), try await bench.add(["contactId": "1"]),
            try await bench.add(["contactId": "1"]),
        ]
        let pen = try await TwentyPen(bench.store())
        let outcome = try await pen.write([try pen.change(.remove, "1", rows: Array(ids.prefix(2)))])[0]
        #expect(outcome.steps?.count == 2)
        let live = try await bench.people().filter { $0["deletedAt"]?.isNull == true }
        #expect(live.map { $0["id"]?.string } == [ids[2]])
        #expect(try await pen.carryOut([outcome.steps?.undone ?? []])[0].steps?.count == 2)
        #expect(try await bench.stats("deleted") == 0)
        #expect(try await bench.stats("hardDeletes") == 0)
        #expect(try await pen.write([try pen.change(.remove, "1", rows: ["nobody"])]) == [.skipped])
    }

    @Test("the undo of an addition is a soft delete, whose undo restores; somebody's edit is left alone")
    func addition() async throws {
        let bench = try await TwentyBench()
        let pen = try await TwentyPen(bench.store())
        let steps = try #require(
            try await pen.write([try pen.insert("1", ["first_name": .text("Ada"), "emails": .emails("a@x.org")])])[0]
                .steps
        )
        let undone = try #require(try await pen.carryOut([steps.undone])[0].steps)
        #expect(undone[0].before?["deletedAt"] == .null && undone[0].after?["deletedAt"] != nil)
        #expect(try await bench.stats("deleted") == 1)
        #expect(try await bench.stats("people") == 1)
        #expect(try await pen.carryOut([steps.undone])[0].steps != nil)
        #expect(try await pen.carryOut([undone])[0].steps != nil)
        #expect(try await pen.carryOut([undone.undone])[0].steps != nil)
        #expect(try await bench.stats("deleted") == 0)

        let id = steps[0].row?.description ?? ""
        try await bench.call(.patch, "rest/people/\(id)", [], ["name": ["firstName": "Augusta"]])
        #expect(try await pen.carryOut([steps.undone]) == [.skipped])
        #expect(try await bench.stats("deleted") == 0)
    }

    @Test("steps that somebody wrote over are left alone")
    func overwritten() async throws {
        let bench = try await TwentyBench()
        let id = try await bench.add(["contactId": "1", "jobTitle": "a"])
        let pen = try await TwentyPen(bench.store())
        let steps = try #require(
            try await pen.write([try pen.change(.update, "1", rows: [id], ["job_title": .text("b")])])[0].steps
        )
        try await bench.call(.patch, "rest/people/\(id)", [], ["jobTitle": "c"])
        #expect(try await pen.carryOut([steps.undone]) == [.skipped])
        #expect(try await bench.person(id)?["jobTitle"] == "c")
        try await bench.call(.delete, "rest/people/\(id)")
        #expect(try await pen.carryOut([steps.undone]) == [.skipped])
        let other = [RowStep(table: "companies", row: .text(id), before: ["a": .null], after: ["a": .text("b")])]
        let nobody = [
            RowStep(table: "people", row: .text(""), before: ["jobTitle": .null], after: ["jobTitle": .text("b")])
        ]
        #expect(try await pen.carryOut([other, nobody]) == [.skipped, .skipped])
        #expect(try await bench.stats("emptyIds") == 0)
    }

    @Test("deleted people are found whatever the server makes of a filter about them")
    func shallow() async throws {
        let bench = try await TwentyBench(["--shallow-deleted"])
        try await bench.add((0..<30).map { .named(String($0)) })
        let id = try await bench.add(["contactId": "gone"])
        try await bench.call(.delete, "rest/people/\(id)", [("soft_delete", "true")])
        let (records, layout, proof) = try await bench.scan(bench.store { $0.pageSize = 7 })
        #expect(try proof.get().rows == 31)
        #expect(records.filter { layout.value("deleted_at", $0) != .null }.map(\.row) == [.text(id)])
        let pen = try await TwentyPen(bench.store())
        let change = try pen.change(.update, "gone", rows: [id], ["deleted_at": .null])
        #expect(try await pen.write([change])[0].steps?.count == 1)
        #expect(try await bench.stats("deleted") == 0)
    }
}
