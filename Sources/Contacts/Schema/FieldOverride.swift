/// What a configuration says of one field of one store, where it differs from the schema.
package enum FieldOverride: Sendable, Hashable {
    /// The store has no such field: it is not compared there.
    case notHeld
    /// The store holds the field, at a place or in a spelling of its own.
    case held(Held)

    /// Where the field is and how it is spelled. Nil and empty: as without an override.
    package struct Held: Sendable, Hashable {
        /// The column of the contact table; nil: wherever the store has the field by its name.
        package var column: String?
        /// The keys that lead to the value inside a JSON column, from the top.
        package var path: [String] = []
        /// What parts the members of a set that is kept as one text.
        package var separator: String?
        /// Whether the store holds one member of the set only.
        package var holdsOne = false
        /// The unit of epoch numbers.
        package var unit: TimeUnit?
        /// The precision that the store keeps of a timestamp; nil: microseconds.
        package var precision: TimeUnit?
        /// What an absent bool means here.
        package var absentAs: Bool?
        /// Whether an empty text is a value of its own.
        package var distinguishEmpty = false
        /// How phones are written here, for repairs; nil: `e164`.
        package var format: FieldMapping.PhoneFormat?

        /// The field in that column, spelled as usual.
        package init(column: String? = nil) { self.column = column }
    }
}

extension FieldMapping {
    /// The mapping of a field under an override.
    package init(_ field: FieldDefinition, _ held: FieldOverride.Held) {
        self.init(field)
        path = held.path
        separator = held.separator
        holdsOne = held.holdsOne
        unit = held.unit
        precision = held.precision ?? .microseconds
        absentAs = held.absentAs
        distinguishEmpty = held.distinguishEmpty
        format = held.format ?? .e164
    }
}
