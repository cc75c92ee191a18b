import ArgumentParser
import Audit
import Contacts
import Reporting

/// `rollcall init-store`: makes what a store needs to hold contacts.
struct InitStoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init-store",
        abstract: "Makes what a store lacks to hold contacts: custom fields in Twenty.",
        discussion: """
            Adds what is missing and changes nothing that is there; contacts are not touched. The same command may be \
            repeated.

            EXAMPLE
              rollcall init-store crm --dry-run
              rollcall init-store crm

            """
                + ExitStatus.help([
                    (.done, "the store has all it needs"), (.findings, "the store refuses a part"),
                    (.usage, "wrong usage or configuration, no such store, or one that needs nothing"),
                    (.failure, "the store could not be reached, read or written, or an internal failure"),
                ])
    )

    @Argument(help: ArgumentHelp("The store, as the configuration names it.", valueName: "store"))
    var name: String

    @Flag(help: "Say what would be made, and make nothing.")
    var dryRun = false

    @OptionGroup var common: CommonOptions

    /// What init-store prints as JSON, for each part.
    private struct Answer: Encodable {
        enum State: String, Encodable {
            case lacking
            case made
            case there
            case refused
        }

        let part: String
        let statement: String
        let state: State
        let why: String?
    }

    func run() async throws {
        let session = try await Session(configuration: common.config)
        let store = try store(in: session)
        let printer = ProgressPrinter(quiet: common.quiet, verbose: common.verbose, expected: [:])
        let notify: @Sendable (String) -> Void = { printer.show(AuditProgress.waiting($0)) }
        let parts = try await store.lacking(notify: notify)
        var answers: [Answer] = []
        for part in parts {
            try Task.checkCancellation()
            let answer = dryRun ? Self.answer(part, nil) : Self.answer(part, try await store.make(part, notify: notify))
            answers.append(answer)
            if common.format == .text, !common.quiet { print(TerminalText.escape(line(answer))) }
        }
        if common.format == .json {
            try Output.json(answers)
        } else if answers.isEmpty, !common.quiet {
            print("\(name) has all it needs")
        }
        if answers.contains(where: { $0.state == .refused }) { throw CommandExit(status: .findings) }
    }

    private func store(in session: Session) throws -> any PreparableStore {
        guard let store = session.stores.first(where: { $0.name == name }) else {
            let names = session.stores.map(\.name).joined(separator: ", ")
            throw UsageError(message: "there is no store \(name); the configuration has \(names)")
        }
        guard let preparable = store as? any PreparableStore else {
            throw UsageError(message: "stores.\(name): stores of kind \(store.kind) need nothing to be made")
        }
        return preparable
    }

    private static func answer(_ part: StorePart, _ outcome: StorePart.Outcome?) -> Answer {
        let (state, why): (Answer.State, String?) =
            switch outcome {
            case nil: (.lacking, nil)
            case .made: (.made, nil)
            case .wasThere: (.there, nil)
            case .refused(let why): (.refused, why)
            }
        return Answer(part: part.name, statement: part.statement, state: state, why: why)
    }

    private func line(_ answer: Answer) -> String {
        switch answer.state {
        case .lacking: "would make \(answer.statement)"
        case .made: "made \(answer.statement)"
        case .there: "there already: \(answer.statement)"
        case .refused: "refused: \(answer.statement). \(answer.why ?? "")"
        }
    }
}
