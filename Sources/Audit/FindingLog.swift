package import Contacts
package import Foundation
package import Ledger
import Reporting
import Rules

/// All findings of a run: every one of them in a file, one a line, and counted. None is held in memory but for what the
/// ledger keeps of it.
package final class FindingLog {
    /// The number of findings.
    package var count: Int { lines.count }
    /// Every finding as the ledger keeps it, without values.
    package private(set) var lines: [FindingLine] = []
    /// How much each of them weighs, in the order of `lines`.
    package private(set) var severities: [Severity] = []
    private(set) var counts = FindingCounts()
    private(set) var waivers: WaiverBook
    /// How the contacts with confirmed drift are spread.
    var spread = SpreadCounter()
    /// Suspicions that were not read again.
    package var unchecked: Int { counts.unchecked }
    private var order = FindingOrder()
    /// Where in the file the line of each finding ends.
    private var ends: [Int] = []
    private let path: String
    private let descriptor: CInt
    /// Why a finding could not be read back.
    private var failure: FileError?

    /// - Parameter folder: where the file is kept while the run lasts.
    /// - Throws: `FileError`.
    init(folder: String, waivers: WaiverBook = WaiverBook([], on: .distantPast)) throws {
        self.waivers = waivers
        path = folder + "/findings.ndjson"
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileError(path: path, code: errno) }
    }

    deinit { close(descriptor) }

    /// - Throws: `FileError` where the file cannot be written.
    func append(_ finding: Finding) throws {
        let finding = waivers.waived(finding)
        let line = try JSONReport.encodeLine(finding)
        try write(line)
        order.add(finding, at: lines.count)
        ends.append((ends.last ?? 0) + line.count)
        lines.append(FindingLine(finding))
        severities.append(finding.severity)
        counts.add(finding)
    }

    func setChanges(_ changes: FindingChanges) { counts.setChanges(changes) }

    /// Passes the first findings in the order of a report to `body`, which reads them from the file as it asks for them.
    ///
    /// - Throws: what `body` throws; `FileError` where a finding could not be read back, which `body` takes for the end.
    package func withFirst<Result>(_ limit: Int, _ body: (AnySequence<Finding>) throws -> Result) throws -> Result {
        let positions = order.first(limit) { lines[$0].contact }
        failure = nil
        let result = try body(
            AnySequence {
                var rest = positions[...]
                return AnyIterator { self.failure == nil ? rest.popFirst().flatMap(self.finding(at:)) : nil }
            }
        )
        if let failure { throw failure }
        return result
    }

    /// Calls `body` with the bytes of all findings' lines, in the order in which they were found, part by part.
    ///
    /// - Throws: what `body` throws; `FileError` where the file cannot be read.
    package func forEachPart(_ body: (Data) throws -> Void) throws {
        let size = ends.last ?? 0
        for start in stride(from: 0, to: size, by: 1 << 20) {
            try body(read(start..<min(start + 1 << 20, size)))
        }
    }

    private func finding(at position: Int) -> Finding? {
        do {
            return try JSONReport.decodeLine(read((position == 0 ? 0 : ends[position - 1])..<ends[position]))
        } catch let error as FileError {
            failure = error
        } catch {
            // What a decoder says of a line may quote it.
            failure = FileError(path: path, code: EIO)
        }
        return nil
    }

    private func read(_ range: Range<Int>) throws -> Data {
        var data = Data(count: range.count)
        var start = 0
        while start < range.count {
            let count = data.withUnsafeMutableBytes { bytes in
                pread(
                    descriptor,
                    bytes.baseAddress?.advanced(by: start),
                    range.count - start,
                    off_t(range.lowerBound + start)
                )
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileError(path: path, code: count < 0 ? errno : EIO) }
            start += count
        }
        return data
    }

    private func write(_ line: Data) throws {
        try line.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = Foundation.write(
                    descriptor,
                    UnsafeRawBufferPointer(rebasing: rest).baseAddress,
                    rest.count
                )
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { throw FileError(path: path, code: errno) }
                rest = rest.dropFirst(written)
            }
        }
    }
}
