import ArgumentParser
import Contacts
import Foundation
import Ledger
import Repair
import Reporting

/// `rollcall undo`: takes back what an apply wrote.
struct UndoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo",
        abstract: "Gives records that a run wrote the values that they had before.",
        discussion: """
            A record that was changed since the run stays as it is and is listed. An undo can be undone. Writes undo.json \
            and undo.html to reports/<run>.

            EXAMPLE
              rollcall undo 20261123T230405Z-7f3a9c --dry-run
              rollcall undo latest --yes

            """
                + ExitStatus.help([
                    (.done, "everything is as it was before"), (.findings, "something could not be restored"),
                    (.usage, "wrong usage or configuration, or no such run"),
                    (.refused, "it is too large, or the run wrote to other stores or mappings"),
                    (.failure, "a store could not be read or written, or an internal failure"),
                    (.interrupted, "interrupted; the same command goes on"),
                ])
    )

    @Argument(
        help: ArgumentHelp(
            "The run, as `rollcall history` and the report of the apply name it; `latest`: the last that wrote something.",
            valueName: "run"
        )
    )
    var name: String

    @OptionGroup var consent: WriteConsent

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let session = try await Session(configuration: common.config)
        let run = try run(in: session.ledger)
        let input = try session.applyInput(allowsLarge: consent.allowLarge, isDryRun: consent.dryRun)
        // Of a run that wrote nothing the undo itself says so.
        if let journal = try session.ledger.journalRun(run) {
            if let summary = try summary(of: journal, session.ledger), !common.quiet, common.format == .text {
                print(summary)
            }
            try await consent.ask("Take back what it wrote?", verb: "undo")
        }
        let printer = ProgressPrinter(quiet: common.quiet, verbose: common.verbose, expected: [:])
        try session.finish(try await session.undo(run, input, printer), common)
    }

    private func run(in ledger: Ledger) throws -> String {
        guard name == "latest" else { return name }
        let writing = try ledger.history(limit: Self.searched)
            .first { run in
                ["apply", "undo"].contains(run.verb) && run.counts["dryRun"] == nil
                    && run.counts[ApplyReport.Outcome.done.rawValue] != nil
            }
        guard let writing else {
            throw RepairError(.noSuchRun, "none of the last \(Self.searched) runs wrote to a store")
        }
        return writing.id
    }

    /// Runs of the history among which `latest` is looked for.
    private static let searched = 1000

    /// What the run came to; nil for one that a crash has left open.
    private func summary(of journal: JournalRun, _ ledger: Ledger) throws -> String? {
        guard let entry = try ledger.run(journal.id) else { return nil }
        let counts = ApplyReport.Outcome.allCases.compactMap { outcome in
            entry.counts[outcome.rawValue].map { "\($0) \(outcome.rawValue)" }
        }
        return "run \(entry.id), \(entry.verb): \(counts.joined(separator: ", "))"
    }
}
