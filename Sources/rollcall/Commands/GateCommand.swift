import ArgumentParser
import Audit
import Contacts
import Foundation
import Ledger
import Reporting
import Safety

/// `rollcall gate`: whether a release may go out.
struct GateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gate",
        abstract:
            "The release gate: the safety checks, an audit of everything, and its findings against the limits of gate:.",
        discussion: """
            Writes to no store. Of a rule without a limit in gate: no error passes, and every warning. With --baseline only \
            findings count that were not in that run. The last line says whether the gate is open, and why not. Without \
            --html the page of the audit is in reports/<run>, and reports/latest points there.

            EXAMPLE
              rollcall gate --junit gate.xml
              rollcall gate --baseline 20261123T230405Z-7f3a9c --json gate.json

            """
                + ExitStatus.help([
                    (.done, "open: SAFE or SAFE_WITH_WARNINGS, and nothing is beyond its limit"),
                    (.findings, "findings are beyond their limit"),
                    (.usage, "wrong usage or configuration, or no such baseline"),
                    (.inconclusive, "a store could not be read through"), (.refused, "UNSAFE: a safety check failed"),
                    (.failure, "canonical could not be read, or an internal failure"), (.interrupted, "interrupted"),
                ])
    )

    @Option(
        help: ArgumentHelp(
            "An earlier audit, as `rollcall history` names it, whose findings do not count; `latest`: the last one.",
            valueName: "run"
        )
    )
    var baseline: String?

    @Option(help: "Write JUnit XML for CI to this file: the checks as a suite, then those of the audit.")
    var junit: String?

    @Option(help: "Write the HTML report of the audit to this file.")
    var html: String?

    @Option(help: "Write checks, audit and verdict as JSON to this file.")
    var json: String?

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let session = try await Session(configuration: common.config)
        let baseline = try baseline(in: session.ledger)
        let input = try session.auditInput(verb: "gate", named: [])
        let printer = ProgressPrinter(
            quiet: common.quiet,
            verbose: common.verbose,
            expected: try session.expectedRows(of: input)
        )
        let gate = GateRun(
            safety: session.safetyInput(asksForAudit: false),
            input: input,
            limits: session.gateLimits,
            baseline: baseline
        ) { printer.show($0) }
        let outcome: GateRun.Outcome
        do {
            outcome = try await gate.run { printer.show(.waiting($0)) }
            printer.finish()
        } catch {
            printer.finish()
            throw error
        }
        let report = try write(outcome, reports: session.configuration.paths.reports)
        switch common.format {
        case .json: print(String(decoding: try JSONReport.encode(report), as: UTF8.self), terminator: "")
        case .text:
            if !common.quiet { show(report, outcome, reports: session.configuration.paths.reports) }
            print(TerminalText.escape(report.verdict))
        }
        if let status = ExitStatus(rawValue: outcome.exit.rawValue), status != .done {
            throw CommandExit(status: status)
        }
    }

    private func baseline(in ledger: Ledger) throws -> GateRun.Baseline? {
        guard let name = baseline else { return nil }
        let run = name == "latest" ? try ledger.status().lastVerdict?.id : name
        guard let run, let baseline = try GateRun.Baseline(run: run, in: ledger) else {
            throw UsageError(
                message: "--baseline \(name): there is no audit of that name that came to a verdict; `rollcall history`"
                    + " lists them"
            )
        }
        return baseline
    }

    // MARK: What is left of it

    /// Writes the files.
    ///
    /// - Returns: the report with the audit as it was written: it names the file of the findings that it has no room for.
    private func write(_ outcome: GateRun.Outcome, reports: String) throws -> GateReport {
        var report = outcome.report
        if let audit = outcome.audit {
            // Findings that a report has no room for are beside the JSON file.
            let files = ReportFiles(html: html, json: nil, junit: nil, folder: reports, overflow: json ?? junit)
            report.audit = try files.write(audit, hidesFromOthers: false)
        }
        if let json { try AtomicFile.write(try JSONReport.encode(report), to: json) }
        if let junit { try AtomicFile.write(JUnitReport.render(report), to: junit) }
        return report
    }

    private func show(_ report: GateReport, _ outcome: GateRun.Outcome, reports: String) {
        print(CheckText.render(report.check, evidence: common.verbose, color: Output.hasColor))
        guard let audit = report.audit else { return }
        print(TerminalReport.render(audit, color: Output.hasColor))
        print("Report: \(html ?? "\(reports)/\(audit.run.id)/report.html")")
    }
}
