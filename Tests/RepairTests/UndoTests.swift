import Contacts
import Foundation
import Ledger
import Testing

@testable import Repair

@Suite struct UndoTests {
    private let bench: RepairBench

    init() throws { bench = try RepairBench() }

    @Test func `An undo leaves every row as it was before, row numbers included`() async throws {
        let before = try bench.rows()
        let report = try await bench.apply(bench.everything())
        let back = try await bench.undo(report.run.id)
        #expect(try bench.rows() == before)
        #expect(back.counts == ["a": ["done": 2], "b": ["done": 3], "c": ["done": 3]])
        #expect(back.verified == ["a": 2, "b": 3, "c": 3])
        #expect(back.changedSince == [] && back.entries == [])
        #expect(back.undoes == report.run.id && back.plan == nil)
        #expect(back.run.exit == 0)
        let ledger = try await bench.ledger()
        #expect(try ledger.history(limit: 9).map(\.verb) == ["undo", "apply"])
        #expect(try ledger.openJournals() == [])
        #expect(try ledger.verify() == .whole(entries: 2))
    }

    @Test func `An undo can be undone, and that too`() async throws {
        let before = try bench.rows()
        let report = try await bench.apply(bench.everything())
        let after = try bench.rows()
        let back = try await bench.undo(report.run.id)
        #expect(try bench.rows() == before)
        let again = try await bench.undo(back.run.id)
        #expect(try bench.rows() == after)
        #expect(again.count(.done) == 8)
        let third = try await bench.undo(again.run.id)
        #expect(third.count(.done) == 8)
        #expect(try bench.rows() == before)
    }

    @Test func `A run is undone once, until the undo is undone`() async throws {
        let report = try await bench.apply(bench.everything())
        let back = try await bench.undo(report.run.id)
        let error = try await #require(throws: RepairError.self) { try await bench.undo(report.run.id) }
        #expect(error.code == .noSuchRun)
        #expect(error.message.contains(back.run.id))
        _ = try await bench.undo(back.run.id)
        #expect(try await bench.undo(report.run.id).count(.done) == 8)
    }

    @Test func `What was written since stays, and is told`() async throws {
        let before = try bench.rows()
        let report = try await bench.apply(bench.everything())
        try bench.execute("b", "UPDATE contacts_master SET job_title = 'CTO' WHERE contact_id = 1")
        try bench.execute("c", "UPDATE contact_identifiers SET identifier_value = 'n@e.org' WHERE contact_id = 70")
        let held = try bench.rows("b").first { $0.contains("CTO") }
        let back = try await bench.undo(report.run.id)
        #expect(
            back.counts == ["a": ["done": 2], "b": ["done": 2, "notRestored": 1], "c": ["done": 2, "notRestored": 1]]
        )
        #expect(back.entries.map { "\($0.store) \($0.contact)" }.sorted() == ["b 1", "c 70"])
        #expect(back.entries.allSatisfy { $0.why.contains("no longer as the run left it") })
        #expect(back.run.exit == 1)
        #expect(try bench.rows("a") == before[0])
        #expect(try bench.rows("b").first { $0.contains("CTO") } == held)
        #expect(try bench.rows("c").contains { $0.contains("n@e.org") })
    }

    @Test func `A dry run tells the same and writes nothing`() async throws {
        let report = try await bench.apply(bench.everything())
        try bench.execute("b", "UPDATE contacts_master SET job_title = 'CTO' WHERE contact_id = 1")
        let rows = try bench.rows()
        let dry = try await bench.undo(report.run.id, bench.input { $0.isDryRun = true })
        #expect(try bench.rows() == rows)
        #expect(try await bench.ledger().openJournals() == [])
        let back = try await bench.undo(report.run.id)
        #expect(dry.counts == back.counts)
        #expect(dry.entries == back.entries)
        #expect(dry.isDryRun && !back.isDryRun)
    }

    @Test func `What is written again behind the undo is told`() async throws {
        let bench = bench
        let report = try await bench.apply(bench.everything())
        let back = try await bench.undo(
            report.run.id,
            progress: { progress in
                guard case .verifying(0) = progress else { return }
                do {
                    try bench.execute("b", "UPDATE contacts_master SET job_title = 'CTO' WHERE contact_id = 1")
                } catch {
                    Issue.record(error)
                }
            }
        )
        #expect(back.changedSince.map { "\($0.store) \($0.contact)" } == ["b 1"])
        #expect(back.run.exit == 1)
        #expect(try bench.rows("b").contains { $0.contains("CTO") })
    }

    @Test(arguments: ApplierResumeTests.faults)
    func `An undo that ended in the middle is gone on with`(_ fault: FaultyStore.Fault, _ batch: Int) async throws {
        let before = try bench.rows()
        let report = try await bench.apply(bench.everything())
        let after = try bench.rows()
        let fuse = FaultyStore.Fuse(batch: batch)
        let input = bench.wrapped({ FaultyStore(store: $0, limit: 1, fault: fault, fuse: fuse) })
        await #expect(throws: StoreError.self) { try await bench.undo(report.run.id, input) }
        let open = try await bench.ledger().openJournals()
        #expect(open.map(\.undoes) == [report.run.id])
        let other = try bench.plan([try await bench.update("b", 4, ["job_title": .text("CEO")])])
        let refusal = try await #require(throws: RepairError.self) { try await bench.apply(other) }
        #expect(refusal.code == .unfinished && refusal.message.contains("rollcall undo \(report.run.id)"))
        let back = try await bench.undo(report.run.id)
        #expect(back.isResumed && back.run.id == open.first?.id)
        #expect(back.count(.done) == 8)
        #expect(try bench.rows() == before)
        #expect(try await bench.ledger().openJournals() == [])
        _ = try await bench.undo(back.run.id)
        #expect(try bench.rows() == after)
    }

    @Test(arguments: ApplierResumeTests.faults)
    func `An apply that a crash has left open can be taken back as far as it came`(
        _ fault: FaultyStore.Fault,
        _ batch: Int
    ) async throws {
        let before = try bench.rows()
        let plan = try await bench.everything()
        let fuse = FaultyStore.Fuse(batch: batch)
        let input = bench.wrapped({ FaultyStore(store: $0, limit: 1, fault: fault, fuse: fuse) })
        await #expect(throws: StoreError.self) { try await bench.apply(plan, input) }
        let open = try #require(try await bench.ledger().openJournals().first)
        let back = try await bench.undo(open.id)
        #expect(back.run.exit == 0)
        #expect(try bench.rows() == before)
        #expect(try await bench.ledger().openJournals() == [])
        #expect(try await bench.apply(plan).count(.done) == 8)
    }

    @Test func `A run that is unknown, or wrote nothing, is refused`() async throws {
        let plan = try await bench.everything()
        let dry = try await bench.apply(plan, bench.input { $0.isDryRun = true })
        _ = try await bench.apply(plan)
        let idle = try await bench.apply(plan)
        for run in ["20260101T000000Z-000000", dry.run.id, idle.run.id] {
            let error = try await #require(throws: RepairError.self) { try await bench.undo(run) }
            #expect(error.code == .noSuchRun)
            #expect(error.message.contains(run))
        }
    }

    @Test func `A store that is not configured any more is named`() async throws {
        let report = try await bench.apply(bench.everything())
        let input = bench.input { $0.targets.removeLast() }
        let error = try await #require(throws: RepairError.self) { try await bench.undo(report.run.id, input) }
        #expect(error.code == .otherConfiguration)
        #expect(error.message.contains("store c"))
    }
}
