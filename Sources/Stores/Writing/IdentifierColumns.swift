import Contacts

/// The columns of the table of identifiers that are written.
struct IdentifierColumns: Sendable {
    let contact: String
    let type: String
    let value: String
    /// Nil where there is none, likewise `primary`.
    let normalized: String?
    let primary: String?
    /// Whether `normalized` takes no NULL.
    let mustBeNormalized: Bool

    /// The names of the columns that say which contact's identifier a row is.
    static let key = ["contact_id", "identifier_type", "identifier_value"]

    /// Nil where one is missing without which no member can be read, or is computed.
    ///
    /// - Parameter column: of that name, as the table spells it, and whether it takes no NULL; nil where there is none.
    init?(_ column: (_ name: String) -> (name: String, isRequired: Bool)?) {
        let key = Self.key.compactMap { column($0)?.name }
        guard key.count == Self.key.count else { return nil }
        (contact, type, value) = (key[0], key[1], key[2])
        let normalized = column("identifier_normalized")
        self.normalized = normalized?.name
        mustBeNormalized = normalized?.isRequired ?? false
        primary = column("is_primary")?.name
    }
}
