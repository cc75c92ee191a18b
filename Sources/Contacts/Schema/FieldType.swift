/// How a field's value is read and written as canonical text. The rules of each type: docs/canonical-form.md.
package enum FieldType: Sendable, Hashable {
    case text
    case id
    case bool
    case int
    case real
    case date
    case timestamp
    case email
    case phone
    case json
    indirect case set(of: FieldType)

    /// The type of a set's members; nil for a type that is no set.
    package var member: FieldType? {
        if case .set(let member) = self { member } else { nil }
    }

    /// The name used in configuration and documentation: `text`, `set of email`.
    package var name: String {
        switch self {
        case .text: "text"
        case .id: "id"
        case .bool: "bool"
        case .int: "int"
        case .real: "real"
        case .date: "date"
        case .timestamp: "timestamp"
        case .email: "email"
        case .phone: "phone"
        case .json: "json"
        case .set(let member): "set of \(member.name)"
        }
    }

    /// Every type that a configuration may give to an extra field, sets of these included.
    package static let scalars: [FieldType] = [
        .text, .id, .bool, .int, .real, .date, .timestamp, .email, .phone, .json,
    ]

    /// The type of that name, or nil.
    package init?(name: String) {
        if let scalar = Self.scalars.first(where: { $0.name == name }) {
            self = scalar
        } else if name.hasPrefix("set of "), let member = FieldType(name: String(name.dropFirst("set of ".count))),
            member.member == nil
        {
            self = .set(of: member)
        } else {
            return nil
        }
    }
}
