import ArgumentParser
import Contacts
import Ledger

/// `rollcall status`: the last run and what is open.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Says how the last run ended and which findings are open.",
        discussion: "EXAMPLE\n  rollcall status --format json\n\n"
            + ExitStatus.help([
                (.done, "done"), (.usage, "wrong usage or configuration"), (.failure, "an internal failure"),
            ])
    )

    @OptionGroup var common: CommonOptions

    /// What status prints as JSON.
    private struct Answer: Encodable {
        let lastRun: HistoryEntry?
        let lastVerdict: HistoryEntry?
        let open: [String: Int]
    }

    func run() async throws {
        let status = try await Session(configuration: common.config).ledger.status()
        if common.format == .json {
            return try Output.json(Answer(lastRun: status.lastRun, lastVerdict: status.lastVerdict, open: status.open))
        }
        guard let last = status.lastRun else { return print("no run yet") }
        print("last run: \(last.id), \(last.verb), \(last.verdict?.rawValue ?? "no verdict"), exit \(last.exit)")
        if let verdict = status.lastVerdict, verdict.id != last.id {
            print("last verdict: \(verdict.verdict?.rawValue ?? "-") in \(verdict.id)")
        }
        if status.open.isEmpty { return print("no open findings") }
        print("open findings:")
        print(Output.table(status.open.sorted { $0.key < $1.key }.map { ["  \($0.key)", String($0.value)] }))
    }
}
