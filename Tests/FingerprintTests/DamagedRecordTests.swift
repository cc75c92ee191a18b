import Contacts
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Fingerprint

/// Damaged records on their way through a scan's spool.
@Suite struct DamagedRecordTests {
    // MARK: One block

    private func roundTrip(_ records: [DamagedRecord]) -> [DamagedRecord] {
        var block = ByteBuffer(capacity: 16)
        for record in records { record.append(to: &block) }
        return DamagedRecord.all(in: block.bytes)
    }

    @Test func `a block gives back its records, absent texts told from empty ones`() {
        let rule = RuleID.corruptionEncoding
        let records = [
            DamagedRecord(
                key: Array("7".utf8),
                damages: [
                    FieldDamage(rule, field: "notes", "is odd", text: [0xFF, 0], proposed: Array("Zoë".utf8)),
                    FieldDamage(rule, field: nil, "", text: nil, proposed: nil),
                    FieldDamage(rule, field: "", "-", text: [], proposed: []),
                    FieldDamage(RuleID("custom.é"), field: "-", ";", text: Array("-".utf8), proposed: Array(";".utf8)),
                    FieldDamage(rule, field: "3:x,", "5:y", text: Array("1:-,-;".utf8), proposed: nil),
                ]
            ),
            DamagedRecord(key: Array(";-3:;,".utf8), damages: [FieldDamage(.corruptionChecksum, "does not match")]),
            DamagedRecord(key: [], damages: [FieldDamage(.corruptionTime, field: "birthday", "is odd")]),
        ]
        #expect(roundTrip(records) == records)
        #expect(roundTrip([]) == [])
    }

    // MARK: A scan

    /// Random damages, of bytes that a spool might take for its own.
    private struct RandomDamages {
        var random: SeededGenerator

        init(_ seed: UInt64) { random = SeededGenerator(seed) }

        private static let rules: [RuleID] = [
            .corruptionEncoding, .corruptionJSON, .corruptionTime, .corruptionChecksum, RuleID("custom.x-1"),
        ]

        private mutating func bytes() -> [UInt8] {
            if random.oneIn(3) {
                let few = Array("-;:,0123456789!".utf8)
                return (0..<Int.random(in: 0...30, using: &random)).map { _ in random.pick(few) }
            }
            return random.bytes(random.oneIn(400) ? 40_000...40_000 : 0...40)
        }

        private mutating func text() -> String {
            random.pick(["", "-", ";", "notes", "first_name", "1:a,", "é\u{0}\u{10FFFF}", random.digits(1...12)])
        }

        mutating func damages() -> [FieldDamage] {
            (0..<random.pick([0, 0, 0, 1, 1, 2, 4]))
                .map { _ in
                    FieldDamage(
                        random.pick(Self.rules),
                        field: random.oneIn(4) ? nil : text(),
                        text(),
                        text: random.oneIn(4) ? nil : bytes(),
                        proposed: random.oneIn(2) ? nil : bytes()
                    )
                }
        }
    }

    /// Says of each row what it was told to say.
    private final class Scripted: RecordInspector {
        private let script: [RowID: [FieldDamage]]

        init(_ script: [RowID: [FieldDamage]]) { self.script = script }

        func inspectContent(_ record: RecordView) -> [FieldDamage] { script[record.row] ?? [] }

        func inspectRow(_ record: RecordView) -> [FieldDamage] { [] }
    }

    private static let layout = StoreLayout(
        fields: SpoolScan.fields(["contact_id": .id, "first_name": .text])
            + SpoolScan.fields(["deleted_at": .timestamp], role: .metadata),
        columns: []
    )

    private func scan(
        _ rows: [SpoolScan.Row],
        portions: Int,
        _ makeInspector: (@Sendable (StoreLayout) -> any RecordInspector)?
    ) throws -> StoreFingerprint {
        let folder = try TemporaryFolder()
        let fingerprint = try StoreFingerprint(
            layout: Self.layout,
            sets: [FieldSet(of: Self.layout)],
            scheme: .xxh3,
            phoneRegion: "US",
            folder: folder.url.path,
            now: SpoolScan.now,
            makeInspector: makeInspector
        )
        for portion in 0..<portions {
            let sink = fingerprint.makeSink { _ in }
            for index in rows.indices where index * portions / rows.count == portion {
                try SpoolScan.pass(rows[index], to: sink)
            }
            try sink.finish()
        }
        return fingerprint
    }

    private struct Found: Hashable {
        let key: [UInt8]
        let damages: [FieldDamage]
    }

    private func found(_ fingerprint: StoreFingerprint) throws -> [Found] {
        var found: [Found] = []
        try fingerprint.forEachDamaged { found.append(Found(key: $0, damages: $1)) }
        return found
    }

    @Test(arguments: UInt64(0)..<10)
    func `a scan gives back what its inspectors said, that of one key together`(_ seed: UInt64) throws {
        var maker = RandomDamages(seed)
        var script: [RowID: [FieldDamage]] = [:]
        var expected: [[UInt8]: [FieldDamage]] = [:]
        var rows: [SpoolScan.Row] = []
        for number in 0..<4_000 {
            let key = Int.random(in: 0..<3_000, using: &maker.random)
            let id = RowID.integer(Int64(number))
            let isDeleted = maker.random.oneIn(8)
            let hasKey = !maker.random.oneIn(20)
            script[id] = maker.damages()
            if !isDeleted, hasKey, let damages = script[id], !damages.isEmpty {
                expected[Array("\(key)".utf8), default: []] += damages
            }
            let spelling = maker.random.pick(["\(key)", "00\(key)", "+\(key).0"])
            rows.append(
                SpoolScan.Row(
                    id,
                    [
                        hasKey ? .text(spelling) : .null, .text("Ada"),
                        isDeleted ? .text("2024-01-01T00:00:00Z") : .null,
                    ]
                )
            )
        }
        let told = script
        let found = try found(scan(rows, portions: 3) { _ in Scripted(told) })
        #expect(found.count == expected.count)
        #expect(Set(found) == Set(expected.map { Found(key: $0, damages: $1) }))
        #expect(expected.values.contains { $0.count > 4 })
        let partitions = found.map { found in
            found.key.withUnsafeBytes { HashScheme.xxh3.keyDigest($0) >> 56 }
        }
        #expect(partitions == partitions.sorted())
        #expect(Set(partitions).count > 200)
    }

    @Test func `each portion has an inspector of its own, made for the store's layout`() throws {
        let rows = (0..<9).map { SpoolScan.Row(.integer($0), [.integer($0), .text("Ada"), .null]) }
        let made = Mutex<[StoreLayout]>([])
        let fingerprint = try scan(rows, portions: 3) { layout in
            made.withLock { $0.append(layout) }
            return Scripted([.integer(4): [FieldDamage(.corruptionTime, "is odd")]])
        }
        #expect(made.withLock { $0 } == Array(repeating: Self.layout, count: 3))
        let expected = Found(key: Array("4".utf8), damages: [FieldDamage(.corruptionTime, "is odd")])
        #expect(try found(fingerprint) == [expected])
    }

    @Test func `without an inspector no record is damaged`() throws {
        let rows = [SpoolScan.Row(.integer(1), [.integer(1), .text([0xFF]), .null])]
        let fingerprint = try scan(rows, portions: 1, nil)
        #expect(fingerprint.counts.records == 1)
        #expect(try found(fingerprint) == [])
    }

    @Test func `where nothing is damaged nothing is passed`() throws {
        let rows = (0..<500).map { SpoolScan.Row(.integer($0), [.integer($0), .text("Ada"), .null]) }
        #expect(try found(scan(rows, portions: 2) { _ in Scripted([:]) }) == [])
    }
}
