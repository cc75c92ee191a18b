import Contacts
import Foundation
import Ledger
import Testing

private func time(_ seconds: TimeInterval) -> Date { Date(timeIntervalSince1970: 1_700_000_000 + seconds) }

/// A conflict that an apply decided and a person may decide otherwise.
func conflict(_ id: String, contact: String = "123", at: TimeInterval = 0, name: String = "Ann") -> SyncConflict {
    SyncConflict(
        id: id,
        contact: contact,
        winner: "crm",
        loser: "app",
        stores: ["warehouse", "crm", "app"],
        fields: ["first_name": .text(name), "score": .real(0.1), "raw": .text([0xff])],
        why: "crm has the higher version",
        run: "7",
        at: time(at)
    )
}

@Suite struct ConflictTests {
    private let state: TemporaryState
    private let ledger: Ledger

    init() async throws {
        state = try TemporaryState()
        ledger = try await Ledger.open(in: state.folder)
    }

    @Test func `conflicts come back by the time they were met`() throws {
        var undecided = conflict("a", at: 2)
        undecided.winner = nil
        undecided.loser = nil
        undecided.fields = [:]
        try ledger.add([undecided, conflict("c", at: 1), conflict("b", at: 1)])
        #expect(try ledger.conflicts(openOnly: false) == [conflict("b", at: 1), conflict("c", at: 1), undecided])
    }

    @Test func `a conflict is kept once, as it was first`() throws {
        try ledger.add([conflict("a")])
        try ledger.resolveConflict("a", take: "app", at: time(1))
        try ledger.add([conflict("a", name: "Bob"), conflict("b")])
        var resolved = conflict("a")
        resolved.resolvedAt = time(1)
        resolved.taken = "app"
        #expect(try ledger.conflicts(openOnly: false) == [resolved, conflict("b")])
        #expect(try ledger.conflicts(openOnly: true) == [conflict("b")])
    }

    @Test(arguments: ["warehouse", "crm", "app"]) func `a decision waits for the apply that carries it out`(
        _ store: String
    ) throws {
        try ledger.add([conflict("a"), conflict("b", contact: "9"), conflict("c", contact: "10")])
        #expect(try ledger.decisions() == [:])
        try ledger.resolveConflict("a", take: store, at: time(1))
        try ledger.resolveConflict("b", take: "crm", at: time(1))
        #expect(try ledger.decisions() == ["123": store, "9": "crm"])

        try ledger.settleDecisions(of: ["123", "10", "none"])
        #expect(try ledger.decisions() == ["9": "crm"])
        #expect(try ledger.conflicts(openOnly: true) == [conflict("c", contact: "10")])

        try ledger.resolveConflict("c", take: "crm", at: time(2))
        #expect(try ledger.decisions() == ["9": "crm", "10": "crm"])
    }

    @Test func `the later decision on a contact counts`() throws {
        try ledger.add([conflict("a"), conflict("b")])
        try ledger.resolveConflict("b", take: "crm", at: time(1))
        try ledger.resolveConflict("a", take: "app", at: time(2))
        #expect(try ledger.decisions() == ["123": "app"])
        try ledger.resolveConflict("b", take: "warehouse", at: time(3))
        #expect(try ledger.decisions() == ["123": "warehouse"])
    }

    @Test func `a decision that was carried out may be taken again`() throws {
        try ledger.add([conflict("a")])
        try ledger.resolveConflict("a", take: "crm", at: time(1))
        try ledger.settleDecisions(of: ["123"])
        try ledger.resolveConflict("a", take: "app", at: time(2))
        #expect(try ledger.decisions() == ["123": "app"])
    }

    @Test func `a conflict that comes resolved is no decision`() throws {
        var resolved = conflict("a")
        resolved.resolvedAt = time(1)
        resolved.taken = "crm"
        try ledger.add([resolved])
        #expect(try ledger.conflicts(openOnly: false) == [resolved])
        #expect(try ledger.conflicts(openOnly: true) == [])
        #expect(try ledger.decisions() == [:])
    }

    @Test func `what cannot be taken is named`() throws {
        try ledger.add([conflict("a")])
        let store = try #require(throws: LedgerError.self) {
            try ledger.resolveConflict("a", take: "erp", at: time(1))
        }
        #expect(store.code == .unknown)
        #expect(store.message.contains("Take one of: app, crm, warehouse."))
        let id = try #require(throws: LedgerError.self) { try ledger.resolveConflict("z", take: "crm", at: time(1)) }
        #expect(id.code == .unknown)
        #expect(id.message.contains("no conflict z"))
        #expect(try ledger.conflicts(openOnly: true) == [conflict("a")])
    }
}
