import TestSupport
import Contacts
import Testing

@testable import Fingerprint
@testable import Reconcile

/// Different keys with one key digest. No hash function gives them on demand, so their records are put into the spools
/// with chosen digests.
@Suite struct SharedDigestTests {
    /// In order, the ends of the range and of a leaf among them.
    private static let digests: [UInt64] = [
        0, 1, 0x0000_FFFF_FFFF_FFFF, 0x0001_0000_0000_0000, 0x7F00_0000_0000_0001, 0x7F00_0000_0000_0002, .max - 1,
        .max,
    ]

    private static func record(
        _ key: String,
        _ keyDigest: UInt64,
        _ value: UInt64,
        row: Int64 = 1,
        version: Int64 = .min,
        isDeleted: Bool = false
    ) -> SpoolEntry {
        // A record's digest is over its key too: two keys never share one.
        let own = Array("\(key) \(value)".utf8).withUnsafeBytes { HashScheme.xxh3.digest($0) }
        return SpoolEntry(
            keyDigest: keyDigest,
            version: version,
            lastUpdated: .min,
            newestChange: .min,
            isDeleted: isDeleted,
            row: .integer(row),
            key: Array(key.utf8),
            digests: [isDeleted ? Digest128(high: 0, low: 0) : own]
        )
    }

    @Test func `keys of one digest are compared apart, and without history`() async throws {
        let runs = try Runs()
        let digest: UInt64 = 0x4242_0000_0000_0000
        func run(_ entries: [[SpoolEntry]], _ now: Int64) async throws -> Runs.Run {
            try await runs.run(try Scan(entries), settings: ["same"], now: now, retention: 100)
        }
        // One key alone has history, as its neighbours do.
        let (below, above) = (Self.record("z", digest - 1, 1), Self.record("0", digest + 1, 1))
        let alone = [below, Self.record("b", digest, 1), above]
        let first = try await run([alone, alone], 1)
        #expect(first.rolls[0].map(\.keyDigest) == [digest - 1, digest, digest + 1])

        let canonical = [
            below, Self.record("b", digest, 1), Self.record("a", digest, 1), Self.record("c", digest, 1), above,
        ]
        let store = [
            below, Self.record("d", digest, 1), Self.record("b", digest, 2), Self.record("a", digest, 1),
            Self.record("a", digest, 2, row: 2, version: 9), above,
        ]
        let second = try await run([canonical, store], 2)
        var counts = PairCounts()
        (counts.equal, counts.differ, counts.onlyA, counts.onlyB) = (3, 1, 1, 1)
        #expect(second.outcome.pairs == [counts])
        #expect(second.outcome.suspects.map(\.key) == ["b", "c", "d"])
        #expect(second.outcome.suspects.map(\.canonical.state) == [.alive, .alive, .absent])
        #expect(second.outcome.suspects.map { $0.stores[0].side.state } == [.alive, .absent, .alive])
        #expect(second.outcome.suspects.map { $0.stores[0].base } == [nil, nil, nil])
        #expect(
            second.outcome.duplicates == [
                DuplicateKey(key: "a", store: 1, rowCount: 2, rows: [.integer(1), .integer(2)])
            ]
        )
        #expect(second.rolls[0].map(\.keyDigest) == [digest - 1, digest + 1])
        #expect(second.rolls[0].map(\.agreed) == [below.digests[0], above.digests[0]])

        // Alone again, the key begins anew.
        let third = try await run([alone, [below, Self.record("b", digest, 2), above]], 3)
        #expect(third.outcome.suspects.map { $0.stores[0].base } == [nil])
        #expect(third.rolls[0].map(\.keyDigest) == [digest - 1, digest, digest + 1])
    }

    /// Few keys on fewer digests, in random states.
    private struct Crowd {
        var random: SeededGenerator
        let keys: [(text: String, digest: UInt64)]

        init(_ seed: UInt64) {
            var random = SeededGenerator(seed)
            keys = "abcdefghijkl".map { (String($0), random.pick(SharedDigestTests.digests)) }
            self.random = random
        }

        /// Records of canonical and two stores.
        mutating func entries() -> [[SpoolEntry]] {
            (0..<3)
                .map { _ in
                    keys.flatMap { key in
                        (0..<random.pick([0, 0, 1, 1, 1, 1, 2]))
                            .map { number in
                                SharedDigestTests.record(
                                    key.text,
                                    key.digest,
                                    random.pick([1, 1, 1, 2, 3]),
                                    row: Int64(number),
                                    version: random.pick([.min, 1, 2]),
                                    isDeleted: random.oneIn(6)
                                )
                            }
                    }
                    .shuffled(using: &random)
                }
        }
    }

    @Test(arguments: UInt64(0)..<8) func `random crowds are compared as a naive reference compares them`(
        _ seed: UInt64
    ) async throws {
        var crowd = Crowd(seed)
        let runs = try Runs()
        var remembered: [[UInt64: RollLine]?] = [nil, nil]
        for number in 1...4 {
            let scan = try Scan(crowd.entries())
            let now = Int64(number) * 10
            let run = try await runs.run(
                scan,
                settings: ["same", "same"],
                now: now,
                retention: 10,
                memory: seed.isMultiple(of: 2) ? 1 << 40 : 300 * Cores.available
            )
            let expected = NaiveComparison(
                rows: scan.entries,
                canonicalSets: [0, 0],
                histories: remembered,
                comparable: [number > 1, number > 1],
                now: now,
                retention: 10
            )
            .outcome()
            run.outcome.expect(expected)
            #expect(run.rolls == expected.rolls)
            #expect(expected.rolls[0].count < Set(scan.entries.joined().map(\.key)).count)
            remembered = expected.rolls.map { Dictionary(uniqueKeysWithValues: $0.map { ($0.keyDigest, $0) }) }
        }
    }
}
