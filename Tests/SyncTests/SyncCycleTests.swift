import Audit
import Contacts
import Foundation
import Ledger
import Repair
import Sync
import Testing

@Suite struct SyncCycleTests {
    @Test(arguments: SmallSync.names)
    func `a change in any store reaches all of them, and is written once`(_ source: String) async throws {
        let stores = try await SmallSync()
        try stores.edit(7, to: "Baker", in: source)
        let report = try await stores.cycle().all()
        #expect(try stores.values(of: 7) == ["Baker", "Baker", "Baker", "Baker"])
        #expect(try stores.values("version", of: 7) == ["6", "6", "6", "6"])
        #expect(report.written == 3)
        #expect(report.agreed == ["crm": 1, "app": 1, "local": 1])
        // What was written comes back as a change of each store: nothing is written for it.
        let rows = try stores.rows()
        for name in SmallSync.names { try stores.tell(7, in: name) }
        let echo = try await stores.cycle().pending()
        #expect(echo.changes == 4)
        #expect(echo.written == 0)
        #expect(try await stores.cycle().all().written == 0)
        #expect(try stores.rows() == rows)
        #expect(try stores.ledger.changeCounts() == ChangeCounts())
    }

    @Test(arguments: SmallSync.names)
    func `a change that a store tells of reaches all without reading them through`(_ source: String) async throws {
        let stores = try await SmallSync()
        try stores.edit(7, to: "Baker", in: source)
        try stores.edit(8, to: "Cook", in: source)
        let event = try stores.tell(7, in: source)
        let report = try await stores.cycle().pending()
        #expect(try stores.values(of: 7) == ["Baker", "Baker", "Baker", "Baker"])
        #expect(report.changes == 1)
        #expect(report.agreed == ["crm": 1, "app": 1, "local": 1])
        let written = SmallSync.names.filter { $0 != source }
        #expect(try stores.outcomes(event) == written.sorted().map { "\($0) done" })
        // Of the other nobody has told.
        #expect(try Set(stores.values(of: 8)) == ["Painter", "Cook"])
        #expect(try await stores.cycle().all().written == 3)
    }

    @Test func `two changes of a contact in a batch are carried out as one`() async throws {
        let stores = try await SmallSync()
        try stores.edit(7, to: "Baker", in: "crm")
        let events = [try stores.tell(7, in: "crm"), try stores.tell(7, in: "crm")]
        let report = try await stores.cycle().pending()
        #expect(report.written == 3)
        for event in events { #expect(try stores.outcomes(event) == ["app done", "local done", "warehouse done"]) }
    }

    @Test func `a new contact is inserted where it never was, without reading the stores through`() async throws {
        let stores = try await SmallSync()
        try stores.execute(
            "INSERT INTO contacts_master VALUES ('500', 'New One', 'New', NULL, NULL, '[]', 1, '2024-05-01T00:00:00Z', 'x', NULL)",
            in: "warehouse"
        )
        let event = try stores.tell(500, .insert, in: "warehouse")
        #expect(try await stores.cycle().pending().written == 3)
        #expect(try stores.values("canonical_name", of: 500) == .init(repeating: "New One", count: 4))
        #expect(try stores.outcomes(event) == ["app done", "crm done", "local done"])
    }

    @Test func `a new contact elsewhere is adopted only where that is allowed`() async throws {
        let stores = try await SmallSync()
        try stores.execute(
            "INSERT INTO contacts_master VALUES ('500', 'New One', 'New', NULL, NULL, '[]', 1, '2024-05-01T00:00:00Z', 'x', NULL)",
            in: "crm"
        )
        let event = try stores.tell(500, .insert, in: "crm")
        #expect(try await stores.cycle().pending().written == 0)
        #expect(try stores.outcomes(event).allSatisfy { $0.hasSuffix(" left") })
        try stores.tell(500, .insert, in: "crm")
        #expect(try await stores.cycle { $0.adoptsOrphans = true }.pending().written == 3)
        #expect(try stores.values("canonical_name", of: 500) == .init(repeating: "New One", count: 4))
    }

    @Test func `a contact that was there and is not found is inserted only once all was read`() async throws {
        let stores = try await SmallSync()
        try stores.execute("DELETE FROM contacts_master WHERE contact_id = '7'", in: "app")
        let event = try stores.tell(7, .delete, in: "app")
        #expect(try await stores.cycle().pending().written == 0)
        #expect(try stores.outcomes(event) == ["app left"])
        #expect(try stores.value("job_title", of: 7, in: "app") == nil)
        #expect(try await stores.cycle().all().written == 1)
        #expect(try stores.values(of: 7) == .init(repeating: "Painter", count: 4))
    }

    @Test(arguments: SmallSync.names)
    func `a deletion that is marked goes everywhere at once, where that is allowed`(_ source: String) async throws {
        let stores = try await SmallSync()
        try stores.execute(
            """
            UPDATE contacts_master SET deleted_at = '2024-05-01T00:00:00Z', version = 6, last_updated = '2024-05-01T00:00:00Z'
            WHERE contact_id = '7'
            """,
            in: source
        )
        try stores.tell(7, .delete, in: source)
        #expect(try await stores.cycle().pending().written == 0)
        try stores.tell(7, .delete, in: source)
        #expect(try await stores.cycle { $0.deletesOrphans = true }.pending().written == 3)
        #expect(try stores.values("deleted_at IS NOT NULL", of: 7) == .init(repeating: "1", count: 4))
    }

    @Test func `a row that is gone from canonical is deleted elsewhere only once all was read`() async throws {
        let stores = try await SmallSync()
        try stores.execute("DELETE FROM contacts_master WHERE contact_id = '7'", in: "warehouse")
        let event = try stores.tell(7, .delete, in: "warehouse")
        #expect(try await stores.cycle { $0.deletesOrphans = true }.pending().written == 0)
        #expect(try stores.outcomes(event).allSatisfy { $0.hasSuffix(" left") })
        #expect(try stores.values("deleted_at IS NULL", of: 7) == [nil, "1", "1", "1"])
        #expect(try await stores.cycle { $0.deletesOrphans = true }.all().written == 3)
        #expect(try stores.values("deleted_at IS NULL", of: 7) == [nil, "0", "0", "0"])
    }

    @Test func `deleted in canonical and edited elsewhere at the same time is left to a person`() async throws {
        let stores = try await SmallSync()
        try stores.execute(
            "UPDATE contacts_master SET deleted_at = '2024-05-01T00:00:00Z', version = 6 WHERE contact_id = '7'",
            in: "warehouse"
        )
        try stores.edit(7, to: "Baker", version: 9, in: "crm")
        let before = try stores.rows()
        try stores.tell(7, in: "crm")
        #expect(try await stores.cycle { $0.deletesOrphans = true }.pending().manual > 0)
        #expect(try stores.rows() == before)
        #expect(try stores.ledger.conflicts(openOnly: true).map(\.contact) == ["7"])
        #expect(try stores.ledger.errors(openOnly: true).map(\.kind) == [.conflict])
    }

    @Test func `an event for a contact that no store holds is settled`() async throws {
        let stores = try await SmallSync()
        let event = try stores.tell(999, in: "crm")
        let report = try await stores.cycle().pending()
        #expect(report.changes == 1)
        #expect(report.written == 0)
        #expect(try stores.ledger.changeCounts() == ChangeCounts())
        #expect(try stores.outcomes(event) == [])
    }

    @Test func `an event that names the row alone is found by it`() async throws {
        let stores = try await SmallSync()
        try stores.edit(7, to: "Baker", in: "crm")
        let found = try stores.tell(nil, row: "7", in: "crm")
        let gone = try stores.tell(nil, row: "70000", in: "crm")
        let stranger = try stores.tell(nil, row: "7", in: "nowhere")
        let report = try await stores.cycle().pending()
        #expect(try stores.values(of: 7) == ["Baker", "Baker", "Baker", "Baker"])
        #expect(report.needsFullReading)
        #expect(try stores.outcomes(found) == ["app done", "local done", "warehouse done"])
        #expect(try stores.outcomes(gone) == ["crm left"])
        #expect(try stores.outcomes(stranger) == ["nowhere left"])
        #expect(try stores.ledger.changeCounts() == ChangeCounts())
    }

    @Test func `changes are written down before they are acted on, with what became of them in each store`()
        async throws
    {
        let stores = try await SmallSync()
        try stores.edit(7, to: "Baker", in: "crm")
        try stores.edit(8, to: "Cook", in: "warehouse")
        // A journal of another run is open: nothing may be written.
        let other = JournalRun(id: "1", verb: "apply", plan: "x", undoes: nil, startedAt: SmallSync.now, isOpen: true)
        try stores.ledger.beginJournal(other)
        await #expect(throws: RepairError.self) { try await stores.cycle().all() }
        let waiting = try stores.ledger.pendingChanges(limit: 10)
        #expect(waiting.map { "\($0.source) \($0.contact ?? "-")" }.sorted() == ["crm 7", "warehouse 8"])
        try stores.ledger.endJournal("1")
        #expect(try await stores.cycle().pending().written == 6)
        #expect(try stores.values(of: 7) == ["Baker", "Baker", "Baker", "Baker"])
        #expect(try stores.values(of: 8) == ["Cook", "Cook", "Cook", "Cook"])
        #expect(try stores.ledger.changeCounts() == ChangeCounts())
    }

    @Test(arguments: [true, false])
    func `a damaged plan is dropped only where nothing of it was begun`(_ isBegun: Bool) async throws {
        let stores = try await SmallSync()
        let file = stores.state.path + "/sync-plan.json"
        try Data("{".utf8).write(to: URL(filePath: file))
        if isBegun {
            try stores.ledger.beginJournal(
                JournalRun(id: "1", verb: "sync", plan: "x", undoes: nil, startedAt: SmallSync.now, isOpen: true)
            )
            await #expect(throws: RepairError.self) { try await stores.cycle().resume() }
        } else {
            #expect(try await stores.cycle().resume() == nil)
        }
        #expect(FileManager.default.fileExists(atPath: file) == isBegun)
    }

    @Test(arguments: [true, false])
    func `readings are written down unless they are not to be`(_ logsReadings: Bool) async throws {
        let stores = try await SmallSync()
        try stores.edit(7, to: "Baker", in: "crm")
        let report = try await stores.cycle(logsReadings: logsReadings).all()
        #expect(report.written == 3)
        #expect(report.changes == (logsReadings ? 1 : 0))
        let waiting = try stores.ledger.pendingChanges(limit: 10)
        #expect(waiting == [])
        #expect(try stores.rowsOfChangeLog() == (logsReadings ? ["crm 7 UPDATE 1"] : []))
    }

    @Test func `a plan of which nothing was begun is not kept`() async throws {
        let stores = try await SmallSync()
        #expect(try await stores.cycle().resume() == nil)
        try stores.edit(7, to: "Baker", in: "crm")
        let other = JournalRun(id: "1", verb: "apply", plan: "x", undoes: nil, startedAt: SmallSync.now, isOpen: true)
        try stores.ledger.beginJournal(other)
        await #expect(throws: RepairError.self) { try await stores.cycle().all() }
        // Nothing of the plan was begun, so it is not kept.
        #expect(try await stores.cycle().resume() == nil)
        try stores.ledger.endJournal("1")
        #expect(!FileManager.default.fileExists(atPath: stores.state.path + "/sync-plan.json"))
    }
}
