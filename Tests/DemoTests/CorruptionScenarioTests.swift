import Contacts
import Testing

@testable import Demo

/// What each scenario of corruption and of shared identifiers does, and what it must lead to.
@Suite struct CorruptionScenarioTests {
    private static let samples = SampleContacts(seed: 6)
    private static let contacts = (0..<400).map { samples[$0] }

    private func fault(_ scenario: FaultScenario, seed: UInt64 = 6) throws -> SeededFault {
        var maker = FaultMaker(samples: Self.samples, contacts: 400, seed: seed)
        let fault = maker.fault(scenario)
        return try #require(fault)
    }

    /// The one contact that all changes are about, as it was and as it is.
    private func contacts(_ fault: SeededFault) throws -> (before: SampleContact, after: SampleContact) {
        var contacts: Set<SampleContact> = []
        for change in fault.changes.values {
            guard case .rewrite(let contact) = change else {
                Issue.record("not a rewriting")
                continue
            }
            contacts.insert(contact)
        }
        #expect(contacts.count == 1)
        let after = try #require(contacts.first)
        return (try #require(Self.contacts.first { $0.id == after.id }), after)
    }

    private static let whole: Set<Damage> = [.noName, .loweredVersion, .loweredVersionAndText]

    @Test(arguments: Damage.allCases.filter { !whole.contains($0) }, SampleStores.names)
    func aDamageInOneStoreIsOneFindingThere(damage: Damage, store: String) throws {
        let fault = try fault(.damaged(damage, in: [store]))
        let (before, after) = try contacts(fault)
        let fields = after.differing(from: before, in: SampleContact.fields.map(\.name))
        #expect(Array(fault.changes.keys) == [store])
        #expect(
            fault.expected
                == [ExpectedFault(contact: String(after.id), store: store, rule: damage.rule, fields: fields)]
        )
    }

    @Test(arguments: Damage.allCases.filter { !whole.contains($0) })
    func aDamageEverywhereIsOneFindingInEachStore(damage: Damage) throws {
        let fault = try fault(.damaged(damage, in: SampleStores.names))
        let (before, after) = try contacts(fault)
        let fields = after.differing(from: before, in: SampleContact.fields.map(\.name))
        #expect(fault.changes.count == 4)
        #expect(fault.expected.map(\.store) == SampleStores.names)
        #expect(fault.expected.allSatisfy { $0.rule == damage.rule && $0.fields == fields })
    }

    @Test func namesTakenFromOneStoreAreDriftTooButNotFromAll() throws {
        let one = try fault(.damaged(.noName, in: ["crm"]))
        let (before, after) = try contacts(one)
        let names = ["canonical_name", "first_name", "last_name", "nickname", "full_name", "organization"]
        #expect(names.allSatisfy { after[$0] == nil })
        let id = String(after.id)
        #expect(
            one.expected == [
                ExpectedFault(contact: id, store: "crm", rule: .corruptionRequired),
                ExpectedFault(contact: id, store: "crm", rule: .driftField, fields: names.filter { before[$0] != nil }),
            ]
        )
        let all = try fault(.damaged(.noName, in: SampleStores.names))
        #expect(all.expected.map(\.rule) == Array(repeating: .corruptionRequired, count: 4))
    }

    @Test func aLoweredVersionIsDriftOnlyWhereATextChangedToo() throws {
        let alone = try fault(.damaged(.loweredVersion, in: ["app"]))
        let (before, after) = try contacts(alone)
        #expect(after.version < before.version && after.version > 0)
        #expect(
            alone.expected == [ExpectedFault(contact: String(after.id), store: "app", rule: .corruptionVersion)]
        )
        let edited = try fault(.damaged(.loweredVersionAndText, in: ["local"]))
        #expect(edited.expected.map(\.rule) == [.corruptionVersion, .driftField])
        #expect(edited.expected.map(\.fields.count) == [0, 1])
    }

    @Test(arguments: [SharedIdentifier.email, .phone], 0..<20 as Range<UInt64>)
    func aSharedIdentifierIsOneFindingUnderTheSmallestID(identifier: SharedIdentifier, seed: UInt64) throws {
        for stores in [SampleStores.names, ["crm"], ["app", "local"]] {
            let fault = try fault(.sharedIdentifier(identifier, in: stores), seed: seed)
            let (before, after) = try contacts(fault)
            #expect(after.differing(from: before, in: SampleContact.compared) == [identifier.field])
            let owners = Self.contacts.filter { $0.id != after.id && shares($0, after) }
            let owner = try #require(owners.first)
            #expect(owners.count == 1)
            let drift = stores.count == 4 ? [] : stores
            #expect(
                fault.expected
                    == [
                        ExpectedFault(
                            contact: String(min(owner.id, after.id)),
                            store: stores[0],
                            rule: .duplicateIdentifier,
                            fields: [identifier.field]
                        )
                    ]
                    + drift.map {
                        ExpectedFault(
                            contact: String(after.id),
                            store: $0,
                            rule: .driftField,
                            fields: [identifier.field]
                        )
                    }
            )
        }
    }

    private func shares(_ a: SampleContact, _ b: SampleContact) -> Bool {
        !Set(a.emails).isDisjoint(with: b.emails) || !Set(a.phones).isDisjoint(with: b.phones)
    }

    @Test func aRoundHasEveryDamage() {
        var seen: Set<Damage> = []
        for case .damaged(let damage, _) in FaultScenario.all { seen.insert(damage) }
        #expect(seen == Set(Damage.allCases))
    }
}
