import ArgumentParser
import Contacts
import Fingerprint
import Foundation
import Ledger
import Reporting

/// `rollcall forget`: erases a person from Rollcall's own state.
struct ForgetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Erases a person from Rollcall's own state, and never brings them back.",
        discussion: """
            Erases the contact from the journal, so that what was written to it can no longer be undone, and from the \
            conflicts. What is kept is a keyed digest of the id, by which later plans leave the contact alone. Stores are not \
            written; plans and reports that name the contact are yours to remove.

            EXAMPLE
              rollcall forget 1042

            """
                + ExitStatus.help([
                    (.done, "forgotten"), (.usage, "wrong usage or configuration"), (.failure, "an internal failure"),
                ])
    )

    @Argument(help: "The contact's id, in any spelling.")
    var contact: String

    @OptionGroup var common: CommonOptions

    /// What forget prints as JSON.
    private struct Answer: Encodable {
        let forgotten: String
    }

    func run() async throws {
        guard let key = CanonicalKey.text(of: contact).map({ String(decoding: $0, as: UTF8.self) }) else {
            throw UsageError(message: "\"\(contact)\" is no contact's id")
        }
        let session = try await Session(configuration: common.config)
        let identity = FindingIdentity(key: try session.state.findingKey())
        // An apply that is under way would write it to its journal again.
        try await session.state.withLock {
            try session.ledger.forget(contact: key, digest: identity.digest(ofForgotten: key), at: Date())
        }
        if common.format == .json { return try Output.json(Answer(forgotten: key)) }
        if !common.quiet { print("contact \(TerminalText.escape(key)) is forgotten") }
    }
}
