import Contacts
import Reconcile
import Repair
import Testing

/// "One candidate, or several of equal value: it wins": a value that several sides hold is one candidate.
@Suite struct EqualSidesTests {
    private func decide(_ made: HandMade, onTie: Winner.Policy.Tie = .canonical) -> Winner {
        Winner.decide(made.difference, sets: made.sets, policy: WinnerTests.policy(made.stores.count, onTie: onTie))
    }

    @Test(arguments: Winner.Policy.Tie.allCases)
    func `canonical and a store moved to one value: canonical's, which the rest is behind`(_ onTie: Winner.Policy.Tie) {
        let stores: [HandMadeSide] = [
            .value("x", base: "o", version: 4, lastUpdated: 9), .value("o", base: "o", version: 3, lastUpdated: 1),
        ]
        for version: Int64 in [3, 4, 5] {
            let made = HandMade(canonical: .value("x", version: version, lastUpdated: 9), stores: stores)
            #expect(decide(made, onTie: onTie) == .canonical)
        }
        #expect(decide(HandMade(canonical: .value("x"), stores: stores), onTie: onTie) == .canonical)
    }

    @Test func `canonical and a store moved to one value, another store to another: the higher version wins`() {
        let alike = HandMadeSide.value("x", base: "o", version: 4, lastUpdated: 9)
        func winner(_ version: Int64) -> Winner {
            decide(
                HandMade(
                    canonical: .value("x", version: 4, lastUpdated: 9),
                    stores: [alike, .value("y", base: "o", version: version, lastUpdated: 8)]
                )
            )
        }
        #expect(winner(3) == .canonical)
        #expect(winner(4) == .canonical)
        #expect(winner(5) == .store(1))
    }

    @Test func `two stores moved to one value, a third to another: the higher version wins`() {
        func winner(_ version: Int64) -> Winner {
            decide(
                HandMade(
                    canonical: .value("o", version: 9),
                    stores: [
                        .value("y", base: "o", version: version), .value("x", base: "o", version: 4),
                        .value("x", base: "o", version: 4),
                    ]
                )
            )
        }
        #expect(winner(3) == .store(1))
        #expect(winner(4) == .manual)
        #expect(winner(5) == .store(0))
    }

    @Test(arguments: Winner.Policy.Tie.allCases)
    func `without history two stores of one value and a higher version than canonical's win`(_ onTie: Winner.Policy.Tie)
    {
        let made = HandMade(
            canonical: .value("c", version: 1),
            stores: [.value("x", version: 2), .value("x", version: 2)]
        )
        #expect(decide(made, onTie: onTie) == .store(0))
    }

    @Test func `stores that hold different fields are equal where the fields that both hold are`() {
        var made = HandMade(
            canonical: .value("o"),
            stores: [.value("x/d", base: "o"), .value("x", base: "o")],
            fields: [HandMade.fields, ["contact_id", "job_title"]]
        )
        #expect(decide(made) == .store(0))
        made.stores[1] = .value("y", base: "o")
        #expect(decide(made) == .manual)
    }

    @Test func `stores that were not read again are equal where their digests over the same fields are`() {
        var made = HandMade(
            canonical: .value("o"),
            stores: [.value("x", base: "o"), .value("x", base: "o")],
            wasRead: false
        )
        #expect(decide(made) == .store(0))
        made.stores[1] = .value("y", base: "o")
        #expect(decide(made) == .manual)
        made.stores[1] = .value("x", base: "o")
        made.fields = [HandMade.fields, ["contact_id", "job_title"]]
        #expect(decide(made) == .manual)
    }
}
