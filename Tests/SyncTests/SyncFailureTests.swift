import Contacts
import Foundation
import Ledger
import Repair
import Sync
import Testing

/// A store that fails when it is asked for one contact.
private struct PoisonedStore: ContactStore {
    struct Poison: Error {}

    let store: any ContactStore
    let contact: String
    var name: String { store.name }
    var kind: String { store.kind }

    func open(notify: @escaping @Sendable (String) -> Void) async throws -> any StoreSession {
        PoisonedSession(session: try await store.open(notify: notify), contact: contact)
    }
}

private struct PoisonedSession: StoreSession {
    let session: any StoreSession
    let contact: String
    var layout: StoreLayout { session.layout }
    var snapshotAt: Date { session.snapshotAt }

    func portions(limit: Int) async throws -> [ScanPortion] { try await session.portions(limit: limit) }
    func scan(_ portion: ScanPortion, into sink: any RecordSink) async throws {
        try await session.scan(portion, into: sink)
    }
    func prove() async throws -> ReadProof { try await session.prove() }
    func fetch(_ requests: [RecordRequest]) async throws -> [[ContactRecord]] {
        if requests.contains(where: { $0.key == contact }) { throw PoisonedStore.Poison() }
        return try await session.fetch(requests)
    }
    func close() async { await session.close() }
}

@Suite struct SyncFailureTests {
    @Test func `a store that is down stops no other, and gets all when it returns`() async throws {
        let stores = try await SmallSync()
        let (file, aside) = (stores.path("app"), stores.path("app") + ".away")
        try FileManager.default.moveItem(atPath: file, toPath: aside)
        try stores.edit(7, to: "Baker", in: "crm")
        let event = try stores.tell(7, in: "crm")
        let report = try await stores.cycle().pending()
        #expect(report.failed == ["app"])
        #expect(report.written == 2)
        #expect(try stores.outcomes(event) == ["local done", "warehouse done"])
        #expect(
            try stores.ledger.errors(openOnly: true).map { "\($0.system) \($0.kind.rawValue)" } == ["app not_found"]
        )
        #expect(try await stores.cycle().all().failed == ["app"])

        try FileManager.default.moveItem(atPath: aside, toPath: file)
        #expect(try await stores.cycle().all().written == 1)
        #expect(try stores.values(of: 7) == ["Baker", "Baker", "Baker", "Baker"])
        #expect(try stores.ledger.errors(openOnly: true) == [])
    }

    @Test func `a store that can be read and not written is passed over`() async throws {
        let stores = try await SmallSync()
        try stores.edit(7, to: "Baker", in: "crm")
        let event = try stores.tell(7, in: "crm")
        let writer = try OtherWriter(stores.path("app"))
        let report = try await stores.cycle().pending()
        #expect(report.outcomes["app"] == ["deferred": 1])
        #expect(report.written == 2)
        #expect(try stores.outcomes(event) == ["app left", "local done", "warehouse done"])
        #expect(try stores.ledger.openJournals() == [])
        writer.end()
        #expect(try await stores.cycle().all().written == 1)
        #expect(try stores.values(of: 7) == ["Baker", "Baker", "Baker", "Baker"])
    }

    @Test func `without canonical nothing is done, and the changes wait`() async throws {
        let stores = try await SmallSync()
        let (file, aside) = (stores.path("warehouse"), stores.path("warehouse") + ".away")
        try FileManager.default.moveItem(atPath: file, toPath: aside)
        try stores.edit(7, to: "Baker", in: "crm")
        let event = try stores.tell(7, in: "crm")
        for _ in 0..<10 { await #expect(throws: (any Error).self) { try await stores.cycle().pending() } }
        #expect(try stores.ledger.pendingChanges(limit: 10).map(\.id) == [event])
        try FileManager.default.moveItem(atPath: aside, toPath: file)
        #expect(try await stores.cycle().pending().written == 3)
    }

    @Test func `an event that fails again and again is given up, and the others flow`() async throws {
        let stores = try await SmallSync()
        for contact in 6...8 { try stores.edit(contact, to: "Baker", in: "crm") }
        let events = try (6...8).map { try stores.tell($0, in: "crm") }
        let reader = PoisonedStore(store: stores.reader("crm"), contact: "7")
        var report = try await stores.cycle(readers: ["crm": reader]).pending()
        #expect(report.written == 6)
        #expect(try stores.values(of: 8) == ["Baker", "Baker", "Baker", "Baker"])
        #expect(try stores.ledger.pendingChanges(limit: 10).map(\.id) == [events[1]])
        for _ in 0..<3 { report = try await stores.cycle(readers: ["crm": reader]).pending() }
        #expect(report.dead == 0)
        report = try await stores.cycle(readers: ["crm": reader]).pending()
        #expect(report.dead == 1)
        #expect(try stores.ledger.pendingChanges(limit: 10) == [])
        #expect(try stores.ledger.changeCounts().dead == 1)
        #expect(try stores.outcomes(events[1]) == ["warehouse dead"])
        #expect(try stores.ledger.errors(openOnly: true).map { "\($0.code) \($0.contact ?? "-")" } == ["dead 7"])
        try stores.ledger.retryDeadChange(id: events[1])
        #expect(try await stores.cycle().pending().written == 3)
        #expect(try stores.values(of: 7) == ["Baker", "Baker", "Baker", "Baker"])
    }

    @Test func `what a store refuses is left, told once, and not planned again`() async throws {
        let stores = try await SmallSync()
        try stores.execute(
            """
            CREATE TRIGGER refuse BEFORE UPDATE ON contacts_master WHEN NEW.job_title = 'Baker'
            BEGIN SELECT RAISE(ABORT, 'no bakers'); END
            """,
            in: "app"
        )
        try stores.edit(7, to: "Baker", in: "crm")
        let event = try stores.tell(7, in: "crm")
        #expect(try await stores.cycle().pending().outcomes["app"] == ["unrepresentable": 1])
        #expect(try stores.outcomes(event) == ["app left", "local done", "warehouse done"])
        #expect(
            try stores.ledger.errors(openOnly: true).map { "\($0.system) \($0.kind.rawValue)" } == ["app validation"]
        )
        let report = try await stores.cycle().all()
        #expect(report.outcomes["app"] == nil)
        #expect(report.manual == 1)
    }

    @Test func `a cycle that would change too much changes nothing, and says so`() async throws {
        let stores = try await SmallSync()
        let before = try stores.rows()
        for contact in 1...60 { try stores.edit(contact, to: "Baker", in: "warehouse") }
        let edited = try stores.rows()
        #expect(edited != before)
        await #expect(throws: RepairError.self) { try await stores.cycle().all() }
        #expect(try stores.rows() == edited)
        #expect(try stores.ledger.changeCounts() == ChangeCounts())
        #expect(try stores.ledger.errors(openOnly: true).map(\.code) == ["tooLarge"])
        // What is few enough goes on.
        for contact in 1...50 {
            try stores.edit(contact, to: "Painter", version: 5, at: "2024-01-01T00:00:00Z", in: "warehouse")
        }
        #expect(try await stores.cycle().all().written == 30)
        #expect(try stores.ledger.errors(openOnly: true) == [])
    }
}
