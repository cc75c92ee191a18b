import Contacts
import Rules

extension FieldOverride {
    private static let keys = [
        "column", "path", "separator", "holds", "unit", "precision", "absentAs", "distinguishEmpty", "format",
    ]

    /// What a store's `fields` says of one field: null, the name of a column, or a map of settings.
    init(_ cursor: YAMLCursor, of field: FieldDefinition) throws(ConfigurationError) {
        switch cursor.shape {
        case .null:
            guard field.name != ContactSchema.Name.key else { throw cursor.error("every store must hold the key") }
            self = .notHeld
        case .scalar:
            self = .held(Held(column: try cursor.text()))
        case .map:
            self = .held(try Held(cursor.map(keys: Self.keys), of: field))
        case .list:
            throw cursor.error("must be the name of a column, null or a map")
        }
    }
}

extension FieldOverride.Held {
    private enum Holds: String, CaseIterable {
        case one
    }

    fileprivate init(_ map: YAMLMap, of field: FieldDefinition) throws(ConfigurationError) {
        try Self.checkKeys(map, of: field)
        self.init(column: try map["column"]?.text())
        if let value = map["path"] {
            path = try value.text().split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard !path.contains("") else { throw value.error("must be names parted by single dots") }
        }
        separator = try map["separator"]?.text()
        holdsOne = try map["holds"]?.choice(of: Holds.self) == .one
        unit = try map["unit"]?.choice()
        precision = try map["precision"]?.choice()
        absentAs = try map["absentAs"]?.bool()
        if let value = map["distinguishEmpty"] {
            distinguishEmpty = try value.bool()
            let isKey = field.name == ContactSchema.Name.key
            if isKey, distinguishEmpty { throw value.error("a key is never empty", at: value.keyPosition) }
        }
        format = try map["format"]?.choice()
    }

    /// Refuses a setting that means nothing for the field's type.
    private static func checkKeys(_ map: YAMLMap, of field: FieldDefinition) throws(ConfigurationError) {
        for (key, value) in map.entries {
            let fitting: (types: String, fits: Bool)? =
                switch key {
                case "separator", "holds": ("sets", field.type.member != nil)
                case "unit", "precision": ("timestamps", field.type == .timestamp)
                case "absentAs": ("bools", field.type == .bool)
                case "format": ("phones", (field.type.member ?? field.type) == .phone)
                default: nil
                }
            if let fitting, !fitting.fits {
                let message = "is for \(fitting.types) only; this field is of type \(field.type.name)"
                throw value.error(message, at: value.keyPosition)
            }
        }
    }
}
