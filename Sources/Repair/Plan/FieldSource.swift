import Contacts

/// A raw value and how it is spelled.
struct FieldSource {
    let value: RawValue
    let mapping: FieldMapping
}
