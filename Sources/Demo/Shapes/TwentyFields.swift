/// The fields of the object person as the simulator of Twenty keeps them.
enum TwentyFields {
    /// The id of the object person.
    private static let person = "e4993529-b397-56ac-a4a1-5de03134e1a4"

    /// Those that every workspace has.
    private static let standard: KeyValuePairs = [
        "id": "UUID", "createdAt": "DATE_TIME", "updatedAt": "DATE_TIME", "deletedAt": "DATE_TIME",
        "name": "FULL_NAME", "emails": "EMAILS", "linkedinLink": "LINKS", "jobTitle": "TEXT", "phones": "PHONES",
        "avatarUrl": "TEXT", "position": "POSITION", "createdBy": "ACTOR", "updatedBy": "ACTOR", "company": "RELATION",
        "searchVector": "TS_VECTOR", "noteTargets": "RELATION", "taskTargets": "RELATION",
    ]

    /// The standard fields, then the custom ones that these columns need besides. They have no ids yet.
    static func all(of columns: [SampleColumn]) -> [SampleJSON] {
        let names = Set(standard.map(\.key))
        return standard.map { field($0.key, $0.value, isCustom: false) }
            + columns.filter { !names.contains($0.name) }.map { field($0.name, $0.declaration, isCustom: true) }
    }

    private static func field(_ name: String, _ type: String, isCustom: Bool) -> SampleJSON {
        .object([
            "objectMetadataId": .string(person), "type": .string(type), "name": .string(name), "label": .string(name),
            "description": .null, "icon": .null, "isCustom": .bool(isCustom), "isActive": .bool(true),
            "isSystem": .bool(["id", "searchVector", "position"].contains(name)), "isNullable": .bool(true),
            "isUnique": .bool(name == "emails"), "defaultValue": .null, "options": .null, "settings": .null,
        ])
    }
}
