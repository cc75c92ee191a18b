import Audit
import Contacts
import Testing

/// What becomes of a suspicion at the second read. Only what is `confirmed` counts.
@Suite struct RecheckStateTests {
    static let names = ["warehouse", "app", "local"]

    /// A sample in which a contact is `Painter` everywhere but in `app`, where it is `Plumber`.
    private func suspicion(_ seed: UInt64) async throws -> (audit: SampleAudit, key: Int64) {
        let audit = try await SampleAudit(contacts: 30, seed: seed)
        let key = try audit.keys()[3]
        try audit.setTitle("Painter", of: key, in: "warehouse", "local")
        try audit.setTitle("Plumber", of: key, in: "app")
        return (audit, key)
    }

    /// What is done to the suspect, `KEY`, between the two reads, and what it then is.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let changes: [String: String]
        let state: FindingState

        init(_ name: String, _ changes: [String: String], _ state: FindingState) {
            testDescription = name
            self.changes = changes
            self.state = state
        }

        func changes(of key: Int64) -> [String: ChangingStore.Change] {
            changes.mapValues { .sql($0.replacing("KEY", with: String(key))) }
        }
    }

    private static let update = "UPDATE contacts_master SET job_title = "
    private static let deletion =
        "UPDATE contacts_master SET deleted_at = '2024-01-01T00:00:00Z' WHERE contact_id = KEY"
    private static let removal = "DELETE FROM contacts_master WHERE contact_id = KEY"

    static let unconfirmed = [
        Case("the store takes canonical's value", ["app": update + "'Painter' WHERE contact_id = KEY"], .healed),
        Case("canonical takes the store's value", ["warehouse": update + "'Plumber' WHERE contact_id = KEY"], .healed),
        Case(
            "both take a third value",
            [
                "app": update + "'Pilot' WHERE contact_id = KEY",
                "warehouse": update + "'Pilot' WHERE contact_id = KEY",
            ],
            .healed
        ),
        Case("it is removed everywhere", ["app": removal, "local": removal, "warehouse": removal], .gone),
        Case("it is deleted everywhere", ["app": deletion, "local": deletion, "warehouse": deletion], .gone),
        Case(
            "it is deleted or removed everywhere",
            ["app": removal, "local": deletion, "warehouse": deletion],
            .gone
        ),
        Case("the store takes a third value", ["app": update + "'Pilot' WHERE contact_id = KEY"], .busy),
        Case("canonical takes a third value", ["warehouse": update + "'Pilot' WHERE contact_id = KEY"], .busy),
        Case("the store loses it", ["app": removal], .busy),
        Case("canonical deletes it", ["warehouse": deletion], .busy),
    ]

    @Test(arguments: unconfirmed)
    func `a difference that does not stand still is listed and does not count`(_ tested: Case) async throws {
        let (audit, key) = try await suspicion(31)
        defer { audit.remove() }
        let (input, stores) = audit.changingInput(Self.names, tested.changes(of: key))
        let report = try await audit.run(input)
        #expect(report.findings.map(\.state) == [tested.state])
        let finding = try #require(report.findings.first)
        #expect(finding.contact == String(key))
        #expect(finding.stores == ["app"])
        #expect(finding.repair == nil)
        #expect(report.summary.byState == [tested.state.rawValue: 1])
        #expect(report.summary.findings == 0)
        #expect(report.summary.byRule.isEmpty)
        #expect(report.verdict == .consistent)
        #expect(report.run.exit == 0)
        for store in stores.values { #expect([store.opened, store.closed] == [2, 2]) }
    }

    @Test func `a difference that stands still is confirmed`() async throws {
        let (audit, key) = try await suspicion(32)
        defer { audit.remove() }
        let (input, stores) = audit.changingInput(Self.names, [:])
        let report = try await audit.run(input)
        #expect(report.findings.map(\.state) == [.confirmed])
        #expect(report.findings.first?.contact == String(key))
        #expect(report.findings.first?.repair != nil)
        #expect(report.summary.findings == 1)
        #expect(report.verdict == .drift)
        #expect(report.run.exit == 1)
        for store in stores.values { #expect([store.opened, store.closed] == [2, 2]) }
    }

    @Test func `an orphan that is removed is gone, and a missing contact that arrives is healed`() async throws {
        let audit = try await SampleAudit(contacts: 30, seed: 33)
        defer { audit.remove() }
        let keys = try audit.keys()
        try audit.execute(SampleAudit.removal(of: keys[0]), in: "warehouse")
        try audit.execute(
            "CREATE TABLE kept AS SELECT * FROM contacts_master WHERE contact_id = \(keys[1]);"
                + SampleAudit.removal(of: keys[1]),
            in: "app"
        )
        let (input, _) = audit.changingInput(
            ["warehouse", "app"],
            ["app": .sql(SampleAudit.removal(of: keys[0]) + "INSERT INTO contacts_master SELECT * FROM kept")]
        )
        let report = try await audit.run(input)
        let found = Dictionary(
            uniqueKeysWithValues: report.findings.map { ($0.contact, [$0.rule.name, $0.state.rawValue]) }
        )
        #expect(
            found == [
                String(keys[0]): ["drift.orphan", "gone"], String(keys[1]): ["drift.missing", "healed"],
            ]
        )
        #expect(report.summary.findings == 0)
        #expect(report.run.exit == 0)
    }

    @Test func `of all states in one run only the confirmed one counts`() async throws {
        let audit = try await SampleAudit(contacts: 30, seed: 34)
        defer { audit.remove() }
        let keys = try audit.keys()
        for key in keys[0..<4] {
            try audit.setTitle("Painter", of: key, in: "warehouse", "local")
            try audit.setTitle("Plumber", of: key, in: "app")
        }
        let gone = SampleAudit.removal(of: keys[1])
        let (input, _) = audit.changingInput(
            Self.names,
            [
                "warehouse": .sql(gone), "local": .sql(gone),
                "app": .sql(
                    SampleAudit.title("Painter", of: keys[0]) + gone + SampleAudit.title("Pilot", of: keys[2])
                ),
            ]
        )
        let report = try await audit.run(input)
        let states = Dictionary(uniqueKeysWithValues: report.findings.map { ($0.contact, $0.state) })
        #expect(
            states == [
                String(keys[0]): .healed, String(keys[1]): .gone, String(keys[2]): .busy, String(keys[3]): .confirmed,
            ]
        )
        #expect(report.summary.byState == ["healed": 1, "gone": 1, "busy": 1, "confirmed": 1])
        #expect(report.summary.findings == 1)
        #expect(report.summary.bySeverity == ["error": 1])
        #expect(report.summary.byKind == ["drift": 1])
        #expect(report.summary.byStore == ["app": 1])
        #expect(report.summary.byField == ["job_title": 1])
        #expect(report.verdict == .drift)
        #expect(report.run.exit == 1)
    }

    @Test func `without a second read nothing is opened again, and the scan's word stands`() async throws {
        let (audit, key) = try await suspicion(35)
        defer { audit.remove() }
        var (input, stores) = audit.changingInput(Self.names, ["app": .sql(SampleAudit.title("Painter", of: key))])
        input.recheck.isEnabled = false
        let report = try await audit.run(input)
        #expect(report.findings.map(\.state) == [.confirmed])
        for store in stores.values { #expect([store.opened, store.closed] == [1, 1]) }
    }

    @Test func `without suspects nothing is opened again`() async throws {
        let audit = try await SampleAudit(contacts: 30, seed: 36)
        defer { audit.remove() }
        let (input, stores) = audit.changingInput(Self.names, ["app": .removed])
        #expect(try await audit.run(input).findings.isEmpty)
        for store in stores.values { #expect([store.opened, store.closed] == [1, 1]) }
    }
}
