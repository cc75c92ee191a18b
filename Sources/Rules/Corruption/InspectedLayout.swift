import Contacts
import Fingerprint

/// A compared field as the inspector knows it.
struct InspectedField: Sendable {
    /// The type of a field's values, or of its members.
    enum Kind: Sendable {
        case text
        case id
        case bool
        case number
        case date
        case timestamp
        case email
        case phone
        case json

        init(_ type: FieldType) {
            switch type {
            case .text: self = .text
            case .id: self = .id
            case .bool: self = .bool
            case .int, .real: self = .number
            case .date: self = .date
            case .timestamp: self = .timestamp
            case .email: self = .email
            case .phone: self = .phone
            case .json: self = .json
            case .set(let member): self = Kind(member)
            }
        }
    }

    let name: String
    let kind: Kind
    /// Its type, or that of its members.
    let type: FieldType
    let isSet: Bool
    /// Whether it is read from inside a JSON column.
    let isInsideJSON: Bool
    /// Whether its canonical text is in lower case, whatever the store holds.
    var isFolded = false
    /// Whether its canonical text is not the store's own, but for line ends and composition.
    var isAltered = false
}

/// Where the fields of a store are that rules of corruption look at.
struct InspectedLayout: Sendable {
    /// All compared fields. The others are positions among them, since they are gone through for each record.
    let fields: [InspectedField]
    let sets: [Int]
    /// By field, whether it has prose in it: texts, sets of texts and JSON.
    let hasProse: [Bool]
    /// By field, whether it is one of the name, in which nothing but a name may stand.
    let isName: [Bool]
    /// From the first to the last of these; nil where there is none.
    let names: ClosedRange<Int>?
    /// The fields of which one must have a value; empty where the store holds none of them.
    let naming: [Int]
    let category: Int?
    let subcategory: Int?
    let birthday: Int?

    init(_ layout: StoreLayout) {
        let mappings = layout.comparedFields
        let all = mappings.map { mapping in
            let type = mapping.field.type
            return InspectedField(
                name: mapping.field.name,
                kind: InspectedField.Kind(type),
                type: type.member ?? type,
                isSet: type.member != nil,
                isInsideJSON: !mapping.path.isEmpty,
                isFolded: mapping.field.policies.contains(.fold),
                isAltered: !mapping.field.policies.isEmpty
            )
        }
        fields = all
        sets = all.indices.filter { all[$0].isSet }
        hasProse = all.map { $0.kind == .text || $0.kind == .json }
        let isName = mappings.map { $0.field.group == ContactSchema.Name.nameGroup }
        self.isName = isName
        names = isName.firstIndex(of: true).map { $0...(isName.lastIndex(of: true) ?? $0) }
        naming = all.indices.filter { ContactSchema.Name.naming.contains(all[$0].name) }
        category = all.firstIndex { $0.name == "category_code" }
        subcategory = all.firstIndex { $0.name == "subcategory_code" }
        birthday = all.firstIndex { $0.name == "birthday" && $0.kind == .date }
    }
}
