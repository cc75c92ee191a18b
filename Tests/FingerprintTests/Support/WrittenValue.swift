import Contacts

/// A value as the vectors and the reference write it (docs/canonical-form.md, "How to use the vectors").
struct WrittenValue: Codable, Sendable {
    private var null: Bool?
    private var integer: String?
    private var real: String?
    private var text: String?
    private var bytes: String?
    private var blob: String?
    private var list: [WrittenValue]?
    private var primary: Int?

    struct Unreadable: Error {}

    init(_ value: RawValue) {
        switch value {
        case .null: null = true
        case .integer(let number): integer = String(number)
        case .real(let number): real = number.description
        case .text(let content), .json(let content): bytes = content.hexadecimal
        case .blob(let content): blob = content.hexadecimal
        case .list(let values, let index):
            list = values.map(WrittenValue.init)
            primary = index
        }
    }

    /// The value that is meant.
    func raw() throws -> RawValue {
        if null != nil { return .null }
        if let text { return .text(text) }
        if let number = integer.flatMap({ Int64($0) }) { return .integer(number) }
        if let number = real.flatMap({ Double($0) }) { return .real(number) }
        if let content = bytes.flatMap({ [UInt8](hexadecimal: $0) }) { return .text(content) }
        if let content = blob.flatMap({ [UInt8](hexadecimal: $0) }) { return .blob(content) }
        if let list { return .list(try list.map { try $0.raw() }, primary: primary) }
        throw Unreadable()
    }
}

/// A field's settings as the vectors and the reference write them.
struct WrittenOptions: Codable, Sendable, Hashable {
    var region: String?
    var separator: String?
    var unit: String?
    var precision: String?
    var absentAs: Bool?
    var distinguishEmpty: Bool?
    var one: Bool?
    var policy: [String]?
    var path: String?

    /// The mapping of a compared field with these settings.
    func mapping(_ name: String, _ type: FieldType) -> FieldMapping {
        let policies = Set((policy ?? []).compactMap(FieldDefinition.Policy.init))
        var mapping = FieldMapping(FieldDefinition(name, type, group: "tests", policies: policies))
        mapping.path = path.map { $0.split(separator: ".").map(String.init) } ?? []
        mapping.separator = separator
        mapping.holdsOne = one ?? false
        mapping.unit = unit.flatMap(TimeUnit.init)
        mapping.precision = precision.flatMap(TimeUnit.init) ?? .microseconds
        mapping.absentAs = absentAs
        mapping.distinguishEmpty = distinguishEmpty ?? false
        return mapping
    }
}
