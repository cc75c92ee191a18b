import ArgumentParser
import Audit
import Contacts
import Foundation
import Reporting

/// `rollcall explain`: one contact, store by store.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Shows each store's canonical bytes for one contact, side by side, and why they differ.",
        discussion: """
            Prints values as they are.

            EXAMPLE
              rollcall explain 1042

            """
                + ExitStatus.help([
                    (.done, "the stores agree on the contact"), (.findings, "they do not"),
                    (.usage, "wrong usage or configuration"), (.inconclusive, "a store could not be read"),
                    (.failure, "canonical could not be read"),
                ])
    )

    @Argument(help: "The contact's id, in any spelling.")
    var contact: String

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let session = try await Session(configuration: common.config)
        let input = try session.auditInput(verb: "explain", named: [])
        let explanation = try await Explanation.make(of: contact, input: input)
        switch common.format {
        case .json: try Output.json(explanation)
        case .text: print(text(explanation))
        }
        if explanation.stores.contains(where: { $0.problem != nil }) { throw CommandExit(status: .inconclusive) }
        if !explanation.isEqual { throw CommandExit(status: .findings) }
    }

    private func text(_ explanation: Explanation) -> String {
        var lines = ["contact \(TerminalText.escape(explanation.contact))"]
        for store in explanation.stores {
            let rows = store.rows.map { "\(store.name):\($0)" }.joined(separator: ", ")
            lines.append(
                "  \(store.name): " + (store.problem ?? (store.rows.isEmpty ? "absent" : "\(store.state), \(rows)"))
            )
        }
        lines.append("")
        let width = explanation.fields.map(\.name.count).max() ?? 0
        for field in explanation.fields { lines += self.lines(of: field, explanation.stores, width) }
        lines.append("")
        lines.append(explanation.isEqual ? "The stores agree." : "The stores do not agree.")
        return lines.joined(separator: "\n")
    }

    /// One line for a field on which the stores agree, else one for each store.
    private func lines(of field: Explanation.Field, _ stores: [Explanation.Store], _ width: Int) -> [String] {
        let name = field.name.padding(toLength: width, withPad: " ", startingAt: 0)
        guard let why = field.why else {
            let notHeld = zip(stores, field.bytes).filter { $0.0.state == "alive" && $0.1 == nil }.map(\.0.name)
            let remark = notHeld.isEmpty ? "" : "  (not held by \(notHeld.joined(separator: ", ")))"
            return ["  \(name)  " + TerminalText.escape(field.bytes.compactMap { $0 }.first ?? "") + remark]
        }
        let rows = zip(stores, field.bytes).map { ["     \($0.0.name)", $0.1 ?? "not held or absent"] }
        return ["≠ \(name)  \(TerminalText.escape(why))", Output.table(rows)]
    }
}
