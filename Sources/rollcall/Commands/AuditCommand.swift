import ArgumentParser
import Audit
import Contacts
import Foundation
import Reporting

/// `rollcall audit`: the integrity audit.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract:
            "Compares every store with canonical and reports what is true, what is not, and what was not checked.",
        discussion: """
            Never writes to a store. Without --html, --json and --junit it writes report.html and report.json to
            reports/<run> and points reports/latest there.

            EXAMPLE
              rollcall audit --only drift --store crm
              rollcall audit --junit rollcall.xml --html rollcall.html

            """
                + ExitStatus.help([
                    (.done, "nothing is wrong"), (.findings, "confirmed findings at or above --fail-on"),
                    (.usage, "wrong usage or configuration"), (.inconclusive, "a store could not be read through"),
                    (.failure, "canonical could not be read, or an internal failure"), (.interrupted, "interrupted"),
                ])
    )

    enum FailOn: String, ExpressibleByArgument, CaseIterable {
        case error
        case warning
        case never
    }

    @OptionGroup var common: CommonOptions

    @Option(name: .customLong("store"), help: "A store to compare with canonical; may be repeated. Default: all.")
    var stores: [String] = []

    @Option(
        help: "Kinds of rules to run, by comma: drift, duplicate, corruption, custom. Rules about stores always run."
    )
    var only: String?

    @Option(help: "Write the HTML report to this file.")
    var html: String?

    @Option(help: "Write the JSON report to this file.")
    var json: String?

    @Option(help: "Write JUnit XML for CI to this file: a test suite for each store, a case for each rule.")
    var junit: String?

    @Option(help: "The least severity that makes exit code 1.")
    var failOn = FailOn.error

    @Flag(help: "Take differences as the scan saw them.")
    var noRecheck = false

    @Flag(help: "Read every record, also where a store's engine could compute digests (pushdown: true).")
    var noPushdown = false

    @Flag(help: "Show values as they are instead of masks; files are then readable by their owner only.")
    var showValues = false

    func run() async throws {
        let session = try await Session(configuration: common.config)
        var input = try session.auditInput(verb: "audit", named: stores)
        input.recheck.isEnabled = !noRecheck
        input.allowsPushdown = !noPushdown
        input.showsValues = showValues
        input.failOn = failOn == .never ? nil : failOn == .warning ? .warning : .error
        if let only { input.kinds = try kinds(only) }
        let outcome = try await session.audit(input, quiet: common.quiet, verbose: common.verbose)
        let files = ReportFiles(html: html, json: json, junit: junit, folder: session.configuration.paths.reports)
        let report = try files.write(outcome, hidesFromOthers: showValues)
        switch common.format {
        case .json: print(String(decoding: try JSONReport.encode(report), as: UTF8.self), terminator: "")
        case .text:
            if !common.quiet { print(TerminalReport.render(report, color: Output.hasColor), terminator: "") }
            if !common.quiet, let path = files.shownPath(of: report) { print("\nReport: \(path)") }
        }
        if let status = ExitStatus(rawValue: report.run.exit), status != .done { throw CommandExit(status: status) }
    }

    private func kinds(_ text: String) throws -> Set<FindingKind> {
        try Set(
            text.split(separator: ",")
                .map { word in
                    guard let kind = FindingKind(rawValue: word.trimmingCharacters(in: .whitespaces)) else {
                        let all = FindingKind.allCases.map(\.rawValue).joined(separator: ", ")
                        throw UsageError(message: "--only \(word): there is no such kind of rules; there are \(all)")
                    }
                    return kind
                }
        )
    }
}

extension Session {
    /// Runs an audit with its progress on standard error.
    func audit(_ input: AuditInput, quiet: Bool, verbose: Bool) async throws -> AuditOutcome {
        let printer = ProgressPrinter(
            quiet: quiet,
            verbose: verbose,
            expected: try expectedRows(of: input)
        )
        let startedAt = Date()
        do {
            defer { printer.finish() }
            let outcome = try await AuditRun(input: input, state: state, ledger: ledger) { printer.show($0) }.run()
            try await keepErrors(of: outcome, since: startedAt)
            return outcome
        } catch {
            try await keep(error)
            throw error
        }
    }
}
