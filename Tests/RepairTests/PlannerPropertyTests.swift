import Contacts
import Fingerprint
import Foundation
import Repair
import TestSupport
import Testing

/// Plans of many random states, carried out as they are written down.
@Suite struct PlannerPropertyTests {
    private static let contacts = (1...30).map(String.init)
    private static let one: FieldOverride = {
        var held = FieldOverride.Held()
        held.holdsOne = true
        return .held(held)
    }()

    /// Three stores that agreed once, where they have a history, and were changed since.
    private func stores(_ random: inout SeededGenerator, repair: FieldDefinition.RepairPolicy) async throws
        -> PlannerStores
    {
        let stores = try PlannerStores(["crm", "app"], fields: ["crm": ["emails": Self.one]])
        for name in ["emails", "notes"] {
            guard var field = stores.schema[name], name == "emails" || repair != .union else { continue }
            field.repair = repair
            stores.schema = stores.schema.adding([field])
        }
        for contact in Self.contacts {
            for name in stores.names {
                try stores.add(
                    name,
                    [
                        "contact_id": contact, "first_name": "A\(contact)", "notes": "n", "version": 3,
                        "emails": name == "crm" ? "a@x.org" : #"["a@x.org","b@x.org"]"#,
                        "last_updated": "2024-01-02 03:04:05",
                    ]
                )
            }
        }
        if !random.oneIn(3) { try await stores.remember() }
        for contact in Self.contacts {
            for name in stores.names where random.oneIn(3) { try change(stores, name, contact, &random) }
        }
        return stores
    }

    private func change(
        _ stores: PlannerStores,
        _ name: String,
        _ contact: String,
        _ random: inout SeededGenerator
    ) throws {
        let word = random.pick(["x", "y", "z"])
        switch Int.random(in: 0..<8, using: &random) {
        case 0: try stores.remove(name, contact)
        case 1: try stores.set(name, "deleted_at = '2024-05-06 07:08:09'", of: contact)
        case 2: try stores.set(name, "contact_id = '1000\(contact)'", of: contact)
        case 3:
            let email = name == "crm" ? "\(word)@x.org" : "[\"\(word)@x.org\",\"b@x.org\"]"
            try stores.set(name, "emails = '\(email)', version = \(Int.random(in: 3...6, using: &random))", of: contact)
        case 4: try stores.set(name, "emails = NULL, version = 4", of: contact)
        case 5: try stores.add(name, ["contact_id": "0\(contact)", "first_name": "A\(contact)", "notes": word])
        default:
            try stores.set(
                name,
                "notes = '\(word)', first_name = '\(word)', version = \(Int.random(in: 3...6, using: &random))",
                of: contact
            )
        }
    }

    @Test(arguments: 1...24)
    func `A plan that is carried out leaves what it says, and nothing to plan`(seed: Int) async throws {
        var random = SeededGenerator(UInt64(seed))
        let policies: [FieldDefinition.RepairPolicy] = [.winner, .winner, .canonical, .union, .manual]
        let stores = try await stores(&random, repair: random.pick(policies))
        let contacts = Self.contacts + Self.contacts.map { "1000\($0)" }
        let (deletes, adopts, merges) = (random.oneIn(2), random.oneIn(2), random.oneIn(2))
        func plan(_ contacts: [String]) async throws -> Planned {
            try await stores.plan(
                contacts,
                options: {
                    $0.deletesOrphans = deletes
                    $0.adoptsOrphans = adopts
                    $0.mergesDuplicates = merges
                }
            )
        }
        let planned = try await plan(contacts)
        #expect(try await plan(contacts.reversed()).operations.map(\.id) == planned.operations.map(\.id))
        #expect(!planned.operations.isEmpty)
        #expect(planned.operations.allSatisfy { $0.expect != $0.leave || $0.action == .merge })
        let ids = planned.operations.map(\.id)
        for (index, operation) in planned.operations.enumerated() {
            #expect(operation.after.allSatisfy { ids[..<index].contains($0) })
        }
        try stores.carryOut(planned.operations)
        for name in stores.names {
            let (layout, records) = try await stores.records(name)
            let state = RecordState(layout: layout, scheme: .xxh3, phoneRegion: "US")
            for operation in planned.operations where operation.store == name && operation.action != .merge {
                let own = records.filter { state.contact($0)?.key == Array(operation.contact.utf8) }
                if let leave = operation.leave {
                    #expect(own.contains { state.digest(of: $0) == leave })
                } else {
                    #expect(own.isEmpty)
                }
            }
        }
        // The base is still what it was, and what a person must decide is still undecided.
        let again = try await plan(contacts)
        let settled = Set(planned.operations.map(\.contact)).subtracting(planned.manual.map(\.contact))
        #expect(again.operations.filter { settled.contains($0.contact) }.map(\.id) == [])
        let undecided = Set(planned.manual.filter { $0.why.contains("sides") }.map(\.contact))
        #expect(again.operations.filter { undecided.contains($0.contact) }.map(\.id) == [])
    }
}
