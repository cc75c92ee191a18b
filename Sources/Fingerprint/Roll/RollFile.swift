import Foundation

/// A store's roll on disk, opened for reading: lines in order of key digest, then the head as JSON, its length, a mark.
package final class RollFile: Sendable {
    static let mark = Array("RCROLL02".utf8)

    /// What the roll is of.
    package let head: RollHead
    private let descriptor: Int32
    private let path: String
    /// The first line of each partition.
    private let firstLines: [Int]

    /// Opens a roll.
    ///
    /// - Returns: nil where there is none.
    /// - Throws: `SpoolError` where the file is no whole roll. Its store then has no history until the next is written.
    package init?(path: String) throws(SpoolError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0, errno == ENOENT { return nil }
        guard descriptor >= 0 else { throw Self.error(path, code: errno, String(cString: strerror(errno))) }
        // There is no `deinit` for what was not made.
        var isWhole = false
        defer { if !isWhole { close(descriptor) } }
        self.descriptor = descriptor
        self.path = path
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.error(path, code: errno, "its size is unknown") }
        let size = Int(status.st_size)
        let tail = try Self.read(descriptor, path, at: max(size - 12, 0), count: min(size, 12))
        guard tail.count == 12, Array(tail.suffix(8)) == Self.mark else {
            throw Self.error(path, code: 0, "it is no whole roll")
        }
        let headCount = tail.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        let headBytes = try Self.read(
            descriptor,
            path,
            at: max(size - 12 - headCount, 0),
            count: min(headCount, size - 12)
        )
        guard let head = try? JSONDecoder().decode(RollHead.self, from: Data(headBytes)),
            head.counts.count == SpoolFile.partitionCount, head.counts.allSatisfy({ (0...size).contains($0) }),
            head.counts.reduce(0, +) * RollLine.byteCount + headCount + 12 == size
        else { throw Self.error(path, code: 0, "its head does not fit it") }
        isWhole = true
        self.head = head
        firstLines = head.counts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    }

    deinit { close(descriptor) }

    /// The number of lines.
    package var count: Int { firstLines[SpoolFile.partitionCount] }

    /// Lines that are read from the file at a time.
    private static let linesPerRead = 16_384

    /// A partition's lines in order of key digest, those of one part where it is read in parts (see `SpoolPartition`).
    package func lines(of partition: Int, part: (index: Int, count: Int) = (0, 1)) throws(SpoolError) -> [RollLine] {
        var lines: [RollLine] = []
        lines.reserveCapacity(head.counts[partition] / part.count)
        try forEachBlock(of: partition) { (bytes) throws(SpoolError) in
            bytes.withUnsafeBytes { bytes in
                for offset in stride(from: 0, to: bytes.count, by: RollLine.byteCount) {
                    let line = RollLine(bytes, at: offset)
                    if SpoolPartition.part(of: line.keyDigest, count: part.count) == part.index { lines.append(line) }
                }
            }
        }
        return lines
    }

    /// Passes a partition's lines to the body as bytes, whole lines at a time, in order.
    func forEachBlock(
        of partition: Int,
        _ body: (_ lines: [UInt8]) throws(SpoolError) -> Void
    ) throws(SpoolError) {
        let end = firstLines[partition + 1]
        for first in stride(from: firstLines[partition], to: end, by: Self.linesPerRead) {
            try body(try read(first..<min(first + Self.linesPerRead, end)))
        }
    }

    /// The line of a key digest, the first where there are several; nil where there is none. Reads some lines only.
    package func line(of keyDigest: UInt64) throws(SpoolError) -> RollLine? {
        let partition = Self.partition(of: keyDigest)
        var low = firstLines[partition]
        let end = firstLines[partition + 1]
        var high = end
        while low < high {
            let middle = (low + high) / 2
            if try line(at: middle).keyDigest < keyDigest { low = middle + 1 } else { high = middle }
        }
        guard low < end else { return nil }
        let line = try line(at: low)
        return line.keyDigest == keyDigest ? line : nil
    }

    /// The partition that a key digest's line is in.
    static func partition(of keyDigest: UInt64) -> Int { Int(keyDigest >> 56) }

    private func line(at index: Int) throws(SpoolError) -> RollLine {
        try read(index..<(index + 1)).withUnsafeBytes { RollLine($0, at: 0) }
    }

    private func read(_ lines: Range<Int>) throws(SpoolError) -> [UInt8] {
        try Self.read(
            descriptor,
            path,
            at: lines.lowerBound * RollLine.byteCount,
            count: lines.count * RollLine.byteCount
        )
    }

    private static func read(_ descriptor: Int32, _ path: String, at offset: Int, count: Int) throws(SpoolError)
        -> [UInt8]
    {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let read = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress.map { $0 + done }, count - done, off_t(offset + done))
            }
            if read < 0, errno == EINTR { continue }
            guard read > 0 else { throw error(path, code: read < 0 ? errno : 0, "it is shorter than it says") }
            done += read
        }
        return bytes
    }

    private static func error(_ path: String, code: Int32, _ reason: String) -> SpoolError {
        SpoolError(path: path, operation: "read the roll", code: code, reason: reason)
    }
}
