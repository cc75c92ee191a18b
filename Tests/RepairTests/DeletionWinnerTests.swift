import Contacts
import Reconcile
import Repair
import Testing

/// A deletion is a move like any other, but it wins only where nobody else moved, and never without history.
@Suite struct DeletionWinnerTests {
    typealias Case = WinnerTests.Case

    private func check(_ tested: Case) {
        for onTie in Winner.Policy.Tie.allCases {
            let made = HandMade(canonical: tested.canonical, stores: tested.stores)
            let policy = WinnerTests.policy(tested.stores.count, onTie: onTie)
            #expect(Winner.decide(made.difference, sets: made.sets, policy: policy) == tested.expected)
        }
    }

    @Test(arguments: [
        Case("alone", .value("o"), [.deleted(base: "o")], .deletion(from: 0)),
        Case("another store stands", .value("o"), [.value("o", base: "o"), .deleted(base: "o")], .deletion(from: 1)),
        Case(
            "another store lost the contact",
            .value("o"),
            [.absent(base: "o"), .deleted(base: "o")],
            .deletion(from: 1)
        ),
        Case("two stores deleted it", .value("o"), [.deleted(base: "o"), .deleted(base: "o")], .deletion(from: 0)),
        Case("canonical moved", .value("c"), [.deleted(base: "o")], .manual),
        Case(
            "canonical moved, with a lower version",
            .value("c", version: 1),
            [.deleted(base: "o"), .value("o", base: "o", version: 9)],
            .manual
        ),
        Case("another store moved", .value("o"), [.deleted(base: "o"), .value("x", base: "o", version: 9)], .manual),
        Case("another store moved, named first", .value("o"), [.value("x", base: "o"), .deleted(base: "o")], .manual),
        Case("it has no history", .value("o"), [.deleted()], .manual),
        Case("another store without history differs", .value("o"), [.deleted(base: "o"), .value("x")], .manual),
        Case("one of two that deleted it has no history", .value("o"), [.deleted(base: "o"), .deleted()], .manual),
    ])
    func `a contact that a store marks as deleted`(_ tested: Case) { check(tested) }

    @Test(arguments: [
        Case("the store stands", .deleted(), [.value("o", base: "o")], .deletion(from: nil)),
        Case(
            "all stores stand, or lack it, or deleted it too",
            .deleted(),
            [.value("o", base: "o"), .absent(base: "o"), .deleted(base: "o"), .absent()],
            .deletion(from: nil)
        ),
        Case("the store moved", .deleted(), [.value("x", base: "o")], .manual),
        Case(
            "one of the stores moved",
            .deleted(),
            [.value("o", base: "o"), .value("x", base: "o", version: 9)],
            .manual
        ),
        Case("the store has no history", .deleted(), [.value("o")], .manual),
        Case("one of the stores has no history", .deleted(), [.value("o", base: "o"), .value("o")], .manual),
        Case("removed, and the store stands", .absent(), [.value("o", base: "o")], .deletion(from: nil)),
        Case("removed, and the store moved", .absent(), [.value("x", base: "o")], .manual),
        Case(
            "removed, the store known to have had it from there but never equal",
            .absent(),
            [.value("x").canonicalHad(true)],
            .manual
        ),
    ])
    func `a contact that canonical deleted`(_ tested: Case) { check(tested) }

    @Test(arguments: [
        Case("one store has it", .absent(), [.value("x").canonicalHad(false), .absent()], .store(0)),
        Case("one store has it, on its first run", .absent(), [.absent(), .value("x")], .store(1)),
        Case(
            "two stores hold one value",
            .absent(),
            [.value("x").canonicalHad(false), .value("x").canonicalHad(false)],
            .store(0)
        ),
    ])
    func `a contact that canonical never had is the value of whoever holds it`(_ tested: Case) { check(tested) }

    @Test
    func `a contact that canonical never had and two stores hold differently, for all that is known, is for people`() {
        check(
            Case(
                "alike in all but the value",
                .absent(),
                [.value("x", version: 2).canonicalHad(false), .value("y", version: 2).canonicalHad(false)],
                .manual
            )
        )
    }
}
