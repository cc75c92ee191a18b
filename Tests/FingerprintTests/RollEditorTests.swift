import Foundation
import TestSupport
import Testing

@testable import Fingerprint

@Suite struct RollEditorTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.url.path + "/crm.roll"
    }

    private static func line(_ keyDigest: UInt64, version: Int64 = 1) -> RollLine {
        RollLine(
            keyDigest: keyDigest,
            digest: Digest128(high: keyDigest, low: 1),
            agreed: version.isMultiple(of: 2) ? Digest128(high: 2, low: keyDigest) : nil,
            version: version,
            canonicalVersion: .min,
            canonicalHad: version.isMultiple(of: 3),
            seenAt: 3
        )
    }

    /// Writes a roll of these lines, in the order of their digests.
    private func write(_ lines: [RollLine], startedAt: Int64 = 7) throws {
        let head = RollHead(
            scheme: .xxh3,
            phoneRegion: "US",
            fields: "contact_id,first_name",
            settings: ["canonical=master"],
            run: "first",
            startedAt: startedAt
        )
        let writer = try RollWriter(path: path, head: head)
        for line in lines.sorted(by: { $0.keyDigest < $1.keyDigest }) {
            try writer.append(line.bytes, to: Int(line.keyDigest >> 56))
        }
        try writer.commit()
    }

    private func lines() throws -> [RollLine] {
        let roll = try #require(try RollFile(path: path))
        return try (0..<SpoolFile.partitionCount).flatMap { try roll.lines(of: $0) }
    }

    // MARK: Editing

    @Test(arguments: 1...20 as ClosedRange<UInt64>) func `a roll changes as a dictionary would`(_ seed: UInt64) throws {
        var random = SeededGenerator(seed)
        // Few first bytes, so that some partitions hold many lines, most none, and changes meet lines.
        let firstBytes = [0, 1, 77, 254, 255].map { UInt64($0) << 56 }
        func digest() -> UInt64 {
            let low: [UInt64] = [0, 0x00FF_FFFF_FFFF_FFFF, random.next() >> 8, random.next() % 300]
            return random.pick(firstBytes) | random.pick(low)
        }
        var expected: [UInt64: RollLine] = [:]
        for _ in 0..<random.pick([0, 1, 50, 2000]) {
            let keyDigest = digest()
            expected[keyDigest] = Self.line(keyDigest, version: Int64(random.next() >> 40))
        }
        try write(Array(expected.values))
        for _ in 0..<3 {
            var changes: [UInt64: RollLine?] = [:]
            for _ in 0..<random.pick([1, 30, 500]) {
                let keyDigest = random.oneIn(2) ? expected.keys.sorted().first ?? digest() : digest()
                let line = random.oneIn(3) ? nil : Self.line(keyDigest, version: Int64(random.next() >> 40))
                changes.updateValue(line, forKey: keyDigest)
            }
            try RollEditor.apply(changes, toRollAt: path)
            for (keyDigest, line) in changes { expected[keyDigest] = line }

            #expect(try lines() == expected.values.sorted { $0.keyDigest < $1.keyDigest })
            let roll = try #require(try RollFile(path: path))
            for keyDigest in Array(changes.keys) + Array(expected.keys.prefix(100)) + [digest()] {
                #expect(try roll.line(of: keyDigest) == expected[keyDigest])
            }
        }
        #expect(try folder.names() == ["crm.roll"])
    }

    @Test func `the head stays but for its counts`() throws {
        try write([Self.line(1), Self.line(2), Self.line(.max)])
        let before = try #require(try RollFile(path: path)).head
        try RollEditor.apply([2: nil, 7 << 56: Self.line(7 << 56), .max: Self.line(.max, version: 4)], toRollAt: path)
        var head = before
        (head.counts[0], head.counts[7]) = (1, 1)
        #expect(try RollFile(path: path)?.head == head)
    }

    @Test func `more lines than are read at a time stay as they are`() throws {
        let many = (0..<40_000).map { Self.line(9 << 56 | UInt64($0) << 20) }
        try write(many + [Self.line(5)])
        try RollEditor.apply([5: nil], toRollAt: path)
        #expect(try lines() == many)
        try RollEditor.apply([many[30_000].keyDigest: nil], toRollAt: path)
        #expect(try lines() == many.filter { $0.keyDigest != many[30_000].keyDigest })
    }

    @Test func `a part of a partition holds what was put into it`() throws {
        let low: UInt64 = 3 << 56
        let high: UInt64 = 3 << 56 | 0x00FF_FFFF << 32
        try write([Self.line(low)])
        try RollEditor.apply([high: Self.line(high)], toRollAt: path)
        let roll = try #require(try RollFile(path: path))
        #expect(
            try (0..<4).map { try roll.lines(of: 3, part: ($0, 4)) } == [[Self.line(low)], [], [], [Self.line(high)]]
        )
    }

    @Test func `one line takes the place of all that share its digest`() throws {
        let shared: UInt64 = 4 << 56
        try write([Self.line(shared), Self.line(shared, version: 2), Self.line(shared + 1)])
        #expect(try RollFile(path: path)?.line(of: shared)?.keyDigest == shared)
        try RollEditor.apply([shared: Self.line(shared, version: 3)], toRollAt: path)
        #expect(try lines() == [Self.line(shared, version: 3), Self.line(shared + 1)])

        try write([Self.line(shared), Self.line(shared, version: 2), Self.line(shared + 1)])
        try RollEditor.apply([shared: nil], toRollAt: path)
        #expect(try lines() == [Self.line(shared + 1)])
    }

    @Test func `a line stands under the digest that it is given for`() throws {
        try write([Self.line(1)])
        try RollEditor.apply([2: Self.line(99 << 56)], toRollAt: path)
        #expect(try lines().map(\.keyDigest) == [1, 2])
    }

    // MARK: Files

    @Test func `no roll and no change are nothing to do`() throws {
        try RollEditor.apply([1: Self.line(1)], toRollAt: path)
        #expect(try folder.names() == [])
        try write([Self.line(1)])
        let before = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
        try RollEditor.apply([:], toRollAt: path)
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int == before)
    }

    @Test func `who has the roll open reads on in the old one`() throws {
        try write([Self.line(1)])
        let open = try #require(try RollFile(path: path))
        try RollEditor.apply([1: nil], toRollAt: path)
        #expect(try open.line(of: 1) == Self.line(1))
        #expect(try RollFile(path: path)?.line(of: 1) == nil)
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    }

    @Test func `a damaged roll is refused and stays`() throws {
        try write([Self.line(1), Self.line(2)])
        let damaged = try Data(contentsOf: URL(filePath: path)).dropFirst(1)
        try damaged.write(to: URL(filePath: path))
        #expect(throws: SpoolError.self) { try RollEditor.apply([1: nil], toRollAt: path) }
        #expect(try folder.names() == ["crm.roll"])
        #expect(try Data(contentsOf: URL(filePath: path)) == damaged)
    }

    #if os(Linux)
    @Test func `a roll that there is no room for stays as it was, and nothing beside it`() async {
        // In a process of its own: the limit on the size of files is the process's.
        await #expect(processExitsWith: .success) {
            let tests = try RollEditorTests()
            try tests.write((0..<100).map { RollEditorTests.line($0) })
            let before = try Data(contentsOf: URL(filePath: tests.path))
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 4096, rlim_max: 4096)
            #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
            let error = #expect(throws: SpoolError.self) { try RollEditor.apply([5: nil], toRollAt: tests.path) }
            #expect(error?.code == EFBIG)
            #expect(try tests.folder.names() == ["crm.roll"])
            #expect(try Data(contentsOf: URL(filePath: tests.path)) == before)
        }
    }
    #endif
}
