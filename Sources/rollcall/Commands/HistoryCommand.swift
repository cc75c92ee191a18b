import ArgumentParser
import Contacts
import Ledger

/// `rollcall history`: earlier runs, and whether their record is whole.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Lists earlier runs; `history verify` checks that the record is whole.",
        discussion: "EXAMPLE\n  rollcall history verify\n\n"
            + ExitStatus.help([
                (.done, "done"), (.findings, "verify: the chain is broken"), (.usage, "wrong usage or configuration"),
                (.failure, "an internal failure"),
            ]),
        subcommands: [HistoryListCommand.self, HistoryVerifyCommand.self],
        defaultSubcommand: HistoryListCommand.self
    )
}

/// `rollcall history list`.
struct HistoryListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists earlier runs, newest first.")

    @OptionGroup var common: CommonOptions

    @Option(help: "How many runs.")
    var limit = 50

    func run() async throws {
        let entries = try await Session(configuration: common.config).ledger.history(limit: limit)
        if common.format == .json { return try Output.json(entries) }
        if entries.isEmpty { return print("no run yet") }
        let rows = entries.map { entry in
            [
                String(entry.chain), entry.id, entry.verb, entry.verdict?.rawValue ?? "-", "exit \(entry.exit)",
                entry.counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "),
            ]
        }
        print(Output.table([["#", "run", "verb", "verdict", "", "findings"]] + rows))
    }
}

/// `rollcall history verify`.
struct HistoryVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Checks the chain of entries; names the first that is broken.",
        discussion: "Without a historyKey in the configuration it detects accidents, not forgery."
    )

    @OptionGroup var common: CommonOptions

    /// What verify prints as JSON.
    private struct Answer: Encodable {
        let whole: Bool
        let entries: Int?
        let broken: Int?
        let why: String?
    }

    func run() async throws {
        let session = try await Session(configuration: common.config)
        let key = session.configuration.historyKey.map { $0.withBytes { Array($0) } }
        switch try session.ledger.verify(historyKey: key) {
        case .whole(let entries):
            if common.format == .json {
                return try Output.json(Answer(whole: true, entries: entries, broken: nil, why: nil))
            }
            print("the chain is whole: \(entries) \(entries == 1 ? "entry" : "entries")")
        case .broken(let position, let why):
            if common.format == .json {
                try Output.json(Answer(whole: false, entries: nil, broken: position, why: why))
            } else {
                print("the chain is broken at entry \(position): \(why)")
            }
            throw CommandExit(status: .findings)
        }
    }
}
