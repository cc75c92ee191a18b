import Audit
import Contacts
import Foundation
import Reporting

/// Where an audit's report goes.
struct ReportFiles {
    let html: String?
    let json: String?
    var junit: String?
    /// The folder of reports, for a run that named no file.
    let folder: String
    /// A file that somebody else writes, beside which the findings go that a report has no room for; nil: none.
    var overflow: String?

    /// Writes the report.
    ///
    /// - Parameter hidesFromOthers: whether the files are readable by their owner only.
    /// - Returns: the report as it was written: it names the file of the findings that it has no room for.
    /// - Throws: `FileError`. Nothing half-written stands under a final name.
    func write(_ outcome: AuditOutcome, hidesFromOthers: Bool) throws -> AuditReport {
        var report = outcome.report
        let mode: mode_t = hidesFromOthers ? 0o600 : 0o644
        let usesFolder = html == nil && json == nil && junit == nil
        let runFolder = "\(folder)/\(report.run.id)"
        if usesFolder { try Self.makeFolder(runFolder, hidesFromOthers) }
        let jsonPath = usesFolder ? "\(runFolder)/report.json" : json
        let htmlPath = usesFolder ? "\(runFolder)/report.html" : html
        if outcome.findings.count > AuditReport.findingLimit, let beside = overflow ?? jsonPath ?? htmlPath ?? junit {
            let path = beside + ".findings.ndjson"
            try writeAll(outcome.findings, to: path, mode)
            report.truncated = AuditReport.Truncation(
                findings: outcome.findings.count,
                file: (path as NSString).lastPathComponent
            )
        }
        if let jsonPath { try AtomicFile.write(try JSONReport.encode(report), to: jsonPath, mode: mode) }
        if let htmlPath {
            try AtomicFile.write(Data(try page(report, outcome.findings).utf8), to: htmlPath, mode: mode)
        }
        if let junit { try AtomicFile.write(JUnitReport.render(report), to: junit, mode: mode) }
        if usesFolder { try pointLatest(to: report.run.id) }
        return report
    }

    /// The page that people are told of.
    func shownPath(of report: AuditReport) -> String? {
        html ?? json ?? junit ?? "\(folder)/\(report.run.id)/report.html"
    }

    /// The page, with more findings than the report holds where there are more.
    private func page(_ report: AuditReport, _ findings: FindingLog) throws -> String {
        guard findings.count > report.findings.count else {
            return try HTMLReport.render(report, findings: report.findings)
        }
        return try findings.withFirst(HTMLReport.findingLimit) { try HTMLReport.render(report, findings: $0) }
    }

    static func makeFolder(_ path: String, _ hidesFromOthers: Bool) throws {
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
        try findings.forEachPart(writer.append)
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
