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
            lines.append("  \(store.name): " + (store.problem ?? (store.rows.isEmpty ? "absent" : "\(store.state), \(rows)")))
        }
        lines.append("")
        var table = [["", "field"] + explanation.stores.map(\.name) + ["why"]]
        for field in explanation.fields {
            table.append([field.why == nil ? "" : "≠", field.name] + field.bytes.map { $0 ?? "" } + [field.why ?? ""])
        }
        lines.append(Output.table(table))
        lines.append("")
        lines.append(explanation.isEqual ? "The stores agree." : "The stores do not agree.")
        return lines.joined(separator: "\n")
    }
}
