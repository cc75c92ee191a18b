import Contacts
import Ledger
import Sync
import Testing

/// Who changed a contact, to what and when: every combination over four stores.
@Suite struct ConflictMatrixTests {
    /// What somebody did to the contact in one store.
    enum Move: CaseIterable {
        case none
        /// To a value that others may set, too.
        case baker
        /// To another one.
        case cook

        var title: String? {
            switch self {
            case .none: nil
            case .baker: "Baker"
            case .cook: "Cook"
            }
        }
    }

    /// What tells the changes apart.
    enum Order: String, CaseIterable {
        /// Each has a higher version than the store before it.
        case versionsRise
        case versionsFall
        /// All have one version; each was made later than that of the store before it.
        case timesRise
        case timesFall

        func version(_ place: Int) -> Int {
            switch self {
            case .versionsRise: 6 + place
            case .versionsFall: 9 - place
            case .timesRise, .timesFall: 6
            }
        }

        func time(_ place: Int) -> String {
            switch self {
            case .versionsRise, .versionsFall: "2024-05-05T00:00:00Z"
            case .timesRise: "2024-05-0\(place + 1)T00:00:00Z"
            case .timesFall: "2024-05-0\(9 - place)T00:00:00Z"
            }
        }

        /// The place of the change that is the latest.
        func latest(_ places: [Int]) -> Int? {
            switch self {
            case .versionsRise, .timesRise: places.max()
            case .versionsFall, .timesFall: places.min()
            }
        }
    }

    /// All 81 combinations, each a contact of its own.
    private static let combinations: [[Move]] = (0..<81)
        .map { number in
            (0..<4).map { Move.allCases[[1, 3, 9, 27].map { number / $0 % 3 }[$0]] }
        }

    @Test(arguments: Order.allCases)
    func `the highest version wins, then the latest change, and all stores get it`(_ order: Order) async throws {
        let stores = try await SmallSync()
        // In parts, each of which is few enough to be changed at once.
        for part in stride(from: 0, to: 81, by: 20) {
            let numbers = part..<min(part + 20, 81)
            for number in numbers {
                for (place, move) in Self.combinations[number].enumerated() {
                    guard let title = move.title else { continue }
                    try stores.edit(
                        number + 1,
                        to: title,
                        version: order.version(place),
                        at: order.time(place),
                        in: SmallSync.names[place]
                    )
                }
            }
            _ = try await stores.cycle().all()
        }
        let conflicts = Dictionary(grouping: try stores.ledger.conflicts(openOnly: false), by: \.contact)
        for (number, moves) in Self.combinations.enumerated() {
            let changed = (0..<4).filter { moves[$0] != .none }
            let winner = order.latest(changed)
            let expected = winner.flatMap { moves[$0].title } ?? "Painter"
            #expect(
                try stores.values(of: number + 1) == .init(repeating: expected, count: 4),
                "\(number): \(moves), \(order)"
            )
            // What is lost is kept: of each store that set another value.
            let losers = changed.filter { moves[$0].title != expected }.map { SmallSync.names[$0] }
            let kept = (conflicts["\(number + 1)"] ?? []).compactMap(\.loser)
            #expect(kept.sorted() == losers.sorted(), "\(number): \(moves), \(order)")
        }
        #expect(try await stores.cycle().all().written == 0)
    }
}
