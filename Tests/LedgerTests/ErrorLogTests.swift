import Contacts
import Foundation
import Ledger
import Testing

private func time(_ seconds: TimeInterval) -> Date { Date(timeIntervalSince1970: 1_700_000_000 + seconds) }

private func error(
    _ code: String = "unreachable",
    _ kind: LoggedError.Kind = .network,
    system: String = "crm",
    contact: String? = nil,
    field: String? = nil,
    message: String = "no answer",
    run: String = "r1",
    at: TimeInterval = 0
) -> LoggedError {
    LoggedError(
        kind,
        system: system,
        contact: contact,
        run: run,
        code: code,
        field: field,
        message: message,
        at: time(at)
    )
}

@Suite struct ErrorLogTests {
    private let state: TemporaryState
    private let ledger: Ledger

    init() async throws {
        state = try TemporaryState()
        ledger = try await Ledger.open(in: state.folder)
    }

    @Test func `an error comes back as it was, the latest first`() throws {
        var kept: [LoggedError] = []
        for (index, kind) in LoggedError.Kind.allCases.enumerated() {
            var error = error("code", kind, contact: "5", field: "emails", at: Double(index))
            error.id = try ledger.report(error)
            kept.append(error)
        }
        #expect(try ledger.errors(openOnly: true) == kept.reversed())
        #expect(try ledger.errors(openOnly: true, limit: 2) == Array(kept.reversed().prefix(2)))
    }

    @Test func `the same error is counted as long as it is open`() throws {
        let first = try ledger.report(error())
        #expect(try ledger.report(error(message: "still none", run: "r2", at: 5)) == first)
        var expected = error(message: "still none", run: "r2")
        expected.id = first
        expected.count = 2
        expected.lastAt = time(5)
        #expect(try ledger.errors(openOnly: true) == [expected])

        try ledger.resolveError(first, at: time(6))
        #expect(try ledger.errors(openOnly: true) == [])
        #expect(try ledger.report(error(at: 7)) != first)
        #expect(try ledger.errors(openOnly: false).map(\.count) == [1, 2])
    }

    @Test(arguments: [
        error("denied"), error("unreachable", .permission), error(system: "app"), error(contact: "1"),
        error(field: "emails"),
    ]) func `another code, kind, system, contact or field is another error`(_ other: LoggedError) throws {
        #expect(try ledger.report(error()) != ledger.report(other))
    }

    @Test func `resolving keeps the first time, and an unknown number is an error`() throws {
        let id = try ledger.report(error())
        try ledger.resolveError(id, at: time(1))
        try ledger.resolveError(id, at: time(2))
        #expect(try ledger.errors(openOnly: false).map(\.resolvedAt) == [time(1)])
        #expect(throws: LedgerError(.unknown, "There is no error 99. `rollcall errors` lists them.")) {
            try ledger.resolveError(99, at: time(1))
        }
    }

    @Test func `what is right again is resolved, but neither a contact's errors nor later ones`() throws {
        try ledger.report(error(at: 1))
        try ledger.report(error("denied", .permission, at: 5))
        try ledger.report(error("taken", .validation, contact: "1", at: 1))
        try ledger.report(error(system: "app", at: 1))
        #expect(try ledger.clearErrors(of: "crm", before: time(5), at: time(6)) == 1)
        #expect(try Set(ledger.errors(openOnly: true).map(\.code)) == ["denied", "taken", "unreachable"])
        #expect(try ledger.errors(openOnly: true).filter { $0.code == "unreachable" }.map(\.system) == ["app"])
    }

    @Test func `a reason is told once when it comes and once when it is gone`() throws {
        #expect(try ledger.alertChanges().isEmpty)
        let one = try ledger.report(error("taken", .validation, contact: "1", message: "first", at: 1))
        let two = try ledger.report(error("taken", .validation, contact: "2", message: "second", at: 2))
        let changes = try ledger.alertChanges()
        #expect(changes.opened.map(\.message) == ["second"])
        #expect(changes.opened.map(\.errors) == [2])
        #expect(changes.opened.map(\.cause) == [error("taken", .validation).cause])
        #expect(changes.cleared == [])
        // Not told yet: it is to be told still.
        #expect(try ledger.alertChanges() == changes)
        try ledger.settleAlerts(changes, at: time(3))
        #expect(try ledger.alertChanges().isEmpty)

        try ledger.report(error("taken", .validation, contact: "3", at: 4))
        try ledger.resolveError(one, at: time(5))
        try ledger.resolveError(two, at: time(5))
        #expect(try ledger.alertChanges().isEmpty)
        try ledger.clearErrors(of: "crm", before: time(9), at: time(9))
        #expect(try ledger.alertChanges().isEmpty)
        for each in try ledger.errors(openOnly: true) { try ledger.resolveError(each.id, at: time(6)) }
        let gone = try ledger.alertChanges()
        #expect(gone.opened == [])
        #expect(gone.cleared.map(\.cause) == [error("taken", .validation).cause])
        try ledger.settleAlerts(gone, at: time(7))
        #expect(try ledger.alertChanges().isEmpty)
        // It comes back: that is told again.
        try ledger.report(error("taken", .validation, contact: "1", at: 8))
        #expect(try ledger.alertChanges().opened.count == 1)
    }

    @Test func `forgetting and retention take what is theirs`() throws {
        try ledger.report(error("taken", .validation, contact: "1"))
        let resolved = try ledger.report(error())
        let open = try ledger.report(error("denied", .permission))
        try ledger.resolveError(resolved, at: time(5))
        try ledger.forget(contact: "1", digest: "d", at: time(6))
        try ledger.prune(before: time(5))
        #expect(try Set(ledger.errors(openOnly: false).map(\.id)) == [resolved, open])
        try ledger.prune(before: time(6))
        #expect(try ledger.errors(openOnly: false).map(\.id) == [open])
    }
}
