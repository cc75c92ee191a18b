import Contacts

/// The ways in which a column may spell one key.
enum BigQueryKeys {
    /// Values to look a canonical key up by, as texts of the column's type; none where the type cannot hold it.
    static func spellings(of key: String, in column: BigQueryColumn) -> [String] {
        let digits = KeySpellings.isNumber(key) ? key.utf8.count - (key.hasPrefix("-") ? 1 : 0) : .max
        switch column.type {
        case .int64: return Int64(key).map { [String($0)] } ?? []
        case .numeric: return digits <= 29 ? [key] : []
        case .bignumeric: return digits <= 38 ? [key] : []
        default: return KeySpellings.texts(of: key)
        }
    }

    /// A key's value as a text of the column's type; nil for NULL and for what the column cannot hold.
    static func text(_ value: RawValue, in column: BigQueryColumn) -> String? {
        switch (value, column.type) {
        case (.integer(let number), .int64), (.integer(let number), .numeric), (.integer(let number), .bignumeric):
            String(number)
        case (.text(let bytes), .string), (.text(let bytes), .numeric), (.text(let bytes), .bignumeric):
            String(validating: bytes, as: UTF8.self)
        default: nil
        }
    }

    /// `@keys`, an array of the column's type.
    static func parameter(_ keys: some Sequence<String>, of column: BigQueryColumn) -> BigQueryStatement.Parameter {
        .array("keys", of: BigQueryStatement.type(column.type.name), keys.map { BigQueryStatement.value($0) })
    }
}
