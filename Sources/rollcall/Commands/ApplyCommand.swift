import ArgumentParser
import Contacts
import Foundation
import Ledger
import Repair
import Reporting

/// `rollcall apply`: carries a plan out.
struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Carries a plan out, and reads again what it wrote.",
        discussion: """
            Writes a record only where it still is what the plan expects; one that changed since stays as it is. Everything \
            that is written is in a journal first: after a crash the same command goes on where it stopped, and \
            `rollcall undo` takes it back. Writes apply.json and apply.html to reports/<run>.

            EXAMPLE
              rollcall apply plan.json --dry-run
              rollcall apply plan.json --yes

            """
                + ExitStatus.help([
                    (.done, "everything is as planned"),
                    (.findings, "something was newer, refused or not possible, or is left to a person"),
                    (.usage, "wrong usage or configuration, or no plan"),
                    (.refused, "the plan was edited, is too old or too large, or is of other stores or mappings"),
                    (.failure, "a store could not be read or written, or an internal failure"),
                    (.interrupted, "interrupted; the same command goes on"),
                ])
    )

    @Argument(help: "The file that `rollcall plan` wrote.")
    var plan: String

    @OptionGroup var consent: WriteConsent

    @Option(help: ArgumentHelp("How old the plan may be: 90m, 24h, 7d.", valueName: "age"))
    var maxAge = Age(.seconds(86_400))

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let session = try await Session(configuration: common.config)
        let plan = try PlanFile.read(path: plan)
        // What a crash has left open is finished, however old it is.
        let isOpen = try session.ledger.openJournals().contains { $0.plan == plan.id }
        let input = try session.applyInput(allowsLarge: consent.allowLarge, isDryRun: consent.dryRun)
        try PlanFile.check(
            plan,
            configuration: input.configuration,
            maxAge: isOpen ? .seconds(Int64.max / 2) : maxAge.duration,
            now: input.now()
        )
        if !common.quiet, common.format == .text {
            print(PlanText.render(plan, color: Output.hasColor, file: self.plan))
        }
        if !plan.operations.isEmpty {
            try await consent.ask("Carry out \(plan.operations.count) operations?", verb: "apply")
        }
        let printer = ProgressPrinter(quiet: common.quiet, verbose: common.verbose, expected: [:])
        let report = try await session.apply(plan, input, printer)
        try session.finish(report, common)
    }
}

/// Whether and how much a command may write.
struct WriteConsent: ParsableArguments {
    @Flag(help: "Check everything and write nothing.")
    var dryRun = false

    @Flag(help: "Do not ask.")
    var yes = false

    @Flag(help: "Allow more changes than `limits:` in the configuration does.")
    var allowLarge = false

    /// Asks a person, unless that was done without.
    ///
    /// - Throws: `UsageError` where there is nobody to ask, `CommandExit` where the answer is no, `CancellationError`.
    func ask(_ question: String, verb: String) async throws {
        guard !yes, !dryRun else { return }
        guard Terminal.canAsk else {
            throw UsageError(
                message:
                    "\(verb) writes to stores and there is no terminal to ask on; say --yes, or --dry-run to look only"
            )
        }
        guard try await Terminal.asks(question) else {
            Terminal.say("Nothing was written.")
            throw CommandExit(status: .findings)
        }
    }
}

/// A length of time on the command line: `500ms`, `90m`, `24h`, `7d`.
struct Age: ExpressibleByArgument, CustomStringConvertible {
    let duration: Duration
    let description: String

    init(_ duration: Duration) {
        self.duration = duration
        description = "\(duration.components.seconds / 3600)h"
    }

    init?(argument: String) {
        let units = ["ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
        guard let match = argument.wholeMatch(of: /([0-9]{1,9})(ms|s|m|h|d)/), let number = Int64(match.1),
            let unit = units[String(match.2)]
        else { return nil }
        duration = .milliseconds(number * Int64(unit))
        description = argument
    }

    var defaultValueDescription: String { description }
}

extension Session {
    /// Carries a plan out, with its progress on the printer.
    func apply(_ plan: RepairPlan, _ input: ApplyInput, _ printer: ProgressPrinter) async throws -> ApplyReport {
        defer { printer.finish() }
        do {
            return try await Applier(
                plan: plan,
                input: input,
                state: state,
                ledger: ledger,
                progress: { printer.show($0) }
            )
            .run()
        } catch {
            try await keep(error)
            throw error
        }
    }

    /// Takes back what a run wrote, likewise.
    func undo(_ run: String, _ input: ApplyInput, _ printer: ProgressPrinter) async throws -> ApplyReport {
        defer { printer.finish() }
        return try await Undo(
            run: run,
            input: input,
            state: state,
            ledger: ledger,
            progress: { printer.show($0) }
        )
        .run()
    }

    /// Writes and shows what an apply or an undo came to, and ends the command with its exit code.
    func finish(_ report: ApplyReport, _ common: CommonOptions) throws {
        let page = report.isDryRun ? nil : try RepairFiles(folder: configuration.paths.reports).write(report)
        if !report.isDryRun { try prune() }
        switch common.format {
        case .json: print(String(decoding: try JSONReport.encode(report), as: UTF8.self), terminator: "")
        case .text:
            guard !common.quiet else { break }
            print(ApplyText.render(report, color: Output.hasColor), terminator: "")
            if let page { print("\nReport: \(page)") }
        }
        if let status = ExitStatus(rawValue: report.run.exit), status != .done { throw CommandExit(status: status) }
    }
}
