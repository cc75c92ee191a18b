import Contacts

/// What a change says of the identifiers of one type: a list, or NULL.
struct IdentifierList {
    /// `email` or `phone`.
    let type: String
    let value: RawValue
    /// Whether the field holds one member only.
    let holdsOne: Bool
}
