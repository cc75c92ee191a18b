import Contacts

/// A scalar type as the canonicalizer switches on it: without payload, so that a scan retains nothing.
enum ScalarKind: UInt8 {
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

    /// The kind of a field's values, or of its members where it is a set.
    init(_ type: FieldType) {
        switch type {
        case .text: self = .text
        case .id: self = .id
        case .bool: self = .bool
        case .int: self = .int
        case .real: self = .real
        case .date: self = .date
        case .timestamp: self = .timestamp
        case .email: self = .email
        case .phone: self = .phone
        case .json: self = .json
        case .set(let member): self = ScalarKind(member)
        }
    }
}

/// A field mapping as the canonicalizer reads it.
struct FieldReader {
    let kind: ScalarKind
    let isSet: Bool
    /// Whether ASCII text without CR is its own canonical text.
    let isPlainText: Bool
    let isTrimmed: Bool
    let isFolded: Bool
    let hasPath: Bool
    let holdsOne: Bool
    let distinguishesEmpty: Bool
    /// Whether `[]`, `{}` and `""` in JSON are values: never as members of a set.
    let keepsEmptyJSON: Bool
    /// The text of an absent bool, or 0.
    let absentAs: UInt8
    /// Microseconds in a unit of an epoch number, or 0 where a bare number is no timestamp.
    let unit: Int64
    let precision: Int64
    /// Whether NULL is absent, whatever the mapping.
    let isNullAbsent: Bool
    let path: [[UInt8]]
    let separator: [UInt8]

    init(_ mapping: FieldMapping) {
        kind = ScalarKind(mapping.field.type)
        isSet = mapping.field.type.member != nil
        isPlainText = mapping.field.type == .text && mapping.field.policies.isEmpty && mapping.path.isEmpty
        isNullAbsent = mapping.absentAs == nil
        isTrimmed = mapping.field.policies.contains(.trim)
        isFolded = mapping.field.policies.contains(.fold)
        hasPath = !mapping.path.isEmpty
        holdsOne = mapping.holdsOne
        distinguishesEmpty = mapping.distinguishEmpty
        keepsEmptyJSON = mapping.distinguishEmpty && mapping.field.type.member == nil
        absentAs = mapping.absentAs.map { UInt8(ascii: $0 ? "t" : "f") } ?? 0
        unit = mapping.unit?.microseconds ?? 0
        precision = mapping.precision.microseconds
        path = mapping.path.map { Array($0.utf8) }
        separator = mapping.separator.map { Array($0.utf8) } ?? []
    }
}

/// What became of a value.
@frozen
@usableFromInline
enum Reading: UInt8 {
    case absent
    case value
    /// Not of its type: written as `!` and its raw bytes.
    case invalid
}
