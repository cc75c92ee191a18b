import Contacts
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Ledger

/// An apply's journal that has not come to its end.
func journal(_ id: String, startedAt: TimeInterval = 1_700_000_000) -> JournalRun {
    JournalRun(
        id: id,
        verb: "apply",
        plan: "sha256:01",
        undoes: nil,
        startedAt: Date(timeIntervalSince1970: startedAt)
    )
}

/// An entry that writes a first name.
func entry(_ ordinal: Int, contact: String = "123", name: String = "Ann") -> JournalEntry {
    JournalEntry(
        ordinal: ordinal,
        operation: "op-\(ordinal)",
        store: "crm",
        contact: contact,
        action: .update,
        steps: [
            RowStep(
                table: "people",
                row: .integer(Int64(ordinal)),
                before: ["first_name": .text(name)],
                after: ["first_name": .text(name + "e")]
            )
        ],
        outcome: nil,
        why: ""
    )
}

@Suite struct JournalTests {
    private let state: TemporaryState
    private let ledger: Ledger

    init() async throws {
        state = try TemporaryState()
        ledger = try await Ledger.open(in: state.folder)
    }

    // MARK: Runs

    @Test func `journals are read back in the order in which they were begun`() throws {
        let undo = JournalRun(
            id: "a",
            verb: "undo",
            plan: nil,
            undoes: "b",
            startedAt: Date(timeIntervalSince1970: 1_700_000_000.125)
        )
        try ledger.beginJournal(journal("b"))
        try ledger.beginJournal(undo)
        #expect(try ledger.openJournals() == [journal("b"), undo])
        #expect(try ledger.journalRun("a") == undo)
        #expect(try ledger.journalRun("c") == nil)
    }

    @Test func `a run has one journal`() throws {
        try ledger.beginJournal(journal("a"))
        let error = try #require(throws: LedgerError.self) { try ledger.beginJournal(journal("a", startedAt: 0)) }
        #expect(error.code == .duplicate)
        #expect(try ledger.openJournals() == [journal("a")])
    }

    @Test func `a journal that has ended takes nothing any more`() throws {
        try ledger.beginJournal(journal("a"))
        try ledger.journal([entry(1)], of: "a")
        for _ in 0..<2 { try ledger.endJournal("a") }
        #expect(try ledger.openJournals() == [])
        #expect(try ledger.journalRun("a")?.isOpen == false)

        let base = KeptBase(store: "crm", keyDigest: 1, before: nil, after: nil)
        #expect(throws: LedgerError.self) { try ledger.journal([entry(2)], of: "a") }
        #expect(throws: LedgerError.self) { try ledger.keepBases([base], of: "a") }
        #expect(try ledger.journalEntries(of: "a", after: 0, limit: 9) == [entry(1)])
        #expect(try ledger.bases(of: "a") == [])
    }

    @Test func `a run without a journal is named`() throws {
        for call in [{ try ledger.journal([entry(1)], of: "none") }, { try ledger.endJournal("none") }] {
            let error = try #require(throws: LedgerError.self) { try call() }
            #expect(error.code == .unknown)
            #expect(error.message.contains("none"))
        }
        #expect(try ledger.journalEntries(of: "none", after: 0, limit: 9) == [])
    }

    // MARK: Entries

    @Test func `entries come in pages, forwards and backwards`() throws {
        try ledger.beginJournal(journal("a"))
        try ledger.beginJournal(journal("b"))
        let entries = (1...7).map { entry($0) }
        try ledger.journal([entry(4, contact: "9")], of: "b")
        for part in [entries[4...], entries[..<4]] { try ledger.journal(Array(part), of: "a") }

        #expect(try ledger.journalEntries(of: "a", after: 0, limit: 3) == Array(entries[..<3]))
        #expect(try ledger.journalEntries(of: "a", after: 3, limit: 9) == Array(entries[3...]))
        #expect(try ledger.journalEntries(of: "a", after: 7, limit: 9) == [])
        #expect(try ledger.journalEntries(of: "a", before: .max, limit: 3) == entries[4...].reversed())
        #expect(try ledger.journalEntries(of: "a", before: 5, limit: 9) == entries[..<4].reversed())
        #expect(try ledger.journalEntries(of: "a", before: 1, limit: 9) == [])
        #expect(try ledger.journalEntries(of: "b", after: 0, limit: 9) == [entry(4, contact: "9")])
    }

    @Test(arguments: ApplyReport.Outcome.allCases) func `what became of an entry takes the place of the plan`(
        _ outcome: ApplyReport.Outcome
    ) throws {
        try ledger.beginJournal(journal("a"))
        try ledger.journal([entry(1), entry(2)], of: "a")
        var settled = entry(1)
        settled.outcome = outcome
        settled.why = "the store says \"no\""
        settled.action = .insert
        settled.steps[0].row = .text("AAAA")
        try ledger.journal([settled], of: "a")
        #expect(try ledger.journalEntries(of: "a", after: 0, limit: 9) == [settled, entry(2)])
    }

    @Test func `entries are written all or none`() throws {
        try ledger.beginJournal(journal("a"))
        try state.tamper(
            """
            CREATE TRIGGER full BEFORE INSERT ON journal WHEN NEW.ordinal = 3
            BEGIN SELECT raise(ABORT, 'no room'); END
            """
        )
        #expect(throws: LedgerError.self) { try ledger.journal([entry(1), entry(2), entry(3)], of: "a") }
        #expect(try ledger.journalEntries(of: "a", after: 0, limit: 9) == [])
    }

    /// FULL is 2: each commit is on the disk before it returns.
    @Test func `every commit is synchronised`() throws {
        #expect(try ledger.read { try Int.fetchOne($0, sql: "PRAGMA synchronous") } == 2)
        #expect(try ledger.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
    }

    @Test(arguments: ["", "[", "[]x", "[[\"people\",1,null]]", "[[\"people\",1,null,{\"a\":1.5}]]"])
    func `steps that are not as they were written are damage`(_ steps: String) throws {
        try ledger.beginJournal(journal("a"))
        try ledger.journal([entry(1)], of: "a")
        try state.tamper("UPDATE journal SET steps = '\(steps)'")
        let error = try #require(throws: LedgerError.self) {
            try ledger.journalEntries(of: "a", after: 0, limit: 9)
        }
        #expect(error.code == .damaged)
    }

    // MARK: The ledger around it

    @Test func `the chain does not mind a journal`() throws {
        _ = try ledger.record(audit("1"), findings: [finding("a")])
        try ledger.beginJournal(journal("2"))
        try ledger.journal((1...50).map { entry($0) }, of: "2")
        _ = try ledger.record(audit("2", verb: "apply", verdict: nil, exit: 0), findings: [])
        try ledger.endJournal("2")
        #expect(try ledger.verify() == .whole(entries: 2))
        #expect(try ledger.latestRun(verb: "apply")?.id == "2")
    }

    @Test func `a ledger of before is brought up to date`() async throws {
        _ = try ledger.record(audit("1"), findings: [finding("a")])
        for table in ["journal", "kept_bases", "journal_runs", "sync_conflicts", "forgotten"] {
            try state.tamper("DROP TABLE \(table)")
        }
        try state.tamper("DELETE FROM grdb_migrations WHERE identifier = '2'")
        let opened = try await Ledger.open(in: state.folder)
        try opened.beginJournal(journal("a"))
        #expect(try opened.openJournals() == [journal("a")])
        #expect(try opened.verify() == .whole(entries: 1))
    }
}
