import Contacts
import Foundation
import GRDB
import Testing

@testable import Demo

/// The files behind the servers of simulated stores, and the faults that are seeded in them.
@Suite struct SimulatedStoresTests {
    private static let shapes = SampleKind.simulated.shapes

    private func texts(_ folder: SampleFolder, _ store: String, _ sql: String) throws -> [String?] {
        let queue = try DatabaseQueue(path: "\(folder.stores.folder)/\(store).db")
        return try queue.read { try String?.fetchAll($0, sql: sql) }
    }

    @Test func theStoresHaveTheNamesOfTheOthers() {
        #expect(Self.shapes.map(\.name) == SampleStores.names)
        #expect(Self.shapes.map(\.isTyped) == [true, true, true, false])
    }

    @Test func everyFileHoldsEveryContact() throws {
        let folder = try SampleFolder(contacts: 300, seed: 2, kind: .simulated)
        for shape in Self.shapes {
            #expect(try folder.count(shape.name, "SELECT count(*) FROM \(shape.table)") == 300)
        }
        let samples = (0..<300).map { SampleContacts(seed: 2, areTyped: true)[$0] }
        for store in ["warehouse", "app"] {
            let emails = "SELECT count(*) FROM contact_identifiers WHERE identifier_type = 'email'"
            #expect(try folder.count(store, emails) == samples.map(\.emails.count).reduce(0, +))
        }
        #expect(folder.stores.settings(for: "local") != nil)
        #expect(folder.stores.settings(for: "crm") == nil)
    }

    @Test func aPersonHasCompositesCustomFieldsAndAnIDOfVersion4() throws {
        let folder = try SampleFolder(contacts: 200, seed: 2, kind: .simulated)
        let pattern = try Regex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
        let ids = try texts(folder, "crm", "SELECT id FROM people").compactMap(\.self)
        #expect(ids.count == 200)
        #expect(try ids.allSatisfy { try pattern.wholeMatch(in: $0) != nil })
        let sample = SampleContacts(seed: 2, areTyped: true)[5]
        func person(_ path: String) throws -> String? {
            try texts(
                folder,
                "crm",
                """
                SELECT record ->> '\(path)' FROM people
                WHERE CAST(CAST(record ->> '$.contactId' AS REAL) AS INTEGER) = \(sample.id)
                """
            )
            .first ?? nil
        }
        #expect(try person("$.name.lastName")?.precomposedStringWithCanonicalMapping == sample.text("last_name"))
        #expect(try person("$.version") == String(sample.version))
        #expect(try person("$.emails.primaryEmail") == sample.emails.first.map(Spelling.asciiDomain))
        #expect(try person("$.phones.primaryPhoneNumber") == sample.phones.first?.national)
        let fields = try texts(folder, "crm", "SELECT field ->> '$.name' FROM fields WHERE field ->> '$.isCustom'")
        #expect(Set(fields).isSuperset(of: ["contactId", "categoryCode", "llmContext", "isBusiness", "lastUpdated"]))
        #expect(Set(fields).isDisjoint(with: ["name", "emails", "phones", "jobTitle", "updatedAt"]))
    }

    @Test(arguments: [
        ("birthday", "text"), ("is_me", "integer"), ("version", "integer"), ("last_updated", "integer"),
        ("llm_context", "blob"), ("source_systems", "text"),
    ])
    func aRowIsTypedAsPostgresTypesIt(column: String, type: String) throws {
        let folder = try SampleFolder(contacts: 200, seed: 2, kind: .simulated)
        let types = try texts(
            folder,
            "app",
            "SELECT DISTINCT typeof(\(column)) FROM contacts_master WHERE \(column) IS NOT NULL"
        )
        #expect(types == [type])
    }

    @Test func contactsHoldWhatEveryKindOfStoreCanHold() {
        let (plain, typed) = (SampleContacts(seed: 3), SampleContacts(seed: 3, areTyped: true))
        var changed: Set<String> = []
        for number in 0..<400 {
            let (before, after) = (plain[number], typed[number])
            #expect(after.isTyped && Self.shapes.allSatisfy { $0.canHold(after) })
            #expect(before.isTyped == (before == after))
            changed.formUnion(after.differing(from: before, in: SampleContact.compared))
        }
        #expect(changed == ["birthday", "phones", "communication_stats", "social_network"])
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func everyScenarioFindsItsContactAndNoStoreGetsWhatItCannotHold(seed: UInt64) {
        let stores = SampleStores(folder: "", contacts: 1000, seed: seed, kind: .simulated)
        let faults = stores.faults(seed: seed)
        // The key that cannot be read is the one that none of them can hold.
        #expect(faults.count == FaultScenario.round(in: Self.shapes).count - 1)
        for (store, change) in faults.flatMap(\.changes) {
            #expect(Self.shapes.first { $0.name == store }?.canHold(change) == true)
        }
    }

    @Test func theFaultsAreThoseOfEveryRuleButOne() throws {
        func rules(_ kind: SampleKind) throws -> Set<RuleID> {
            let folder = try SampleFolder(contacts: 600, seed: 4, kind: kind)
            return Set(try folder.stores.seedFaults(seed: 9).map(\.rule))
        }
        #expect(try rules(.sqlite).subtracting(rules(.simulated)) == [.storeUnreadable])
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func noTwoPeopleGetOnePrimaryEmail(seed: UInt64) throws {
        let folder = try SampleFolder(contacts: 300, seed: 4, kind: .simulated)
        let expected = try folder.stores.seedFaults(seed: seed)
        #expect(expected.filter { $0.rule == .duplicateKey }.count == 4)
        let repeated = """
            SELECT record ->> '$.emails.primaryEmail' FROM people
            WHERE record ->> '$.emails.primaryEmail' IS NOT NULL GROUP BY 1 HAVING count(*) > 1
            """
        #expect(try texts(folder, "crm", repeated).isEmpty)
    }

    @Test func theSameSeedGivesTheSameRows() throws {
        let first = try SampleFolder(contacts: 200, seed: 1, kind: .simulated)
        let second = try SampleFolder(contacts: 200, seed: 1, kind: .simulated)
        #expect(try first.stores.seedFaults(seed: 3) == second.stores.seedFaults(seed: 3))
        for store in SampleStores.names { #expect(try first.dump(store) == second.dump(store)) }
    }

    @Test func theConfigurationNamesTheServers() {
        let stores = SampleStores(folder: "", contacts: 5, seed: 1, kind: .simulated)
        let text = stores.configurationText(addresses: ["warehouse": "http://127.0.0.1:1", "crm": "http://127.0.0.1:2"])
        let lines = Set(text.split(separator: "\n").map(String.init))
        for line in [
            "    kind: bigquery", "    endpoint: http://127.0.0.1:1", "    kind: twenty", "    url: http://127.0.0.1:2",
            "    apiKey: ${ROLLCALL_DEMO_CRM_KEY}", "    serviceKey: ${ROLLCALL_DEMO_APP_KEY}", "    kind: sqlite",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
    }

    /// What people hold counts, and nothing that only the server sets or says otherwise.
    @Test(
        arguments: [
            ("json_set(record, '$.notes', 'x')", true), ("json_set(record, '$.deletedAt', '2025-01-01')", true),
            ("json_set(record, '$.updatedAt', '2025-01-01')", false), ("json_set(record, '$.position', 9)", false),
            ("json_set(record, '$.middleName', NULL)", false), ("json(record)", false),
        ]
    )
    func aChangeOfAPersonIsSeen(expression: String, isChange: Bool) throws {
        let folder = try SampleFolder(contacts: 20, seed: 1, kind: .simulated)
        let queue = try DatabaseQueue(path: "\(folder.stores.folder)/crm.db")
        try queue.write { try $0.execute(sql: "UPDATE people SET record = json_remove(record, '$.middleName')") }
        let before = try folder.stores.contents()["crm.people"]
        try queue.write { try $0.execute(sql: "UPDATE people SET record = \(expression)") }
        try queue.close()
        let after = try folder.stores.contents()["crm.people"]
        #expect(before?.rows == 20 && before?.contacts?.count == 20)
        #expect((before != after) == isChange)
    }
}
