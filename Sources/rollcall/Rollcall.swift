import ArgumentParser
import Foundation

/// The command line: parse, load the configuration, build the stores, call one verb, print.
@main
struct Rollcall: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "rollcall",
        abstract: "Calls the roll: every contact must be present, once, intact and equal in every store.",
        version: version,
        subcommands: [
            InitCommand.self, DemoCommand.self, InitStoreCommand.self, AuditCommand.self, CheckCommand.self,
            GateCommand.self, PlanCommand.self, ApplyCommand.self, UndoCommand.self, SyncCommand.self,
            ErrorsCommand.self, ConflictsCommand.self, ForgetCommand.self, ExplainCommand.self, HistoryCommand.self,
            StatusCommand.self,
            SchemaCommand.self,
        ]
    )

    static func main() async {
        let signals = Signals()
        let work = Task { await run(Array(CommandLine.arguments.dropFirst())) }
        let received = signals.received
        let watch = Task { for await _ in received { work.cancel() } }
        let code = await work.value
        watch.cancel()
        withExtendedLifetime(signals) {}
        Foundation.exit(code)
    }

    /// Runs a command line and says how it ended.
    private static func run(_ arguments: [String]) async -> Int32 {
        do {
            var command = try parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return ExitStatus.done.rawValue
        } catch {
            return Failure(error).report(arguments)
        }
    }
}
