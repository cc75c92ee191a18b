package import Contacts
package import Foundation
import Ledger
import Reporting

/// All findings of a run: the first of them in memory, every one of them in a file, one a line, and counted.
package final class FindingLog {
    /// The number of findings.
    package var count: Int { lines.count }
    private let path: String
    private let descriptor: CInt
    /// The findings that a report has room for, the most serious first: confirmed errors, confirmed warnings, the others.
    package var first: [Finding] { Array(byRank.joined().prefix(AuditReport.findingLimit)) }
    private var byRank = [[Finding]](repeating: [], count: 3)
    private(set) var summary = AuditReport.Summary()
    /// Every finding as the ledger keeps it, without values.
    private(set) var lines: [FindingLine] = []
    /// Confirmed findings but those of `store.unproved`, by severity.
    private(set) var confirmed: [Severity: Int] = [:]
    private(set) var unchecked = 0

    /// - Parameter folder: where the file is kept while the run lasts.
    /// - Throws: `FileError`.
    init(folder: String) throws {
        path = folder + "/findings.ndjson"
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileError(path: path, code: errno) }
    }

    deinit { close(descriptor) }

    /// - Throws: `FileError` where the file cannot be written.
    func append(_ finding: Finding) throws {
        lines.append(FindingLine(finding))
        try write(JSONReport.encodeLine(finding))
        let rank = finding.state != .confirmed ? 2 : finding.severity == .error ? 0 : 1
        if byRank[rank].count < AuditReport.findingLimit { byRank[rank].append(finding) }
        summary.byState[finding.state.rawValue, default: 0] += 1
        if finding.state == .unchecked { unchecked += 1 }
        guard finding.state == .confirmed else { return }
        if finding.rule != .storeUnproved { confirmed[finding.severity, default: 0] += 1 }
        summary.findings += 1
        summary.bySeverity[finding.severity.rawValue, default: 0] += 1
        summary.byKind[finding.kind.rawValue, default: 0] += 1
        summary.byRule[finding.rule.name, default: 0] += 1
        for store in finding.stores {
            summary.byStore[store, default: 0] += 1
            for field in finding.fields { summary.byStoreAndField[store, default: [:]][field.name, default: 0] += 1 }
        }
        for field in finding.fields { summary.byField[field.name, default: 0] += 1 }
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

    func setChanges(new: Int, gone: Int, unchanged: Int) {
        summary.new = new
        summary.gone = gone
        summary.unchanged = unchanged
    }

    /// Calls `body` with every finding's line, without its end.
    package func forEachLine(_ body: (Data) throws -> Void) throws {
        guard let file = FileHandle(forReadingAtPath: path) else { return }
        defer { try? file.close() }
        var rest = Data()
        while let chunk = try file.read(upToCount: 1 << 20), !chunk.isEmpty {
            rest.append(chunk)
            while let end = rest.firstIndex(of: 0x0A) {
                try body(Data(rest[rest.startIndex..<end]))
                rest = rest[(end + 1)...]
            }
            rest = Data(rest)
        }
    }
}
