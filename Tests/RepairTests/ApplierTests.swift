import Contacts
import Fingerprint
import Foundation
import Ledger
import Testing

@testable import Repair

@Suite struct ApplierTests {
    private let bench: RepairBench

    init() throws { bench = try RepairBench() }

    @Test func `A plan is carried out in every store, rows of identifiers included`() async throws {
        let before = try bench.rows()
        let plan = try await bench.everything()
        let report = try await bench.apply(plan)
        #expect(report.counts == ["a": ["done": 2], "b": ["done": 3], "c": ["done": 3]])
        #expect(report.entries == [])
        #expect(report.changedSince == [])
        #expect(report.verified == ["a": 2, "b": 3, "c": 3])
        #expect(report.guards == ["a": .exact, "b": .exact, "c": .exact])
        #expect(report.run.exit == 0)
        #expect(!report.isDryRun && !report.isResumed)
        #expect(report.plan == plan.id)
        let after = try bench.rows()
        #expect(zip(before, after).allSatisfy { $0 != $1 })
        for rows in after { #expect(rows.contains { $0.contains("Manager") && $0.contains("version:2") }) }
        #expect(after[1].contains { $0.contains("eve70@example.org") })
        #expect(after[0].contains { $0.contains("2026-02-01") })
        #expect(!after[2].contains { $0.contains("ada3@example.org") || $0.contains("Ada 3") })
    }

    @Test func `The second apply changes nothing and says already`() async throws {
        let plan = try await bench.everything()
        let first = try await bench.apply(plan)
        let rows = try bench.rows()
        let second = try await bench.apply(plan)
        #expect(try bench.rows() == rows)
        #expect(second.counts == ["a": ["already": 2], "b": ["already": 3], "c": ["already": 3]])
        #expect(second.run.exit == 0)
        #expect(second.run.id != first.run.id)
        #expect(!second.isResumed)
        #expect(try await bench.ledger().openJournals() == [])
    }

    @Test func `The run is in the history, and its journal holds its steps`() async throws {
        let report = try await bench.apply(bench.everything())
        let ledger = try await bench.ledger()
        let entry = try #require(try ledger.run(report.run.id))
        #expect(entry.verb == "apply" && entry.exit == 0 && entry.chain == report.run.chain)
        #expect(entry.counts["done"] == 8)
        #expect(try ledger.verify() == .whole(entries: 1))
        #expect(try ledger.journalRun(report.run.id)?.isOpen == false)
        let journal = try ledger.journalEntries(of: report.run.id, after: -1, limit: 100)
        #expect(journal.map(\.ordinal) == Array(0..<8))
        #expect(journal.allSatisfy { $0.outcome == .done && !$0.steps.isEmpty })
        #expect(journal.allSatisfy { entry in entry.steps.allSatisfy { $0.row != nil } })
    }

    @Test func `Nothing brings back who was forgotten since the plan was made`() async throws {
        let plan = try await bench.everything()
        let contact = try #require(plan.operations.first { $0.action == .insert }).contact
        let ledger = try await bench.ledger()
        let digest = FindingIdentity(key: try bench.state.findingKey()).digest(ofForgotten: contact)
        try ledger.forget(contact: contact, digest: digest, at: Date())
        let report = try await bench.apply(plan)
        let own = plan.operations.filter { $0.contact == contact }
        #expect(report.entries.map(\.operation) == own.map(\.id))
        #expect(report.entries.allSatisfy { $0.outcome == .superseded && $0.why == Applier.isForgotten })
        #expect(report.count(.done) == plan.operations.count - own.count)
        #expect(report.run.exit == 1)
        let journal = try ledger.journalEntries(of: report.run.id, after: -1, limit: 100)
        #expect(journal.allSatisfy { $0.contact != contact || $0.steps.isEmpty })
    }

    // MARK: What is newer

    /// What a stranger does to a contact before the plan is carried out, and the sentence that is told.
    struct Change: Sendable, CustomTestStringConvertible {
        let sql: String
        let why: String

        var testDescription: String { sql }

        static let all = [
            Change(
                sql: "UPDATE contacts_master SET job_title = 'CTO' WHERE contact_id = 1",
                why: OperationJudge.isNewer
            ),
            Change(sql: "UPDATE contacts_master SET version = 9 WHERE contact_id = 1", why: OperationJudge.isNewer),
            Change(
                sql: "UPDATE contact_identifiers SET identifier_value = 'n@e.org' WHERE contact_id = 1 AND is_primary",
                why: OperationJudge.isNewer
            ),
            Change(
                sql: "UPDATE contacts_master SET last_updated = '2026-01-01T00:00:01Z' WHERE contact_id = 1",
                why: OperationJudge.isNewer
            ),
            Change(sql: "DELETE FROM contacts_master WHERE contact_id = 1", why: OperationJudge.isGone),
            Change(
                sql: "UPDATE contacts_master SET deleted_at = '2026-01-05T00:00:00Z' WHERE contact_id = 1",
                why: OperationJudge.isGone
            ),
        ]
    }

    @Test(arguments: Change.all)
    func `A record that was changed meanwhile stays, and what comes after it is not carried out`(
        _ change: Change
    ) async throws {
        let values: [String: RawValue] = [
            "job_title": .text("Manager"), "last_updated": .text("2026-01-02T00:00:00Z"),
        ]
        let first = try await bench.update("a", 1, values)
        let plan = try bench.plan([
            first, try await bench.update("b", 1, values, after: [first]), try await bench.update("b", 2, values),
        ])
        try bench.execute("a", change.sql)
        let rows = try bench.rows()
        let report = try await bench.apply(plan)
        #expect(try bench.rows("a") == rows[0])
        #expect(report.counts == ["a": ["superseded": 1], "b": ["failed": 1, "done": 1]])
        #expect(report.entries.map(\.outcome) == [.superseded, .failed])
        #expect(report.entries[0].why == change.why)
        #expect(report.run.exit == 1)
        #expect(try bench.rows("b").filter { $0.contains("Manager") }.count == 1)
    }

    @Test func `A contact that was added meanwhile is not added again`() async throws {
        let plan = try bench.plan([try await bench.insert("b", 70), try await bench.insert("c", 70)])
        try bench.execute("b", "INSERT INTO contacts_master (contact_id, first_name) VALUES (70, 'Eve')")
        let rows = try bench.rows("b")
        let report = try await bench.apply(plan)
        #expect(try bench.rows("b") == rows)
        #expect(report.counts == ["b": ["superseded": 1], "c": ["done": 1]])
    }

    @Test func `Of several equal rows one stays, and is then written`() async throws {
        try bench.execute("b", "CREATE TABLE copy AS SELECT * FROM contacts_master; DROP TABLE contacts_master")
        try bench.execute("b", "ALTER TABLE copy RENAME TO contacts_master")
        try bench.execute("b", "INSERT INTO contacts_master SELECT * FROM contacts_master WHERE contact_id = 1")
        let (_, records) = try await bench.records("b", 1)
        #expect(records.count == 2)
        var write = try await bench.update("b", 1, ["job_title": .text("Manager")])
        let merge = RepairPlan.Operation(
            id: "merge",
            store: "b",
            action: .merge,
            contact: "1",
            locator: RepairPlan.Locator(key: .integer(1), row: records[0].row, others: [records[1].row]),
            guard: .exact,
            fields: [:],
            expect: write.expect,
            leave: write.expect
        )
        write.after = [merge.id]
        let plan = try bench.plan([merge, write])
        let dry = try await bench.apply(plan, bench.input { $0.isDryRun = true })
        #expect(dry.counts == ["b": ["done": 2]])
        let before = try bench.rows("b")
        let report = try await bench.apply(plan)
        #expect(report.counts == ["b": ["done": 2]])
        #expect(report.changedSince == [])
        let left = try await bench.records("b", 1).records
        #expect(left.map(\.row) == [records[0].row])
        let back = try await bench.undo(report.run.id)
        #expect(back.counts == ["b": ["done": 2]])
        #expect(try bench.rows("b") == before)
    }

    @Test func `What is written again behind the apply is told`() async throws {
        let bench = bench
        let plan = try await bench.everything()
        let report = try await bench.apply(
            plan,
            checkpoint: { checkpoint in
                guard checkpoint == .conflictsKept else { return }
                do {
                    try bench.execute("b", "UPDATE contacts_master SET job_title = 'CTO' WHERE contact_id = 1")
                } catch {
                    Issue.record(error)
                }
            }
        )
        #expect(report.changedSince.map(\.contact) == ["1"])
        #expect(report.changedSince.map(\.store) == ["b"])
        #expect(report.count(.done) == 8)
        #expect(report.run.exit == 1)
    }

    // MARK: Refusals

    @Test func `A second apply names the process that holds the lock`() async throws {
        let plan = try await bench.everything()
        let rows = try bench.rows()
        try await bench.state.withLock {
            let error = try await #require(throws: LedgerError.self) { try await bench.apply(plan) }
            #expect(error.code == .locked)
            #expect(error.message.contains("process \(getpid())"))
        }
        #expect(try bench.rows() == rows)
    }

    @Test func `A plan that writes a store which is not configured is refused`() async throws {
        var operation = try await bench.update("b", 1, ["job_title": .text("Manager")])
        operation.store = "crm"
        let plan = try bench.plan([operation])
        let error = try await #require(throws: RepairError.self) { try await bench.apply(plan) }
        #expect(error.code == .otherConfiguration)
        #expect(error.message.contains("crm"))
    }

    @Test func `A dry run decides the same and writes nothing but the history`() async throws {
        let plan = try await bench.everything()
        try bench.execute("a", "UPDATE contacts_master SET job_title = 'CTO' WHERE contact_id = 1")
        let rows = try bench.rows()
        let dry = try await bench.apply(plan, bench.input { $0.isDryRun = true })
        #expect(try bench.rows() == rows)
        #expect(dry.isDryRun)
        let ledger = try await bench.ledger()
        #expect(try ledger.openJournals() == [])
        #expect(try ledger.journalRun(dry.run.id) == nil)
        #expect(try ledger.history(limit: 9).map(\.verb) == ["apply"])
        #expect(try ledger.history(limit: 9)[0].counts["dryRun"] == 1)
        let report = try await bench.apply(plan)
        #expect(dry.counts == report.counts)
        #expect(dry.entries == report.entries)
        #expect(dry.run.exit == report.run.exit && dry.run.exit == 1)
    }
}
