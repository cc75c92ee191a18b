import ArgumentParser
import Audit
import Contacts
import Foundation
import Ledger
import Repair
import Reporting

/// `rollcall plan`: what would make the stores agree.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Audits the stores and writes the plan of what would make them agree.",
        discussion: """
            Writes to no store. The plan holds values as they are and is readable by its owner only; its page, \
            reports/<run>/plan.html, shows masks. What is decided is decided again from the values that the stores hold \
            when the plan is made, with --from too.

            EXAMPLE
              rollcall plan -o plan.json
              rollcall plan --from reports/latest/report.json -o plan.json --delete-orphans

            """
                + ExitStatus.help([
                    (.done, "everything that is wrong is in the plan"), (.findings, "something is left to a person"),
                    (.usage, "wrong usage or configuration, or nothing to plan from"),
                    (.inconclusive, "a store could not be read through; the plan leaves it alone"),
                    (.refused, "the report of --from is of other stores or mappings"),
                    (.failure, "canonical could not be read, or an internal failure"), (.interrupted, "interrupted"),
                ])
    )

    @Option(name: [.customShort("o"), .customLong("output")], help: "The file that the plan is written to.")
    var file: String

    @Option(
        help: ArgumentHelp(
            "An earlier audit's run or report whose contacts are planned for, instead of an audit.",
            valueName: "run|report"
        )
    )
    var from: String?

    @OptionGroup var permissions: RepairPermissions

    @OptionGroup var common: CommonOptions

    /// What plan prints as JSON: no value of a contact.
    private struct Answer: Encodable {
        struct Manual: Encodable {
            let contact: String
            let stores: [String]
            let fields: [String]
            let why: String
        }

        let run: String
        let plan: String
        let id: String
        let operations: Int
        let summary: [String: RepairPlan.Counts]
        let manual: [Manual]
        let page: String
        let exit: Int32
    }

    func run() async throws {
        let session = try await Session(configuration: common.config)
        let options = permissions.options(session.configuration.repair)
        let run = try session.planRun(options, quiet: common.quiet, verbose: common.verbose)
        let outcome: PlanOutcome
        if let from {
            outcome = try await run.run(from: try source(from, session.ledger))
        } else {
            outcome = try await run.run()
        }
        try PlanFile.write(outcome.plan, to: file)
        let files = RepairFiles(folder: session.configuration.paths.reports)
        if let audit = outcome.audit {
            let report = ReportFiles(html: nil, json: nil, folder: session.configuration.paths.reports)
            _ = try report.write(audit, hidesFromOthers: false)
        }
        let page = try files.write(outcome.plan)
        try session.prune()
        try show(outcome, page: page)
        if let status = ExitStatus(rawValue: outcome.exit), status != .done { throw CommandExit(status: status) }
    }

    private func source(_ text: String, _ ledger: Ledger) throws -> PlanRun.Source {
        if try ledger.run(text) != nil { return .run(text) }
        guard FileManager.default.fileExists(atPath: text) else {
            throw UsageError(
                message: "--from \(text): there is neither a run of that name, see `rollcall history`, nor a report"
            )
        }
        return .report(path: text)
    }

    private func show(_ outcome: PlanOutcome, page: String) throws {
        let plan = outcome.plan
        if common.format == .json {
            return try Output.json(
                Answer(
                    run: plan.run,
                    plan: file,
                    id: plan.id,
                    operations: plan.operations.count,
                    summary: plan.summary,
                    manual: plan.manual.map {
                        Answer.Manual(contact: $0.contact, stores: $0.stores, fields: $0.fields, why: $0.why)
                    },
                    page: page,
                    exit: outcome.exit
                )
            )
        }
        guard !common.quiet else { return }
        print(PlanText.render(plan, color: Output.hasColor, file: file), terminator: "")
        print("\nPlan: \(file)\nPage: \(page)")
    }
}

/// What a plan does only where it was asked for.
struct RepairPermissions: ParsableArguments {
    @Flag(
        inversion: .prefixedNo,
        help:
            "Delete what canonical deleted or never had. Default: as the configuration says, else listed for a person."
    )
    var deleteOrphans: Bool?

    @Flag(
        inversion: .prefixedNo,
        help: "Insert into canonical what only other stores hold. Default: as the configuration says."
    )
    var adoptOrphans: Bool?

    @Flag(help: "Make one row of several equal ones of a contact.")
    var mergeDuplicates = false

    @Flag(help: "Plan again what a store refused in an earlier apply, though nothing has changed since.")
    var retryRefused = false

    /// What was asked for here, else by the configuration.
    func options(_ repair: Configuration.Repair) -> PlanRun.Options {
        var options = PlanRun.Options()
        options.deletesOrphans = deleteOrphans ?? repair.deleteOrphans
        options.adoptsOrphans = adoptOrphans ?? repair.adoptOrphans
        options.mergesDuplicates = mergeDuplicates
        options.retriesRefused = retryRefused
        return options
    }
}

extension Session {
    /// A plan that is about to be made, with its progress on standard error.
    func planRun(_ options: PlanRun.Options, quiet: Bool, verbose: Bool) throws -> PlanRun {
        var input = try auditInput(verb: "plan", named: [])
        input.permissions = RepairAdvisor.Permissions(
            adoptOrphans: options.adoptsOrphans,
            deleteOrphans: options.deletesOrphans
        )
        let printer = ProgressPrinter(quiet: quiet, verbose: verbose, expected: try expectedRows(of: input))
        return PlanRun(input: input, options: options, state: state, ledger: ledger) { printer.show($0) }
    }
}
