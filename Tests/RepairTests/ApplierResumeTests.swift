import Contacts
import Foundation
import Ledger
import Synchronization
import Testing

@testable import Repair

@Suite struct ApplierResumeTests {
    /// A fault and the batch that it comes with, from 0; an undisturbed apply of the plan has eight.
    static let faults = FaultyStore.Fault.allCases.flatMap { fault in (0..<8).map { (fault, $0) } }

    private func faulty(_ bench: RepairBench, _ fault: FaultyStore.Fault, _ batch: Int) -> ApplyInput {
        let fuse = FaultyStore.Fuse(batch: batch)
        return bench.wrapped({ FaultyStore(store: $0, limit: 1, fault: fault, fuse: fuse) })
    }

    @Test(arguments: faults)
    func `An apply that ended in the middle is gone on with, and leaves what an undisturbed one does`(
        _ fault: FaultyStore.Fault,
        _ batch: Int
    ) async throws {
        let bench = try RepairBench()
        let other = try RepairBench()
        let plan = try await bench.everything()
        let start = try bench.rows()
        _ = try await other.apply(plan)
        let error = try await #require(throws: StoreError.self) {
            try await bench.apply(plan, faulty(bench, fault, batch))
        }
        #expect(error.code == .full)
        #expect(error.message.contains("the same command goes on"))
        let open = try await bench.ledger().openJournals()
        #expect(open.map(\.plan) == [plan.id])
        #expect(try await bench.ledger().history(limit: 9).isEmpty)

        let report = try await bench.apply(plan)
        #expect(report.isResumed)
        #expect(report.run.id == open.first?.id)
        #expect(report.counts == ["a": ["done": 2], "b": ["done": 3], "c": ["done": 3]])
        #expect(report.run.exit == 0)
        #expect(try bench.rows() == other.rows())
        #expect(try await bench.ledger().openJournals() == [])

        let back = try await bench.undo(report.run.id)
        #expect(back.count(.done) == 8)
        #expect(try bench.rows() == start)
    }

    @Test func `What a stranger wrote between the crash and the resumption stays`() async throws {
        let bench = try RepairBench()
        let plan = try await bench.everything()
        // Batch 2 is the first of b.
        _ = try await #require(throws: StoreError.self) { try await bench.apply(plan, faulty(bench, .journalled, 2)) }
        try bench.execute("b", "UPDATE contacts_master SET job_title = 'CTO', version = 5 WHERE contact_id = 1")
        try bench.execute("b", "INSERT INTO contacts_master (contact_id, first_name) VALUES (70, 'Eve')")
        let report = try await bench.apply(plan)
        #expect(report.counts["b"] == ["superseded": 2, "done": 1])
        #expect(try bench.rows("b").contains { $0.contains("CTO") })
        #expect(report.run.exit == 1)
    }

    @Test(arguments: [false, true])
    func `What was given up in the middle is listed by the undo where some of its rows may be written`(
        _ isWindow: Bool
    ) async throws {
        let bench = try RepairBench()
        let plan = try await bench.everything()
        _ = try await #require(throws: StoreError.self) { try await bench.apply(plan, faulty(bench, .journalled, 2)) }
        try bench.execute("b", "UPDATE contacts_master SET job_title = 'CTO', version = 5 WHERE contact_id = 1")
        let input = bench.wrapped { FaultyStore(store: $0, limit: 1, isWindow: isWindow) }
        let report = try await bench.apply(plan, input)
        #expect(report.counts["b"] == ["superseded": 1, "done": 2])
        let back = try await bench.undo(report.run.id, input)
        #expect(back.counts["b"] == (isWindow ? ["done": 2, "notRestored": 1] : ["done": 2]))
        #expect(try bench.rows("b").contains { $0.contains("CTO") })
    }

    @Test func `A dry run of what was begun tells what the resumption will do, and stays out of its way`() async throws
    {
        let bench = try RepairBench()
        let plan = try await bench.everything()
        _ = try await #require(throws: StoreError.self) { try await bench.apply(plan, faulty(bench, .written, 3)) }
        let rows = try bench.rows()
        let dry = try await bench.apply(plan, bench.input { $0.isDryRun = true })
        #expect(dry.isDryRun && dry.isResumed)
        #expect(try bench.rows() == rows)
        let report = try await bench.apply(plan)
        #expect(dry.counts == report.counts)
        #expect(report.isResumed && report.run.id != dry.run.id)
        #expect(try await bench.ledger().history(limit: 9).count == 2)
    }

    @Test func `While an apply is unfinished nothing else is written`() async throws {
        let bench = try RepairBench()
        let plan = try await bench.everything()
        let done = try await bench.apply(bench.plan([try await bench.update("b", 5, ["job_title": .text("CEO")])]))
        _ = try await #require(throws: StoreError.self) { try await bench.apply(plan, faulty(bench, .written, 3)) }
        let open = try #require(try await bench.ledger().openJournals().first)
        let rows = try bench.rows()
        let other = try bench.plan([try await bench.update("b", 4, ["job_title": .text("CEO")])])
        let runs: [() async throws -> ApplyReport] = [
            { try await bench.apply(other) }, { try await bench.undo(done.run.id) },
        ]
        for run in runs {
            let error = try await #require(throws: RepairError.self) { try await run() }
            #expect(error.code == .unfinished)
            #expect(error.message.contains(open.id))
            #expect(error.message.contains("rollcall apply"))
            #expect(error.message.contains(plan.id))
        }
        #expect(try bench.rows() == rows)
    }

    @Test func `An apply that is stopped finishes the batch in hand, and is gone on with`() async throws {
        let bench = try RepairBench()
        let plan = try await bench.everything()
        let input = bench.wrapped({ FaultyStore(store: $0, limit: 1) })
        let operations = Mutex(0)
        let task = Task {
            try await bench.apply(plan, input) { progress in
                guard case .operation(let done, let count) = progress else { return }
                #expect(count == 8)
                operations.withLock { $0 = done }
                if done == 3 { withUnsafeCurrentTask { $0?.cancel() } }
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(operations.withLock { $0 } == 3)
        let open = try #require(try await bench.ledger().openJournals().first)
        let journal = try await bench.ledger().journalEntries(of: open.id, after: -1, limit: 100)
        #expect(journal.count == 3 && journal.allSatisfy { $0.outcome == .done })
        let report = try await bench.apply(plan)
        #expect(report.isResumed && report.count(.done) == 8)
    }
}
