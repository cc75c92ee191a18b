import ArgumentParser
import Contacts
import Foundation
import Ledger
import Reporting

/// `rollcall errors`: what went wrong and is not resolved.
struct ErrorsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "errors",
        abstract: "Lists open errors; `errors resolve` closes one.",
        discussion: """
            An error that is met again is counted, not listed again. Errors of a store are resolved by themselves when the \
            store is well, those of a contact when a reading of all stores finds no cause any more.

            EXAMPLE
              rollcall errors --format json
              rollcall errors resolve 12

            """
                + ExitStatus.help([
                    (.done, "done"), (.usage, "wrong usage or configuration, or no such error"),
                    (.failure, "an internal failure"),
                ]),
        subcommands: [ErrorsListCommand.self, ErrorsResolveCommand.self],
        defaultSubcommand: ErrorsListCommand.self
    )
}

/// `rollcall errors list`.
struct ErrorsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists open errors, the latest first.",
        discussion: "EXAMPLE\n  rollcall errors list --all\n\n"
            + ExitStatus.help([
                (.done, "done"), (.usage, "wrong usage or configuration"), (.failure, "an internal failure"),
            ])
    )

    @Flag(help: "Resolved ones, too.")
    var all = false

    @Option(help: "How many errors.")
    var limit = 100

    @OptionGroup var common: CommonOptions

    /// An error as JSON shows it.
    private struct Answer: Encodable {
        let id: Int64
        let type: LoggedError.Kind
        let system: String
        let contact: String?
        let run: String?
        let code: String
        let field: String?
        let message: String
        let firstAt: Date
        let lastAt: Date
        let count: Int
        let resolvedAt: Date?

        init(_ error: LoggedError) {
            id = error.id
            type = error.kind
            system = error.system
            contact = error.contact
            run = error.run
            code = error.code
            field = error.field
            message = error.message
            firstAt = error.firstAt
            lastAt = error.lastAt
            count = error.count
            resolvedAt = error.resolvedAt
        }
    }

    func run() async throws {
        let errors = try await Session(configuration: common.config).ledger.errors(openOnly: !all, limit: limit)
        if common.format == .json { return try Output.json(errors.map(Answer.init)) }
        guard !errors.isEmpty else { return print(all ? "no errors" : "no open errors") }
        let rows = errors.map { error in
            [
                String(error.id), error.lastAt.formatted(.iso8601), error.kind.rawValue, error.system,
                error.contact ?? "-", error.code, error.count == 1 ? "once" : "\(error.count) times", error.message,
            ]
        }
        print(Output.table([["#", "last", "type", "system", "contact", "code", "", "what"]] + rows))
    }
}

/// `rollcall errors resolve`.
struct ErrorsResolveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Closes an error.",
        discussion: "EXAMPLE\n  rollcall errors resolve 12\n\n"
            + ExitStatus.help([
                (.done, "done"), (.usage, "wrong usage or configuration, or no such error"),
                (.failure, "an internal failure"),
            ])
    )

    @Argument(help: "The error's number, as `rollcall errors` lists it.")
    var id: Int64

    @OptionGroup var common: CommonOptions

    func run() async throws {
        try await Session(configuration: common.config).ledger.resolveError(id, at: Date())
        if common.format == .json { return try Output.json(["resolved": id]) }
        if !common.quiet { print("error \(id) is resolved") }
    }
}
