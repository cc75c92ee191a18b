import ArgumentParser
import Contacts
import Reporting
import Rules

/// `rollcall schema`: the contact, the rules, and the shapes of our files.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints the contact schema, the rules, or the JSON Schema of one of our files.",
        discussion: "EXAMPLE\n  rollcall schema --json report\n  rollcall schema --rules\n\n"
            + ExitStatus.help([(.done, "done"), (.usage, "wrong usage")])
    )

    @Option(name: .customLong("json"), help: "The JSON Schema of: report, plan, apply, check, gate, config.")
    var document: String?

    @Flag(help: "The rules, and how rule files are written, as Markdown.")
    var rules = false

    @OptionGroup var output: OutputOptions

    /// A field as JSON shows it.
    private struct Field: Encodable {
        let name: String
        let type: String
        let group: String
        let compared: Bool
    }

    /// A rule as JSON shows it.
    private struct Rule: Encodable {
        let id: String
        let kind: String
        let severity: String
        let summary: String
        let needsHistory: Bool

        init(_ rule: RuleDescription) {
            id = rule.id.name
            kind = rule.id.kind?.rawValue ?? ""
            severity = rule.severity.rawValue
            summary = rule.summary
            needsHistory = rule.needsHistory
        }
    }

    func run() throws {
        if let document { return try printSchema(of: document) }
        if rules { return try printRules() }
        let fields = ContactSchema.standard.fields
        if output.format == .json {
            return try Output.json(
                fields.map { Field(name: $0.name, type: $0.type.name, group: $0.group, compared: $0.role == .compared) }
            )
        }
        let rows = fields.map { [$0.name, $0.type.name, $0.group, $0.role == .compared ? "compared" : "not compared"] }
        print(Output.table([["field", "type", "group", ""]] + rows))
    }

    private func printSchema(of document: String) throws {
        guard !rules else { throw UsageError(message: "--rules and --json exclude each other") }
        guard let schema = SchemaDocument(rawValue: document) else {
            let all = SchemaDocument.allCases.map(\.rawValue).joined(separator: ", ")
            throw UsageError(message: "--json \(document): there is no such file; there are \(all)")
        }
        print(schema.text)
    }

    private func printRules() throws {
        if output.format == .json { return try Output.json(RuleCatalog.all.map(Rule.init)) }
        print(RuleReference.markdown, terminator: "")
    }
}
