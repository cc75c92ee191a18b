import Audit
import Contacts
import Ledger
import Testing

/// A store that cannot be read a second time: its differences are neither confirmed nor forgotten, and the audit goes on.
@Suite struct UncheckedStateTests {
    private static let names = ["warehouse", "app", "local"]

    /// What keeps a store from being read again, and how the coverage tells of it.
    static let hindrances: [(ChangingStore.Change, String)] = [
        (.removed, "it could not be opened again"),
        (.unreadable, "it could not be read again: the disk is on fire."),
        (.sql("ALTER TABLE contacts_master ADD COLUMN shoe_size INTEGER"), "its table was altered during the run"),
    ]

    private func notChecked(_ report: AuditReport) -> [AuditReport.NotChecked] {
        report.coverage.notChecked.filter { $0.what == "re-check" }
    }

    @Test(arguments: hindrances)
    func `its differences are unchecked, and the run is inconclusive`(
        _ change: ChangingStore.Change,
        _ why: String
    ) async throws {
        let audit = try await SampleAudit(contacts: 30, seed: 41)
        defer { audit.remove() }
        let keys = try audit.keys()
        try audit.setTitle("Plumber", of: keys[0], in: "app")
        try audit.execute(SampleAudit.removal(of: keys[1]), in: "app")
        let (input, stores) = audit.changingInput(Self.names, ["app": change])
        let report = try await audit.run(input)
        #expect(Set(report.findings.map(\.contact)) == [String(keys[0]), String(keys[1])])
        #expect(report.findings.allSatisfy { $0.state == .unchecked && $0.stores == ["app"] && $0.repair == nil })
        #expect(report.summary.byState == ["unchecked": 2])
        #expect(report.summary.findings == 0)
        #expect(report.verdict == .inconclusive)
        #expect(report.run.exit == 3)
        let lines = notChecked(report)
        #expect(lines.map(\.store) == ["app"])
        #expect(lines.first?.why.hasPrefix(why) == true)
        for store in stores.values { #expect(store.opened == store.closed) }
    }

    @Test(arguments: hindrances)
    func `what other stores hold is confirmed all the same`(_ change: ChangingStore.Change, _ why: String) async throws
    {
        let audit = try await SampleAudit(contacts: 30, seed: 42)
        defer { audit.remove() }
        let keys = try audit.keys()
        try audit.setTitle("Painter", of: keys[0], in: "warehouse")
        try audit.setTitle("Plumber", of: keys[0], in: "app")
        try audit.setTitle("Pilot", of: keys[0], in: "local")
        try audit.execute(SampleAudit.removal(of: keys[1]), in: "local")
        let (input, _) = audit.changingInput(Self.names, ["app": change])
        let report = try await audit.run(input)
        let found = report.findings.map { [$0.contact ?? "", $0.stores[0], $0.state.rawValue] }
        #expect(
            Set(found) == [
                [String(keys[0]), "app", "unchecked"], [String(keys[0]), "local", "confirmed"],
                [String(keys[1]), "local", "confirmed"],
            ]
        )
        #expect(found.count == 3)
        #expect(report.summary.findings == 2)
        #expect(report.summary.byStore == ["local": 2])
        #expect(report.verdict == .drift)
        #expect(report.run.exit == 1)
    }

    @Test func `a store that fails among thousands of suspects is told of once`() async throws {
        let audit = try await SampleAudit(contacts: 2100, seed: 43)
        defer { audit.remove() }
        try audit.execute("UPDATE contacts_master SET job_title = 'Plumber ' || rowid", in: "app")
        try audit.setTitle("Pilot", of: audit.keys()[5], in: "local")
        let (input, stores) = audit.changingInput(Self.names, ["app": .unreadable])
        let report = try await audit.run(input)
        #expect(report.summary.byState == ["unchecked": 2100, "confirmed": 1])
        #expect(notChecked(report).map(\.store) == ["app"])
        for store in stores.values { #expect([store.opened, store.closed] == [2, 2]) }
    }

    @Test(arguments: [ChangingStore.Change.removed, .unreadable])
    func `without canonical there is no second read, and no report`(_ change: ChangingStore.Change) async throws {
        let audit = try await SampleAudit(contacts: 30, seed: 44)
        defer { audit.remove() }
        try audit.setTitle("Plumber", of: audit.keys()[0], in: "app")
        let (input, stores) = audit.changingInput(Self.names, ["warehouse": change])
        let error = await #expect(throws: AuditError.self) { try await audit.run(input) }
        guard case .canonical(let reason)? = error else { return }
        #expect(reason.store == "warehouse")
        #expect(try audit.history().map(\.exit) == [5])
        for store in stores.values { #expect(store.opened == store.closed) }
    }
}
