import Contacts

/// Fields as a page lists them: in the schema's order, those that it does not know behind them.
struct HTMLFieldList {
    private let places: [String: Int]
    private let types: [String: FieldType]

    init(_ schema: ContactSchema) {
        let names = schema.fields.map(\.name)
        places = Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
        types = Dictionary(zip(names, schema.fields.map(\.type)), uniquingKeysWith: { first, _ in first })
    }

    /// What an operation writes: the first fields with their masks, the others by name, and whose change is lost.
    func changes(_ operation: RepairPlan.Operation) -> HTMLRepairTable.Cell {
        let names = inOrder(operation.fields.keys)
        let shown = names.prefix(PlanHTML.changeLimit)
            .compactMap { name in
                operation.fields[name]
                    .map { change in
                        HTMLChange(name, change, type: type(name), isInsert: operation.action == .insert)
                    }
            }
        let isWhole = names.isEmpty || (operation.action == .merge && operation.locator != nil)
        let rest = names.dropFirst(PlanHTML.changeLimit)
        let lost = operation.conflict.map { "overwrites a change of \($0.loser): \(list(inOrder($0.fields.keys)))" }
        let more = [rest.isEmpty ? nil : "and \(list(rest))", lost].compactMap { $0 }.joined(separator: "; ")
        return .changes(whole: isWhole ? operation.subject(naming: 0) : nil, shown, more: more.isEmpty ? nil : more)
    }

    /// The masks of what is proposed to a person.
    func proposed(_ item: RepairPlan.Manual) -> HTMLRepairTable.Cell {
        let changes = inOrder(item.proposed.keys)
            .compactMap { name in
                item.proposed[name].map { HTMLChange(name, proposed: $0, type: type(name)) }
            }
        return .changes(whole: nil, changes, more: nil)
    }

    private func type(_ name: String) -> FieldType { types[name] ?? .text }

    private func list(_ names: some Sequence<String>) -> String { names.joined(separator: ", ") }

    private func inOrder(_ names: some Sequence<String>) -> [String] {
        names.sorted { (places[$0] ?? .max, $0) < (places[$1] ?? .max, $1) }
    }
}
