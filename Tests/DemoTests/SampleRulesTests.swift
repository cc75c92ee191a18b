import Contacts
import Foundation
import Testing

@testable import Demo

/// The rules that come with the sample.
@Suite struct SampleRulesTests {
    @Test func aRuleAndTwoWaivers() throws {
        let folder = try SampleFolder(contacts: 400, seed: 4)
        let faults = try folder.stores.seedFaults(seed: 9)
        let expected = try folder.stores.writeRules(for: faults, seed: 9)
        let excused = try #require(faults.first { $0.rule == .driftField })
        let expired = try #require(faults.first { $0.rule == .driftMissing })

        let own = expected.filter { $0.rule.kind == .custom }
        #expect(own.count == 2)
        for fault in own {
            #expect(fault.rule == RuleID("custom.note_asks_deletion") && fault.store == "local" && fault.fields.isEmpty)
            let held = "contact_id = \(fault.contact ?? "") AND notes LIKE '%Please delete my data.%'"
            for store in ["warehouse", "app", "local"] {
                #expect(try folder.count(store, "SELECT count(*) FROM contacts_master WHERE \(held)") == 1)
            }
        }
        let gone = Set(faults).subtracting(expected)
        #expect(gone == [excused])
        #expect(
            Set(expected).subtracting(faults).subtracting(own)
                == [ExpectedFault(contact: nil, store: expired.store, rule: .waiverExpired)]
        )
        #expect(expected.count == faults.count + 2)

        let text = try String(contentsOfFile: "\(folder.stores.folder)/rules/demo.yaml", encoding: .utf8)
        #expect(
            text == """
                # What else an audit of the sample asks, and what it excuses.

                custom.note_asks_deletion:
                  store: local
                  sql: "SELECT contact_id FROM contacts_master WHERE CAST(notes AS TEXT) LIKE '%delete my data%'"
                  message: "A note asks that the contact's data be deleted."
                  severity: warning

                waivers:
                  - rule: drift.field
                    contact: "\(excused.contact ?? "")"
                    store: \(excused.store ?? "")
                    owner: data-team@example.com
                    reason: The sales team keeps its own spelling there.
                    expires: 2999-12-31
                  - rule: drift.missing
                    contact: "\(expired.contact ?? "")"
                    store: \(expired.store ?? "")
                    owner: data-team@example.com
                    reason: It comes back with the move of the archive.
                    expires: 2024-12-31

                """
        )
    }

    @Test func theRuleFindsNothingInCleanStores() throws {
        let folder = try SampleFolder(contacts: 400, seed: 4)
        #expect(
            try folder.count("local", "SELECT count(*) FROM contacts_master WHERE notes LIKE '%delete my data%'") == 0
        )
    }

    @Test func withoutFaultsThereAreNoWaivers() throws {
        let folder = try SampleFolder(contacts: 1, seed: 1)
        #expect(try folder.stores.writeRules(for: [], seed: 1).allSatisfy { $0.rule.kind == .custom })
        let text = try String(contentsOfFile: "\(folder.stores.folder)/rules/demo.yaml", encoding: .utf8)
        #expect(!text.contains("waivers"))
    }
}
