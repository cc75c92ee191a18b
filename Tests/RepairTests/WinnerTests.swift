import Contacts
import Reconcile
import Repair
import Testing

/// Who wins, case by case as the design tells it. `o` is the value at which stores last agreed with canonical.
@Suite struct WinnerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let canonical: HandMadeSide
        let stores: [HandMadeSide]
        let expected: Winner

        init(_ name: String, _ canonical: HandMadeSide, _ stores: [HandMadeSide], _ expected: Winner) {
            self.name = name
            self.canonical = canonical
            self.stores = stores
            self.expected = expected
        }

        var testDescription: String { name }
    }

    static func policy(
        _ stores: Int,
        onTie: Winner.Policy.Tie = .canonical,
        canonical: TimeUnit = .microseconds,
        precisions: [TimeUnit]? = nil
    ) -> Winner.Policy {
        Winner.Policy(
            onTie: onTie,
            canonicalPrecision: canonical,
            precisions: precisions ?? Array(repeating: .microseconds, count: stores)
        )
    }

    private func decide(_ made: HandMade, _ policy: Winner.Policy) -> Winner {
        Winner.decide(made.difference, sets: made.sets, policy: policy)
    }

    /// The winner must be the same whatever is set for ties.
    private func check(_ tested: Case) {
        for onTie in Winner.Policy.Tie.allCases {
            let made = HandMade(canonical: tested.canonical, stores: tested.stores)
            #expect(decide(made, Self.policy(tested.stores.count, onTie: onTie)) == tested.expected)
        }
    }

    // MARK: One side moved

    @Test(arguments: [
        Case("a store moved", .value("o"), [.value("x", base: "o")], .store(0)),
        Case(
            "the second of two moved",
            .value("o", version: 9),
            [.value("o", base: "o", version: 9), .value("x", base: "o", version: 1)],
            .store(1)
        ),
        Case("canonical moved", .value("x"), [.value("o", base: "o"), .value("o", base: "o")], .canonical),
        Case(
            "canonical moved, with a lower version",
            .value("x", version: 1),
            [.value("o", base: "o", version: 2)],
            .canonical
        ),
        Case("a store lost the contact", .value("o"), [.absent(base: "o")], .canonical),
        Case("a store never had the contact", .value("o"), [.absent()], .canonical),
        Case(
            "a store moved, another lost the contact",
            .value("o"),
            [.absent(base: "o"), .value("x", base: "o")],
            .store(1)
        ),
        Case(
            "canonical moved, a store lost the contact",
            .value("x"),
            [.absent(base: "o"), .value("o", base: "o")],
            .canonical
        ),
        Case(
            "two stores moved to one value",
            .value("o"),
            [.value("o", base: "o"), .value("x", base: "o"), .value("x", base: "o")],
            .store(1)
        ),
        Case(
            "stores last agreed with canonical at different values, and one moved from its own",
            .value("o"),
            [.value("p", base: "p"), .value("x", base: "o")],
            .store(1)
        ),
    ])
    func `what alone moved wins`(_ tested: Case) { check(tested) }

    // MARK: Several sides moved

    @Test(arguments: [
        Case(
            "the store's version is higher",
            .value("c", version: 2, lastUpdated: 9),
            [.value("x", base: "o", version: 3, lastUpdated: 1)],
            .store(0)
        ),
        Case(
            "canonical's version is higher",
            .value("c", version: 4, lastUpdated: 1),
            [.value("x", base: "o", version: 3, lastUpdated: 9)],
            .canonical
        ),
        Case(
            "versions are equal, the store changed later",
            .value("c", version: 3, lastUpdated: 1),
            [.value("x", base: "o", version: 3, lastUpdated: 2)],
            .store(0)
        ),
        Case(
            "versions are equal, canonical changed later",
            .value("c", version: 3, lastUpdated: 3),
            [.value("x", base: "o", version: 3, lastUpdated: 2)],
            .canonical
        ),
        Case(
            "canonical lacks a version",
            .value("c", lastUpdated: 3),
            [.value("x", base: "o", version: 7, lastUpdated: 2)],
            .canonical
        ),
        Case(
            "the store lacks a version",
            .value("c", version: 7, lastUpdated: 2),
            [.value("x", base: "o", lastUpdated: 3)],
            .store(0)
        ),
        Case("both lack a version and one a time", .value("c", lastUpdated: 3), [.value("x", base: "o")], .manual),
        Case(
            "all is equal but the values",
            .value("c", version: 3, lastUpdated: 3),
            [.value("x", base: "o", version: 3, lastUpdated: 3)],
            .manual
        ),
        Case("nothing is known but the values", .value("c"), [.value("x", base: "o")], .manual),
        Case(
            "versions are negative or none",
            .value("c", version: -2),
            [.value("x", base: "o", version: -1)],
            .store(0)
        ),
        Case(
            "two stores moved apart, the second with the higher version",
            .value("o", version: 9),
            [.value("x", base: "o", version: 3), .value("y", base: "o", version: 4)],
            .store(1)
        ),
        Case(
            "two stores moved apart, the first later",
            .value("o", lastUpdated: 9),
            [.value("x", base: "o", version: 3, lastUpdated: 8), .value("y", base: "o", lastUpdated: 7)],
            .store(0)
        ),
        Case(
            "two stores moved apart, neither later; canonical, which stands, is no side",
            .value("o", version: 9, lastUpdated: 9),
            [.value("x", base: "o", version: 3, lastUpdated: 7), .value("y", base: "o", version: 3, lastUpdated: 7)],
            .manual
        ),
        Case(
            "of three values the highest version's",
            .value("c", version: 2),
            [.value("x", base: "o", version: 3), .value("y", base: "o", version: 4)],
            .store(1)
        ),
        Case(
            "of three values two have the highest version, and one of these is later",
            .value("c", version: 4, lastUpdated: 1),
            [.value("x", base: "o", version: 3, lastUpdated: 9), .value("y", base: "o", version: 4, lastUpdated: 2)],
            .store(1)
        ),
        Case(
            "a version that one of three lacks decides nothing",
            .value("c", version: 9, lastUpdated: 1),
            [.value("x", base: "o", lastUpdated: 2), .value("y", base: "o", version: 4, lastUpdated: 3)],
            .store(1)
        ),
    ])
    func `of several the higher version wins, then the later change; with history the rest is for people`(
        _ tested: Case
    ) { check(tested) }

    // MARK: Without history

    @Test(arguments: [
        Case("higher version in the store", .value("c", version: 1), [.value("x", version: 2)], .store(0)),
        Case("lower version in the store", .value("c", version: 2), [.value("x", version: 1)], .canonical),
        Case(
            "equal versions, the store later",
            .value("c", version: 2, lastUpdated: 1),
            [.value("x", version: 2, lastUpdated: 2)],
            .store(0)
        ),
        Case(
            "a store with history moved, one without differs: canonical stands at no base of that",
            .value("o", version: 5),
            [.value("x", base: "o", version: 3), .value("y", version: 4)],
            .canonical
        ),
        Case(
            "a store without history holds what canonical holds: it is no side",
            .value("o", version: 1),
            [.value("x", base: "o", version: 1), .value("o", version: 9)],
            .store(0)
        ),
    ])
    func `without history version and time decide all the same`(_ tested: Case) { check(tested) }

    @Test(arguments: [
        (HandMadeSide.value("c"), HandMadeSide.value("x")),
        (.value("c", version: 3, lastUpdated: 3), .value("x", version: 3, lastUpdated: 3)),
        (.value("c", version: 3, lastUpdated: 3), .value("x")),
        (.value("c", version: 3), .value("x", version: 3, lastUpdated: 9)),
    ])
    func `without history a tie is as the policy has it`(_ canonical: HandMadeSide, _ store: HandMadeSide) {
        let made = HandMade(canonical: canonical, stores: [store])
        #expect(decide(made, Self.policy(1, onTie: .canonical)) == .canonical)
        #expect(decide(made, Self.policy(1, onTie: .manual)) == .manual)
    }

    // MARK: Precision

    @Test(
        arguments: [
            (TimeUnit.microseconds, TimeUnit.microseconds, 5_000_001, 5_000_000, Winner.canonical),
            (.microseconds, .seconds, 5_999_999, 5_000_000, .manual),
            (.seconds, .microseconds, 5_000_000, 5_999_999, .manual),
            (.microseconds, .seconds, 5_999_999, 6_000_000, .store(0)),
            (.microseconds, .seconds, 6_000_000, 5_000_000, .canonical),
            (.milliseconds, .microseconds, 5_000_000, 5_000_999, .manual),
            (.milliseconds, .microseconds, 5_000_000, 5_001_000, .store(0)),
            (.milliseconds, .seconds, 5_999_000, 5_000_000, .manual),
            (.microseconds, .seconds, -1, -1_000_000, .manual),
            (.microseconds, .seconds, 0, -1_000_000, .canonical),
            (.microseconds, .seconds, -1_000_001, -1_000_000, .store(0)),
        ] as [(TimeUnit, TimeUnit, Int64, Int64, Winner)]
    )
    func `times are compared in the coarser precision of both`(
        _ canonicalPrecision: TimeUnit,
        _ precision: TimeUnit,
        _ canonicalTime: Int64,
        _ time: Int64,
        _ expected: Winner
    ) {
        let made = HandMade(
            canonical: .value("c", lastUpdated: canonicalTime),
            stores: [.value("x", base: "o", lastUpdated: time)]
        )
        #expect(decide(made, Self.policy(1, canonical: canonicalPrecision, precisions: [precision])) == expected)
    }

    @Test func `the precision of a store that is no side does not count`() {
        let made = HandMade(
            canonical: .value("c", lastUpdated: 5_000_001),
            stores: [.value("o", base: "o", lastUpdated: 0), .value("x", base: "o", lastUpdated: 5_000_000)]
        )
        #expect(decide(made, Self.policy(2, precisions: [.seconds, .microseconds])) == .canonical)
        let standing = HandMade(
            canonical: .value("o", lastUpdated: 5_000_000),
            stores: [.value("x", base: "o", lastUpdated: 5_000_001), .value("y", base: "o", lastUpdated: 5_000_000)]
        )
        #expect(decide(standing, Self.policy(2, canonical: .seconds)) == .store(0))
    }
}
