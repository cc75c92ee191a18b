import TestSupport
import Foundation
import Testing

@testable import Fingerprint

@Suite struct RollFileTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.url.path + "/crm.roll"
    }

    private static func head(_ run: String = "run", startedAt: Int64 = 1) -> RollHead {
        RollHead(
            scheme: .xxh3,
            phoneRegion: "US",
            fields: "contact_id,first_name",
            settings: ["canonical=master"],
            run: run,
            startedAt: startedAt
        )
    }

    private static func line(_ keyDigest: UInt64) -> RollLine {
        RollLine(
            keyDigest: keyDigest,
            digest: Digest128(high: keyDigest, low: 1),
            agreed: nil,
            version: 2,
            canonicalVersion: 4,
            canonicalHad: true,
            seenAt: 3
        )
    }

    private static func bytes(_ lines: [RollLine]) -> [UInt8] {
        lines.reduce(into: []) { $1.append(to: &$0) }
    }

    // MARK: Writing

    @Test func `lines come back by partition`() throws {
        // More than are read from the file at once.
        let many = (0..<40_000).map { Self.line(7 << 56 | UInt64($0) << 30) }
        let parts: [(partition: Int, lines: [RollLine])] = [
            (0, [Self.line(0), Self.line(1)]), (7, Array(many.prefix(3))), (7, Array(many.dropFirst(3))), (8, []),
            (255, [Self.line(.max)]),
        ]
        let writer = try RollWriter(path: path, head: Self.head("seventh"))
        for part in parts { try writer.append(Self.bytes(part.lines), to: part.partition) }
        try writer.commit()

        let roll = try #require(try RollFile(path: path))
        #expect(roll.count == 40_003)
        for partition in 0..<SpoolFile.partitionCount {
            let expected = parts.filter { $0.partition == partition }.flatMap(\.lines)
            #expect(try roll.lines(of: partition) == expected)
        }
        var head = Self.head("seventh")
        (head.counts[0], head.counts[7], head.counts[255]) = (2, 40_000, 1)
        #expect(roll.head == head)
    }

    @Test func `no roll is no error`() throws { #expect(try RollFile(path: path) == nil) }

    @Test func `nothing stands under the final name before a roll is committed`() throws {
        let writer = try RollWriter(path: path, head: Self.head())
        try writer.append(Self.bytes([Self.line(1)]), to: 0)
        #expect(try RollFile(path: path) == nil)
        #expect(try folder.names().filter { $0 == "crm.roll" }.isEmpty)
        try writer.commit()
        #expect(try folder.names() == ["crm.roll"])
        #expect(try RollFile(path: path)?.count == 1)
    }

    @Test func `a roll that stands is whole until the next is committed`() throws {
        let first = try RollWriter(path: path, head: Self.head("first", startedAt: 1))
        try first.commit()
        let second = try RollWriter(path: path, head: Self.head("second", startedAt: 2))
        try second.append(Self.bytes([Self.line(1)]), to: 0)
        let open = try #require(try RollFile(path: path))
        #expect(open.head.run == "first")
        try second.commit()
        // Who has the old one open reads on in it.
        #expect(try open.lines(of: 0) == [])
        #expect(try RollFile(path: path)?.lines(of: 0) == [Self.line(1)])
    }

    @Test func `a writer that is let go leaves no file`() throws {
        func write() throws {
            let writer = try RollWriter(path: path, head: Self.head())
            try writer.append(Self.bytes([Self.line(1)]), to: 0)
            #expect(try folder.names().count == 1)
        }
        try write()
        #expect(try folder.names() == [])
    }

    @Test func `a roll cannot be written where there is no folder`() throws {
        #expect(throws: SpoolError.self) {
            try RollWriter(path: folder.url.path + "/none/crm.roll", head: Self.head())
        }
    }

    @Test(arguments: [[1, 2], [2, 1]]) func `the run that started later stays, whichever is committed first`(
        _ order: [Int64]
    ) throws {
        func write() throws {
            var writers: [RollWriter] = []
            for startedAt in order {
                writers.append(try RollWriter(path: path, head: Self.head("run \(startedAt)", startedAt: startedAt)))
                try writers[writers.count - 1].append(Self.bytes([Self.line(UInt64(startedAt))]), to: 0)
            }
            for writer in writers { try writer.commit() }
        }
        try write()
        #expect(try folder.names() == ["crm.roll"])
        let roll = try #require(try RollFile(path: path))
        #expect(roll.head.run == "run 2")
        #expect(try roll.lines(of: 0) == [Self.line(2)])
    }

    @Test func `of two runs that started at once the one committed last stays`() throws {
        for run in ["first", "second"] { try RollWriter(path: path, head: Self.head(run)).commit() }
        #expect(try RollFile(path: path)?.head.run == "second")
    }

    @Test func `a roll is its owner's alone`() throws {
        func modes() throws -> [Int?] {
            try folder.names()
                .map { name in
                    let attributes = try FileManager.default.attributesOfItem(atPath: folder.url.path + "/" + name)
                    return (attributes[.posixPermissions] as? NSNumber)?.intValue
                }
        }
        let writer = try RollWriter(path: path, head: Self.head())
        #expect(try modes() == [0o600])
        try writer.commit()
        #expect(try modes() == [0o600])
    }

    // MARK: Damage

    /// A roll of three lines as it stands on disk.
    private func written() throws -> [UInt8] {
        let writer = try RollWriter(path: path, head: Self.head())
        try writer.append(Self.bytes([Self.line(1), Self.line(2)]), to: 0)
        try writer.append(Self.bytes([Self.line(.max)]), to: 255)
        try writer.commit()
        return try Array(Data(contentsOf: URL(filePath: path)))
    }

    /// Whether a file of these bytes is refused.
    private func isRefused(_ bytes: some Sequence<UInt8>) throws -> Bool {
        try Data(bytes).write(to: URL(filePath: path))
        do {
            return try RollFile(path: path) == nil
        } catch {
            #expect(error.path == path)
            #expect(error.operation == "read the roll")
            return true
        }
    }

    @Test func `a roll that is cut off anywhere is refused`() throws {
        let whole = try written()
        #expect(try !isRefused(whole))
        for count in 0..<whole.count {
            #expect(try isRefused(whole.prefix(count)), "the first \(count) bytes")
            #expect(try isRefused(whole.dropFirst(whole.count - count)), "the last \(count) bytes")
        }
        #expect(try isRefused(whole + [0]))
    }

    @Test func `a roll whose mark or length is another is refused`() throws {
        let whole = try written()
        for index in (whole.count - 12)..<whole.count {
            for bit in 0..<8 {
                var damaged = whole
                damaged[index] ^= 1 << bit
                #expect(try isRefused(damaged), "bit \(bit) of byte \(index)")
            }
        }
    }

    /// Counts of a head, zero for partitions that are not named.
    private static func counts(_ lines: [Int: Int], partitions: Int = SpoolFile.partitionCount) -> [Int] {
        (0..<partitions).map { lines[$0] ?? 0 }
    }

    /// Counts that do not fit two lines in the first partition and one in the last.
    private static let misfits: [[Int]] = [
        counts([0: 2]), counts([0: 2, 255: 2]), counts([:]), counts([0: 3], partitions: 255),
        counts([0: 3], partitions: 257), [], counts([0: 2, 1: -1, 255: 2]),
    ]

    @Test func `a head that does not fit the file is refused`() throws {
        let lines = Self.bytes([Self.line(1), Self.line(2), Self.line(.max)])
        var head = Self.head()
        (head.counts[0], head.counts[255]) = (2, 1)
        func file(_ text: [UInt8]) -> [UInt8] {
            lines + text + withUnsafeBytes(of: UInt32(text.count).bigEndian) { Array($0) } + RollFile.mark
        }
        let good = try Array(JSONEncoder().encode(head))
        #expect(try !isRefused(file(good)))
        for counts in Self.misfits {
            head.counts = counts
            #expect(try isRefused(file(Array(JSONEncoder().encode(head)))), "\(counts)")
        }
        #expect(try isRefused(file([])))
        #expect(try isRefused(file(Array("{}".utf8))))
        #expect(try isRefused(file(good.map { $0 == UInt8(ascii: "{") ? UInt8(ascii: "[") : $0 })))
    }

    @Test func `a head of more lines than a number can count is refused`() async {
        // In a process of its own: this one would not outlive an overflow.
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            let path = folder.url.path + "/crm.roll"
            let tooMany = [
                [Int.max, Int.max], [Int.max / 2], [Int.max / RollLine.byteCount, 1],
                [Int](repeating: 1 << 62, count: 4),
            ]
            for counts in tooMany {
                var head = RollFileTests.head()
                head.counts.replaceSubrange(0..<counts.count, with: counts)
                let text = try Array(JSONEncoder().encode(head))
                let length = withUnsafeBytes(of: UInt32(text.count).bigEndian) { Array($0) }
                try Data(text + length + RollFile.mark).write(to: URL(filePath: path))
                #expect(throws: SpoolError.self) { try RollFile(path: path) }
            }
        }
    }

    @Test func `a damaged roll gives way to the next, whenever that began`() throws {
        for damage in [[], RollFile.mark, try written().dropLast(1)] {
            try Data(damage).write(to: URL(filePath: path))
            try RollWriter(path: path, head: Self.head("next", startedAt: .min)).commit()
            #expect(try RollFile(path: path)?.head.run == "next")
        }
    }

    #if os(Linux)
    @Test func `a roll that is refused stays open no longer than one that is read`() throws {
        /// Descriptors of this process that stand for the roll.
        func descriptors() throws -> Int {
            let own = "/proc/self/fd"
            return try FileManager.default.contentsOfDirectory(atPath: own)
                .count { (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(own)/\($0)")) == path }
        }
        let whole = try written()
        #expect(try !isRefused(whole))
        #expect(try descriptors() == 0)
        for damaged: ArraySlice<UInt8> in [[], whole.dropLast(1), whole.dropFirst(1)] {
            #expect(try isRefused(damaged))
            #expect(try descriptors() == 0)
        }
        try Data(whole).write(to: URL(filePath: path))
        var roll = try RollFile(path: path)
        #expect(try descriptors() == 1)
        roll = nil
        #expect(try descriptors() == 0)
        #expect(roll == nil)
    }
    #endif

    // MARK: Heads

    private static let changes: [(name: String, isComparable: Bool, change: @Sendable (inout RollHead) -> Void)] = [
        ("run", true, { $0.run = "another" }), ("start", true, { $0.startedAt = 99 }),
        ("counts", true, { $0.counts[3] = 4 }), ("scheme", false, { $0.scheme = "canonical/1|sha256-128" }),
        ("region", false, { $0.phoneRegion = "GB" }), ("fields", false, { $0.fields += ",emails" }),
        ("settings", false, { $0.settings = [] }), ("order", false, { $0.settings.reverse() }),
    ]

    @Test func `digests are comparable under heads that mean the same`() {
        var head = Self.head()
        head.settings = ["canonical=master", "contact_id id"]
        for (name, isComparable, change) in Self.changes {
            var other = head
            change(&other)
            #expect(head != other, "\(name)")
            #expect(head.isComparable(to: other) == isComparable, "\(name)")
            #expect(other.isComparable(to: head) == isComparable, "\(name)")
        }
        #expect(Self.head().scheme == "canonical/1|xxh3-128")
        #expect(Self.head().counts == [Int](repeating: 0, count: 256))
    }
}
