import Contacts
import Reconcile
import Repair
import Testing

/// Which repair each rule's finding gets. `warehouse` is canonical; `crm` and `app` are compared.
@Suite struct RepairAdvisorTests {
    private static let stores = ["crm", "app"]
    private static let everything = RepairAdvisor.Permissions(adoptOrphans: true, deleteOrphans: true)
    private static let nothing = RepairAdvisor.Permissions(adoptOrphans: false, deleteOrphans: false)
    private static let adopting = RepairAdvisor.Permissions(adoptOrphans: true, deleteOrphans: false)
    private static let deleting = RepairAdvisor.Permissions(adoptOrphans: false, deleteOrphans: true)

    private func proposal(
        _ rule: RuleID,
        store: Int = 0,
        _ canonical: HandMadeSide,
        _ stores: [HandMadeSide],
        _ permissions: RepairAdvisor.Permissions = nothing,
        repair: [String: FieldDefinition.RepairPolicy] = [:],
        wasRead: Bool = true
    ) -> RepairProposal {
        let made = HandMade(canonical: canonical, stores: stores, wasRead: wasRead)
        let schema = ContactSchema.standard.adding(
            repair.map { FieldDefinition($0.key, .text, group: "organization", repair: $0.value) }
        )
        let advisor = RepairAdvisor(
            canonical: "warehouse",
            stores: Self.stores,
            sets: made.sets,
            schema: schema,
            policy: WinnerTests.policy(stores.count),
            permissions: permissions
        )
        return advisor.proposal(for: rule, store: store, of: made.difference)
    }

    private func write(_ action: RepairProposal.Action, _ store: String, from source: String) -> RepairProposal {
        RepairProposal(action: action, store: store, source: source, guard: .exact)
    }

    private func manual(_ store: String) -> RepairProposal {
        RepairProposal(action: .manual, store: store, source: nil)
    }

    @Test func `a store that is behind is updated from canonical`() {
        let made: [HandMadeSide] = [.value("o", base: "o"), .value("o", base: "o")]
        #expect(proposal(.driftStale, .value("c"), made) == write(.update, "crm", from: "warehouse"))
        #expect(proposal(.driftStale, store: 1, .value("c"), made) == write(.update, "app", from: "warehouse"))
    }

    @Test func `a change outside canonical goes to canonical first`() {
        let one: [HandMadeSide] = [.value("o", base: "o"), .value("x", base: "o")]
        #expect(proposal(.driftField, store: 1, .value("o"), one) == write(.update, "warehouse", from: "app"))
        let both: [HandMadeSide] = [.value("x", base: "o"), .value("x", base: "o")]
        for store in 0...1 {
            #expect(proposal(.driftField, store: store, .value("o"), both) == write(.update, "warehouse", from: "crm"))
        }
    }

    @Test func `of a conflict each store gets the winner's value, or a person`() {
        let crm: [HandMadeSide] = [.value("x", base: "o", version: 3), .value("o", base: "o", version: 1)]
        #expect(proposal(.driftConflict, .value("c", version: 2), crm) == write(.update, "warehouse", from: "crm"))
        #expect(
            proposal(.driftStale, store: 1, .value("c", version: 2), crm) == write(.update, "warehouse", from: "crm")
        )
        #expect(proposal(.driftConflict, .value("c", version: 4), crm) == write(.update, "crm", from: "warehouse"))
        #expect(proposal(.driftConflict, .value("c", version: 3), crm) == manual("crm"))
        #expect(proposal(.driftStale, store: 1, .value("c", version: 3), crm) == manual("app"))
    }

    @Test func `a missing contact is inserted with the winner's value`() {
        #expect(
            proposal(.driftMissing, .value("o"), [.absent(base: "o"), .value("o", base: "o")])
                == write(.insert, "crm", from: "warehouse")
        )
        #expect(
            proposal(.driftMissing, .value("o"), [.absent(), .value("x", base: "o")])
                == write(.update, "warehouse", from: "app")
        )
        #expect(
            proposal(.driftMissing, .value("c"), [.absent(base: "o"), .value("x", base: "o")]) == manual("crm")
        )
        // The contact is to be deleted: nothing is inserted.
        #expect(
            proposal(.driftMissing, .value("o"), [.absent(base: "o"), .deleted(base: "o")], Self.everything)
                == manual("crm")
        )
    }

    @Test func `an orphan is adopted or deleted only where that was asked for`() {
        let sides: [HandMadeSide] = [.absent().canonicalHad(false), .value("x").canonicalHad(false)]
        func orphan(_ permissions: RepairAdvisor.Permissions) -> RepairProposal {
            proposal(.driftOrphan, store: 1, .absent(), sides, permissions)
        }
        #expect(orphan(Self.nothing) == manual("app"))
        #expect(orphan(Self.adopting) == write(.insert, "warehouse", from: "app"))
        #expect(orphan(Self.deleting) == write(.delete, "app", from: "warehouse"))
        #expect(orphan(Self.everything) == write(.insert, "warehouse", from: "app"))
    }

    @Test func `an orphan whose value is contested is not adopted`() {
        let sides: [HandMadeSide] = [.value("y").canonicalHad(false), .value("x").canonicalHad(false)]
        #expect(proposal(.driftOrphan, store: 1, .absent(), sides, Self.adopting) == manual("app"))
        #expect(
            proposal(.driftOrphan, store: 1, .absent(), sides, Self.deleting)
                == write(.delete, "app", from: "warehouse")
        )
    }

    @Test func `a deletion is carried on only where that was asked for, and where it wins`() {
        let standing: [HandMadeSide] = [.value("o", base: "o"), .value("o", base: "o")]
        #expect(proposal(.driftTombstone, .deleted(), standing, Self.adopting) == manual("crm"))
        #expect(
            proposal(.driftTombstone, .deleted(), standing, Self.deleting) == write(.delete, "crm", from: "warehouse")
        )
        #expect(
            proposal(.driftTombstone, store: 1, .absent(), standing, Self.deleting)
                == write(.delete, "app", from: "warehouse")
        )
        let moved: [HandMadeSide] = [.value("o", base: "o"), .value("x", base: "o")]
        #expect(proposal(.driftTombstone, .deleted(), moved, Self.everything) == manual("crm"))
        #expect(proposal(.driftTombstone, .deleted(), [.value("o"), .value("o")], Self.everything) == manual("crm"))
    }

    @Test func `a deletion outside canonical goes to canonical first`() {
        let deleted: [HandMadeSide] = [.value("o", base: "o"), .deleted(base: "o")]
        #expect(proposal(.driftTombstone, store: 1, .value("o"), deleted, Self.adopting) == manual("app"))
        #expect(
            proposal(.driftTombstone, store: 1, .value("o"), deleted, Self.deleting)
                == write(.delete, "warehouse", from: "app")
        )
        #expect(proposal(.driftTombstone, store: 1, .value("c"), deleted, Self.everything) == manual("app"))
    }

    @Test func `a field's own policy comes before who wins`() {
        let sides: [HandMadeSide] = [.value("x/d", base: "o"), .value("o", base: "o")]
        func repair(_ policies: [String: FieldDefinition.RepairPolicy]) -> RepairProposal {
            proposal(.driftField, .value("o"), sides, repair: policies)
        }
        let winner = write(.update, "warehouse", from: "crm")
        #expect(repair([:]) == winner)
        #expect(repair(["job_title": .manual]) == manual("crm"))
        #expect(repair(["job_title": .canonical, "department": .manual]) == manual("crm"))
        #expect(
            repair(["job_title": .canonical, "department": .canonical]) == write(.update, "crm", from: "warehouse")
        )
        #expect(repair(["notes": .manual, "first_name": .manual]) == winner)
    }

    @Test func `the policy of a field that does not differ says nothing`() {
        let sides: [HandMadeSide] = [.value("x/o", base: "o"), .value("o", base: "o")]
        func repair(_ policies: [String: FieldDefinition.RepairPolicy]) -> RepairProposal {
            proposal(.driftField, .value("o"), sides, repair: policies)
        }
        #expect(repair(["department": .manual]) == write(.update, "warehouse", from: "crm"))
        #expect(repair(["job_title": .canonical]) == write(.update, "crm", from: "warehouse"))
    }

    @Test func `without the values the winner decides`() {
        #expect(
            proposal(.driftField, .value("o"), [.value("x", base: "o"), .value("o", base: "o")], wasRead: false)
                == write(.update, "warehouse", from: "crm")
        )
    }
}
