/// How one store spells one field. It changes how a value is read, never what it means.
package struct FieldMapping: Sendable, Hashable {
    /// The field that is spelled.
    package let field: FieldDefinition
    /// The column that holds the field, or the JSON that it is in; nil where it is made of rows of another table.
    package var column: String?
    /// The members' path inside a JSON column; empty where the column itself is the value.
    package var path: [String] = []
    /// What parts the members of a set that is kept as one text; nil: a JSON array, or one member.
    package var separator: String?
    /// Whether the store holds one member of the set only.
    package var holdsOne = false
    /// The unit of epoch numbers; nil: a bare number is no timestamp.
    package var unit: TimeUnit?
    /// The precision that the store keeps of a timestamp.
    package var precision: TimeUnit = .microseconds
    /// What an absent bool means here; nil: absent.
    package var absentAs: Bool?
    /// Whether an empty text is a value of its own.
    package var distinguishEmpty = false
    /// How phones are written here, for repairs: `e164` or `national`.
    package var format: PhoneFormat = .e164

    /// How a store writes a phone number.
    package enum PhoneFormat: String, Sendable, Hashable, CaseIterable {
        /// `+14155550123`.
        case e164
        /// As it is dialled inside the configured region.
        case national
    }

    /// The usual spelling: the column itself is the value, in full precision.
    package init(_ field: FieldDefinition) { self.field = field }

    /// A stable text of every setting that changes canonical text; part of a roll's head.
    package var settings: String {
        var parts = [field.name, field.type.name]
        parts += field.policies.map(\.rawValue).sorted()
        if !path.isEmpty { parts.append("path=\(path.joined(separator: "."))") }
        if let separator { parts.append("separator=\(separator)") }
        if holdsOne { parts.append("one") }
        if let unit { parts.append("unit=\(unit.rawValue)") }
        if precision != .microseconds { parts.append("precision=\(precision.rawValue)") }
        if let absentAs { parts.append("absentAs=\(absentAs)") }
        if distinguishEmpty { parts.append("distinguishEmpty") }
        return parts.joined(separator: " ")
    }
}
