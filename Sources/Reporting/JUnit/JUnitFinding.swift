import Contacts

/// A finding as lines of a test's output.
struct JUnitFinding {
    /// The longest value that is shown, in Unicode scalars.
    private static let longest = 200

    let finding: Finding
    /// All stores of the report, in its order.
    let stores: [String]

    /// `contact 123: crm holds another value than warehouse.`
    var sentence: String { finding.contact.map { "contact \($0): \(finding.message)" } ?? finding.message }

    /// What each store shows of each field, a line each.
    var fields: [String] { finding.fields.map { "    " + line($0) } }

    private func line(_ field: FieldDifference) -> String {
        let order = stores + field.values.keys.filter { !stores.contains($0) }.sorted()
        let values = order.compactMap { store in
            field.values[store]
                .map { value in
                    let length = field.sameMask ? " (length \(Format.count(field.lengths[store] ?? 0)))" : ""
                    return "\(store) \(value.map(shortened) ?? "absent")\(length)"
                }
        }
        let proposed = field.proposed.map { ["proposed \(shortened($0))"] } ?? []
        return values.isEmpty && proposed.isEmpty
            ? field.name : "\(field.name): \((values + proposed).joined(separator: ", "))"
    }

    private func shortened(_ value: String) -> String {
        let scalars = value.unicodeScalars
        guard scalars.count > Self.longest else { return value }
        return String(String.UnicodeScalarView(scalars.prefix(Self.longest))) + "…"
    }
}
