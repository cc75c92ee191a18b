import Contacts
import Foundation
import Testing

@testable import Demo

@Suite struct SeededFaultsTests {
    @Test(arguments: 0..<10 as Range<UInt64>)
    func everyScenarioFindsItsContact(seed: UInt64) {
        let faults = SampleStores(folder: "", contacts: 2000, seed: seed).faults(seed: seed)
        #expect(faults.count == FaultScenario.all.count)
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func noContactIsChangedTwice(seed: UInt64) {
        var seen: Set<Int64> = []
        for fault in SampleStores(folder: "", contacts: 500, seed: seed).faults(seed: seed) {
            let ids = Set(fault.changes.values.flatMap(\.ids))
            #expect(seen.isDisjoint(with: ids))
            seen.formUnion(ids)
        }
    }

    @Test func everyRuleIsExpectedInEveryStoreThatItConcerns() throws {
        let folder = try SampleFolder(contacts: 600, seed: 4)
        let expected = try folder.stores.seedFaults(seed: 9)
        func count(_ rule: RuleID, _ store: String) -> Int {
            expected.filter { $0.store == store && $0.rule == rule }.count
        }
        for rule in [
            RuleID.driftField, .driftStale, .driftConflict, .driftMissing, .driftOrphan, .driftTombstone,
        ] {
            for store in ["crm", "app", "local"] { #expect(count(rule, store) > 1, "\(rule) in \(store)") }
            #expect(count(rule, "warehouse") == 0)
        }
        for rule in [
            RuleID.corruptionEncoding, .corruptionJSON, .corruptionTruncated, .corruptionType, .corruptionRequired,
            .corruptionCategory, .corruptionIdentifier, .corruptionSwapped, .corruptionTime,
        ] {
            for store in SampleStores.names { #expect(count(rule, store) > 0, "\(rule) in \(store)") }
        }
        #expect(SampleStores.names.map { count(.corruptionVersion, $0) } == [0, 2, 2, 2])
        #expect(SampleStores.names.map { count(.duplicateIdentifier, $0) } == [2, 1, 2, 0])
        #expect(expected.filter { $0.rule == .duplicateKey }.count == 4)
        #expect(expected.filter { $0.rule == .storeUnreadable }.count == 1)
        #expect(expected.filter { $0.rule == .duplicateUnlinked }.count == 2)
        #expect(expected.filter { $0.rule == .driftOrphan && $0.contact?.hasPrefix("crm:") == true }.count == 2)
        #expect(SampleStores.names.map { count(.corruptionChecksum, $0) } == [0, 0, 0, 1])
        #expect(
            expected.filter { $0.contact == nil }
                == [
                    ExpectedFault(contact: nil, store: "app", rule: .driftSchema),
                    ExpectedFault(contact: nil, store: "local", rule: .corruptionStorage),
                ]
        )
    }

    @Test func aContactHasOneFindingOfARuleInAStoreAndOneOfDrift() throws {
        let folder = try SampleFolder(contacts: 600, seed: 4)
        let expected = try folder.stores.seedFaults(seed: 9)
        func marks(_ faults: [ExpectedFault], _ word: (RuleID) -> String) -> [String] {
            faults.map { "\($0.contact ?? "") \($0.store ?? "") \(word($0.rule))" }
        }
        let all = marks(expected) { $0.name }
        #expect(Set(all).count == all.count)
        let drift = marks(expected.filter { $0.rule.kind == .drift }) { _ in "drift" }
        #expect(Set(drift).count == drift.count)
    }

    @Test func fieldsAreNamedWhereARuleIsAboutFields() throws {
        let faults = SampleStores(folder: "", contacts: 600, seed: 4).faults(seed: 1)
        let order = Dictionary(uniqueKeysWithValues: SampleContact.fields.enumerated().map { ($1.name, $0) })
        for fault in faults.flatMap(\.expected) {
            let hasFields =
                [RuleID.driftConflict, .driftStale, .driftField, .duplicateIdentifier].contains(fault.rule)
                || (fault.rule.kind == .corruption
                    && ![.corruptionRequired, .corruptionVersion, .corruptionChecksum].contains(fault.rule))
            #expect(fault.fields.isEmpty != hasFields)
            let places = try fault.fields.map { try #require(order[$0]) }
            #expect(places == places.sorted())
            #expect(fault.store != "local" || !fault.fields.contains("apple_link_id"))
        }
    }

    @Test func everyStoreReallyChanges() throws {
        let folder = try SampleFolder(contacts: 600, seed: 4)
        let before = try SampleStores.names.map { try folder.dump($0).count }
        let contents = try SampleStores.names.map { try Set(folder.dump($0)) }
        let expected = try folder.stores.seedFaults(seed: 2)
        for (index, store) in SampleStores.names.enumerated() {
            let after = try folder.dump(store)
            #expect(contents[index].subtracting(after).count > 10)
            #expect(after.count != before[index])
        }
        #expect(try folder.count("crm", "SELECT count(*) FROM people WHERE contactId IS NULL") == 4)
        let rows = expected.filter { $0.contact?.hasPrefix("crm:") == true }
        #expect(rows.count == 5)
        for fault in rows {
            let row = try #require(fault.contact?.dropFirst("crm:".count))
            let key = fault.rule == .storeUnreadable ? "typeof(contactId) = 'blob'" : "contactId IS NULL"
            #expect(try folder.count("crm", "SELECT count(*) FROM people WHERE \(key) AND rowid = \(row)") == 1)
        }
        for store in ["warehouse", "app"] {
            let orphans = "contact_id NOT IN (SELECT contact_id FROM contacts_master)"
            #expect(try folder.count(store, "SELECT count(*) FROM contact_identifiers WHERE \(orphans)") == 0)
        }
    }

    @Test func oneRowGetsAChecksumAndTheAppAnEmptyColumn() throws {
        let folder = try SampleFolder(contacts: 600, seed: 4)
        let kept = "SELECT count(*) FROM contacts_master WHERE row_md5 IS NOT NULL"
        #expect(try folder.count("local", kept) == 0)
        let expected = try folder.stores.seedFaults(seed: 2)
        let fault = try #require(expected.first { $0.rule == .corruptionChecksum })
        let id = try #require(fault.contact)
        #expect(try folder.count("local", kept) == 1)
        #expect(try folder.count("local", "\(kept) AND contact_id = \(id) AND length(row_md5) = 32") == 1)
        #expect(try folder.count("app", "SELECT count(legacy_score) FROM contacts_master") == 0)
    }

    @Test func theSameSeedGivesTheSameFaults() throws {
        let first = try SampleFolder(contacts: 200, seed: 1)
        let second = try SampleFolder(contacts: 200, seed: 1)
        #expect(try first.stores.seedFaults(seed: 3) == second.stores.seedFaults(seed: 3))
        for store in SampleStores.names { #expect(try first.dump(store) == second.dump(store)) }
    }

    @Test func aFewContactsTakeAFewFaults() throws {
        let folder = try SampleFolder(contacts: 10, seed: 1)
        let expected = try folder.stores.seedFaults(seed: 1)
        #expect(!expected.isEmpty)
    }

    @Test func expectedJSONIsTheContracts() throws {
        let data = try ExpectedFault.expectedJSON([
            ExpectedFault(contact: "123", store: "crm", rule: .driftField, fields: ["emails"]),
            ExpectedFault(contact: nil, store: nil, rule: .driftSchema),
        ])
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: [[String: Any]]])
        let faults = try #require(object["faults"])
        #expect(faults[0]["contact"] as? String == "123")
        #expect(faults[0]["rule"] as? String == "drift.field")
        #expect(faults[0]["fields"] as? [String] == ["emails"])
        #expect(faults[1]["contact"] is NSNull && faults[1]["store"] is NSNull)
    }
}

extension SeededFault.Change {
    fileprivate var ids: [Int64] {
        switch self {
        case .rewrite(let contact), .insert(let contact), .repeated(let contact, _), .insertKeyless(let contact),
            .insertUnreadable(let contact):
            [contact.id]
        case .remove(let id), .loseKey(let id): [id]
        case .rename(let id, let newID): [id, newID]
        }
    }
}
