import ArgumentParser
import Contacts
import Reporting

/// `rollcall schema`: the contact, and the shapes of our files.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints the contact schema, or the JSON Schema of one of our files.",
        discussion: "EXAMPLE\n  rollcall schema --json report\n\n"
            + ExitStatus.help([(.done, "done"), (.usage, "wrong usage")])
    )

    @Option(name: .customLong("json"), help: "The JSON Schema of: report, plan, config.")
    var document: String?

    @OptionGroup var output: OutputOptions

    /// A field as JSON shows it.
    private struct Field: Encodable {
        let name: String
        let type: String
        let group: String
        let compared: Bool
    }

    func run() throws {
        if let document {
            guard let schema = SchemaDocument(rawValue: document) else {
                let all = SchemaDocument.allCases.map(\.rawValue).joined(separator: ", ")
                throw UsageError(message: "--json \(document): there is no such file; there are \(all)")
            }
            return print(schema.text)
        }
        let fields = ContactSchema.standard.fields
        if output.format == .json {
            return try Output.json(
                fields.map { Field(name: $0.name, type: $0.type.name, group: $0.group, compared: $0.role == .compared) }
            )
        }
        let rows = fields.map { [$0.name, $0.type.name, $0.group, $0.role == .compared ? "compared" : "not compared"] }
        print(Output.table([["field", "type", "group", ""]] + rows))
    }
}
