import Contacts
import Fingerprint

/// Tells whether two values are one to a column of Postgres: what is written and what is read may be spelled differently.
final class ColumnEquality {
    private let canonicalizer: ContactCanonicalizer

    private static let types: [FieldType] = [.int, .real, .timestamp, .json, .bool]

    init() {
        let key = FieldMapping(FieldDefinition(ContactSchema.Name.key, .id, group: ""))
        let fields = Self.types.map { type in
            var mapping = FieldMapping(FieldDefinition(type.name, type, group: ""))
            mapping.distinguishEmpty = true
            return mapping
        }
        canonicalizer = ContactCanonicalizer(
            layout: StoreLayout(fields: [key] + fields, columns: []),
            sets: [],
            scheme: .xxh3,
            phoneRegion: "ZZ"
        )
    }

    /// Whether the column would hold the same. NULL is only NULL.
    func same(_ first: RawValue, _ second: RawValue, in column: PostgRESTColumn) -> Bool {
        if first == second { return true }
        let type: FieldType
        switch column.kind {
        case .integer: type = .int
        case .real, .numeric: type = .real
        case .timestamp: type = .timestamp
        case .json, .array: type = .json
        case .boolean: type = .bool
        // A text takes a number as its digits.
        case .text: return digits(first) != nil && digits(first) == digits(second)
        case .bytes, .uuid, .unknown: return false
        }
        guard first != .null, second != .null, let place = Self.types.firstIndex(of: type) else { return false }
        return text(first, place) == text(second, place)
    }

    private func digits(_ value: RawValue) -> [UInt8]? {
        switch value {
        case .integer(let number): Array(String(number).utf8)
        case .text(let bytes): bytes
        default: nil
        }
    }

    private func text(_ value: RawValue, _ place: Int) -> [UInt8]? {
        var values = [RawValue](repeating: .null, count: Self.types.count + 1)
        values[0] = .integer(1)
        values[place + 1] = value
        return canonicalizer.texts(ContactRecord(row: .integer(0), values: values))?[place + 1]
    }
}
