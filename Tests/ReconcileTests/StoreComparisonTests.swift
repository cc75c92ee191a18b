import TestSupport
import Contacts
import Testing

@testable import Fingerprint
@testable import Reconcile

@Suite struct StoreComparisonTests {
    private static let seeds = UInt64(0)..<20
    /// Every partition fits.
    private static let huge = 1 << 40
    /// The crowded first partition is read in about a hundred parts, however many workers share the memory.
    private static var tiny: Int { 2_000 * Cores.available }

    /// The stores of a seed.
    private struct Sample {
        let rows: [[ContactRow]]
        let shapes: [StoreShape]

        init(_ seed: UInt64, contacts: Int = 240) {
            var contactMaker = RandomContacts(seed)
            let count = Int(seed % 3) + 1
            shapes = (0..<count).map { _ in contactMaker.random.pick(StoreShape.allCases) }
            rows = contactMaker.rows(contacts: contacts, stores: count)
        }

        func expected(_ scan: Scan) -> Outcome {
            NaiveComparison(
                rows: scan.entries,
                canonicalSets: scan.canonicalSets,
                histories: shapes.map { _ in nil },
                comparable: shapes.map { _ in false },
                now: 1_000,
                retention: 0
            )
            .outcome()
        }
    }

    private func outcome(_ scan: Scan, memory: Int) async throws -> Outcome {
        let count = scan.stores.count
        return
            try await scan.comparison(
                histories: Array(repeating: nil, count: count),
                comparable: Array(repeating: false, count: count),
                now: 1_000,
                retention: 0,
                memory: memory
            )
            .outcome()
    }

    @Test(arguments: seeds) func `random stores are compared as a naive reference compares them`(_ seed: UInt64)
        async throws
    {
        let sample = Sample(seed)
        let scan = try Scan(sample.rows, shapes: sample.shapes)
        let expected = sample.expected(scan)

        let whole = try await outcome(scan, memory: Self.huge)
        whole.expect(expected)
        #expect(whole.partitions == Array(0..<SpoolFile.partitionCount))

        let inParts = try await outcome(scan, memory: Self.tiny)
        inParts.expect(expected)
        #expect(inParts.partitions.filter { $0 == 0 }.count > 30)
        #expect(inParts.partitions == inParts.partitions.sorted())
        #expect(Set(inParts.partitions).count == SpoolFile.partitionCount)
    }

    @Test func `the random stores have every case`() throws {
        /// Canonical's state and a store's, and whether they agree.
        struct Case: Hashable {
            let canonical: Suspect.Side.State
            let store: Suspect.Side.State
            let isEqual: Bool
        }
        var cases: Set<Case> = []
        var all = PairCounts()
        var othersAgree = 0
        var duplicates = [0, 0]
        var lowerVersionSpeaks = 0
        for seed in Self.seeds {
            let sample = Sample(seed)
            let scan = try Scan(sample.rows, shapes: sample.shapes)
            let expected = sample.expected(scan)
            expected.pairs.forEach { all.add($0) }
            for suspect in expected.suspects {
                for store in suspect.stores {
                    cases.insert(
                        Case(canonical: suspect.canonical.state, store: store.side.state, isEqual: store.isEqual)
                    )
                }
                let others = suspect.stores.filter { !$0.isEqual && $0.side.isAlive }.compactMap(\.side.digests.first)
                if Set(others).count < others.count { othersAgree += 1 }
            }
            for duplicate in expected.duplicates {
                duplicates[min(duplicate.store, 1)] += 1
                let key = Array(duplicate.key.utf8)
                let rows = scan.entries[duplicate.store].filter { $0.key == key }
                let speaker = rows.first { $0.row == duplicate.rows[0] }
                if rows.contains(where: { !$0.isDeleted && $0.version > speaker?.version ?? .max }) {
                    lowerVersionSpeaks += 1
                }
            }
        }
        let states: [Suspect.Side.State] = [.absent, .deleted, .alive]
        let possible = states.flatMap { canonical in
            states.map { Case(canonical: canonical, store: $0, isEqual: (canonical == .alive) == ($0 == .alive)) }
        }
        #expect(cases == Set(possible + [Case(canonical: .alive, store: .alive, isEqual: false)]))
        #expect(all.equal > 1_000)
        for count in [all.differ, all.onlyA, all.onlyB, othersAgree, lowerVersionSpeaks] + duplicates {
            #expect(count > 50)
        }
    }

    @Test func `stores that are all alike have no suspect`() async throws {
        var contactMaker = RandomContacts(77)
        let contents = contactMaker.keys(200).map { ($0, contactMaker.content()) }
        let shapes = StoreShape.allCases
        let rows = (0...shapes.count).map { _ in contents.map { contactMaker.row($0, $1) } }
        let outcome = try await outcome(try Scan(rows, shapes: shapes), memory: Self.huge)
        var all = PairCounts()
        all.equal = 200
        #expect(outcome.pairs == Array(repeating: all, count: 6))
        #expect(outcome.suspects.isEmpty)
        #expect(outcome.duplicates.isEmpty)
        #expect(outcome.rolls.map(\.count) == [200, 200, 200])
    }

    @Test func `nothing is compared where nothing is stored`() async throws {
        let outcome = try await outcome(try Scan([[], []], shapes: [.whole]), memory: Self.huge)
        #expect(outcome.pairs == [PairCounts()])
        #expect(outcome.suspects.isEmpty)
        #expect(outcome.rolls == [[]])
    }

    @Test func `a comparison stops where its results are refused`() async throws {
        struct Refusal: Error {}
        var contactMaker = RandomContacts(78)
        let scan = try Scan(contactMaker.rows(contacts: 50, stores: 1), shapes: [.whole])
        let comparison = scan.comparison(
            histories: [nil],
            comparable: [false],
            now: 0,
            retention: 0,
            memory: Self.huge
        )
        var taken: [Int] = []
        await #expect(throws: Refusal.self) {
            try await comparison.run { result in
                taken.append(result.partition)
                if result.partition == 5 { throw Refusal() }
            }
        }
        #expect(taken == [0, 1, 2, 3, 4, 5])
    }

    @Test func `pairs are canonical with each store, then the stores among themselves`() {
        func text(_ stores: Int) -> [String] { StorePairs.all(stores: stores).map { "\($0.a)-\($0.b)" } }
        #expect(text(0) == [])
        #expect(text(1) == ["0-1"])
        #expect(text(2) == ["0-1", "0-2", "1-2"])
        #expect(text(3) == ["0-1", "0-2", "0-3", "1-2", "1-3", "2-3"])
    }
}
