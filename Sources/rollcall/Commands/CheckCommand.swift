import ArgumentParser
import Contacts
import Foundation
import Reporting
import Safety

/// `rollcall check`: the ten safety checks.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Says whether it is safe to run: ten checks, each of which does what it claims.",
        discussion: """
            Reads stores and writes none. What it tries out it tries on stores of its own, which are gone afterwards; into \
            the ledger it writes an error and an event, reads them back and takes them out. --verbose shows what each check saw.

            EXAMPLE
              rollcall check
              rollcall check --format json

            """
                + ExitStatus.help([
                    (.done, "SAFE or SAFE_WITH_WARNINGS"), (.usage, "wrong usage or configuration"),
                    (.refused, "UNSAFE"), (.failure, "canonical could not be read, or an internal failure"),
                    (.interrupted, "interrupted"),
                ])
    )

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let session = try await Session(configuration: common.config)
        let (quiet, input) = (common.quiet, session.safetyInput(asksForAudit: true))
        let run = CheckRun(input: input, version: Rollcall.version, configuration: session.configurationDigest)
        let report = try await run.run { if !quiet { Terminal.say($0) } }
        switch common.format {
        case .json: print(String(decoding: try JSONReport.encode(report), as: UTF8.self), terminator: "")
        case .text:
            print(CheckText.render(report, evidence: common.verbose, color: Output.hasColor), terminator: "")
        }
        if let status = ExitStatus(rawValue: report.run.exit), status != .done { throw CommandExit(status: status) }
    }
}
