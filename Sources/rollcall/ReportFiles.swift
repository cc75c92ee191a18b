import Audit
import Contacts
import Foundation
import Reporting

/// Where an audit's report goes.
struct ReportFiles {
    let html: String?
    let json: String?
    /// The folder of reports, for a run that named no file.
    let folder: String

    /// Writes the report.
    ///
    /// - Parameter hidesFromOthers: whether the files are readable by their owner only.
    /// - Returns: the report as it was written: it names the file of the findings that it has no room for.
    /// - Throws: `FileError`. Nothing half-written stands under a final name.
    func write(_ outcome: AuditOutcome, hidesFromOthers: Bool) throws -> AuditReport {
        var report = outcome.report
        let mode: mode_t = hidesFromOthers ? 0o600 : 0o644
        let usesFolder = html == nil && json == nil
        let runFolder = "\(folder)/\(report.run.id)"
        if usesFolder { try makeFolder(runFolder, hidesFromOthers) }
        let jsonPath = usesFolder ? "\(runFolder)/report.json" : json
        let htmlPath = usesFolder ? "\(runFolder)/report.html" : html
        if outcome.findings.count > AuditReport.findingLimit, let beside = jsonPath ?? htmlPath {
            let path = beside + ".findings.ndjson"
            try writeAll(outcome.findings, to: path, mode)
            report.truncated = AuditReport.Truncation(
                findings: outcome.findings.count,
                file: (path as NSString).lastPathComponent
            )
        }
        if let jsonPath { try AtomicFile.write(try JSONReport.encode(report), to: jsonPath, mode: mode) }
        if let htmlPath { try AtomicFile.write(Data(try HTMLReport.render(report).utf8), to: htmlPath, mode: mode) }
        if usesFolder { try pointLatest(to: report.run.id) }
        return report
    }

    /// The page that people are told of.
    func shownPath(of report: AuditReport) -> String? {
        html ?? json ?? "\(folder)/\(report.run.id)/report.html"
    }

    private func makeFolder(_ path: String, _ hidesFromOthers: Bool) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: hidesFromOthers ? 0o700 : 0o755]
            )
        } catch let error as CocoaError {
            throw FileError(path: path, code: (error.underlying as? POSIXError)?.code.rawValue ?? EIO)
        }
    }

    private func writeAll(_ findings: FindingLog, to path: String, _ mode: mode_t) throws {
        let writer = try AtomicFileWriter(path: path, mode: mode)
        try findings.forEachLine { line in
            try writer.append(line)
            try writer.append([0x0A])
        }
        try writer.commit()
    }

    /// Points `latest` at a run, in one step.
    private func pointLatest(to run: String) throws {
        let link = "\(folder)/latest"
        let temporary = "\(link).\(run)"
        guard symlink(run, temporary) == 0 else { throw FileError(path: temporary, code: errno) }
        guard rename(temporary, link) == 0 else {
            let code = errno
            unlink(temporary)
            throw FileError(path: link, code: code)
        }
    }
}
