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
    /// The field's position among the compared ones.
    let index: Int
    let kind: Kind
    let isSet: Bool
    /// Whether it is read from inside a JSON column.
    let isInsideJSON: Bool
}

/// Where the fields of a store are that rules of corruption look at.
struct InspectedLayout: Sendable {
    /// All compared fields.
    let fields: [InspectedField]
    let sets: [InspectedField]
    /// Fields with prose in them: texts, sets of texts and JSON.
    let texts: [InspectedField]
    /// The fields of the name, in which nothing but a name may stand.
    let names: [InspectedField]
    /// The fields of which one must have a value; empty where the store holds none of them.
    let naming: [InspectedField]
    let category: InspectedField?
    let subcategory: InspectedField?
    let birthday: InspectedField?

    private static let namingFields: Set = [
        "canonical_name", "full_name", "first_name", "last_name", "nickname", "organization",
    ]

    init(_ layout: StoreLayout) {
        let mappings = layout.comparedFields
        let all = mappings.enumerated()
            .map { index, mapping in
                let type = mapping.field.type
                return InspectedField(
                    name: mapping.field.name,
                    index: index,
                    kind: InspectedField.Kind(type),
                    isSet: type.member != nil,
                    isInsideJSON: !mapping.path.isEmpty
                )
            }
        fields = all
        sets = all.filter(\.isSet)
        texts = all.filter { ($0.kind == .text || $0.kind == .json) }
        names = all.filter { mappings[$0.index].field.group == ContactSchema.Name.nameGroup }
        naming = all.filter { Self.namingFields.contains($0.name) }
        category = all.first { $0.name == "category_code" }
        subcategory = all.first { $0.name == "subcategory_code" }
        birthday = all.first { $0.name == "birthday" && $0.kind == .date }
    }
}
