import Contacts
import Testing

@testable import Audit

/// What becomes of records without a contact_id at the second read, and of the contacts that they may be.
@Suite struct UnlinkedRecheckTests {
    /// What is done to a store between the reads, and `rule contact state` of what is found then.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let store: String
        let change: ChangingStore.Change
        let found: [String]

        init(_ name: String, _ store: String, _ change: ChangingStore.Change, _ found: [String]) {
            testDescription = name
            self.store = store
            self.change = change
            self.found = found
        }
    }

    private static func update(_ assignment: String, _ row: Int) -> ChangingStore.Change {
        .sql("UPDATE contacts_master SET \(assignment) WHERE rowid = \(row)")
    }

    static let cases = [
        Case(
            "nothing",
            "app",
            .nothing,
            [
                "drift.missing 3 confirmed", "drift.orphan app:21 confirmed", "duplicate.unlinked app:3 confirmed",
            ]
        ),
        Case(
            "it gets its key",
            "app",
            update("contact_id = '3'", 3),
            ["drift.missing 3 healed", "drift.orphan app:21 confirmed", "duplicate.unlinked app:3 healed"]
        ),
        Case(
            "it gets another key",
            "app",
            update("contact_id = '77'", 3),
            ["drift.missing 3 confirmed", "drift.orphan app:21 confirmed", "duplicate.unlinked app:3 healed"]
        ),
        Case(
            "it is removed",
            "app",
            .sql("DELETE FROM contacts_master WHERE rowid = 3"),
            ["drift.missing 3 confirmed", "drift.orphan app:21 confirmed", "duplicate.unlinked app:3 gone"]
        ),
        Case(
            "it is deleted",
            "app",
            update("deleted_at = '2024-01-01T00:00:00Z'", 3),
            ["drift.missing 3 confirmed", "drift.orphan app:21 confirmed", "duplicate.unlinked app:3 gone"]
        ),
        Case(
            "its e-mail changes",
            "app",
            update("emails = '[\"other@example.org\"]'", 3),
            ["drift.missing 3 busy", "drift.orphan app:21 confirmed", "duplicate.unlinked app:3 busy"]
        ),
        Case(
            "its notes change",
            "app",
            update("notes = 'Seen.'", 3),
            ["drift.missing 3 confirmed", "drift.orphan app:21 confirmed", "duplicate.unlinked app:3 confirmed"]
        ),
        Case(
            "it changes just now",
            "app",
            update("updated_at = '2027-01-15T07:59:00Z'", 3),
            ["drift.missing 3 busy", "drift.orphan app:21 confirmed", "duplicate.unlinked app:3 busy"]
        ),
        Case(
            "the contact loses the e-mail",
            "warehouse",
            update("emails = NULL", 3),
            ["drift.missing 3 busy", "drift.orphan app:21 confirmed", "duplicate.unlinked app:3 busy"]
        ),
        Case(
            "the store gets the contact",
            "app",
            .sql("INSERT INTO contacts_master (contact_id, first_name) VALUES ('3', 'Person')"),
            ["drift.missing 3 busy", "drift.orphan app:21 confirmed", "duplicate.unlinked app:3 busy"]
        ),
        Case(
            "the orphan gets a key",
            "app",
            update("contact_id = '99'", 21),
            ["drift.missing 3 confirmed", "drift.orphan app:21 healed", "duplicate.unlinked app:3 confirmed"]
        ),
        Case(
            "the orphan is removed",
            "app",
            .sql("DELETE FROM contacts_master WHERE rowid = 21"),
            ["drift.missing 3 confirmed", "drift.orphan app:21 gone", "duplicate.unlinked app:3 confirmed"]
        ),
        Case(
            "the store cannot be read again",
            "app",
            .unreadable,
            ["drift.missing 3 unchecked", "drift.orphan app:21 unchecked", "duplicate.unlinked app:3 unchecked"]
        ),
    ]

    @Test(arguments: cases)
    func `what does not stand still is not confirmed`(_ tested: Case) async throws {
        try await SmallAudit.with { audit in
            try audit.loseKey(3, in: "app")
            try audit.addUnlinked("Eve", emails: ["eve@example.org"], in: "app")
            let store = ChangingStore(audit.reader(tested.store), path: audit.path(tested.store), tested.change)
            let report = try await audit.run(audit.input(readers: [tested.store: store]))
            let found = report.findings.map { "\($0.rule) \($0.contact ?? "-") \($0.state.rawValue)" }
            #expect(found.sorted() == tested.found)
            for finding in report.findings where finding.state != .confirmed { #expect(finding.repair == nil) }
            #expect([store.opened, store.closed] == [2, 2])
        }
    }

    @Test func `without a second read the scan's word stands`() async throws {
        try await SmallAudit.with { audit in
            try audit.loseKey(3, in: "app")
            let store = ChangingStore(
                audit.reader("app"),
                path: audit.path("app"),
                .sql("UPDATE contacts_master SET contact_id = '3' WHERE contact_id IS NULL")
            )
            var input = audit.input(readers: ["app": store])
            input.recheck.isEnabled = false
            #expect(try await audit.run(input).lines == ["drift.missing app 3", "duplicate.unlinked app app:3"])
            #expect([store.opened, store.closed] == [1, 1])
        }
    }
}
