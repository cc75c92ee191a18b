package import Contacts

/// Values that a store holds, by field, as they may be shown.
package enum FieldMasks {
    /// The mask of each value; nil where it is absent. A field that the schema lacks is masked as a text.
    package static func masks(of values: [String: RawValue], schema: ContactSchema) -> [String: String?] {
        Dictionary(
            uniqueKeysWithValues: values.map { name, value in
                (name, RawMask.mask(value, type: schema[name]?.type ?? .text))
            }
        )
    }
}
