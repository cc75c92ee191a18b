import Foundation

/// Writes a roll beside its final name. Nothing stands under that name before `commit`.
package final class RollWriter {
    private var head: RollHead
    private let path: String
    private let temporary: String
    private let descriptor: Int32
    private var isCommitted = false

    /// - Parameter path: the roll's final name, in a folder that exists.
    package init(path: String, head: RollHead) throws(SpoolError) {
        self.path = path
        self.head = head
        temporary = path + "." + UUID().uuidString
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw SpoolError(
                path: temporary,
                operation: "create",
                code: errno,
                reason: String(cString: strerror(errno))
            )
        }
    }

    deinit {
        close(descriptor)
        if !isCommitted { unlink(temporary) }
    }

    /// Appends a partition's lines, already in order of key digest. Partitions come in order, some of them several
    /// times in a row.
    package func append(_ lines: [UInt8], to partition: Int) throws(SpoolError) {
        head.counts[partition] += lines.count / RollLine.byteCount
        try write(lines)
    }

    /// Gives the roll its name, in the place of the one before, unless that one is of a run that started later.
    ///
    /// The caller holds the state folder's lock.
    package func commit() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = try Array(encoder.encode(head))
        try write(text + withUnsafeBytes(of: UInt32(text.count).bigEndian) { Array($0) } + RollFile.mark)
        guard fsync(descriptor) == 0 else { throw error("write") }
        if let started = try Self.start(of: path), started > head.startedAt { return }
        guard rename(temporary, path) == 0 else { throw error("replace") }
        isCommitted = true
    }

    /// When the run of a roll started; nil where there is none, or a damaged one, which gives way.
    private static func start(of path: String) throws -> Int64? {
        do {
            return try RollFile(path: path)?.head.startedAt
        } catch let error where error.isDamage {
            return nil
        }
    }

    private func write(_ bytes: [UInt8]) throws(SpoolError) {
        var done = 0
        while done < bytes.count {
            let written = bytes.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress.map { $0 + done }, bytes.count - done)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw error("write") }
            done += written
        }
    }

    private func error(_ operation: String) -> SpoolError {
        SpoolError(path: path, operation: operation, code: errno, reason: String(cString: strerror(errno)))
    }
}
