package import Contacts

/// A contact as the suite means it; a store's maker writes it in whatever shape the store has.
package struct LogicalContact: Sendable, Hashable {
    package enum Value: Sendable, Hashable {
        /// The value as plain text of its type: `true`, `1999-12-31`, JSON text.
        case text(String)
        /// The members of a set, the primary one first.
        case members([String])

        /// The value as a store that keeps one text for a scalar and a list for a set hands it over.
        package var raw: RawValue {
            switch self {
            case .text(let text): .text(text)
            case .members(let members): .list(members.map { .text($0) }, primary: members.isEmpty ? nil : 0)
            }
        }
    }

    package let key: String
    /// By field name, the key not among them; a field without one is absent.
    package let fields: [String: Value]

    package init(key: String, fields: [String: Value] = [:]) {
        self.key = key
        self.fields = fields
    }

    package subscript(field: String) -> Value? { field == ContactSchema.Name.key ? .text(key) : fields[field] }
}

extension LogicalContact {
    /// A contact with a value of every type.
    static func sample(_ number: Int) -> LogicalContact {
        LogicalContact(
            key: String(number),
            fields: [
                "first_name": .text("Ada \(number)"),
                "last_name": .text("Löve'lace \"\(number)\""),
                "notes": .text("first line\nsecond, with a tab\t and 🎈"),
                "birthday": .text("1985-12-\(number % 28 < 9 ? "0" : "")\(number % 28 + 1)"),
                "is_business": .text(number.isMultiple(of: 2) ? "true" : "false"),
                "llm_context": .text(#"{"n": \#(number), "deep": [{"a": null}, "text", 1.5]}"#),
                ContactSchema.Name.emails: .members(["ada\(number)@example.com", "second\(number)@example.org"]),
                ContactSchema.Name.phones: .members(["+1201555\(1000 + number % 9000)"]),
                ContactSchema.Name.version: .text(String(number + 1)),
            ]
        )
    }
}
