/// What a configuration says of one field of one store, where it differs from the schema.
package enum FieldOverride: Sendable, Hashable {
    /// The store has no such field: it is not compared there.
    case notHeld
    case held(Held)

    /// Where the field is and how it is spelled. Nil and empty: as without an override.
    package struct Held: Sendable, Hashable {
        package var column: String?
        package var path: [String] = []
        package var separator: String?
        package var holdsOne = false
        package var unit: TimeUnit?
        package var precision: TimeUnit?
        package var absentAs: Bool?
        package var distinguishEmpty = false
        package var format: FieldMapping.PhoneFormat?

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
