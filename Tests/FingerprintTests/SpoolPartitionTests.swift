import TestSupport
import Contacts
import Foundation
import Testing

@testable import Fingerprint

@Suite struct SpoolPartitionTests {
    static let fields =
        SpoolScan.fields(["contact_id": .id, "first_name": .text, "emails": .set(of: .email)])
        + SpoolScan.fields(
            ["version": .int, "last_updated": .timestamp, "deleted_at": .timestamp, "updated_at": .timestamp],
            role: .metadata
        )
    /// Two field sets: all, and by one address.
    static let sets: [FieldSet] = {
        let layout = StoreLayout(fields: fields, columns: [])
        var coarse = layout
        coarse.fields[2].holdsOne = true
        return [FieldSet(of: layout), FieldSet(sharedBy: layout, coarse)]
    }()

    private func rows(_ count: Int, _ random: inout SeededGenerator) -> [SpoolScan.Row] {
        (0..<count)
            .map { number in
                let key = Int.random(in: 0..<(count / 2), using: &random)
                let spelling = random.pick(["\(key)", "00\(key)", " \(key) ", "\(key).0", "k-\(key)", "clé \(key)"])
                let id = random.oneIn(2) ? RowID.integer(Int64(number) - 100) : .text("rów-\(number)")
                let isDeleted = random.oneIn(5)
                return SpoolScan.Row(
                    id,
                    [
                        .text(spelling), .text(random.pick(["Ada", "Zoë", ""])),
                        .list([.text("b@x.org"), .text("a\(number)@x.org")], primary: random.oneIn(2) ? 1 : nil),
                        random.oneIn(4) ? .null : .integer(Int64.random(in: 0...3, using: &random)),
                        random.oneIn(4) ? .null : .text("2023-11-14T22:13:2\(Int.random(in: 0...3, using: &random))Z"),
                        isDeleted ? .text("2024-01-01T00:00:00Z") : .null,
                        random.oneIn(4) ? .text("2099-01-01T00:00:00Z") : .text("2024-02-02T00:00:0\(number % 10)Z"),
                    ]
                )
            }
    }

    /// What the spool must hold of each row.
    private func expected(_ rows: [SpoolScan.Row]) throws -> [SpoolEntry] {
        let encoded = Encoding.encode(rows.map(\.values), Self.fields, sets: Self.sets)
        return try zip(rows, encoded)
            .map { row, encoded in
                func instant(_ index: Int) -> Int64 {
                    guard case .text(let text) = row.values[index] else { return .min }
                    return text.withUnsafeBytes { TimeText.instant($0, unit: 0) } ?? .min
                }
                var version = Int64.min
                if case .integer(let number) = row.values[3] { version = number }
                let isDeleted = row.values[5] != .null
                return SpoolEntry(
                    keyDigest: encoded.keyDigest,
                    version: version,
                    lastUpdated: instant(4),
                    newestChange: max(instant(4), instant(6)),
                    isDeleted: isDeleted,
                    row: row.id,
                    key: try #require(encoded.texts[0]),
                    digests: isDeleted ? [Digest128(high: 0, low: 0), Digest128(high: 0, low: 0)] : encoded.digests
                )
            }
    }

    /// Whether one row speaks for its key before another.
    private func speaksBefore(_ a: SpoolEntry, _ b: SpoolEntry, _ preferred: Set<Digest128>) -> Bool {
        func rank(_ entry: SpoolEntry) -> (Int, Int, Int64, Int64) {
            let isPreferred = !entry.isDeleted && preferred.contains(entry.digests[0])
            return (isPreferred ? 1 : 0, entry.isDeleted ? 0 : 1, entry.version, entry.lastUpdated)
        }
        return rank(a) == rank(b) ? a.row < b.row : rank(a) > rank(b)
    }

    private func expectPartitions(
        _ fingerprint: StoreFingerprint,
        hold entries: [SpoolEntry],
        parts: Int = 1,
        prefer preferred: Set<Digest128> = []
    ) throws {
        let groups = Dictionary(grouping: entries, by: \.key)
        var seen = 0
        for number in 0..<SpoolFile.partitionCount {
            var last: (UInt64, [UInt8])?
            for index in 0..<parts {
                let partition = try SpoolPartition(number, part: (index, parts), of: fingerprint) {
                    preferred.contains($2)
                }
                for slot in 0..<partition.count {
                    let entry = partition.entry(slot)
                    let group = try #require(groups[entry.key]).sorted { speaksBefore($0, $1, preferred) }
                    #expect(entry == group[0])
                    // Deleted rows are no second ones.
                    let others = group.dropFirst().filter { !$0.isDeleted }
                    #expect(partition.contacts.rowCount(slot) == 1 + others.count)
                    #expect(partition.rows(slot) == [group[0].row] + others.map(\.row).sorted())
                    #expect(Int(entry.keyDigest >> 56) == number)
                    #expect(partition.contacts.keyDigest(slot) == entry.keyDigest)
                    #expect(partition.contacts.isDeleted(slot) == entry.isDeleted)
                    #expect(partition.contacts.version(slot) == entry.version)
                    #expect(Self.sets.indices.map { partition.contacts.digest($0, slot) } == entry.digests)
                    #expect(entry.key.withUnsafeBytes { partition.index(of: entry.keyDigest, key: $0) } == slot)
                    if let last {
                        #expect(
                            last.0 < entry.keyDigest
                                || (last.0 == entry.keyDigest && last.1.lexicographicallyPrecedes(entry.key))
                        )
                    }
                    last = (entry.keyDigest, entry.key)
                    seen += 1
                }
                #expect(
                    Array("no such key".utf8).withUnsafeBytes { partition.index(of: UInt64(number) << 56, key: $0) }
                        == nil
                )
            }
        }
        #expect(seen == groups.count)
    }

    @Test(arguments: [1, 2, 7, 64]) func `what was scanned comes back, each key once, whole or in parts`(_ parts: Int)
        throws
    {
        var random = SeededGenerator(31)
        let rows = rows(2_000, &random)
        let scan = try SpoolScan(Self.fields, sets: Self.sets, try TemporaryFolder())
        for third in 0..<3 { try scan.receive(rows.enumerated().filter { $0.offset % 3 == third }.map(\.element)) }
        try expectPartitions(scan.fingerprint, hold: try expected(rows), parts: parts)
    }

    @Test func `a preferred digest speaks for its key before a higher version`() throws {
        var random = SeededGenerator(32)
        let rows = rows(2_000, &random)
        let entries = try expected(rows)
        let scan = try SpoolScan(Self.fields, sets: Self.sets, try TemporaryFolder())
        try scan.receive(rows)
        let preferred = Set(entries.filter { !$0.isDeleted && $0.version <= 1 }.map { $0.digests[0] })
        #expect(preferred.count > 100)
        try expectPartitions(scan.fingerprint, hold: entries, prefer: preferred)
    }

    @Test func `the trees and counts are those of the rows that are not deleted`() throws {
        var random = SeededGenerator(33)
        let rows = rows(1_000, &random)
        let scan = try SpoolScan(Self.fields, sets: Self.sets, try TemporaryFolder())
        try scan.receive(Array(rows.prefix(400)))
        try scan.receive(Array(rows.dropFirst(400)))
        let entries = try expected(rows)
        let alive = entries.filter { !$0.isDeleted }
        for set in Self.sets.indices {
            var tree = MerkleTree()
            for entry in alive { tree.add(entry.digests[set], key: entry.keyDigest) }
            #expect(scan.fingerprint.tree(set).leaves == tree.leaves)
        }
        let counts = scan.fingerprint.counts
        #expect(counts.rows == rows.count)
        #expect(counts.records == alive.count)
        #expect(counts.deleted == rows.count - alive.count)
        #expect(counts.unreadable == 0)
        #expect(counts.newestChange == alive.map(\.newestChange).filter { $0 <= SpoolScan.now }.max())
    }

    @Test(arguments: [1, 2, 100, 101, 102, 600]) func `of many rows of one key a hundred and one are named`(
        _ count: Int
    ) throws {
        let long = String(repeating: "x", count: 200)
        let rows = (0..<count)
            .map { number in
                SpoolScan.Row(
                    .text(long + String(1_000 + number)),
                    [
                        .text(String(repeating: "0", count: number % 30) + "7"), .null, .null,
                        .integer(number == count / 2 ? 9 : 1), .null, .null, .null,
                    ]
                )
            }
        let scan = try SpoolScan(Self.fields, sets: Self.sets, try TemporaryFolder())
        try scan.receive(rows)
        let digest = try #require(expected(rows).first?.keyDigest)
        let partition = try SpoolPartition(Int(digest >> 56), of: scan.fingerprint)
        try #require(partition.count == 1)
        #expect(partition.contacts.rowCount(0) == count)
        let best = rows[count / 2].id
        #expect(
            partition.rows(0)
                == Array(([best] + rows.map(\.id).filter { $0 != best }).prefix(SpoolPartition.maximumNamedRows))
        )
    }

    @Test func `rows that cannot be read come back with their reason`() throws {
        let scan = try SpoolScan(Self.fields, sets: Self.sets, try TemporaryFolder())
        let rows: [UnreadableRow] = [
            UnreadableRow(row: .integer(.min), reason: "the row is damaged"),
            UnreadableRow(row: .integer(7), reason: ""),
            UnreadableRow(row: .text(""), reason: "a"), UnreadableRow(row: .text("#5"), reason: "Zoë"),
            UnreadableRow(row: .text("'x"), reason: "c"),
        ]
        let sink = scan.fingerprint.makeSink { _ in }
        for row in rows { try sink.receiveUnreadable(row.row, reason: row.reason) }
        let keyless = [RawValue](repeating: .null, count: Self.fields.count)
        try SpoolScan.pass(SpoolScan.Row(.integer(9), keyless), to: sink)
        try sink.receiveUnreadable(.text("a\0b"), reason: "c\0d")
        try sink.finish()
        var found: [UnreadableRow] = []
        try scan.fingerprint.forEachUnreadable { found.append($0) }
        let last = UnreadableRow(row: .text("a\u{FFFD}b"), reason: "c\u{FFFD}d")
        #expect(found == rows + [UnreadableRow(row: .integer(9), reason: "the row has no key that can be read"), last])
        #expect(scan.fingerprint.counts.unreadable == rows.count + 2)
        #expect(scan.fingerprint.counts.records == 0)
        #expect(scan.fingerprint.tree(0).count == 0)
    }

    @Test func `a portion that did not finish is in no tree and no count`() throws {
        let scan = try SpoolScan(Self.fields, sets: Self.sets, try TemporaryFolder())
        var random = SeededGenerator(34)
        let sink = scan.fingerprint.makeSink { _ in }
        for row in rows(10, &random) { try SpoolScan.pass(row, to: sink) }
        #expect(scan.fingerprint.counts == StoreFingerprint.Counts())
        #expect(scan.fingerprint.tree(0).count == 0)
    }

    @Test func `progress adds up to the rows`() throws {
        let scan = try SpoolScan(Self.fields, sets: Self.sets, try TemporaryFolder())
        var random = SeededGenerator(35)
        let counted = Counter()
        let sink = scan.fingerprint.makeSink { counted.add($0) }
        for row in rows(10_000, &random) { try SpoolScan.pass(row, to: sink) }
        try sink.finish()
        #expect(counted.total == 10_000)
    }

    @Test func `a spool leaves no file behind, and cannot be made where there is no folder`() throws {
        let folder = try TemporaryFolder()
        let scan = try SpoolScan(Self.fields, sets: Self.sets, folder)
        #expect(try folder.names().isEmpty)
        #expect(throws: SpoolError.self) { try SpoolFile(folder: folder.url.path + "/none") }
        withExtendedLifetime(scan) {}
    }
}
