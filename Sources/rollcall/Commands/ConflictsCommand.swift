import ArgumentParser
import Contacts
import Foundation
import Ledger
import Reporting

/// `rollcall conflicts`: values that lost, and contacts on which a person must decide.
struct ConflictsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conflicts",
        abstract: "Lists open conflicts; `conflicts resolve` says whose value a contact gets.",
        discussion: """
            A conflict is a contact that several stores changed to different values. Where one of them won, its loser's \
            values are kept here; where none did, a person decides, and the next plan does what was decided.

            EXAMPLE
              rollcall conflicts --format json
              rollcall conflicts resolve 3f9a1c0e --take crm

            """
                + ExitStatus.help([
                    (.done, "done"), (.usage, "wrong usage or configuration, or no such conflict or store"),
                    (.failure, "an internal failure"),
                ]),
        subcommands: [ConflictsListCommand.self, ConflictsResolveCommand.self],
        defaultSubcommand: ConflictsListCommand.self
    )
}

/// `rollcall conflicts list`.
struct ConflictsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists open conflicts, their values as masks.",
        discussion: "EXAMPLE\n  rollcall conflicts list --all\n\n"
            + ExitStatus.help([
                (.done, "done"), (.usage, "wrong usage or configuration"), (.failure, "an internal failure"),
            ])
    )

    @Flag(help: "Resolved ones, too.")
    var all = false

    @OptionGroup var common: CommonOptions

    /// A conflict as JSON shows it.
    private struct Answer: Encodable {
        let id: String
        let contact: String
        let winner: String?
        let loser: String?
        let stores: [String]
        let fields: [String: String?]
        let why: String
        let run: String
        let at: Date
        let resolvedAt: Date?
        let taken: String?

        init(_ conflict: SyncConflict, _ schema: ContactSchema) {
            id = conflict.id
            contact = conflict.contact
            winner = conflict.winner
            loser = conflict.loser
            stores = conflict.stores
            fields = FieldMasks.masks(of: conflict.fields, schema: schema)
            why = conflict.why
            run = conflict.run
            at = conflict.at
            resolvedAt = conflict.resolvedAt
            taken = conflict.taken
        }
    }

    func run() async throws {
        let session = try await Session(configuration: common.config)
        let answers = try session.ledger.conflicts(openOnly: !all)
            .map { Answer($0, session.configuration.schema) }
        if common.format == .json { return try Output.json(answers) }
        guard !answers.isEmpty else { return print(all ? "no conflicts" : "no open conflicts") }
        for answer in answers {
            print(TerminalText.escape(head(answer)))
            let rows = answer.fields.sorted { $0.key < $1.key }.map { ["  \($0.key)", $0.value ?? "absent"] }
            if !rows.isEmpty { print(Output.table(rows)) }
        }
    }

    private func head(_ answer: Answer) -> String {
        let sides =
            answer.winner.map { winner in "\(winner) won" + (answer.loser.map { " over \($0)" } ?? "") }
            ?? "open between \(answer.stores.joined(separator: ", "))"
        let taken = answer.taken.map { ", resolved: \($0)" } ?? ""
        return "\(answer.id)  contact \(answer.contact)  \(sides)\(taken): \(answer.why)"
    }
}

/// `rollcall conflicts resolve`.
struct ConflictsResolveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Records whose value a contact gets; the next plan writes it.",
        discussion: "EXAMPLE\n  rollcall conflicts resolve 3f9a1c0e --take crm\n\n"
            + ExitStatus.help([
                (.done, "recorded"), (.usage, "wrong usage, or no such conflict or store"),
                (.failure, "an internal failure"),
            ])
    )

    @Argument(help: "The conflict, as `rollcall conflicts` names it; its first letters where no other begins so.")
    var id: String

    @Option(help: "The store whose value the contact gets.")
    var take: String

    @OptionGroup var common: CommonOptions

    /// What resolve prints as JSON.
    private struct Answer: Encodable {
        let id: String
        let contact: String
        let taken: String
    }

    func run() async throws {
        let session = try await Session(configuration: common.config)
        let conflict = try conflict(in: session.ledger)
        let names = session.stores.map(\.name)
        guard names.contains(take) else {
            throw UsageError(
                message:
                    "--take \(take): there is no such store; the configuration has \(names.joined(separator: ", "))"
            )
        }
        try session.ledger.resolveConflict(conflict.id, take: take, at: Date())
        if common.format == .json {
            return try Output.json(Answer(id: conflict.id, contact: conflict.contact, taken: take))
        }
        guard !common.quiet else { return }
        print("contact \(TerminalText.escape(conflict.contact)) gets what \(take) holds with the next plan")
    }

    private func conflict(in ledger: Ledger) throws -> SyncConflict {
        let found = try ledger.conflicts(openOnly: true).filter { $0.id.hasPrefix(id) }
        guard let conflict = found.first(where: { $0.id == id }) ?? found.first, !id.isEmpty else {
            throw UsageError(message: "there is no open conflict \(id); `rollcall conflicts` lists them")
        }
        guard found.count == 1 || conflict.id == id else {
            throw UsageError(message: "\(found.count) conflicts begin with \(id); name one in full")
        }
        return conflict
    }
}
