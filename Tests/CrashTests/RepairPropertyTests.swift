import ApplyProbe
import Audit
import Contacts
import Foundation
import Ledger
import Repair
import TestSupport
import Testing

/// Random stores with history, random changes to them, and what a repair makes of them.
@Suite(.timeLimit(.minutes(60))) struct RepairPropertyTests {
    @Test(arguments: 0..<20)
    func `a repair leaves nothing but what a person must decide, keeps what was changed, and can be undone`(
        block: UInt64
    ) async throws {
        // The stores as they agreed, and the history of that.
        let base = ProbeFolder(ProbeFolder.newPath())
        defer { base.remove() }
        var random = SeededGenerator(block)
        let people = (1...12).map { Person($0, using: &random) }
        _ = try await base.make(Self.shapes, people)
        var ofOneStore = 0
        var left: [String] = []
        for seed in block * 25..<(block + 1) * 25 {
            let folder = try base.copy(to: ProbeFolder.newPath())
            defer { folder.remove() }
            let faults = try await repair(seed, people, folder)
            ofOneStore += faults.all.filter(\.isOfOneStore).count
            left += faults.manual.filter(\.isOfOneStore).map { "seed \(seed): contact \($0.contact), \($0.what)" }
        }
        #expect(ofOneStore > 50)
        #expect(Double(left.count) <= 0.1 * Double(ofOneStore), "\(left.count) of \(ofOneStore): \(left)")
    }

    private static let shapes: [StoreShape] = [.plain, .texts, .packed]

    /// Changes the stores of a folder, repairs and restores them.
    ///
    /// - Returns: what was changed, and what of it was left to a person.
    private func repair(
        _ seed: UInt64,
        _ people: [Person],
        _ folder: ProbeFolder
    ) async throws -> (all: [RandomFaults.Fault], manual: [RandomFaults.Fault]) {
        let stores = folder.stores(Self.shapes)
        var faults = RandomFaults(seed: seed, stores: stores)
        try faults.seed(people)
        let start = try stores.map { try $0.dump(numbered: true) }
        let rows = try rows(faults.faults, stores)

        let state = try StateFolder(path: folder.state)
        let ledger = try await Ledger.open(in: state)
        let planned = try await plan(folder, state, ledger)
        let applied = try await apply(planned.plan, folder, state, ledger)
        #expect(applied.count(.done) == planned.plan.operations.count, "seed \(seed): \(applied.entries)")
        #expect(applied.changedSince == [], "seed \(seed)")

        let manual = Set(planned.plan.manual.map(\.contact))
        let after = try await folder.audit(state, ledger)
        #expect(after.driftingContacts.subtracting(manual) == [], "seed \(seed): \(after.driftLines)")
        for fault in faults.faults where !manual.contains("\(fault.contact)") {
            try expectOutcome(fault, rows, stores, seed)
        }
        let end = try stores.map { try $0.dump(numbered: true) }
        let again = try await apply(planned.plan, folder, state, ledger)
        #expect(again.count(.already) == planned.plan.operations.count, "seed \(seed): \(again.entries)")
        #expect(try stores.map { try $0.dump(numbered: true) } == end, "seed \(seed): a second apply changed something")

        let undo = Undo(run: applied.run.id, input: folder.input(), state: state, ledger: ledger) { _ in }
        let undone = try await undo.run()
        #expect(undone.count(.done) == planned.plan.operations.count, "seed \(seed): \(undone.entries)")
        #expect(try stores.map { try $0.dump(numbered: true) } == start, "seed \(seed): undo did not restore")
        if seed.isMultiple(of: 5) {
            let restored = try await folder.audit(state, ledger)
            #expect(restored.driftLines == planned.audit?.report.driftLines, "seed \(seed)")
        }
        return (faults.faults, faults.faults.filter { manual.contains("\($0.contact)") })
    }

    private func plan(_ folder: ProbeFolder, _ state: StateFolder, _ ledger: Ledger) async throws -> PlanOutcome {
        var options = PlanRun.Options()
        options.deletesOrphans = true
        options.adoptsOrphans = true
        options.mergesDuplicates = true
        var input = folder.auditInput()
        input.verb = "plan"
        return try await PlanRun(input: input, options: options, state: state, ledger: ledger) { _ in }.run()
    }

    private func apply(
        _ plan: RepairPlan,
        _ folder: ProbeFolder,
        _ state: StateFolder,
        _ ledger: Ledger
    ) async throws -> ApplyReport {
        try await Applier(plan: plan, input: folder.input(), state: state, ledger: ledger) { _ in }.run()
    }

    /// The rows of each changed contact in the store that must keep them.
    private func rows(_ faults: [RandomFaults.Fault], _ stores: [TestStore]) throws -> [Int: [String]] {
        var rows: [Int: [String]] = [:]
        for fault in faults {
            guard case .rows(let name) = fault.outcome else { continue }
            rows[fault.contact] = try stores.first { $0.name == name }?.edit { try $0.rows(of: fault.contact) }
        }
        return rows
    }

    private func expectOutcome(
        _ fault: RandomFaults.Fault,
        _ rows: [Int: [String]],
        _ stores: [TestStore],
        _ seed: UInt64
    ) throws {
        let what: Comment = "seed \(seed): contact \(fault.contact), \(fault.what)"
        switch fault.outcome {
        case .rows(let name):
            let found = try stores.first { $0.name == name }?.edit { try $0.rows(of: fault.contact) }
            #expect(found == rows[fault.contact], what)
            for store in stores { #expect(try store.edit { try $0.hasLive(fault.contact) }, what) }
        case .gone:
            for store in stores { #expect(try !store.edit { try $0.hasLive(fault.contact) }, what) }
        case .agreement: break
        }
    }
}
