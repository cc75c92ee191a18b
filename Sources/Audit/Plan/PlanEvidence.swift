import Contacts
import Foundation
import Ledger
import Repair
import Reporting

/// What an earlier audit found, as a plan takes it up.
struct PlanEvidence {
    let findings: PlanFindings
    /// The stores that were read through then.
    let complete: Set<String>
    let roots: [String: String]

    /// - Throws: `RepairError`, `LedgerError`.
    init(_ source: PlanRun.Source, _ run: PlanRun) throws {
        switch source {
        case .run(let id): try self.init(run: id, run)
        case .report(let path): try self.init(report: path, run)
        }
    }

    /// What changed since the stores were last read through.
    ///
    /// - Throws: `LedgerError`.
    init(changed contacts: [String: [String]], _ run: PlanRun) throws {
        findings = PlanFindings(changed: contacts)
        let input = run.audit.input
        complete = try Set(([input.canonical] + input.stores).map(\.reader.name))
            .filter { try run.audit.ledger.lastRecords(of: $0) != nil }
        roots = [:]
    }

    private init(run id: String, _ run: PlanRun) throws {
        guard let entry = try run.audit.ledger.run(id) else {
            throw RepairError(.noSuchRun, "there is no run \(id) in the ledger; `rollcall history` lists them")
        }
        guard entry.verdict != nil else {
            throw RepairError(
                .noSuchRun,
                "run \(id) (\(entry.verb)) came to no verdict, so it found nothing to plan from"
            )
        }
        var findings = PlanFindings(nil)
        try run.audit.ledger.findings(of: id) { findings.add($0) }
        self.findings = findings
        roots = entry.roots
        complete = Set(entry.roots.keys)
    }

    private init(report path: String, _ run: PlanRun) throws {
        let report: AuditReport
        do {
            report = try JSONReport.decode(try Data(contentsOf: URL(filePath: path)))
        } catch {
            // What a decoder says of a file may quote it.
            throw Self.noReport(path, "it cannot be read, was cut off, or was made by another version")
        }
        guard report.run.configuration == run.audit.input.configuration else {
            throw RepairError(
                .otherConfiguration,
                "\(path) is of other stores, mappings or fields than this configuration has; audit again"
            )
        }
        var findings = PlanFindings(nil)
        if let truncated = report.truncated {
            try Self.forEachFinding(of: truncated, beside: path) { findings.add(FindingLine($0)) }
        } else {
            guard report.findings.count == report.summary.byState.values.reduce(0, +) else {
                throw Self.noReport(path, "it does not hold all of its findings")
            }
            for finding in report.findings { findings.add(FindingLine(finding)) }
        }
        self.findings = findings
        complete = Set(report.stores.filter(\.complete).map(\.name))
        roots = Dictionary(
            report.stores.compactMap { store in store.root.map { (store.name, $0) } },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// Passes all findings of a report that has no room for them, line by line.
    private static func forEachFinding(
        of truncated: AuditReport.Truncation,
        beside path: String,
        _ body: (Finding) -> Void
    ) throws {
        let folder = URL(filePath: path).deletingLastPathComponent()
        let file = folder.appending(path: (truncated.file as NSString).lastPathComponent)
        guard let data = try? Data(contentsOf: file, options: .mappedIfSafe) else {
            throw noReport(path, "the file of its findings, \(file.path), cannot be read")
        }
        var count = 0
        for line in data.split(separator: UInt8(ascii: "\n")) {
            guard let finding = try? JSONReport.decodeLine(line) else {
                throw noReport(path, "line \(count + 1) of \(file.path) is no finding")
            }
            body(finding)
            count += 1
        }
        guard count == truncated.findings else { throw noReport(path, "\(file.path) was cut off") }
    }

    private static func noReport(_ path: String, _ why: String) -> RepairError {
        RepairError(.noSuchRun, "\(path) is no report to plan from: \(why)")
    }
}
