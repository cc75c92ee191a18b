import Contacts
import Testing

@testable import Fingerprint
@testable import Reconcile

@Suite struct RollHistoryTests {
    private static let day: Int64 = 86_400

    /// What the random runs came across, so that they cannot pass for want of cases.
    private struct Seen {
        var dropped = 0
        var retained = 0
        var bases = 0
        var noBases = 0
        var hadOnce = 0
        var neverHad = 0
        var lowerVersions = 0

        mutating func add(_ run: Runs.Run, _ before: [[UInt64: RollLine]?], now: Int64) {
            for (lines, old) in zip(run.rolls, before) {
                let kept = Set(lines.map(\.keyDigest))
                dropped += (old ?? [:]).keys.count { !kept.contains($0) }
                retained += lines.count { $0.seenAt < now }
            }
            for suspect in run.outcome.suspects {
                for (store, old) in zip(suspect.stores, before) {
                    if store.base == nil { noBases += 1 } else { bases += 1 }
                    if suspect.canonical.state == .absent {
                        if store.canonicalHad == true { hadOnce += 1 }
                        if store.canonicalHad == false { neverHad += 1 }
                    }
                    let digest = Array(suspect.key.utf8).withUnsafeBytes { HashScheme.xxh3.keyDigest($0) }
                    if let line = old?[digest], store.side.isAlive, store.side.version < line.version {
                        lowerVersions += 1
                    }
                }
            }
        }

        var all: [Int] { [dropped, retained, bases, noBases, hadOnce, neverHad, lowerVersions] }
    }

    @Test(arguments: UInt64(0)..<6) func `five runs remember what a naive reference remembers`(_ seed: UInt64)
        async throws
    {
        let shapes: [StoreShape] = seed.isMultiple(of: 2) ? [.whole, .oneEmail] : [.untitled]
        var stores = ChangingStores(seed: seed, contacts: 160, stores: shapes.count)
        let runs = try Runs()
        var remembered = [[UInt64: RollLine]?](repeating: nil, count: shapes.count)
        var seen = Seen()
        for number in 1...5 {
            if number > 1 { stores.change() }
            let scan = try Scan(stores.rows, shapes: shapes)
            let now = 1_700_000_000 + Int64(number) * 10 * Self.day
            // The first store's settings change in the third run, and stay as they are then.
            let run = try await runs.run(
                scan,
                settings: shapes.indices.map { $0 == 0 && number >= 3 ? "other" : "same" },
                now: now,
                retention: 20 * Self.day,
                memory: seed < 3 ? 1 << 40 : 2_000 * Cores.available
            )
            let comparable = shapes.indices.map { number > 1 && !($0 == 0 && number == 3) }
            #expect(run.comparable == comparable)
            let expected = NaiveComparison(
                rows: scan.entries,
                canonicalSets: scan.canonicalSets,
                histories: remembered,
                comparable: comparable,
                now: now,
                retention: 20 * Self.day
            )
            .outcome()
            run.outcome.expect(expected)
            #expect(run.rolls == expected.rolls)
            seen.add(run, remembered, now: now)
            remembered = expected.rolls.map { Dictionary(uniqueKeysWithValues: $0.map { ($0.keyDigest, $0) }) }
        }
        for count in seen.all { #expect(count > 0) }
    }

    // MARK: One contact

    /// A record of the one contact that these tests follow.
    private func record(_ value: UInt64, version: Int64 = .min, isDeleted: Bool = false) -> SpoolEntry {
        SpoolEntry(
            keyDigest: 0x0123_4567_89AB_CDEF,
            version: version,
            lastUpdated: .min,
            newestChange: .min,
            isDeleted: isDeleted,
            row: .integer(1),
            key: Array("ada".utf8),
            digests: [digest(value)]
        )
    }

    private func digest(_ value: UInt64) -> Digest128 { Digest128(high: value, low: ~value) }

    private func line(
        _ value: UInt64?,
        agreed: UInt64?,
        version: Int64 = .min,
        canonicalVersion: Int64 = .min,
        canonicalHad: Bool = true,
        seenAt: Int64
    ) -> RollLine {
        RollLine(
            keyDigest: 0x0123_4567_89AB_CDEF,
            digest: value.map(digest),
            agreed: agreed.map(digest),
            version: version,
            canonicalVersion: canonicalVersion,
            canonicalHad: canonicalHad,
            seenAt: seenAt
        )
    }

    @Test func `the base is the value of the last agreement, whatever came since`() async throws {
        let runs = try Runs()
        func run(_ canonical: SpoolEntry?, _ store: SpoolEntry?, _ now: Int64) async throws -> Runs.Run {
            let scan = try Scan([canonical, store].map { $0.map { [$0] } ?? [] })
            return try await runs.run(scan, settings: ["same"], now: now, retention: 100)
        }
        var last = try await run(record(1), record(1), 1)
        #expect(last.rolls == [[line(1, agreed: 1, seenAt: 1)]])
        #expect(last.outcome.suspects.isEmpty)

        last = try await run(record(2), record(3), 2)
        #expect(last.rolls == [[line(3, agreed: 1, seenAt: 2)]])
        #expect(last.outcome.suspects.map { $0.stores[0].base } == [digest(1)])
        #expect(last.outcome.suspects.map { $0.stores[0].canonicalDigest } == [digest(2)])

        last = try await run(record(4), record(4), 3)
        #expect(last.rolls == [[line(4, agreed: 4, seenAt: 3)]])

        last = try await run(record(4), record(0, isDeleted: true), 4)
        #expect(last.rolls == [[line(nil, agreed: 4, seenAt: 4)]])
        #expect(last.outcome.suspects.map { $0.stores[0].base } == [digest(4)])

        // Gone on both sides is no agreement on a value.
        last = try await run(record(0, isDeleted: true), nil, 5)
        #expect(last.rolls == [[line(nil, agreed: 4, seenAt: 5)]])
        #expect(last.outcome.suspects.isEmpty)

        last = try await run(nil, record(5), 6)
        #expect(last.rolls == [[line(5, agreed: 4, seenAt: 6)]])
        #expect(last.outcome.suspects.map { $0.stores[0].canonicalHad } == [true])
    }

    @Test func `the version is the highest that was seen`() async throws {
        let runs = try Runs()
        var versions: [Int64] = []
        for (number, version) in [Int64.min, 3, 7, 5, .min].enumerated() {
            let scan = try Scan([[record(1, version: 99)], [record(1, version: version)]])
            let run = try await runs.run(scan, settings: ["same"], now: Int64(number), retention: 100)
            versions += run.rolls[0].map(\.version)
        }
        #expect(versions == [.min, 3, 7, 7, 7])
    }

    @Test func `whether canonical had a contact is unknown at first, then false, then true for good`() async throws {
        let runs = try Runs()
        var answers: [Bool?] = []
        let deleted = record(0, isDeleted: true)
        for (number, canonical) in [nil, nil, deleted, nil, nil].enumerated() {
            let scan = try Scan([canonical.map { [$0] } ?? [], [record(1)]])
            let run = try await runs.run(scan, settings: ["same"], now: Int64(number), retention: 100)
            answers += run.outcome.suspects.map { $0.stores[0].canonicalHad }
            #expect(run.rolls[0].map(\.canonicalHad) == [number >= 2])
        }
        #expect(answers == [nil, false, false, true, true])
    }

    @Test func `a line outlives its contact by the retention and no second longer`() async throws {
        let runs = try Runs()
        func run(_ rows: [SpoolEntry], now: Int64) async throws -> [[RollLine]] {
            try await runs.run(try Scan([rows, rows]), settings: ["same"], now: now, retention: 100).rolls
        }
        _ = try await run([record(1, version: 6)], now: 1_000)
        let gone = line(nil, agreed: 1, version: 6, canonicalVersion: 6, seenAt: 1_000)
        for now in [Int64(1_001), 1_099, 1_100] { #expect(try await run([], now: now) == [[gone]]) }
        #expect(try await run([], now: 1_101) == [[]])
        #expect(try await run([record(1)], now: 1_102) == [[line(1, agreed: 1, seenAt: 1_102)]])
    }

    @Test(arguments: [false, true]) func `under another head only the key columns are history`(_ isGone: Bool)
        async throws
    {
        let runs = try Runs()
        let first = try Scan([[record(1, version: 8)], [record(1, version: 8)]])
        _ = try await runs.run(first, settings: ["before"], now: 1, retention: 100)
        let second = try Scan([[], isGone ? [] : [record(2, version: 3)]])
        let run = try await runs.run(second, settings: ["after"], now: 2, retention: 100)
        #expect(run.comparable == [false])
        if isGone {
            #expect(run.rolls == [[line(nil, agreed: nil, version: 8, canonicalVersion: 8, seenAt: 1)]])
        } else {
            #expect(run.rolls == [[line(2, agreed: nil, version: 8, canonicalVersion: 8, seenAt: 2)]])
            #expect(run.outcome.suspects.map { $0.stores[0].base } == [nil])
            #expect(run.outcome.suspects.map { $0.stores[0].canonicalHad } == [true])
        }
    }
}
