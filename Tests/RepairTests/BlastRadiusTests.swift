import Contacts
import Ledger
import Testing

@testable import Repair

@Suite struct BlastRadiusTests {
    private static let limits = BlastLimits(maxChange: 0.05, maxDeletes: 1000, maxInserts: 2000)

    /// So many operations of a kind on a store of so many contacts.
    struct Case: Sendable, CustomTestStringConvertible {
        let action: RepairProposal.Action
        let count: Int
        let records: Int?
        /// What the error says; nil: it is allowed.
        let refusal: String?

        var testDescription: String { "\(count) \(action) of \(records.map(String.init) ?? "unknown")" }

        static let all = [
            Case(action: .update, count: 50, records: 10, refusal: nil),
            Case(action: .update, count: 50, records: nil, refusal: nil),
            Case(action: .update, count: 51, records: nil, refusal: "51 of an unknown number"),
            Case(action: .update, count: 51, records: 1000, refusal: "51 of 1000 contacts"),
            Case(action: .link, count: 51, records: 1000, refusal: "the limit is 50"),
            Case(action: .update, count: 51, records: 1020, refusal: nil),
            Case(action: .update, count: 5000, records: 100_000, refusal: nil),
            Case(action: .update, count: 5001, records: 100_000, refusal: "the limit is 5000"),
            Case(action: .delete, count: 51, records: 1000, refusal: "updated or deleted"),
            Case(action: .delete, count: 1000, records: 100_000, refusal: nil),
            Case(action: .delete, count: 1001, records: 100_000, refusal: "1001 deleted, the limit is 1000"),
            Case(action: .merge, count: 1001, records: 100_000, refusal: "1001 deleted"),
            Case(action: .insert, count: 2000, records: 0, refusal: nil),
            Case(action: .insert, count: 2001, records: 1_000_000, refusal: "2001 inserted, the limit is 2000"),
        ]
    }

    @Test(arguments: Case.all) func `The limits are measured against each store`(_ sample: Case) throws {
        let bench = try RepairBench(contacts: 1)
        var radius = BlastRadius()
        for _ in 0..<sample.count { radius.add(sample.action, to: "b") }
        let targets = RepairBench.names.map { name in
            RepairTarget(name: name, store: bench.store(name), records: name == "b" ? sample.records : 1)
        }
        guard let refusal = sample.refusal else {
            try radius.check(targets, Self.limits)
            return
        }
        let error = try #require(throws: RepairError.self) { try radius.check(targets, Self.limits) }
        #expect(error.code == .tooLarge)
        #expect(error.message.contains(refusal))
        #expect(error.message.contains("b: "))
        #expect(error.message.contains("--allow-large"))
    }

    @Test func `Rows that a merge takes away count each`() throws {
        let merge = RepairPlan.Operation(
            id: "1",
            store: "b",
            action: .merge,
            contact: "1",
            locator: RepairPlan.Locator(key: nil, row: .integer(1), others: (2...52).map { .integer($0) }),
            guard: .exact,
            fields: [:],
            expect: "x",
            leave: "x"
        )
        let bench = try RepairBench(contacts: 1)
        let target = RepairTarget(name: "b", store: bench.store("b"), records: nil)
        #expect(throws: RepairError.self) { try BlastRadius([merge]).check([target], Self.limits) }
    }

    @Test func `A plan that is too large is refused whole, and carried out where that is allowed`() async throws {
        let bench = try RepairBench()
        let plan = try bench.plan([try await bench.insert("b", 70), try await bench.insert("b", 71)])
        let limits = BlastLimits(maxChange: 0.05, maxDeletes: 1000, maxInserts: 1)
        let rows = try bench.rows()
        for isDryRun in [true, false] {
            let error = try await #require(throws: RepairError.self) {
                try await bench.apply(plan, bench.input { ($0.limits, $0.isDryRun) = (limits, isDryRun) })
            }
            #expect(error.code == .tooLarge)
        }
        #expect(try bench.rows() == rows)
        #expect(try await bench.ledger().openJournals() == [])
        #expect(try await bench.ledger().history(limit: 9).isEmpty)
        let report = try await bench.apply(plan, bench.input { ($0.limits, $0.allowsLarge) = (limits, true) })
        #expect(report.count(.done) == 2)
    }

    @Test func `An undo is measured as what it does itself`() async throws {
        let bench = try RepairBench()
        let plan = try bench.plan([try await bench.insert("b", 70), try await bench.insert("b", 71)])
        let report = try await bench.apply(plan)
        let limits = BlastLimits(maxChange: 0.05, maxDeletes: 1, maxInserts: 0)
        let error = try await #require(throws: RepairError.self) {
            try await bench.undo(report.run.id, bench.input { $0.limits = limits })
        }
        #expect(error.code == .tooLarge)
        #expect(error.message.contains("2 deleted, the limit is 1"))
        #expect(try bench.rows("b").contains { $0.contains("Eve 70") })
        let back = try await bench.undo(report.run.id, bench.input { ($0.limits, $0.allowsLarge) = (limits, true) })
        #expect(back.count(.done) == 2)
    }
}
