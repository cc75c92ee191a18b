import Contacts
import Foundation
import Ledger
import Testing

private func time(_ seconds: TimeInterval) -> Date { Date(timeIntervalSince1970: 1_700_000_000 + seconds) }

private func event(
    _ id: String,
    contact: String? = "123",
    row: String? = "r1",
    origin: ChangeEvent.Origin = .polling,
    at: TimeInterval = 0
) -> ChangeEvent {
    ChangeEvent(
        id: id,
        source: "crm",
        contact: contact,
        row: row,
        change: .update,
        origin: origin,
        at: time(at),
        version: 7,
        createdAt: time(at + 1)
    )
}

@Suite struct ChangeLogTests {
    private let state: TemporaryState
    private let ledger: Ledger

    init() async throws {
        state = try TemporaryState()
        ledger = try await Ledger.open(in: state.folder)
    }

    @Test func `a change is kept once and comes back as it was`() throws {
        let events = [event("a"), event("b", contact: nil), event("c", row: nil)]
        #expect(try ledger.log(events) == events)
        #expect(try ledger.log([event("b", at: 9), event("d")]) == [event("d")])
        #expect(try ledger.pendingChanges(limit: 10) == events + [event("d")])
        #expect(try ledger.pendingChanges(limit: 2) == [event("a"), event("b", contact: nil)])
    }

    @Test func `what a store tells at once goes before what was found by reading`() throws {
        _ = try ledger.log([event("a"), event("b", origin: .event), event("c"), event("d", origin: .event)])
        #expect(try ledger.pendingChanges(limit: 10).map(\.id) == ["b", "d", "a", "c"])
    }

    @Test func `a change that was processed waits no longer, and its outcomes are kept by store`() throws {
        _ = try ledger.log([event("a"), event("b")])
        let outcomes = [
            ProcessedChange(event: "a", destination: "app", status: .done, at: time(5)),
            ProcessedChange(event: "a", destination: "local", status: .left, message: "refused", at: time(5)),
        ]
        try ledger.settle(outcomes, of: ["a"], at: time(5))
        #expect(try ledger.pendingChanges(limit: 10).map(\.id) == ["b"])
        #expect(try ledger.outcomes(ofChange: "a") == outcomes)
        // Told once more in one store: the later outcome counts.
        let later = ProcessedChange(event: "a", destination: "local", status: .already, at: time(6))
        try ledger.settle([later], of: [], at: time(6))
        #expect(try ledger.outcomes(ofChange: "a") == [outcomes[0], later])
    }

    @Test func `a change that comes again after it was processed waits again`() throws {
        _ = try ledger.log([event("a")])
        try ledger.settle([], of: ["a"], at: time(5))
        #expect(try ledger.log([event("a", at: 9)]) == [event("a", at: 9)])
        #expect(try ledger.pendingChanges(limit: 10) == [event("a")])
    }

    @Test func `a change that fails again and again is given up, and the others go on`() throws {
        _ = try ledger.log([event("a"), event("b")])
        for _ in 0..<2 { #expect(try ledger.fail(["a"], at: "app", why: "no", limit: 3, now: time(5)) == []) }
        #expect(try ledger.fail(["a", "b"], at: "app", why: "no", limit: 3, now: time(6)) == ["a"])
        #expect(try ledger.pendingChanges(limit: 10).map(\.id) == ["b"])
        #expect(
            try ledger.outcomes(ofChange: "a")
                == [ProcessedChange(event: "a", destination: "app", status: .dead, message: "no", at: time(6))]
        )
        // It stays so, though it is told again, until a person says otherwise.
        #expect(try ledger.log([event("a")]) == [])
        #expect(try ledger.changeCounts().dead == 1)
        try ledger.retryDeadChange(id: "a")
        #expect(try ledger.pendingChanges(limit: 10).map(\.id) == ["a", "b"])
        #expect(try ledger.changeCounts().dead == 0)
        #expect(throws: LedgerError.self) { try ledger.retryDeadChange(id: "a") }
        // It has all its attempts again.
        #expect(try ledger.fail(["a"], at: "app", why: "no", limit: 3, now: time(7)) == [])
    }

    @Test func `what waits is counted`() throws {
        #expect(try ledger.changeCounts() == ChangeCounts())
        _ = try ledger.log([event("a", at: 3), event("b", at: 2), event("c", at: 1)])
        try ledger.settle([], of: ["c"], at: time(5))
        var counts = ChangeCounts()
        counts.pending = 2
        counts.oldestPendingAt = time(3)
        #expect(try ledger.changeCounts() == counts)
    }

    @Test func `a change that is taken out leaves nothing`() throws {
        _ = try ledger.log([event("a")])
        try ledger.settle(
            [ProcessedChange(event: "a", destination: "app", status: .done, at: time(5))],
            of: ["a"],
            at: time(5)
        )
        try ledger.removeChange(id: "a")
        #expect(try ledger.outcomes(ofChange: "a") == [])
        #expect(try ledger.log([event("a")]) == [event("a")])
    }

    @Test func `a mark is kept by store`() throws {
        #expect(try ledger.changeMark(of: "crm") == nil)
        try ledger.setChangeMark("x", of: "crm", at: time(1))
        try ledger.setChangeMark("y", of: "app", at: time(1))
        try ledger.setChangeMark("z", of: "crm", at: time(2))
        #expect(try ledger.changeMark(of: "crm") == "z")
        #expect(try ledger.changeMark(of: "app") == "y")
    }

    @Test func `forgetting and retention take what is theirs`() throws {
        _ = try ledger.log([event("a", contact: "1"), event("b", contact: "2"), event("c", contact: "3")])
        let outcomes = ["a", "b"].map { ProcessedChange(event: $0, destination: "app", status: .done, at: time(5)) }
        try ledger.settle(outcomes, of: ["a", "b"], at: time(5))
        try ledger.forget(contact: "1", digest: "d", at: time(6))
        #expect(try ledger.outcomes(ofChange: "a") == [])
        #expect(try ledger.outcomes(ofChange: "b").count == 1)
        try ledger.prune(before: time(5))
        #expect(try ledger.outcomes(ofChange: "b").count == 1)
        try ledger.prune(before: time(6))
        #expect(try ledger.outcomes(ofChange: "b") == [])
        #expect(try ledger.pendingChanges(limit: 10).map(\.id) == ["c"])
    }
}
